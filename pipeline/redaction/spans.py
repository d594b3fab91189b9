"""Makes removals fit the words: snapped outward to whole words, merged, and leaving no stray punctuation behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.domain.plan import Removal
from pipeline.domain.text import Span
from pipeline.redaction.labels import weight_of

_INNER = "'’‑-"
_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"'}
_PAUSE = re.compile(r"[.!?…:;\n]")
_STRANDED = 2
"""Words; of three, one may be the child's and one say what became of him."""
_SENTENCE_END = re.compile(r"[.!?…]+[”’\"')\]]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…][”’\"')\]]*\s+|\n|\t)[ \xa0]*\Z")


def is_word(character: str) -> bool:
    """Whether a character is part of a word: a letter, a digit, an underscore or a mark on a letter."""
    return character.isalnum() or character == "_" or "\u0300" <= character <= "\u036f"


def _joins(text: str, position: int) -> bool:
    """Whether the characters before and at a position are of one word (an apostrophe or hyphen between letters is)."""
    if not 0 < position < len(text):
        return False
    before, after = text[position - 1], text[position]
    if is_word(before) and is_word(after):
        return True
    if after in _INNER and is_word(before):
        return position + 1 < len(text) and is_word(text[position + 1])
    return before in _INNER and is_word(after) and position > 1 and is_word(text[position - 2])


def snap(text: str, span: Span) -> Span:
    """The span widened to whole words and freed of white space at its ends; empty where it holds nothing but white space."""
    start, end = min(span.start, len(text)), min(span.end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return Span(start, start)
    while _joins(text, start):
        start -= 1
    while _joins(text, end):
        end += 1
    return Span(start, end)


def tidy(text: str, span: Span) -> Span:
    """The span with what would be left dangling: brackets or quotes that enclosed it, and the stop of a sentence gone whole."""
    if not len(span):
        return span
    while span.start > 0 and span.end < len(text) and _PAIRS.get(text[span.start - 1]) == text[span.end]:
        span = Span(span.start - 1, span.end + 1)
    stop = _SENTENCE_END.match(text, span.end)
    if stop and _SENTENCE_START.search(text[max(0, span.start - 12) : span.start] if span.start else ""):
        follows = text[stop.end() : stop.end() + 1]
        if not follows or follows.isspace():
            return Span(span.start, stop.end())
    return span


def _heavier(first: Removal, second: Removal) -> Removal:
    return second if weight_of(second.label) > weight_of(first.label) else first


def _only_marks(text: str) -> bool:
    """Whether nothing a reader would miss stands between two removals: spaces and commas, but no line break."""
    return "\n" not in text and "\t" not in text and not any(is_word(character) for character in text) and len(text) <= 3


def settle(text: str, removals: Iterable[Removal]) -> tuple[Removal, ...]:
    """The removals in text order, whole words, none overlapping; where two meet the weightier label and its rule stay."""
    fitted = (replace(removal, span=tidy(text, snap(text, removal.span))) for removal in removals)
    settled: list[Removal] = []
    for removal in sorted((each for each in fitted if len(each.span)), key=lambda each: (each.span.start, each.span.end)):
        last = settled[-1] if settled else None
        if last is None or not _meet(text, last, removal):
            settled.append(removal)
            continue
        span = Span(last.span.start, max(last.span.end, removal.span.end))
        settled[-1] = replace(_heavier(last, removal), span=span)
    return tuple(settled)


def _meet(text: str, first: Removal, second: Removal) -> bool:
    if second.span.start < first.span.end:
        return True
    return first.label == second.label and _only_marks(text[first.span.end : second.span.start])


def bridged(text: str, removals: Iterable[Removal]) -> tuple[Removal, ...]:
    """The settled removals with what stands alone between two of them taken along: a word or two of one sentence.

    They tell no reader anything, and are mostly what recognition missed in the middle: a name of a medicine that a scan sets apart.
    """
    made: list[Removal] = []
    for removal in removals:
        last = made[-1] if made else None
        if last is not None and _stranded(text[last.span.end : removal.span.start]):
            made[-1] = replace(_heavier(last, removal), span=Span(last.span.start, removal.span.end))
        else:
            made.append(removal)
    return tuple(made)


def _stranded(between: str) -> bool:
    return not _PAUSE.search(between) and 0 < len(words_of(between)) <= _STRANDED


def is_fitted(text: str, removal: Removal) -> bool:
    """Whether a removal begins and ends at words' borders, as `settle` leaves it."""
    return snap(text, removal.span) == removal.span


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as a reader counts them, parted at white space."""
    return tuple(re.findall(r"\S+", text))
