"""Puts words into the cells of ruled tables, and finds those ruled only between rows or not at all from how their words align."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.domain.documents import BlockKind, Box
from pipeline.extraction.ink import PageInk, Rule, Token
from pipeline.extraction.layout import CellInk, Line, Para, TableInk, Type, lines_of, paragraphs
from pipeline.extraction.ruled import SNAP, Ruled, RuledCell, joined


def table_of(ruled: Ruled, tokens: Sequence[Token], ink: PageInk, usual: Type) -> TableInk:
    """The ruled table with its words in it."""
    rows = [[_cell(one, tokens, ink, usual) for one in row] for row in ruled.rows]
    kept = [row for row in rows if any(cell.tokens for cell in row)]
    return TableInk(kept, _header_rows(kept), _is_form(kept))


def _cell(ruled: RuledCell, tokens: Sequence[Token], ink: PageInk, usual: Type) -> CellInk:
    inside = [token for token in tokens if within(token, ruled.box)]
    shaded = any(_shades(area.box, ruled.box) and area.light < 0.99 for area in ink.fills)
    return CellInk(paragraphs(inside, usual, headings=False), ruled.columns, shaded)


def within(token: Token, box: Box) -> bool:
    """Whether the middle of the word lies in the box."""
    return box.x0 <= (token.x0 + token.x1) / 2 <= box.x1 and box.top <= (token.top + token.bottom) / 2 <= box.bottom


def _shades(area: Box, cell: Box) -> bool:
    x, y = (cell.x0 + cell.x1) / 2, (cell.top + cell.bottom) / 2
    return area.x0 <= x <= area.x1 and area.top <= y <= area.bottom and area.bottom - area.top < 3 * (cell.bottom - cell.top)


def _all_bold(cell: CellInk) -> bool:
    tokens = cell.tokens
    return bool(tokens) and all(token.bold for token in tokens)


def _header_rows(rows: Sequence[Sequence[CellInk]]) -> int:
    """One where the first row of at least two columns is all bold or all shaded, and the second is not."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first, second = rows[0], rows[1]
    bold = all(_all_bold(cell) for cell in first if cell.tokens) and not all(_all_bold(cell) for cell in second if cell.tokens)
    shaded = all(cell.shaded for cell in first) and not all(cell.shaded for cell in second)
    return int(bold or shaded)


def _is_form(rows: Sequence[Sequence[CellInk]]) -> bool:
    """Whether the rows are labels with their values: two columns, the first bold, shaded or ending in a colon or question mark."""
    pairs = [row for row in rows if len(row) in {2, 4} and row[0].tokens]
    if not pairs or _header_rows(rows):
        return False
    labels = sum(_all_bold(row[0]) or row[0].shaded or row[0].tokens[-1].text.endswith((":", "?")) for row in pairs)
    return labels * 2 > len(pairs)


def row_ruled(ink: PageInk, tokens: Sequence[Token], usual: Type) -> list[tuple[Box, TableInk]]:
    """Tables with lines between their rows and none between their columns."""
    return [(_around(bands), _banded(bands, usual)) for stack in _stacks(joined(ink.across, "h")) for bands in _columnar(stack, tokens)]


def _columnar(stack: Sequence[Rule], tokens: Sequence[Token]) -> list[list[list[Token]]]:
    """Runs of at least two neighbouring bands between lines whose words all fall into the same columns."""
    runs: list[list[list[Token]]] = [[]]
    for band in _bands(stack, tokens):
        together = [token for kept in runs[-1] for token in kept] + band
        if band and len(gutters(together)) >= 2:
            runs[-1].append(band)
        else:
            runs.append([band] if band and len(gutters(band)) >= 2 else [])
    return [run for run in runs if len(run) >= 2]


def _bands(stack: Sequence[Rule], tokens: Sequence[Token]) -> list[list[Token]]:
    """The words between each line and the next; first the row directly above the first line, which is often the table's heading."""
    start, end = stack[0].start - SNAP, stack[0].end + SNAP
    inside = [token for token in tokens if start <= token.middle[0] <= end]
    bands = [_row_above(stack[0].at, inside)]
    for above, below in itertools.pairwise(stack):
        between = [token for token in inside if above.at <= token.middle[1] < below.at]
        tail = _row_above(below.at, between)
        if len(tail) < len(between) and len(gutters(between)) < 2:
            bands.append([])  # running text between two tables: only the row above the line belongs to the next one
            between = tail
        bands.append(between)
    return bands


def _row_above(at: float, tokens: Sequence[Token]) -> list[Token]:
    """The lines directly above a ruled line, up to the first gap."""
    row: list[Token] = []
    top = at
    for line in reversed(lines_of(token for token in tokens if at - 60 < token.middle[1] < at)):
        if top - line.bottom > 0.8 * line.size:
            break
        row += line.tokens
        top = line.top
    return row


def _around(bands: Sequence[Sequence[Token]]) -> Box:
    tokens = [token for band in bands for token in band]
    return Box(min(t.x0 for t in tokens) - 1, min(t.top for t in tokens), max(t.x1 for t in tokens) + 1, max(t.bottom for t in tokens))


def _banded(bands: Sequence[Sequence[Token]], usual: Type) -> TableInk:
    columns = gutters([token for band in bands for token in band])
    rows = [
        [CellInk(paragraphs([t for t in band if a <= t.middle[0] < b], usual, headings=False)) for a, b in columns]
        for band in bands
        if band
    ]
    return TableInk(rows, _header_rows(rows), _is_form(rows))


def _stacks(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines of one width below each other, at most a quarter of a page apart."""
    stacks: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        fitting = next(
            (s for s in stacks if abs(s[-1].start - rule.start) < SNAP and abs(s[-1].end - rule.end) < SNAP and rule.at - s[-1].at < 200),
            None,
        )
        if fitting is None:
            stacks.append([rule])
        else:
            fitting.append(rule)
    return [stack for stack in stacks if len(stack) >= 2]


def gutters(tokens: Sequence[Token]) -> list[tuple[float, float]]:
    """The columns that words fall into: ranges parted by white strips that no word crosses."""
    if not tokens:
        return []
    size = max(min(token.size for token in tokens), 4.0)
    ranges: list[list[float]] = []
    for token in sorted(tokens, key=lambda token: token.x0):
        if ranges and token.x0 - ranges[-1][1] < 0.5 * size:
            ranges[-1][1] = max(ranges[-1][1], token.x1)
        else:
            ranges.append([token.x0, token.x1])
    edges = [(left[1] + right[0]) / 2 for left, right in itertools.pairwise(ranges)]
    bounds = [-1e9, *edges, 1e9]
    return list(itertools.pairwise(bounds))


def aligned(lines: Sequence[Line]) -> TableInk | None:
    """Lines whose words stand in columns without any ruling, as a table; None where they are running text."""
    tokens = [token for line in lines for token in line.tokens]
    columns = gutters(tokens)
    if len(columns) < 2:
        return None
    rows: list[list[list[Token]]] = []
    for line in lines:
        cells = [[t for t in line.tokens if a <= t.middle[0] < b] for a, b in columns]
        if rows and not cells[0]:  # what wrapped inside a cell
            for kept, more in zip(rows[-1], cells, strict=True):
                kept.extend(more)
        else:
            rows.append(cells)
    made = [[CellInk([Para(BlockKind.PARAGRAPH, [cell])] if cell else []) for cell in row] for row in rows]
    return TableInk(made, _header_rows(made), _is_form(made) or (all(len(row) == 2 for row in made) and _colons(made)))


def _colons(rows: Sequence[Sequence[CellInk]]) -> bool:
    return all(row[0].tokens and row[0].tokens[-1].text.endswith(":") for row in rows)
