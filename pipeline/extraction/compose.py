"""Writes the pieces of pages into a Document: running text, blocks, fields, ticks, and the place of every word."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.domain.documents import Block, BlockKind, Cell, Page, Row, TextSource, Tick
from pipeline.domain.text import Span, merge
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.columns import Numbers
from pipeline.extraction.ink import Token
from pipeline.extraction.layout import ENDS_SENTENCE, CellInk, Para, Piece, TableInk
from pipeline.extraction.readers import _forms, _tables
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


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of text as it was written: where, and what of it is bold (both from the document's start)."""

    span: Span
    text: str
    bold: tuple[Span, ...]

    def rich(self) -> Rich:
        """The same with coordinates of its own."""
        return Rich(self.text, merge((span.shifted(-self.span.start) for span in self.bold), gap=1))

    def with_more(self, between: str, more: Written) -> Written:
        """This and what follows it directly after `between`."""
        return Written(Span(self.span.start, more.span.end), self.text + between + more.text, self.bold + more.bold)


@dataclass(frozen=True, slots=True)
class _Open:
    """A block that may run on at the head of the next page."""

    block: Block
    para: Para
    written: Written


class Composer:
    """Writes one document, page by page."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._words: list[Numbers] = []
        self._open: _Open | None = None
        self._answer: tuple[Span, Span] | None = None
        """The last label and value of a form at a page's foot, which may go on on the next page."""

    def write(self, pages: Sequence[PagePieces]) -> None:
        """Writes every page.

        Header and footer stand at the head of the page's text, or, where a sentence or an answer runs over from the page before, after
        its end, so that they never stand in the middle of it.
        """
        for page in pages:
            self._page(page)
        self._settle()
        self._builder.add_words(self._words)

    def _page(self, page: PagePieces) -> None:
        self._builder.page = page.number
        body = list(page.body)
        start = self._rest_of_last(body, page.number)
        self._settle()
        if start is None:
            self._builder.part()
            start = self._builder.length
        self._furniture(BlockKind.PAGE_HEADER, page.header, page.number)
        self._furniture(BlockKind.PAGE_FOOTER, page.footer, page.number)
        self._pieces(body, page.number)
        span = Span(min(start, self._builder.length), self._builder.length)
        self._builder.add_page(Page(page.number, span, page.width, page.height, page.source, page.confidence))

    def _rest_of_last(self, body: list[Piece], page: int) -> int | None:
        """Writes what runs over from the page before and takes it from `body`; where it begins, or None where nothing does."""
        first = body[0] if body else None
        if isinstance(first, Para) and self._open is not None and continues(self._open.para, first):
            between = "" if joins(self._open.para.tokens[-1], _below(first.tokens[0], self._open.para.tokens[-1])) else " "
            self._builder.raw(between)
            more = self._lines(first.lines, page)
            whole = self._open.written.with_more(between, more)
            block = self._open.block
            joined = Block(block.kind, whole.span, block.page, block.level, block.marker)
            self._open = _Open(joined, Para(block.kind, [*self._open.para.lines, *first.lines]), whole)
            if len(body) > 1:
                self._settle()
            body.pop(0)
            return more.span.start
        if isinstance(first, TableInk) and self._answer is not None and _goes_on(first):
            self._builder.part()
            start = self._builder.length
            self._table(body.pop(0), page, form=True)  # type: ignore[arg-type]  # it is `first`, which is a table
            return start
        return None

    def _settle(self) -> None:
        if self._open is not None:
            self._close(self._open.block, self._open.written)
        if self._answer is not None:
            self._builder.add_field(*self._answer)
        self._open = self._answer = None

    def _furniture(self, kind: BlockKind, tokens: Sequence[Token], page: int) -> None:
        if tokens:
            self._builder.part()
            self._builder.add_block(Block(kind, self._lines([list(tokens)], page).span, page))

    def _pieces(self, pieces: Sequence[Piece], page: int) -> None:
        """Writes them; the last one stays open where it is text that may run on."""
        for number, piece in enumerate(pieces):
            self._settle()
            self._builder.part()
            if isinstance(piece, TableInk):
                self._table(piece, page, form=piece.form)
                continue
            written = self._lines(piece.lines, page, piece.gaps)
            block = Block(piece.kind, written.span, page, piece.level, " ".join(token.text for token in piece.marker))
            if number == len(pieces) - 1 and piece.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
                self._open = _Open(block, piece, written)
            else:
                self._close(block, written)

    def _close(self, block: Block, written: Written) -> None:
        self._builder.add_block(block)
        if block.kind is not BlockKind.HEADING:
            self._fields(written)
        self._ticks(written)

    def _fields(self, written: Written) -> None:
        for found in _forms.fields(written.rich()):
            self._builder.add_field(found.label.shifted(written.span.start), found.value.shifted(written.span.start))

    def _ticks(self, written: Written) -> None:
        for tick in _forms.ticks(written.text):
            label = tick.label.shifted(written.span.start) if tick.label else None
            self._builder.add_tick(Tick(tick.span.shifted(written.span.start), tick.state, label))

    def _lines(self, lines: Sequence[Sequence[Token]], page: int, gaps: dict[int, int] | None = None) -> Written:
        start = self._builder.length
        parts: list[str] = []
        bold: list[Span] = []
        at = start
        for number, line in enumerate(lines):
            for place, token in enumerate(line):
                space = _space(line[place - 1] if place else None, token, gaps)
                lead = "\n" + space if number and not place else space
                span = Span(at + len(lead), at + len(lead) + len(token.text))
                parts += (lead, token.text)
                at = span.end
                self._words.append((span.start, span.end, page, *token.edges, token.confidence))
                if token.bold:
                    bold.append(span)
        text = "".join(parts)
        return Written(self._builder.raw(text), text, tuple(bold))

    def _table(self, table: TableInk, page: int, *, form: bool) -> None:
        start = self._builder.length
        rows: list[tuple[Row, list[Written]]] = []
        for number, row in enumerate(table.rows):
            if number:
                self._builder.raw("\n")
            rows.append(self._row(row, page, header=number < table.header_rows))
        whole = Span(start, self._builder.length)
        self._builder.add_block(Block(BlockKind.TABLE, whole, page, rows=tuple(row for row, _ in rows)))
        for tick in _tables.ticks([row for row, _ in rows], [[cell.rich() for cell in cells] for _, cells in rows]):
            self._builder.add_tick(tick)
        for made, cells in rows:
            self._answers(made, cells, form=form and not made.header)

    def _row(self, row: Sequence[CellInk], page: int, *, header: bool) -> tuple[Row, list[Written]]:
        written: list[Written] = []
        for place, cell in enumerate(row):
            if place:
                self._builder.raw("\t")
            lines = [line if nth else [*para.marker, *line] for para in cell.paras for nth, line in enumerate(para.lines)]
            written.append(self._lines(lines, page))
        cells = tuple(Cell(one.span, cell.columns) for one, cell in zip(written, row, strict=True))
        return Row(cells, header), written

    def _answers(self, row: Row, cells: Sequence[Written], *, form: bool) -> None:
        if not form:
            for cell in cells:
                self._fields(cell)
            return
        for (label, value), words in zip(zip(row.cells[::2], row.cells[1::2], strict=False), cells[::2], strict=False):
            if len(label.span):
                if self._answer is not None:
                    self._builder.add_field(*self._answer)
                self._answer = (_tables.label_span(label, words.rich()), value.span)
            elif self._answer is not None and len(value.span):  # the answer went on in a row, or on a page, of its own
                self._answer = (self._answer[0], Span(self._answer[1].start, value.span.end))


def _goes_on(table: TableInk) -> bool:
    """Whether a form's first row at a page's head has no label: it belongs to the last one of the page before."""
    first = table.rows[0]
    return len(first) == 2 and not first[0].tokens and bool(first[1].tokens)


def _below(token: Token, above: Token) -> Token:
    """The first word of a page as if it stood on the line below the last word of the page before."""
    return dataclasses.replace(token, base=above.base + 2 * above.size, glued=False)


def _space(before: Token | None, token: Token, gaps: dict[int, int] | None) -> str:
    if gaps is not None and id(token) in gaps:
        return " " * gaps[id(token)]
    return "" if before is None or joins(before, token) else " "


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
