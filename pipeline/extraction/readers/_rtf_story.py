"""Gathers the paragraphs and tables of one story of an RTF file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.domain.documents import BlockKind, LayerKind
from pipeline.extraction.readers._rich import Grid, GridCell, Para, Piece, Run, rich
from pipeline.extraction.readers._rtf_tokens import joined


@dataclass(slots=True)
class _Table:
    """A table in the making: the rows that are done, and the cells and pieces of the one that is not."""

    rows: list[tuple[GridCell, ...]] = field(default_factory=list)
    cells: list[tuple[Piece, ...]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    heads: int = 0


class RtfStory:
    """The body, a page header, a footnote or a text box."""

    def __init__(self) -> None:
        self.marker = ""
        self.hidden: list[tuple[LayerKind, str]] = []
        self._pieces: list[Piece] = []
        self._runs: list[Run] = []
        self._tables: dict[int, _Table] = {}
        self._depth = 0
        self._level = 0
        self._item = 0
        self._shades: list[bool] = []
        self._spans: list[str] = []
        self._head = False
        self._shaded = False
        self._span_next = ""
        self._words: dict[str, Callable[[int | None], None]] = {
            "pard": self._plain,
            "intbl": lambda _: self._at(max(self._depth, 1)),
            "itap": lambda number: self._at(number or 0),
            "trowd": lambda _: self._row_defined(),
            "trhdr": lambda _: self._set_head(),
            "cellx": lambda _: self._cell_defined(),
            "clmgf": lambda _: self._span("first"),
            "clmrg": lambda _: self._span("more"),
            "clcbpat": self._shade,
            "cell": lambda _: self._cell(1),
            "nestcell": lambda _: self._cell(max(self._depth, 2)),
            "row": lambda _: self._row(1),
            "nestrow": lambda _: self._row(max(self._depth, 2)),
            "outlinelevel": lambda number: self.style(number + 1 if number is not None and number < 6 else 0),
            "ilvl": lambda number: self._set_item(number or 0),
        }

    @property
    def backed(self) -> bool:
        """Whether a coloured cell is behind the text."""
        place = len(self._tables[1].cells) if 1 in self._tables else 0
        return bool(self._depth) and place < len(self._shades) and self._shades[place]

    def word(self, name: str, number: int | None) -> None:
        """Takes a control word about paragraphs or tables; others are let go."""
        handler = self._words.get(name)
        if handler:
            handler(number)

    def add(self, run: Run) -> None:
        """Adds characters; what is hidden before them and after them are two things."""
        self._runs.append(run)
        if self.hidden and self.hidden[-1][0] is LayerKind.HIDDEN_TEXT and not self.hidden[-1][1][-1:].isspace():
            self.hidden[-1] = (LayerKind.HIDDEN_TEXT, self.hidden[-1][1] + " ")

    def unseen(self, kind: LayerKind, text: str) -> None:
        """Keeps what is not seen; neighbours of one kind are joined."""
        if self.hidden and self.hidden[-1][0] is kind:
            self.hidden[-1] = (kind, self.hidden[-1][1] + text)
        else:
            self.hidden.append((kind, text))

    def style(self, level: int) -> None:
        """Makes the paragraph a heading of that level, 0 for none."""
        self._level = level

    def paragraph(self, *, last: bool = False) -> None:
        """Ends a paragraph."""
        if last and not self._runs:
            return
        self._unseen_ends()
        text = rich(_joined(self._runs))
        self._runs = []
        marker, self.marker = self.marker, ""
        if self._level and len(text.text.split()) <= 40:
            piece = Para(text, BlockKind.HEADING, self._level)
        elif marker:
            piece = Para(text, BlockKind.LIST_ITEM, self._item, "•" if marker in {"·", "o", "§", "-", "–"} else marker)
        else:
            piece = Para(text)
        self._place(piece)

    def finish(self) -> list[Piece]:
        """All pieces."""
        self._depth = 0
        if self._runs:
            self.paragraph()
        self._close_tables(0)
        return self._pieces

    # -- paragraphs ------------------------------------------------------------------------------------------------------------

    def _unseen_ends(self) -> None:
        if self.hidden and not self.hidden[-1][1].endswith("\n"):
            self.hidden[-1] = (self.hidden[-1][0], self.hidden[-1][1] + "\n")

    def _plain(self, _number: int | None) -> None:
        self._depth = 0
        self._level = 0
        self._item = 0

    def _at(self, depth: int) -> None:
        self._depth = min(depth, 30)

    def _set_item(self, depth: int) -> None:
        self._item = depth

    def _place(self, piece: Piece) -> None:
        self._close_tables(self._depth)
        if self._depth:
            self._table(self._depth).pieces.append(piece)
        else:
            self._pieces.append(piece)

    # -- tables ----------------------------------------------------------------------------------------------------------------

    def _table(self, depth: int) -> _Table:
        return self._tables.setdefault(depth, _Table())

    def _row_defined(self) -> None:
        self._shades, self._spans, self._head, self._shaded = [], [], False, False
        self._span_next = ""

    def _set_head(self) -> None:
        self._head = True

    def _span(self, kind: str) -> None:
        self._span_next = kind

    def _shade(self, number: int | None) -> None:
        self._shaded = bool(number)

    def _cell_defined(self) -> None:
        self._shades.append(self._shaded)
        self._spans.append(self._span_next)
        self._shaded, self._span_next = False, ""

    def _cell(self, depth: int) -> None:
        self._depth = max(self._depth, depth)
        if self._runs:
            self.paragraph()
        self._close_tables(depth)
        table = self._table(depth)
        table.cells.append(tuple(table.pieces))
        table.pieces = []

    def _row(self, depth: int) -> None:
        table = self._table(depth)
        cells: list[GridCell] = []
        for number, pieces in enumerate(table.cells):
            shaded = number < len(self._shades) and self._shades[number]
            if number < len(self._spans) and self._spans[number] == "more" and cells:
                cells[-1] = GridCell((*cells[-1].pieces, *pieces), cells[-1].columns + 1, cells[-1].shaded)
            else:
                cells.append(GridCell(pieces, 1, shaded))
        if cells:
            table.heads += int(self._head and table.heads == len(table.rows))
            table.rows.append(tuple(cells))
        table.cells = []

    def _close_tables(self, depth: int) -> None:
        """Ends the tables deeper than `depth`; each goes where it stands in the one above."""
        for deep in sorted((one for one in self._tables if one > depth), reverse=True):
            table = self._tables.pop(deep)
            if table.cells or table.pieces:
                table.rows.append(tuple(GridCell(cell) for cell in [*table.cells, tuple(table.pieces)]))
            grid = Grid(tuple(table.rows), table.heads if table.heads < len(table.rows) else 0)
            if deep > 1:
                self._table(deep - 1).pieces.append(grid)
            else:
                self._pieces.append(grid)


def _joined(runs: list[Run]) -> list[Run]:
    """Runs in which a character that RTF wrote in two halves is whole, also where the halves stand in two runs."""
    if not any("\ud800" <= letter <= "\udfff" for run in runs for letter in run.text):
        return runs
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last is not None and "\ud800" <= last.text[-1:] <= "\udbff":
            merged[-1] = Run(last.text + run.text[:1], last.bold, last.mono, last.size)
            run = Run(run.text[1:], run.bold, run.mono, run.size)  # noqa: PLW2901 - the first half went to the run before
        if run.text:
            merged.append(run)
    return [Run(joined(run.text), run.bold, run.mono, run.size) for run in merged]
