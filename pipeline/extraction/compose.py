"""Writes the pieces of pages into a Document: running text, blocks, fields, ticks, and the place of every word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.domain.documents import Block, BlockKind, Cell, Page, Row, TextSource, Word
from pipeline.domain.text import Span, merge
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.ink import Token
from pipeline.extraction.layout import ENDS_SENTENCE, Para, Piece, TableInk
from pipeline.extraction.readers import _forms
from pipeline.extraction.readers._rich import Rich

HYPHENATED = re.compile(r"\w[-‐]$")


@dataclass(slots=True)
class PagePieces:
    """A page ready to be written."""

    number: int
    width: float
    height: float
    body: list[Piece]
    header: list[Token] = field(default_factory=list)
    footer: list[Token] = field(default_factory=list)
    source: TextSource = TextSource.NATIVE
    confidence: float = 1.0


class Composer:
    """Writes one document, page by page."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._words: list[Word] = []
        self._bold: list[Span] = []

    def write(self, pages: Sequence[PagePieces]) -> None:
        """Writes every page. Header and footer stand at the head of the page's text, or, where a sentence runs over from the page
        before, after its end, so that they never stand in the middle of a sentence."""
        open_block: tuple[Block, Para] | None = None
        for page in pages:
            open_block = self._page(page, open_block)
        if open_block:
            self._close(open_block[0])
        self._builder.add_words(self._words)

    def _page(self, page: PagePieces, before: tuple[Block, Para] | None) -> tuple[Block, Para] | None:
        body = list(page.body)
        self._builder.page = page.number
        runs_on = bool(before and body and isinstance(body[0], Para) and continues(before[1], body[0]))
        if before and not runs_on:
            self._close(before[0])
        if not runs_on:
            self._builder.part()
        start = self._builder.length
        if before and runs_on and isinstance(body[0], Para):
            self._builder.raw(" ")
            start = self._builder.length
            self._lines(body[0].lines, page.number)
            self._close(_until(before[0], self._builder.length))
            body = body[1:]
        self._furniture(BlockKind.PAGE_HEADER, page.header, page.number)
        self._furniture(BlockKind.PAGE_FOOTER, page.footer, page.number)
        last = self._pieces(body, page.number)
        span = Span(min(start, self._builder.length), self._builder.length)
        self._builder.add_page(Page(page.number, span, page.width, page.height, page.source, page.confidence))
        return last

    def _furniture(self, kind: BlockKind, tokens: Sequence[Token], page: int) -> None:
        if tokens:
            self._builder.part()
            span = self._lines([list(tokens)], page)
            self._builder.add_block(Block(kind, span, page))

    def _pieces(self, pieces: Sequence[Piece], page: int) -> tuple[Block, Para] | None:
        """Writes them; the last one stays open where it is text that may run on."""
        for number, piece in enumerate(pieces):
            self._builder.part()
            if isinstance(piece, TableInk):
                self._table(piece, page)
                continue
            span = self._lines(piece.lines, page, piece.gaps)
            block = Block(piece.kind, span, page, piece.level, " ".join(token.text for token in piece.marker))
            if number == len(pieces) - 1 and piece.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
                return block, piece
            self._close(block)
        return None

    def _close(self, block: Block) -> None:
        self._builder.add_block(block)
        if block.kind is not BlockKind.HEADING:
            for found in _forms.fields(self._rich(block.span)):
                self._builder.add_field(found.label.shifted(block.span.start), found.value.shifted(block.span.start))
        self._ticks(block.span)

    def _rich(self, span: Span) -> Rich:
        text = self._builder.text_so_far()[span.start : span.end]
        bold = tuple(Span(s.start - span.start, s.end - span.start) for s in self._bold if span.covers(s))
        return Rich(text, merge(bold, gap=1))

    def _ticks(self, span: Span) -> None:
        text = self._builder.text_so_far()[span.start : span.end]
        for tick in _forms.ticks(text):
            label = tick.label.shifted(span.start) if tick.label else None
            self._builder.add_tick(type(tick)(tick.span.shifted(span.start), tick.state, label))

    def _tick_marker(self, block: Block, para: Para) -> None:
        """A tick box used as a bullet stands in the marker only; nothing to add for other bullets."""

    def _lines(self, lines: Sequence[Sequence[Token]], page: int, gaps: dict[int, int] | None = None) -> Span:
        start = self._builder.length
        for number, line in enumerate(lines):
            if number:
                self._builder.raw("\n")
            for place, token in enumerate(line):
                self._builder.raw(self._space(line[place - 1] if place else None, token, gaps))
                self._word(token, page)
        return Span(start, self._builder.length)

    def _space(self, before: Token | None, token: Token, gaps: dict[int, int] | None) -> str:
        if gaps is not None and id(token) in gaps:
            return " " * gaps[id(token)]
        if before is None or joins(before, token):
            return ""
        return " "

    def _word(self, token: Token, page: int) -> None:
        span = self._builder.raw(token.text)
        self._words.append(Word(span, page, token.box, token.confidence))
        if token.bold:
            self._bold.append(span)

    def _table(self, table: TableInk, page: int) -> None:
        start = self._builder.length
        rows: list[Row] = []
        for number, row in enumerate(table.rows):
            if number:
                self._builder.raw("\n")
            cells: list[Cell] = []
            for place, cell in enumerate(row):
                if place:
                    self._builder.raw("\t")
                lines = [[*para.marker, *line] if not nth else line for para in cell.paras for nth, line in enumerate(para.lines)]
                cells.append(Cell(self._lines(lines, page), cell.columns))
            rows.append(Row(tuple(cells), header=number < table.header_rows))
        self._builder.add_block(Block(BlockKind.TABLE, Span(start, self._builder.length), page, rows=tuple(rows)))
        self._cells(table, rows)

    def _cells(self, table: TableInk, rows: Sequence[Row]) -> None:
        for row in rows:
            for cell in row.cells:
                self._ticks(cell.span)
            if table.form and not row.header:
                for label, value in zip(row.cells[::2], row.cells[1::2], strict=False):
                    if len(label.span):
                        self._builder.add_field(label.span, value.span)
                continue
            for cell in row.cells:
                for found in _forms.fields(self._rich(cell.span)):
                    self._builder.add_field(found.label.shifted(cell.span.start), found.value.shifted(cell.span.start))


def _until(block: Block, end: int) -> Block:
    return Block(block.kind, Span(block.span.start, end), block.page, block.level, block.marker, block.rows)


def joins(before: Token, token: Token) -> bool:
    """Whether two words are printed without a space between them: directly side by side, or parted by a line's end after a hyphen."""
    if token.glued and abs(token.base - before.base) < 0.5 * token.size:
        return True
    return token.base - before.base > 0.5 * token.size and bool(HYPHENATED.search(before.text)) and token.text[:1].islower()


def continues(before: Para, after: Para) -> bool:
    """Whether a paragraph at a page's head is the rest of the one at the last page's foot."""
    if after.kind is not BlockKind.PARAGRAPH or before.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or not before.tokens:
        return False
    last, first = before.tokens[-1], after.tokens[0]
    if ENDS_SENTENCE.search(last.text) or abs(last.size - first.size) > 0.6 or last.bold != first.bold:
        return False
    return first.text[:1].islower() or last.text.endswith(",") or last.text[-1:].islower()
