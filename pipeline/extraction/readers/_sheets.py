"""Turns the cells of a sheet into pieces: headings, paragraphs and tables, as they would be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.domain.documents import BlockKind
from pipeline.extraction.readers._rich import Grid, GridCell, Para, Piece, Run, rich

_DEFAULT_NAMES = ("sheet", "tabelle", "table", "feuil")
_LONGEST_CELL = 60  # characters; a longer text alone in its row is a paragraph, not a cell whose neighbours are empty


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as shown."""

    text: str = ""
    bold: bool = False
    shaded: bool = False


EMPTY = SheetCell()


def pieces(name: str, rows: Iterable[list[SheetCell]]) -> Iterator[Piece]:
    """One sheet: its name as a heading unless the program gave it, then its rows; blank rows part one table from the next."""
    if not (name.lower().startswith(_DEFAULT_NAMES) and name[-1:].isdigit()) and name:
        yield Para(rich((Run(name),)), BlockKind.HEADING, 1)
    block: list[list[SheetCell]] = []
    for row in rows:
        if any(cell.text.strip() for cell in row):
            block.append(row)
        elif block:
            yield from _block(block)
            block = []
    yield from _block(block)


def _block(rows: list[list[SheetCell]]) -> Iterator[Piece]:
    """Rows with several cells are a table; a row with one is a line of text, or a cell whose neighbours are empty."""
    table: list[list[SheetCell]] = []
    wide = [sum(bool(cell.text.strip()) for cell in row) > 1 for row in rows]
    for number, row in enumerate(rows):
        filled = [cell for cell in row if cell.text.strip()]
        beside = any(wide[max(number - 1, 0) : number + 2])
        if wide[number] or (beside and len(filled[0].text) <= _LONGEST_CELL and not _stands_out(filled[0])):
            table.append(row)
            continue
        if table:
            yield _grid(table)
            table = []
        yield Para(rich((Run(filled[0].text, bold=filled[0].bold or filled[0].shaded),)))
    if table:
        yield _grid(table)


def _stands_out(cell: SheetCell) -> bool:
    return cell.bold or cell.shaded


def _grid(rows: list[list[SheetCell]]) -> Grid:
    width = max(max(number for number, cell in enumerate(row) if cell.text.strip()) for row in rows) + 1
    return Grid(tuple(tuple(_cell(row[at] if at < len(row) else EMPTY) for at in range(width)) for row in rows))


def _cell(cell: SheetCell) -> GridCell:
    return GridCell((Para(rich((Run(cell.text.strip(), bold=cell.bold),))),), shaded=cell.shaded)


def as_text(rows: Iterable[list[SheetCell]]) -> str:
    """Rows as plain text, for sheets that are not shown."""
    lines = ("\t".join(cell.text for cell in row).strip() for row in rows)
    return "\n".join(line for line in lines if line)
