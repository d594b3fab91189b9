"""Finds words a parent or teacher would not know and that the report nowhere explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.text import Span
from pipeline.guidance.lexicons import PlainWords

TOKEN = re.compile(r"[A-Za-z](?:[\w'’/-]*\w)?")
ABBREVIATION = re.compile(r"(?:[A-Z][A-Za-z]{0,3}[A-Z][A-Za-z0-9]{0,2}|[A-Z]{2}s?)(?:-\d{1,2})?")
"""Two to six letters with at least two capitals; names such as McKay are sorted out later."""
A_SURNAME = 6
"""Letters; capitals of that length that no list knows are more often a surname written large than an abbreviation."""
POSTCODE = re.compile(r"[A-Z]{1,2}\d{1,2}[A-Z]?")


class Kind(StrEnum):
    """How a word is foreign to the reader."""

    SHORTHAND = "shorthand"
    MILD = "mild"
    CLINICAL = "clinical"
    FIGURE = "figure"
    DRUG = "drug"


@dataclass(frozen=True, slots=True)
class Jargon:
    """A word nobody explained: where it first stands, and the plain wording to offer, where there is one."""

    term: str
    span: Span
    kind: Kind
    plain: str = ""


def jargon(text: str, words: PlainWords, names: frozenset[str], within: tuple[Span, ...]) -> tuple[Jargon, ...]:
    """Each unexplained word once, in the order met, within the spans looked at.

    Args:
        names: initials and capitals that are people's, and so no abbreviations.
    """
    found: dict[str, Jargon] = {}
    for item in _all(text, words, within):
        key = item.term.casefold()
        written_large = len(key) > 3 and item.term.isupper() and not item.plain and any(_uses(key, text))
        if key not in found and item.term not in names and not written_large and not _explained(item, text, words):
            found[key] = item
    return tuple(sorted(found.values(), key=lambda item: item.span))


INITIALS = re.compile(r"\b([A-Z])[a-zà-ÿ'’]+[ -](?:([A-Z])[a-zà-ÿ'’]+[ -])?([A-Z])[a-zà-ÿ'’]+\b")


def initials(text: str) -> frozenset[str]:
    """The initials of every name of two or three words in a text; reports often go on with them alone."""
    return frozenset("".join(letter or "" for letter in match.groups()) for match in INITIALS.finditer(text))


def _all(text: str, words: PlainWords, within: tuple[Span, ...]) -> Iterator[Jargon]:
    known: dict[str, tuple[Kind, str] | None] = {}
    for piece in within:
        yield from _words_of(text, piece, words, known)
    for match in words.phrases.finditer(text, within):
        term = text[match.start() : match.end()]
        yield Jargon(term, Span(*match.span()), Kind.CLINICAL, words.clinical[term.casefold()])
    for match in words.figures.finditer(text, within):
        yield Jargon(re.sub(r"\d+", "9", match[0]), Span(*match.span()), Kind.FIGURE)


def _words_of(text: str, piece: Span, words: PlainWords, met: dict[str, tuple[Kind, str] | None]) -> Iterator[Jargon]:
    """The words of a piece that need explaining; `met` keeps what was found of words met before."""
    tokens = list(TOKEN.finditer(text, piece.start, piece.end))
    for position, match in enumerate(tokens):
        token = match[0]
        if token not in met:
            met[token] = _known(token, words)
        known = met[token]
        if known is None:
            continue
        if known[0] is Kind.SHORTHAND and token not in words.shorthand and _in_capitals(tokens, position):
            continue
        yield Jargon(token, Span(*match.span()), *known)


def _known(token: str, words: PlainWords) -> tuple[Kind, str] | None:
    """What kind of word a token is, with its plain wording; None for one that needs no explaining."""
    if token in words.shorthand:
        return (Kind.MILD if token in words.mild else Kind.SHORTHAND), words.shorthand[token]
    small = token.casefold()
    if small in words.clinical:
        return Kind.CLINICAL, words.clinical[small]
    if small in words.drugs:
        return Kind.DRUG, ""
    if token[0] <= "Z" and ABBREVIATION.fullmatch(token):
        common = token in words.known or token.removesuffix("s") in words.known or POSTCODE.fullmatch(token) or _is_name(token)
        return None if common or len(token) >= A_SURNAME else (_by_length(token), "")
    if len(token) > 6 and small not in words.everyday and words.built_like_clinical.fullmatch(small):
        return Kind.CLINICAL, ""
    return None


def _by_length(token: str) -> Kind:
    """Two capitals that no list knows may be somebody's initials, and count as what can be guessed."""
    return Kind.MILD if len(token.removesuffix("s")) == 2 else Kind.SHORTHAND


def _in_capitals(tokens: list[re.Match[str]], position: int) -> bool:
    """Whether a word stands among others in capitals, as in a title or a surname written large, so that its capitals tell nothing."""
    near = [tokens[place][0] for place in (position - 1, position + 1) if 0 <= place < len(tokens)]
    return any(len(word) > 1 and word.isupper() for word in near)


def _is_name(token: str) -> bool:
    return token.startswith(("Mc", "Mac", "De", "La", "Le", "O'", "Di", "Fitz", "Ma")) and token[-1].islower()


def _explained(item: Jargon, text: str, words: PlainWords) -> bool:
    """Whether any use of the word comes with its meaning."""
    if item.kind is Kind.FIGURE:
        return False
    for start in _uses(item.term, text):
        end = start + len(item.term)
        if words.meaning_after.match(text[end : end + 90]):
            return True
        if words.meaning_before.search(text[max(0, start - 90) : start]):
            return True
    return False


def _uses(term: str, text: str) -> Iterator[int]:
    """Where a term stands as a word of its own."""
    start = text.find(term)
    while start >= 0:
        end = start + len(term)
        whole = not (_in_word(text[start - 1 : start]) or _in_word(text[end : end + 1]))
        if whole:
            yield start
        start = text.find(term, end if whole else start + 1)


def _in_word(letter: str) -> bool:
    return letter == "_" or letter.isalnum()
