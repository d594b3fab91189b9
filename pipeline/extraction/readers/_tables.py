"""Tells what the cells of a table are to each other: column headings, labels beside values, tick boxes beside words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.domain.documents import Cell, Row, Tick
from pipeline.domain.text import Span
from pipeline.extraction.readers import _forms as forms
from pipeline.extraction.readers._rich import GridCell, Rich

Texts = Sequence[Sequence[Rich]]
Place = tuple[int, int]

_NOT_A_LABEL = re.compile(r"[\d\s./:,%+-]*$|\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]{3,9})[/. -]\d{2,4}|\d{1,2}:\d\d")
_FORM_HEADS = re.compile(
    r"(?:question|section|area|heading|domain|issue|item|topic|detail|information|prompt|field|label|name of)", re.IGNORECASE
)
_LONGEST_LABEL = 400  # characters; councils print whole questions as labels


def header_rows(texts: Texts, rows: Sequence[Sequence[GridCell]]) -> int:
    """1 where the first row alone is set in bold or shaded from end to end; else 0."""
    if len(texts) < 2 or len(texts[0]) < 2:
        return 0
    first = all(text.text and (text.all_bold or cell.shaded) for text, cell in zip(texts[0], rows[0], strict=True))
    second = all(text.all_bold or cell.shaded for text, cell in zip(texts[1], rows[1], strict=True) if text.text) and any(
        t.text for t in texts[1]
    )
    return int(first and not second)


def label_cells(texts: Texts, rows: Sequence[Sequence[GridCell]], made: Sequence[Row]) -> list[tuple[Place, int]]:
    """Where labels stand (row and column), each with the column of its value."""
    heads = sum(row.header for row in made)
    form = not heads or bool(_FORM_HEADS.search(texts[0][0].text))
    pairs: list[tuple[Place, int]] = []
    for number in range(heads, len(texts)):
        row, cells = texts[number], rows[number]
        if len(row) == 2 and _may_label(row[0]) and (_marked(row[0], cells[0]) or (form and _plain_form(texts, number))):
            pairs.append(((number, 0), 1))
        elif len(row) > 2 and len(row) % 2 == 0 and not heads:
            pairs += [((number, at), at + 1) for at in range(0, len(row), 2) if _pairs(row, cells, at)]
    return pairs


def _pairs(row: Sequence[Rich], cells: Sequence[GridCell], at: int) -> bool:
    return _may_label(row[at]) and _marked(row[at], cells[at]) and not _marked(row[at + 1], cells[at + 1])


def _may_label(text: Rich) -> bool:
    return bool(text.text) and len(text.text) <= _LONGEST_LABEL and not _NOT_A_LABEL.match(text.text) and not forms.only_box(text.text)


def _marked(text: Rich, cell: GridCell) -> bool:
    return text.all_bold or cell.shaded or text.text.rstrip().endswith((":", "?"))


def _plain_form(texts: Texts, number: int) -> bool:
    """Without bold labels: a table whose left cells are short, differ from each other, and are not dates or figures."""
    left = [row[0].text for row in texts if len(row) == 2 and row[0].text]
    return len(set(left)) == len(left) and all(not _NOT_A_LABEL.match(text) for text in left) and len(texts[number][0].text.split()) <= 20


def label_span(cell: Cell, text: Rich) -> Span:
    """The label without its colon."""
    return Span(cell.span.start, cell.span.start + len(text.text.rstrip(": \n")))


def ticks(made: Sequence[Row], texts: Texts) -> Iterator[Tick]:
    """The tick boxes of a table; one alone in its cell takes its words from the column's head, else from a cell beside it."""
    for number, row in enumerate(texts):
        boxes = [forms.only_box(text.text) for text in row]
        for position, text in enumerate(row):
            start = made[number].cells[position].span.start
            for tick in forms.ticks(text.text):
                label = tick.label.shifted(start) if tick.label else _beside(made, number, position, boxes)
                yield Tick(tick.span.shifted(start), tick.state, label)


def _beside(made: Sequence[Row], number: int, position: int, boxes: Sequence[bool]) -> Span | None:
    cells = made[number].cells
    head = made[0]
    if head.header and sum(boxes) > 1 and number and position < len(head.cells) and len(head.cells[position].span):
        return head.cells[position].span
    left = [cells[at].span for at in range(position - 1, -1, -1) if not boxes[at] and len(cells[at].span)]
    right = [cells[at].span for at in range(position + 1, len(cells)) if not boxes[at] and len(cells[at].span)]
    if boxes[0] and right:  # the row begins with a box: here boxes stand before their words
        return right[0]
    return left[0] if left else right[0] if right else None
