"""Finds pieces of a health record inside a document of another kind, with their bounds at whole lines, rows or sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.domain.documents import Document
from pipeline.domain.people import DocumentKind, RecordBlock
from pipeline.domain.text import Span
from pipeline.recognition.kinds import KindTable, kind_of
from pipeline.recognition.layout import Line, lines_of
from pipeline.recognition.record_signs import RecordTable, sentence_share, signs_of

_SENTENCE_BREAK = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'‘(\[]?[A-Z0-9])|(?<=[\"”])\s+(?=[A-Z])")
_NO_BREAK = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|approx|e\.g|i\.e|vs|ref|tel)|\b[A-Z])\.$")
_QUOTED = re.compile(r"[\"“][^\"”]{40,1200}[\"”]")
PLAIN = 0.3
TERSE = 0.045
VERY_SURE = 0.97
"""Where one word in twenty of the whole document is shorthand, its author writes so: only what is very sure is taken for pasted."""

STRETCH = 4
LIKELY = 0.25
"""How many likely lines in a stretch without a sentence, two of them sure, make it a printout."""

OWN_WORDS = 0.45
"""Below so much likelihood to go, a passage that looks like record is its author's shorthand. Such passages had 0 to 0.22, and one 0.39.
Of 231 pieces of record, lists of medicines and codes in texts which the model had not seen, two had less than 0.25, one 0.3, and all others
0.49 or more."""

PAGE_SURE = 0.85
RECORD_KINDS = frozenset(
    {
        DocumentKind.RECORD_PRINTOUT,
        DocumentKind.MEDICATION_PRINTOUT,
        DocumentKind.LAB_RESULTS,
        DocumentKind.CLINICAL_LETTER,
        DocumentKind.IMMUNISATION_PRINTOUT,
    }
)
RUNNING = 0.22
"""Small words to a word from which a line is made of sentences: reports have three in ten, entries of a record one or none."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line, row or sentence, with how sure it is that it is of a record."""

    span: Span
    score: float
    why: str
    prose: bool
    dose: bool
    result: bool


def find(
    document: Document, table: RecordTable, kinds: KindTable, likely: Callable[[Span], float | None] = lambda _: None
) -> tuple[RecordBlock, ...]:
    """The pieces of record in the document, in text order: whole pages that are record, and lines, rows and passages on the others.

    `likely` says how likely a stretch must go by its words; what is not likely at all is its author's own shorthand, and left alone.
    """
    usual = usual_shorthand(document.text)
    units = [_unit(document.text, span, table, usual) for span in units_of(document.text)]
    pages = tuple(_record_pages(document, kinds))
    marked = _with_neighbours(units, table, table.sure if usual < TERSE else VERY_SURE)
    marked = [mark or any(page.span.covers(unit.span) for page in pages) for unit, mark in zip(units, marked, strict=True)]
    blocks: list[RecordBlock] = []
    for chosen, run in groupby(zip(units, marked, strict=True), key=lambda pair: pair[1]):
        if chosen:
            blocks.append(_block([unit for unit, _ in run]))
    return tuple(block for block in blocks if any(page.span.overlaps(block.span) for page in pages) or not _own(block, likely))


def _own(block: RecordBlock, likely: Callable[[Span], float | None]) -> bool:
    said = likely(block.span)
    return said is not None and said < OWN_WORDS


def _record_pages(document: Document, kinds: KindTable) -> Iterator[RecordBlock]:
    """Pages which by themselves would be a record's, in a document of two pages or more."""
    if len(document.pages) < 2:
        return
    for page in document.pages:
        alone = Document(document.attachment, document.format, page.span.of(document.text))
        verdict = kind_of(alone, kinds)
        if verdict.kind in RECORD_KINDS and verdict.confidence >= PAGE_SURE and alone.word_count >= 25:
            yield RecordBlock(
                page.span, verdict.kind, verdict.signs[0] if verdict.signs else "the page reads as a record", verdict.confidence
            )


def units_of(text: str) -> Iterator[Span]:
    """The document cut into lines and rows; lines of running text into sentences, with a passage in quotation marks as one."""
    for line in lines_of(text):
        yield from _sentences(text, line) if line.words > 12 and is_running(line) else (line.span,)


def is_running(line: Line) -> bool:
    """Whether a line is made of sentences rather than notes."""
    return sentence_share(line) >= RUNNING


def _sentences(text: str, line: Line) -> Iterator[Span]:
    raw, start = text[line.span.start : line.span.end], 0
    quoted = [(found.start(), found.end()) for found in _QUOTED.finditer(raw)]
    for found in _SENTENCE_BREAK.finditer(raw):
        inside = any(begin < found.start() < end - 1 for begin, end in quoted)
        if not inside and not _NO_BREAK.search(raw[start : found.start()]):
            yield _trimmed(raw, start, found.end(), line.span.start)
            start = found.end()
    yield _trimmed(raw, start, len(raw), line.span.start)


def _trimmed(raw: str, start: int, end: int, offset: int) -> Span:
    piece = raw[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Span(offset + start + lead, offset + start + max(lead, len(piece.rstrip())))


def usual_shorthand(text: str) -> float:
    """Marks of clinical shorthand to a word, over the whole text."""
    lines = list(lines_of(text))
    return sum(line.shorthand for line in lines) / max(sum(line.words for line in lines), 1)


def _unit(text: str, span: Span, table: RecordTable, usual: float) -> _Unit:
    raw = str(span.of(text))
    line = Line.of(raw)
    if _is_plain_sentence(line, raw):
        return _Unit(span, 0.0, "", prose=line.is_prose, dose=False, result=False)
    signs = signs_of(line, raw, usual)
    return _Unit(span, table.score(signs), table.why(signs), line.is_prose, line.is_dose, line.is_result)


def _is_plain_sentence(line: Line, raw: str) -> bool:
    """A sentence without a figure or a quotation mark: no sum of weights makes it a record's, so that it is not looked at further."""
    return raw[:1] not in "\"“'‘" and not any(char.isdigit() for char in raw) and sentence_share(line) >= PLAIN


def _with_neighbours(units: Sequence[_Unit], table: RecordTable, sure_from: float) -> list[bool]:
    """Sure lines, likely ones beside two sure ones, and stretches without a sentence of which a good part is likely."""
    sure = [unit.score >= sure_from for unit in units]
    marked = list(sure)
    for number, unit in enumerate(units):
        if not sure[number] and unit.score >= table.beside and sure_from < VERY_SURE:
            marked[number] = sum(sure[max(0, number - 2) : number + 3]) >= 2
    for first, last in _stretches(units):
        lines = [number for number in range(first, last) if units[number].score >= LIKELY]
        if (
            last - first >= STRETCH
            and sum(sure[first:last]) >= 2
            and len(lines) * 5 >= 2 * (lines[-1] + 1 - lines[0])
            and len(lines) >= STRETCH
        ):
            marked[lines[0] : lines[-1] + 1] = [True] * (lines[-1] + 1 - lines[0])
    return marked


def _stretches(units: Sequence[_Unit]) -> Iterator[tuple[int, int]]:
    """Runs of lines none of which is running text: first and one past last."""
    start = 0
    for number in range(len(units) + 1):
        if number == len(units) or units[number].prose:
            if number > start:
                yield start, number
            start = number + 1


def _block(units: Sequence[_Unit]) -> RecordBlock:
    best = max(units, key=lambda unit: unit.score)
    return RecordBlock(Span(units[0].span.start, units[-1].span.end), _kind(units), best.why, round(best.score, 3))


def _kind(units: Sequence[_Unit]) -> DocumentKind:
    """What sort of record it is a piece of."""
    if sum(unit.dose for unit in units) * 2 > len(units):
        return DocumentKind.MEDICATION_PRINTOUT
    if sum(unit.result for unit in units) * 2 > len(units):
        return DocumentKind.LAB_RESULTS
    return DocumentKind.RECORD_PRINTOUT
