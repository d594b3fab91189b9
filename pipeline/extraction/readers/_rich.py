"""The pieces that every office and text reader turns its file into, before they are laid out as one face.

A reader yields `Para` and `Grid` pieces in reading order; `_face.lay` finds headings, fields and tick boxes in them, in every format alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.domain.documents import BlockKind
from pipeline.domain.text import Span, merge

PAGE_BREAK = "\f"
"""Stands in a run's text where a new page begins; taken out by `rich`, which keeps its place."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look alike. `size` is in points, 0 where not known."""

    text: str
    bold: bool = False
    mono: bool = False
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Rich:
    """Text with what matters of its looks.

    Attributes:
        bold: the ranges set in bold.
        mono: whether all of it is set in a typewriter face.
        size: the size of most of it in points, 0 where not known.
        breaks: where new pages begin.
    """

    text: str
    bold: tuple[Span, ...] = ()
    mono: bool = False
    size: float = 0.0
    breaks: tuple[int, ...] = ()

    def slice(self, start: int, end: int) -> Rich:
        """The part from `start` to `end`; page breaks at either edge stay with it."""
        bold = tuple(Span(max(s.start, start) - start, min(s.end, end) - start) for s in self.bold if s.start < end and s.end > start)
        breaks = tuple(b - start for b in self.breaks if start <= b <= end)
        return Rich(self.text[start:end], bold, self.mono, self.size, breaks)

    def stripped(self) -> Rich:
        """Without white space at the ends; page breaks in it move to the edge."""
        start = len(self.text) - len(self.text.lstrip())
        end = max(start, len(self.text.rstrip()))
        whole = self.slice(start, end)
        breaks = tuple(min(max(b - start, 0), end - start) for b in self.breaks)
        return Rich(whole.text, whole.bold, whole.mono, whole.size, breaks)

    def is_bold(self, start: int, end: int) -> bool:
        """Whether every visible character of the range is bold, and there is one."""
        places = [n for n in range(start, end) if not self.text[n].isspace()]
        return bool(places) and all(any(s.start <= n < s.end for s in self.bold) for n in places)

    @property
    def all_bold(self) -> bool:
        """Whether it is bold from end to end."""
        return self.is_bold(0, len(self.text))

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends."""
        start = 0
        for line in self.text.split("\n"):
            yield start, start + len(line)
            start += len(line) + 1


def rich(runs: Iterable[Run]) -> Rich:
    """Joins runs; form feeds become page breaks."""
    parts: list[str] = []
    bold: list[Span] = []
    breaks: list[int] = []
    sizes: dict[float, int] = {}
    mono, typed, length = 0, 0, 0
    for run in runs:
        pieces = run.text.split(PAGE_BREAK)
        start = length
        for number, piece in enumerate(pieces):
            if number:
                breaks.append(length)
            parts.append(piece)
            length += len(piece)
        weight = sum(len(piece.strip()) for piece in pieces)
        typed += weight
        mono += weight if run.mono else 0
        sizes[run.size] = sizes.get(run.size, 0) + weight
        if run.bold and length > start:
            bold.append(Span(start, length))
    size = max(sizes, key=lambda key: sizes[key]) if typed else 0.0
    return Rich("".join(parts), merge(bold), mono=bool(typed) and mono == typed, size=size, breaks=tuple(breaks))


def plain(text: str) -> Rich:
    """Text of which no looks are known."""
    return rich((Run(text),))


def join(parts: Iterable[Rich], between: str = "\n") -> Rich:
    """Several texts as one, parted by `between`."""
    text, bold, breaks = "", list[Span](), list[int]()
    mono, size, first = True, 0.0, True
    for part in parts:
        text += "" if first else between
        bold += [span.shifted(len(text)) for span in part.bold]
        breaks += [place + len(text) for place in part.breaks]
        mono = mono and part.mono
        size = size or part.size
        text += part.text
        first = False
    return Rich(text, tuple(bold), mono and bool(text), size, tuple(breaks))


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph, heading, list item, page header …; a heading only where the file says so, the rest is found by its looks.

    Attributes:
        level: of a heading 1 to 6; of a list item its depth from 0.
        guess: whether it may be taken for a heading, list item or printout by its looks.
    """

    rich: Rich
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marker: str = ""
    guess: bool = True


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with whatever stands in it."""

    pieces: tuple[Piece, ...]
    columns: int = 1
    shaded: bool = False

    @property
    def nested(self) -> bool:
        """Whether a table stands in it."""
        return any(isinstance(piece, Grid) for piece in self.pieces)

    def flat(self) -> Rich:
        """Its text, a line for each paragraph; bullets and numbers stand in the text."""
        lines = (_with_marker(piece) for piece in self.pieces if isinstance(piece, Para))
        return join(line for line in lines if line.text.strip() or line.breaks).stripped()


def _with_marker(para: Para) -> Rich:
    text = para.rich.stripped()
    return join((plain(para.marker), text), " ") if para.marker and text.text else text


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `header_rows` only where the file says so."""

    rows: tuple[tuple[GridCell, ...], ...] = field(default=())
    header_rows: int = 0


Piece = Para | Grid


def cell(text: str, *, bold: bool = False, columns: int = 1) -> GridCell:
    """A cell of plain text."""
    return GridCell((Para(rich((Run(text, bold=bold),))),), columns)
