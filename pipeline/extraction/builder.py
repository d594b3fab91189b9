"""Puts a document's face together piece by piece, so that every reader yields the same shape with one coordinate system.

A reader calls `heading`, `paragraph`, `item`, `table` … in reading order and `finish` once. Pieces are parted by a blank line,
table rows by a line feed and cells by a tab; line breaks inside a cell become line feeds too. Spans are right by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.documents import (
    Block,
    BlockKind,
    Cell,
    Document,
    Field,
    HiddenLayer,
    LayerKind,
    Note,
    NoteCode,
    Page,
    Row,
    TextSource,
    Tick,
)
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.columns import Columns, Numbers


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell to be added: its text and how many columns it spans."""

    text: str
    columns: int = 1


class DocumentBuilder:
    """Collects the pieces of one document."""

    def __init__(self, attachment: Attachment, format_name: str) -> None:
        self._attachment = attachment
        self._format = format_name
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._fields: list[Field] = []
        self._ticks: list[Tick] = []
        self._pages: list[Page] = []
        self._words: list[Numbers] = []
        self._hidden: list[HiddenLayer] = []
        self._notes: list[Note] = []
        self._embedded: list[Attachment] = []
        self.page: int | None = None
        """The page that following pieces are on; set by readers of formats with pages."""

    @property
    def length(self) -> int:
        """How many characters the face has so far; where the next piece will begin, once it is parted from the last."""
        return self._length

    def part(self) -> None:
        """Parts the next piece from the last by a blank line."""
        if self._length:
            self._append("\n\n")

    def raw(self, text: str) -> Span:
        """Adds text as it is, with no block around it; for readers that lay out lines and blocks themselves."""
        start = self._length
        self._append(text)
        return Span(start, self._length)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def block(self, kind: BlockKind, text: str, *, level: int = 0, marker: str = "") -> Span:
        """Adds a piece of one kind. Empty text adds nothing and gives an empty span."""
        if not text.strip():
            return Span(self._length, self._length)
        self.part()
        span = self.raw(text)
        self._blocks.append(Block(kind, span, self.page, level, marker))
        return span

    def heading(self, text: str, level: int = 1) -> Span:
        """Adds a heading of level 1 to 6."""
        return self.block(BlockKind.HEADING, text, level=level)

    def paragraph(self, text: str) -> Span:
        """Adds a paragraph; its line breaks stay."""
        return self.block(BlockKind.PARAGRAPH, text)

    def item(self, text: str, *, level: int = 0, marker: str = "•") -> Span:
        """Adds a list item; the marker is kept beside the text, not in it."""
        return self.block(BlockKind.LIST_ITEM, text, level=level, marker=marker)

    def table(self, rows: Sequence[Sequence[CellText | str]], *, header_rows: int = 0) -> tuple[Row, ...]:
        """Adds a table, row by row. Rows may be of different lengths. Gives the rows with their cells' spans."""
        if not any((cell if isinstance(cell, str) else cell.text).strip() for row in rows for cell in row):
            return ()
        self.part()
        start = self._length
        made: list[Row] = []
        for number, row in enumerate(rows):
            if number:
                self._append("\n")
            cells: list[Cell] = []
            for position, cell in enumerate(row):
                if position:
                    self._append("\t")
                given = CellText(cell) if isinstance(cell, str) else cell
                cells.append(Cell(self.raw(given.text.strip()), given.columns))
            made.append(Row(tuple(cells), header=number < header_rows))
        self._blocks.append(Block(BlockKind.TABLE, Span(start, self._length), self.page, rows=tuple(made)))
        return tuple(made)

    def add_block(self, block: Block) -> None:
        """Adds a block over text already put in by `raw`."""
        self._blocks.append(block)

    def add_field(self, label: Span, value: Span) -> None:
        """Notes a label and its value."""
        self._fields.append(Field(label, value))

    def add_tick(self, tick: Tick) -> None:
        """Notes a tick box."""
        self._ticks.append(tick)

    def add_page(self, page: Page) -> None:
        """Notes a page, once its text is in."""
        self._pages.append(page)

    def add_words(self, words: Sequence[Numbers]) -> None:
        """Notes where words are printed."""
        self._words.extend(words)

    def hide(self, kind: LayerKind, text: str, where: str = "") -> None:
        """Adds hidden content; blank text is dropped."""
        if text.strip():
            self._hidden.append(HiddenLayer(kind, PersonalText(text.strip()), where))

    def note(self, code: NoteCode, detail: str, page: int | None = None) -> None:
        """Adds a note, once for each code, page and detail."""
        note = Note(code, detail, page)
        if note not in self._notes:
            self._notes.append(note)

    def embed(self, attachment: Attachment) -> None:
        """Adds a file found inside, to be read as a document of its own."""
        self._embedded.append(attachment)

    def text_so_far(self) -> str:
        """The face as it stands."""
        return "".join(self._parts)

    def everything(self) -> str:
        """All that was read, seen or not: the face, its list items once more with their markers before them, and the hidden layers."""
        face = self.text_so_far()
        marked = [f"{block.marker} {block.span.of(face)}" for block in self._blocks if block.marker]
        return "\n".join([face, *marked, *(layer.text for layer in self._hidden)])

    def finish(self, source: TextSource = TextSource.NATIVE, problem: Problem | None = None) -> Document:
        """The document. Blocks, words and pages are put in text order."""
        text = self.text_so_far()
        return Document(
            attachment=self._attachment,
            format=self._format,
            text=PersonalText(text),
            source=source if text.strip() else TextSource.NONE,
            blocks=tuple(sorted(self._blocks, key=lambda block: (block.span.start, block.span.end))),
            fields=tuple(self._fields),
            ticks=tuple(self._ticks),
            pages=tuple(sorted(self._pages, key=lambda page: page.number)),
            words=Columns.of(self._words),
            hidden=tuple(self._hidden),
            notes=tuple(self._notes),
            problem=problem,
            embedded=tuple(self._embedded),
        )
