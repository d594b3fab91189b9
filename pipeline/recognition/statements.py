"""Cuts a document's face into statements: sentences, list items, table cells, label-value lines, each with its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from pipeline.domain.documents import Block, BlockKind, Document, Row
from pipeline.domain.people import Statement
from pipeline.domain.text import PersonalText, Span

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n[ \t]*\n")
_NOT_AN_END = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Rev|St|Rd|Sgt|Cllr|vs|approx|appt|tel|ext|e\.g|i\.e|a\.m|p\.m|c|ca|cf|pt|wt|ht|hx|dx|rx|fig)"
    r"|(?:^|[\s(.])[A-Z])\.$",
    re.IGNORECASE,
)
_LOWER_AHEAD = re.compile(r"\s+[a-z]")
_LABEL = re.compile(r"\s*(?P<label>[A-Z(][^:\n.?!]{1,60}):(?=\s|$)")
_NEW_LINE_STARTS = re.compile(r"\s*(?:[-*•▪◦–]|\d{1,2}[.)]|\(?[a-z]\)|\d{1,2}[/.-]\d{1,2}|[A-Z(][^:\n.?!]{1,40}:(?:\s|$)|\[[ xX]\]|[☐☒☑])")
_WRAPPED_AT = 0.62
"""A line shorter than this share of the longest line of its block was broken by its author, not by the width of the page."""


def split(document: Document) -> tuple[Statement, ...]:
    """The statements of the face in reading order; they do not overlap, and no word of a block is left out."""
    found: list[Statement] = []
    heading = PersonalText("")
    for block in document.blocks or _paragraphs(document.text):
        if block.kind is BlockKind.HEADING:
            heading = block.span.of(document.text)
        found.extend(_of_block(document.text, block, heading))
    return tuple(sorted(_without_overlaps(found), key=lambda statement: statement.span))


def _paragraphs(text: str) -> Iterator[Block]:
    """Blocks for a text that has none: its pieces between blank lines."""
    for match in re.finditer(r"\S(?:.|\n(?![ \t]*\n))*", text):
        yield Block(BlockKind.PARAGRAPH, Span(*match.span()))


def _of_block(text: str, block: Block, heading: PersonalText) -> Iterator[Statement]:
    if block.rows:
        yield from _of_rows(text, block.rows, heading)
    elif block.kind is BlockKind.HEADING:
        yield from (Statement(span, heading) for span in _trimmed(text, block.span))
    else:
        yield from _of_piece(text, block.span, heading, keep_lines=block.kind is BlockKind.PREFORMATTED)


def _of_rows(text: str, rows: tuple[Row, ...], heading: PersonalText) -> Iterator[Statement]:
    """A cell is headed by its column where the table names its columns, and else by the first cell of its row."""
    columns: tuple[PersonalText, ...] = ()
    for row in rows:
        if row.header:
            columns = tuple(cell.span.of(text) for cell in row.cells)
        label = row.cells[0].span.of(text) if row.cells else PersonalText("")
        for place, cell in enumerate(row.cells):
            above = columns[place] if place < len(columns) and not row.header else PersonalText("")
            beside = label if place and len(label) <= 120 else PersonalText("")
            yield from _of_piece(text, cell.span, PersonalText(above or beside or heading))


def _of_piece(text: str, span: Span, heading: PersonalText, *, keep_lines: bool = False) -> Iterator[Statement]:
    """The sentences of a paragraph, item or cell. A line that starts with a label is headed by it, with the lines that run on from it."""
    for line in _lines(text, span, keep_lines=keep_lines):
        label = _LABEL.match(text, line.start, line.end)
        above = PersonalText(label["label"].strip()) if label else heading
        for sentence in _sentences(text, line):
            yield Statement(sentence, above)


def _lines(text: str, span: Span, *, keep_lines: bool) -> Iterator[Span]:
    """The author's lines: those broken only by the width of the page are put together again."""
    pieces = [Span(*match.span()) for match in re.compile(r"[^\n]+").finditer(text, span.start, span.end)]
    widest = max((len(piece) for piece in pieces), default=0)
    start = None
    for piece, following in zip_longest(pieces, pieces[1:]):
        start = piece.start if start is None else start
        if following is None or keep_lines or _broken_on_purpose(text, piece, following, widest):
            yield Span(start, piece.end)
            start = None


def _broken_on_purpose(text: str, line: Span, following: Span, widest: int) -> bool:
    if _NEW_LINE_STARTS.match(text, following.start, following.end):
        return True
    return len(line) < _WRAPPED_AT * widest or widest < 40


def _sentences(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    for match in _END.finditer(text, line.start, line.end):
        if _NOT_AN_END.search(text[max(start, match.end() - 8) : match.end()]) or _LOWER_AHEAD.match(text, match.end(), line.end):
            continue
        yield from _trimmed(text, Span(start, match.end()))
        start = match.end()
    yield from _trimmed(text, Span(start, line.end))


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    """The span without the white space around it; nothing where only white space is left."""
    piece = text[span.start : span.end]
    if piece.strip():
        yield Span(span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip()))


def _without_overlaps(statements: list[Statement]) -> Iterator[Statement]:
    end = 0
    for statement in sorted(statements, key=lambda each: (each.span.start, -each.span.end)):
        if statement.span.start >= end:
            yield statement
            end = statement.span.end
