"""Finds where a text writes the name of a person, by capitals, titles, lists of given names, and the language model's opinion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.domain.text import Span
from pipeline.recognition.lexicon import PeopleLexicon, Sex

_WOMEN = frozenset({"mrs", "ms", "miss", "sr", "sister", "lady"})
_MEN = frozenset({"mr", "sir", "master", "mstr", "imam"})
PROFESSIONAL_TITLES = frozenset(
    {"dr", "prof", "professor", "pc", "dc", "ds", "di", "sgt", "sr", "nurse", "rev", "cllr", "pn", "det", "insp", "imam"}
)
TITLES: dict[str, Sex | None] = {
    title: "f" if title in _WOMEN else "m" if title in _MEN else None for title in sorted(_WOMEN | _MEN | PROFESSIONAL_TITLES | {"mx"})
}
"""Titles before a name, and the sex they tell."""


_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"
_WORD = rf"[{_UPPER}][\w'’]*(?:-[\w'’]+)*"
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|van|von|der|den|bin|binti|bint|al|el|ul|ap|mac|la|le|y)"
_SEQUENCE = re.compile(rf"{_WORD}\.?(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,5}}")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as a text writes it: its place, its title (lower case, no stop) and its words."""

    span: Span
    title: str
    words: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(word.lower() for word in self.words)

    @property
    def text(self) -> str:
        """The words as written, without the title."""
        return " ".join(self.words)


class NameFinder:
    """Finds names with one lexicon."""

    def __init__(self, lexicon: PeopleLexicon) -> None:
        self._lexicon = lexicon

    def listed(self, text: str) -> Iterator[Name]:
        """The names in a form's slot or a heading, where any capital that opens the list or follows a comma or `and` is a name."""
        for name in self._find(text, [], frozenset(), everything=True):
            if _OPENS.search(text[: name.span.start]):
                yield name

    def find(self, text: str, believed: Iterable[Span] = (), known: frozenset[str] = frozenset()) -> Iterator[Name]:
        """The names in `text`, in order.

        Args:
            believed: what the language model takes for people.
            known: words in lower case that are known to be names in this submission.
        """
        return self._find(text, sorted(believed), known, everything=False)

    def undecided(self, text: str) -> tuple[Span, ...]:
        """Where capitals are a name only if the language model thinks so: the one thing it is asked."""
        decided = {name.span for name in self.find(text)}
        return tuple(name.span for name in self.find(text, [Span(0, len(text))]) if name.span not in decided)

    def _find(self, text: str, believed: list[Span], known: frozenset[str], *, everything: bool) -> Iterator[Name]:
        for match in _SEQUENCE.finditer(text):
            for title, words in self._runs(match.start(), match[0], known):
                yield from self._accept(text, title, words, believed, known, everything=everything)

    def _runs(self, start: int, sequence: str, known: frozenset[str]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """A run of capitals may hold a sentence's first word, a title, a name and more: it is cut at words that are no names."""
        title, words = "", list[tuple[int, str]]()
        for piece in re.finditer(r"\S+", sequence):
            raw = piece[0].rstrip(".")
            word, at = _POSSESSIVE.sub("", raw), start + piece.start()
            low = word.lower()
            if low in TITLES and not words:
                title, words = low, [(at, "")]
                continue
            if self._parts(low, words, known):
                yield title, words
                title, words = "", []
                continue
            words.append((at, word))
            if raw != word or (piece[0].endswith(".") and len(raw) > 2):  # a possessive or a full stop ends a name
                yield title, words
                title, words = "", []
        yield title, words

    def _parts(self, low: str, words: list[tuple[int, str]], known: frozenset[str]) -> bool:
        """Whether a word parts two names or is none: a number, or a word of the list, unless it is a surname behind a given name."""
        if any(char.isdigit() for char in low):
            return True
        surname = low in self._lexicon.also_surnames and any(word.lower() in self._lexicon.first_names for _, word in words)
        return low in self._lexicon.not_names and low not in known and not surname

    def _accept(
        self, text: str, title: str, words: list[tuple[int, str]], believed: list[Span], known: frozenset[str], *, everything: bool
    ) -> Iterator[Name]:
        named = [(at, word) for at, word in words if word]
        while named and named[-1][1].lower() in _PARTICLES:
            named.pop()
        if not 1 <= len(named) <= 5:
            return
        span = Span(words[0][0], named[-1][0] + len(named[-1][1]))
        parts = tuple(word for _, word in named)
        if title or everything or self._is_name(parts, span, believed, known, at_start=_starts_sentence(text, named[0][0])):
            yield Name(span, title, parts)

    def _is_name(self, parts: tuple[str, ...], span: Span, believed: list[Span], known: frozenset[str], *, at_start: bool) -> bool:
        first = parts[0].lower()
        if first in known:
            return True
        listed = first in self._lexicon.first_names or first.split("-")[0] in self._lexicon.first_names
        everyday = first in self._lexicon.everyday_names
        if len(parts) == 1:
            return (listed and not everyday and len(first) > 2) or (
                not at_start and any(one.overlaps(span) for one in believed) and len(first) > 2
            )
        return (listed and not (everyday and at_start and first not in known and not _looks_surname(parts[-1]))) or any(
            one.overlaps(span) for one in believed
        )


_OPENS = re.compile(r"(?:^|[,;/&+)\n–-]|\band)\W*$", re.IGNORECASE)
_PARTICLES = frozenset(_PARTICLE[3:-1].split("|"))


def _looks_surname(word: str) -> bool:
    return word.isupper() or "-" in word or word[0].isupper()


def _starts_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 3) : position].rstrip(" \t\"'“‘(")
    return not before or before[-1] in ".!?:\n•-"
