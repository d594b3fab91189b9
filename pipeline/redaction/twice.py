"""Finds what is said twice: words that are taken out in one place go wherever else in what leaves the same words stand.

A sentence copied from the mail into the report, or from its table into its summary, may be recognised in one place only. What counts is
the same words in a row, five of them with a meaning of their own; of what identifies somebody, all its words, however few. Parts of a
record go for what they are and not for what they say, so that the same words in an author's own account stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.findings import Action, Finding
from pipeline.domain.people import Category, Reading
from pipeline.domain.plan import Removal
from pipeline.domain.text import Span
from pipeline.redaction.labels import label_of, weight_of

FEWEST = 5
"""So many words with a meaning of their own in a row are no chance, nor a phrase that every report has."""
FEWEST_OF_A_NAME = 2
"""Of an identifier all words must recur, and so many at least: a first name alone may be somebody else's."""
FEWEST_DIGITS = 6
"""Or one number of so many digits: of a telephone, of a record."""

_IDENTIFY = frozenset({Category.IDENTIFIER_OF_THIRD_PARTY, Category.RISK_INCREASING_DETAIL})
RECURRING = _IDENTIFY | {
    Category.THIRD_PARTY_HEALTH,
    Category.ADULT_HEALTH_NOT_RELEVANT,
    Category.REPRODUCTIVE_OR_SEXUAL,
    Category.LEGALLY_RESTRICTED,
}
"""Taken out for what is said, wherever it is said."""

_LITTLE_WORDS = """
    a about after again all also am an and any are as at be because been before being both but by can could did do does for from had has
    have he her here hers him his how i if in into is it its me more mr mrs ms my no nor not of off on once or other our out over own she
    should so some such than that the their them then there these they this those to too under until up very was we were what when where
    which while who whom why will with would you your
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
"""Words without a meaning of their own: they count for nothing, but must recur too."""
_TOKEN = re.compile(r"[^\W_]+(?:['’‑-][^\W_]+)*")

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    span: Span
    counts: bool


def _tokens(text: str) -> list[_Token]:
    folded = ((found, found.group().casefold().replace("’", "'")) for found in _TOKEN.finditer(text))
    return [_Token(word, Span(*found.span()), word not in _LITTLE) for found, word in folded]


def _runs(tokens: Sequence[_Token]) -> Iterator[Run]:
    """From each word that counts the run to the fifth; then with the little words before it, and with those after it."""
    counting = [number for number, token in enumerate(tokens) if token.counts]
    edges = [-1, *counting, len(tokens)]
    for number in range(len(counting) - FEWEST + 1):
        first, end = counting[number], counting[number + FEWEST - 1] + 1
        for start, stop in ((first, end), (edges[number] + 1, end), (first, edges[number + FEWEST + 1])):
            yield tuple(token.word for token in tokens[start:stop])


def _sought(findings: Sequence[Finding], readings: Sequence[Reading]) -> dict[Run, Removal]:
    """Every run to look for, with the removal whose label and rule it gets; where two ask for it, the weightier."""
    sought: dict[Run, Removal] = {}
    for finding in findings:
        if finding.action is not Action.REDACT or finding.span is None or finding.document is None or finding.category not in RECURRING:
            continue
        tokens = _tokens(finding.span.of(readings[finding.document].document.text))
        asked = Removal(finding.span, label_of(finding.category), finding.rule)
        for run in {*_runs(tokens), *_names(tokens, finding.category)}:
            known = sought.setdefault(run, asked)
            if weight_of(asked.label) > weight_of(known.label):
                sought[run] = asked
    return sought


def _names(tokens: Sequence[_Token], category: Category) -> Iterator[Run]:
    """All words of an identifier as one run, where they are few and yet tell somebody."""
    few = 0 < sum(token.counts for token in tokens) < FEWEST
    words = tuple(token.word for token in tokens)
    digits = sum(character.isdigit() for word in words for character in word)
    if category in _IDENTIFY and few and (len(words) >= FEWEST_OF_A_NAME or digits >= FEWEST_DIGITS):
        yield words


class Twice:
    """What the findings take out of any document, to be looked for in each."""

    def __init__(self, findings: Sequence[Finding], readings: Sequence[Reading]) -> None:
        self._sought = _sought(findings, readings)
        self._lengths = sorted({len(run) for run in self._sought})

    def in_text(self, text: str) -> tuple[Removal, ...]:
        """A removal for each place where something taken out is said; also those where it is taken out already."""
        tokens = _tokens(text) if self._sought else []
        words = [token.word for token in tokens]
        places = [
            (asked, tokens[first].span, tokens[first + length - 1].span)
            for first in range(len(words))
            for length in self._lengths
            if first + length <= len(words) and (asked := self._sought.get(tuple(words[first : first + length]))) is not None
        ]
        return tuple(Removal(Span(first.start, last.end), asked.label, asked.rule) for asked, first, last in places)
