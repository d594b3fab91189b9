"""Lays pieces out as the face of a document: blocks, tables, fields, tick boxes and pages, in one way for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from pipeline.domain.documents import BlockKind, Document, Field, Page, Row, Tick
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.text import Span
from pipeline.extraction.builder import CellText, DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _forms as forms
from pipeline.extraction.readers import _headings as headings
from pipeline.extraction.readers import _tables as tables
from pipeline.extraction.readers._rich import Grid, GridCell, Para, Piece, Rich, join

A4 = (595.3, 841.9)
"""Width and height in points, where a file does not give its paper."""

_FREE = BlockKind.PARAGRAPH


def lay(builder: DocumentBuilder, pieces: Sequence[Piece], paper: tuple[float, float] = A4) -> None:
    """Adds all pieces to the builder; pages only where the file marks where they begin."""
    Layout(builder, paper).run(_merge_printouts(pieces))


def too_long(options: ReadOptions) -> Unreadable:
    """The error for a text longer than allowed."""
    return Unreadable(UnreadableReason.TOO_LARGE, f"the text is longer than {options.text_characters} characters; ask for a shorter one")


def finish(builder: DocumentBuilder, options: ReadOptions) -> Document:
    """The finished document.

    Raises:
        Unreadable: the face is longer than allowed.
    """
    if builder.length > options.text_characters:
        raise Unreadable(
            UnreadableReason.TOO_LARGE, f"the text is longer than {options.text_characters} characters; ask for a shorter file"
        )
    return builder.finish()


class Layout:
    """Lays out one document."""

    def __init__(self, builder: DocumentBuilder, paper: tuple[float, float]) -> None:
        self._builder = builder
        self._paper = paper
        self._breaks: list[int] = []
        self._larger: list[float] = []

    def run(self, pieces: Sequence[Piece]) -> None:
        """Lays out the pieces, then the pages."""
        paged = any(part.breaks for part in texts(pieces))
        self._builder.page = 1 if paged else None
        self._larger = _larger_sizes(pieces)
        for number, piece in enumerate(pieces):
            self._piece(piece, pieces[number - 1] if number else None, pieces[number + 1] if number + 1 < len(pieces) else None)
        if paged:
            self._pages()

    def _piece(self, piece: Piece, before: Piece | None, after: Piece | None) -> None:
        if isinstance(piece, Grid):
            self._grid(piece)
        elif piece.guess and piece.kind is _FREE:
            self._guessed(piece, before, after)
        else:
            self._put(piece.kind, piece.rich.stripped(), piece.level, piece.marker)

    # -- paragraphs ------------------------------------------------------------------------------------------------------------

    def _guessed(self, para: Para, before: Piece | None, after: Piece | None) -> None:
        text = para.rich.stripped()
        if headings.is_aligned(text.text) or (text.mono and "\n" in text.text):
            self._put(BlockKind.PREFORMATTED, Rich(para.rich.text.strip("\n").rstrip(), breaks=text.breaks))
            return
        for part, alone in _split(text):
            self._line_or_more(part, alone=alone, neighbours=(before, after))

    def _line_or_more(self, text: Rich, *, alone: bool, neighbours: tuple[Piece | None, Piece | None]) -> None:
        marker = headings.list_marker(text.text)
        if "\n" not in text.text and self._is_heading(text, alone=alone, neighbours=neighbours):
            self._put(BlockKind.HEADING, text, headings.level_of(text, self._larger))
        elif marker:
            self._put(BlockKind.LIST_ITEM, text.slice(marker.end(), len(text.text)), marker=marker["marker"])
        else:
            self._put(_FREE, text)

    def _is_heading(self, text: Rich, *, alone: bool, neighbours: tuple[Piece | None, Piece | None]) -> bool:
        line = text.text
        if line.endswith(":") and alone and all(_is_field(piece) for piece in neighbours):
            return False  # a label with nothing behind it among labels with values: an empty field, not a heading
        if not alone:
            return text.all_bold and headings.looks_like_heading(text)
        if headings.numbered_title(line) and _is_prose(neighbours[1]) and not _begins_marked(neighbours[0]):
            return True
        larger = text.size in self._larger and len(line.split()) <= 20
        follows = neighbours[1] is not None
        return headings.looks_like_heading(text) or larger or (follows and headings.looks_like_title(line) and not forms.only_box(line))

    def _put(self, kind: BlockKind, text: Rich, level: int = 0, marker: str = "") -> Span:
        if not text.text.strip():
            self._turn(text, self._builder.length)
            return Span(self._builder.length, self._builder.length)
        ahead = sum(1 for place in text.breaks if place <= 0)
        self._advance(ahead)
        span = self._builder.block(kind, text.text, level=level, marker=marker)
        self._breaks += [span.start + max(place, 0) for place in text.breaks]
        self._advance(len(text.breaks) - ahead)
        if kind is not BlockKind.HEADING:
            self._add_fields(forms.fields(text), span.start)
        self._add_ticks(forms.ticks(text.text), span.start)
        return span

    def _turn(self, text: Rich, at: int) -> None:
        self._breaks += [at] * len(text.breaks)
        self._advance(len(text.breaks))

    def _advance(self, pages: int) -> None:
        if self._builder.page is not None:
            self._builder.page += pages

    def _add_fields(self, found: Iterator[Field], offset: int) -> None:
        for one in found:
            self._builder.add_field(one.label.shifted(offset), one.value.shifted(offset))

    def _add_ticks(self, found: Iterator[Tick], offset: int) -> None:
        for tick in found:
            self._builder.add_tick(Tick(tick.span.shifted(offset), tick.state, tick.label and tick.label.shifted(offset)))

    # -- tables ----------------------------------------------------------------------------------------------------------------

    def _grid(self, grid: Grid) -> None:
        """A row that spans the table, or holds a table of its own, is laid out in place; the rows between are tables."""
        width = max((sum(cell.columns for cell in row) for row in grid.rows), default=0)
        waiting: list[tuple[GridCell, ...]] = []
        header = grid.header_rows
        for row in grid.rows:
            if len(row) == 1 or any(cell.nested for cell in row):
                header -= self._table(waiting, header)
                waiting = []
                self._spread(row, full=len(row) == 1 and width > 1)
            else:
                waiting.append(row)
        self._table(waiting, header)

    def _spread(self, row: Sequence[GridCell], *, full: bool) -> None:
        for cell in row:
            pieces = [piece for piece in cell.pieces if not isinstance(piece, Para) or piece.rich.text.strip()]
            if (full or len(row) > 1) and len(pieces) == 1 and isinstance(pieces[0], Para) and _heads(cell, pieces[0]):
                text = pieces[0].rich.stripped()
                self._put(BlockKind.HEADING, text, headings.level_of(text, self._larger))
                continue
            merged = _merge_printouts(cell.pieces)
            for number, piece in enumerate(merged):
                self._piece(piece, merged[number - 1] if number else None, merged[number + 1] if number + 1 < len(merged) else None)

    def _table(self, rows: Sequence[tuple[GridCell, ...]], header_rows: int) -> int:
        """Lays out plain rows; gives how many there were."""
        texts = [[cell.flat() for cell in row] for row in rows]
        heads = header_rows if header_rows > 0 else tables.header_rows(texts, rows)
        made = self._builder.table(
            [
                [CellText(text.text, cell.columns) for text, cell in zip(line, row, strict=True)]
                for line, row in zip(texts, rows, strict=True)
            ],
            header_rows=min(heads, len(rows)),
        )
        for text in chain.from_iterable(texts):
            self._advance(len(text.breaks))
        self._cells(made, texts, rows)
        return len(rows)

    def _cells(self, made: Sequence[Row], texts: Sequence[Sequence[Rich]], rows: Sequence[Sequence[GridCell]]) -> None:
        if not made:
            for text in chain.from_iterable(texts):
                self._breaks += [self._builder.length] * len(text.breaks)
            return
        pairs = tables.label_cells(texts, rows, made)
        labels = {label for label, _ in pairs}
        for number, (row, line) in enumerate(zip(made, texts, strict=True)):
            for position, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
                self._breaks += [cell.span.start + place for place in text.breaks]
                if (number, position) not in labels and not row.header:
                    self._add_fields(forms.fields(text), cell.span.start)
        for (number, position), value in pairs:
            self._builder.add_field(
                tables.label_span(made[number].cells[position], texts[number][position]), made[number].cells[value].span
            )
        for tick in tables.ticks(made, texts):
            self._builder.add_tick(tick)

    # -- pages -----------------------------------------------------------------------------------------------------------------

    def _pages(self) -> None:
        edges = [0, *sorted(min(place, self._builder.length) for place in self._breaks), self._builder.length]
        for number, (start, end) in enumerate(pairwise(edges), 1):
            self._builder.add_page(Page(number, Span(start, max(start, end)), *self._paper))


def _plain(line: Sequence[Rich]) -> list[str]:
    return [text.text for text in line]


def _columns(row: Sequence[GridCell]) -> list[int]:
    return [cell.columns for cell in row]


def _split(text: Rich) -> Iterator[tuple[Rich, bool]]:
    """Parts a paragraph at lines that are bold from end to end, list items and ruled lines; each part with whether it is all there is."""
    spans = list(text.lines())
    if len(spans) == 1:
        yield text, True
        return
    all_bold = text.all_bold
    start = 0
    for first, last in spans:
        own = _stands_alone(text, first, last) and not (all_bold and len(spans) > 2)
        if (own or headings.list_marker(text.text[first:last])) and first > start:
            yield text.slice(start, first - 1).stripped(), False
            start = first
        if own:
            yield text.slice(first, last).stripped(), False
            start = last + 1
    if start < len(text.text):
        yield text.slice(start, len(text.text)).stripped(), False


def _stands_alone(text: Rich, first: int, last: int) -> bool:
    line = text.slice(first, last)
    return line.all_bold and not line.text.rstrip().endswith(":") and headings.looks_like_heading(line)


def _heads(cell: GridCell, para: Para) -> bool:
    text = para.rich.stripped()
    short = "\n" not in text.text and len(text.text.split()) <= 25
    return short and (
        text.all_bold
        or cell.shaded
        or para.kind is BlockKind.HEADING
        or headings.looks_like_heading(text)
        or headings.looks_like_title(text.text)
    )


def _is_prose(piece: Piece | None) -> bool:
    """Whether a paragraph of some length follows, not another item of a list."""
    return isinstance(piece, Para) and len(piece.rich.text.split()) >= 10 and not _begins_marked(piece)


def _begins_marked(piece: Piece | None) -> bool:
    if not isinstance(piece, Para):
        return False
    return piece.kind is BlockKind.LIST_ITEM or headings.list_marker(piece.rich.text.strip()) is not None


def _is_field(piece: Piece | None) -> bool:
    if isinstance(piece, Para) and piece.kind is _FREE:
        text = piece.rich.stripped()
        first = text.text.split("\n")[0]
        found = forms.labelled(text, 0, len(first))
        return found is not None
    return False


def _merge_printouts(pieces: Sequence[Piece]) -> list[Piece]:
    """Paragraphs set in a typewriter face one after another are the lines of one printout."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if _is_typed(piece) and last is not None and _is_typed(last) and isinstance(piece, Para) and isinstance(last, Para):
            merged[-1] = Para(join((last.rich, piece.rich)))
        else:
            merged.append(piece)
    return merged


def _is_typed(piece: Piece) -> bool:
    return isinstance(piece, Para) and piece.guess and piece.kind is _FREE and piece.rich.mono


def texts(pieces: Sequence[Piece]) -> Iterator[Rich]:
    """All texts of the pieces, those in tables too."""
    for piece in pieces:
        if isinstance(piece, Para):
            yield piece.rich
        else:
            for row in piece.rows:
                for cell in row:
                    yield from texts(cell.pieces)


def _larger_sizes(pieces: Sequence[Piece]) -> list[float]:
    """The sizes of type larger than the running text by a tenth at least, largest first."""
    weights: Counter[float] = Counter()
    for text in texts(pieces):
        weights[text.size] += len(text.text)
    known = {size: weight for size, weight in weights.items() if size}
    if not known:
        return []
    body = max(known, key=lambda size: known[size])
    return sorted((size for size in known if size > body * 1.1), reverse=True)
