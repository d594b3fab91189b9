"""Finds ruled tables, such as councils' forms, with pdfplumber's table finder: the cells that lines enclose, row by row.

The finder is given the lines taken off the page by pdfium or off its picture, not the file: that way a page is parsed once, its words
and cells share one coordinate system whatever its rotation and crop, and scanned forms are read like printed ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from pdfplumber import table as plumber
from pdfplumber.utils.clustering import cluster_objects

from pipeline.domain.documents import Box
from pipeline.extraction.ink import PageInk, Rule

SNAP = 3.0
"""Lines closer than this many points are one."""
MOST_CROSSINGS = 5_000
"""Places where lines may cross. A page of words has a few hundred; one with more is a drawing, and no table is looked for in it."""


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell: where it is, and how many columns it spans."""

    box: Box
    columns: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table. A cell of several rows stands in the first of them."""

    box: Box
    rows: tuple[tuple[RuledCell, ...], ...]

    @property
    def framed(self) -> bool:
        """Whether it is nothing but a frame."""
        return len(self.rows) == len(self.rows[0]) == 1


def tables(ink: PageInk) -> list[Ruled]:
    """Every ruled table on the page, from the top down; a frame around another table is left out."""
    across, down = joined(ink.across, "h"), joined(ink.down, "v")
    if not across or not down or len(across) * len(down) > MOST_CROSSINGS:
        return []
    edges = [*_edges([*across, *_open_sides(down, across)], "h"), *_edges([*down, *_open_sides(across, down)], "v")]
    cells = plumber.intersections_to_cells(plumber.edges_to_intersections(_merged(edges), SNAP, SNAP))
    groups = plumber.cells_to_tables(cells)
    together = {cell for group in groups for cell in group}
    found = [_table(group) for group in (*groups, *([cell] for cell in cells if cell not in together))]
    kept = [one for one in found if not (one.framed and any(other is not one and _encloses(one.box, other.box) for other in found))]
    return sorted(kept, key=lambda one: (one.box.top, one.box.x0))


def joined(rules: Sequence[Rule], orientation: str) -> list[Rule]:
    """Lines across (`h`) or down (`v`), with pieces of one line as one."""
    at, start, end = ("top", "x0", "x1") if orientation == "h" else ("x0", "top", "bottom")
    return [Rule(edge[at], edge[start], edge[end]) for edge in _merged(_edges(rules, orientation))]


def _merged(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return plumber.merge_edges(edges, SNAP, SNAP, SNAP, SNAP)


def _edges(rules: Iterable[Rule], orientation: str) -> list[dict[str, Any]]:
    """Lines as pdfplumber takes them."""
    made: list[dict[str, Any]] = []
    for rule in rules:
        across = (rule.start, rule.at, rule.end, rule.at)
        x0, top, x1, bottom = across if orientation == "h" else (rule.at, rule.start, rule.at, rule.end)
        made.append(
            {"x0": x0, "top": top, "x1": x1, "bottom": bottom, "width": x1 - x0, "height": bottom - top, "orientation": orientation}
        )
    return made


def _open_sides(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[Rule]:
    """The sides that a table leaves open: where neighbouring lines that a third one crosses begin, or end, at one place."""
    made: list[Rule] = []
    for side in (attrgetter("start"), attrgetter("end")):
        for group in cluster_objects(list(rules), side, SNAP):  # type: ignore[type-var]  # it takes whatever the key can read
            for first, second in itertools.pairwise(sorted(group, key=attrgetter("at"))):
                if any(_crosses(one, first) and _crosses(one, second) for one in crossing):
                    made.append(Rule(side(first), first.at, second.at))
    return made


def _crosses(one: Rule, other: Rule) -> bool:
    return one.start - SNAP <= other.at <= one.end + SNAP and other.start - SNAP <= one.at <= other.end + SNAP


def _table(cells: Sequence[tuple[float, float, float, float]]) -> Ruled:
    columns = sorted({cell[0] for cell in cells})
    rows = tuple(
        tuple(RuledCell(Box(*cell), sum(cell[0] <= x < cell[2] for x in columns)) for cell in row)
        for _, row in itertools.groupby(sorted(cells, key=itemgetter(1, 0)), key=itemgetter(1))
    )
    box = Box(columns[0], rows[0][0].box.top, max(cell[2] for cell in cells), max(cell[3] for cell in cells))
    return Ruled(box, rows)


def _encloses(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.top <= inner.top and outer.x1 >= inner.x1 and outer.bottom >= inner.bottom
