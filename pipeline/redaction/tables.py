"""Sets a document's tables and two-column forms; one too tall to split becomes paragraphs, so that no table can stop a copy."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from pipeline.domain.documents import Block, Cell, Row
from pipeline.domain.plan import Removal
from pipeline.redaction.styles import RULE, SHADE, STYLES
from pipeline.redaction.typefaces import BOLD
from pipeline.redaction.typefaces import width as width_of
from pipeline.redaction.wording import Wording, bar_markup

_TALLEST = 0.8
"""The tallest row that is set as a row, as a part of the page: a taller one could not be split between pages without loss."""
_NARROWEST = 34.0
_PADDING = 4.0
_WIDEST_WORD = 0.4
"""The share of the page to which a column is widened for one long word, such as a web address; a longer one is broken."""

Command = tuple[object, ...]


def flowables(wording: Wording, block: Block, width: float, height: float) -> list[Flowable]:
    """The table, or its rows as paragraphs where a column would be too narrow or a row too tall."""
    rows = [row for row in block.rows if row.cells]
    columns = max((sum(max(cell.columns, 1) for cell in row.cells) for row in rows), default=0)
    if not rows or not _is_whole(wording, block, rows) or columns * _NARROWEST > width:
        return _as_paragraphs(wording, rows or [Row((Cell(block.span),))], block)
    widths = _widths(wording, rows, columns, width)
    cells, commands = _grid(wording, rows, columns)
    headers = next((number for number, row in enumerate(rows) if not row.header), len(rows))
    table = Table(cells, colWidths=widths, repeatRows=min(headers, 3) if headers < len(rows) else 0, spaceBefore=4, spaceAfter=10)
    table.setStyle(TableStyle([*_LOOK, *commands]))
    table.wrap(width, height)
    if max(table._rowHeights) > height * _TALLEST:  # noqa: SLF001 - reportlab tells row heights nowhere else
        return _as_paragraphs(wording, rows, block)
    return [table]


_LOOK: tuple[Command, ...] = (
    ("GRID", (0, 0), (-1, -1), 0.5, RULE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
)


def _is_whole(wording: Wording, block: Block, rows: Sequence[Row]) -> bool:
    """Whether the cells hold all of the table's text, in order; a table that does not is set as running text."""
    position, rest = block.span.start, ""
    for cell in (cell for row in rows for cell in row.cells):
        if cell.span.start < position and len(cell.span):
            return False
        rest += wording.text[position : cell.span.start] if len(cell.span) else ""
        position = max(position, cell.span.end)
    return not (rest + wording.text[position : block.span.end]).strip()


def _as_paragraphs(wording: Wording, rows: Sequence[Row], block: Block) -> list[Flowable]:
    if not _is_whole(wording, block, rows):
        return [Paragraph(wording.markup(block.span), STYLES["paragraph"])]
    made: list[Flowable] = []
    for row in rows:
        made += [
            Paragraph(wording.markup(cell.span), STYLES["cell_label" if row.header else "cell"]) for cell in row.cells if len(cell.span)
        ]
        made.append(Spacer(1, 5))
    return made


def _widths(wording: Wording, rows: Sequence[Row], columns: int, width: float) -> list[float]:
    """Column widths: by the longest text in each, so that long columns gain most, but a date or a word is not broken where there is room.

    A row gone whole is one bar across all columns and counts for none.
    """
    longest = [4] * columns
    words = [0.0] * columns
    for row in (each for each in rows if _gone(wording, each) is None):
        position = 0
        for cell in row.cells:
            if cell.columns <= 1:
                text = wording.plain(cell.span)
                longest[position] = max(longest[position], min(max(map(len, text.split("\n"))), 240))
                words[position] = max(words[position], _longest_word(text))
            position += max(cell.columns, 1)
    least = [max(_NARROWEST, min(word, _WIDEST_WORD * width) + 2 * _PADDING + 1.0) for word in words]
    return _shared_out(width, [length**0.6 for length in longest], least)


def _longest_word(text: str) -> float:
    return max((width_of(word, BOLD, STYLES["cell"].fontSize) for word in text.split()), default=0.0)


def _shared_out(width: float, shares: Sequence[float], least: Sequence[float]) -> list[float]:
    """The width in these shares, but none below its least; where even those do not fit, the least made narrower alike."""
    fixed: dict[int, float] = {}
    while len(fixed) < len(shares):
        scale = (width - sum(fixed.values())) / sum(share for number, share in enumerate(shares) if number not in fixed)
        short = {number: least[number] for number in range(len(shares)) if number not in fixed and shares[number] * scale < least[number]}
        if not short:
            return [fixed.get(number, share * scale) for number, share in enumerate(shares)]
        fixed |= short
    return [each * width / sum(least) for each in least]


def _grid(wording: Wording, rows: Sequence[Row], columns: int) -> tuple[list[list[object]], list[Command]]:
    cells: list[list[object]] = []
    commands: list[Command] = []
    last: Removal | None = None
    for row in rows:
        number = len(cells)
        gone = _gone(wording, row)
        if gone is not None:
            if gone is not last:
                cells.append([Paragraph(bar_markup(gone.label), STYLES["cell"]), *[""] * (columns - 1)])
                commands.append(("SPAN", (0, number), (-1, number)))
        else:
            line, spans = _line(wording, row, columns, number)
            cells.append(line)
            commands += spans
        last = gone
    return cells, commands


def _gone(wording: Wording, row: Row) -> Removal | None:
    """The removal that takes all of a row's text, where one does."""
    filled = [cell.span for cell in row.cells if cell.span.of(wording.text).strip()]
    takers = {wording.removed_whole(span) for span in filled}
    return takers.pop() if len(takers) == 1 else None


def _line(wording: Wording, row: Row, columns: int, number: int) -> tuple[list[object], list[Command]]:
    form = columns == 2  # two columns are a form: the label's cell is shaded, as councils print them
    line: list[object] = []
    commands: list[Command] = []
    for cell in row.cells:
        wide = max(cell.columns, 1)
        if len(line) + wide > columns:
            wide = columns - len(line)
        label = row.header or (form and not line and len(row.cells) == 2)
        if label:
            commands.append(("BACKGROUND", (len(line), number), (len(line) + wide - 1, number), SHADE))
        if wide > 1:
            commands.append(("SPAN", (len(line), number), (len(line) + wide - 1, number)))
        line += [Paragraph(wording.markup(cell.span), STYLES["cell_label" if label else "cell"]), *[""] * (wide - 1)]
    return line + [""] * (columns - len(line)), commands
