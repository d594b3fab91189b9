"""Ruled tables: cells that span, sides left open, frames, pieces of lines, and drawings that are none."""

from __future__ import annotations

import time

import pytest

from pipeline.extraction.ink import PageInk, Rule
from pipeline.extraction.ruled import MOST_CROSSINGS, tables

Lines = list[tuple[float, float, float]]

BOTH: Lines = [(0, 0, 300), (50, 0, 300), (100, 0, 300)]
SHEETS: dict[str, tuple[Lines, Lines, list[list[list[tuple[int, int]]]]]] = {
    "a plain grid": (BOTH, [(0, 0, 100), (100, 0, 100), (300, 0, 100)], [[[(0, 1), (100, 1)], [(0, 1), (100, 1)]]]),
    "a row across all columns": (BOTH, [(0, 0, 100), (100, 50, 100), (300, 0, 100)], [[[(0, 2)], [(0, 1), (100, 1)]]]),
    "a label beside two rows": (
        [(0, 0, 300), (50, 100, 300), (100, 0, 300)],
        [(0, 0, 100), (100, 0, 100), (300, 0, 100)],
        [[[(0, 1), (100, 1)], [(100, 1)]]],
    ),
    "open at the left and right": (BOTH, [(100, 0, 100)], [[[(0, 1), (100, 1)], [(0, 1), (100, 1)]]]),
    "open at the head and foot": ([(50, 0, 300)], [(0, 0, 100), (100, 0, 100), (300, 0, 100)], [[[(0, 1), (100, 1)], [(0, 1), (100, 1)]]]),
    "lines in pieces": (
        [(0, 0, 99), (0.4, 100, 300), (50, 0, 299), (100, 1, 300)],
        [(0, 0, 49), (0, 50, 100), (100, 2, 98), (300, 0, 100)],
        [[[(0, 1), (100, 1)], [(0, 1), (100, 1)]]],
    ),
    "two tables": (
        [*BOTH, (300, 0, 300), (350, 0, 300)],
        [(0, 0, 100), (300, 0, 100), (0, 300, 350), (150, 300, 350), (300, 300, 350)],
        [[[(0, 1)], [(0, 1)]], [[(0, 1), (150, 1)]]],
    ),
    "a table in a frame": (
        [(0, 0, 500), (400, 0, 500), (100, 50, 300), (150, 50, 300)],
        [(0, 0, 400), (500, 0, 400), (50, 100, 150), (200, 100, 150), (300, 100, 150)],
        [[[(50, 1), (200, 1)]]],
    ),
    "a frame alone": ([(0, 0, 300), (100, 0, 300)], [(0, 0, 100), (300, 0, 100)], [[[(0, 1)]]]),
    "lines that never meet": ([(0, 0, 300), (50, 0, 300)], [(400, 0, 100)], []),
    "no lines down": (BOTH, [], []),
}


@pytest.mark.parametrize("name", SHEETS)
def test_cells_are_what_lines_enclose(name: str) -> None:
    """Each table's rows are cells by where they begin and how many columns they span, whatever is open, torn or nested."""
    across, down, expected = SHEETS[name]
    ink = PageInk(1, 600, 800, across=[Rule(*line) for line in across], down=[Rule(*line) for line in down])
    found = [[[(round(cell.box.x0), cell.columns) for cell in row] for row in table.rows] for table in tables(ink)]
    assert found == expected


def test_a_drawing_of_many_lines_is_no_table_and_costs_nothing() -> None:
    """Graph paper is left alone, and the densest page that is still looked at takes no more than a few seconds."""
    fine = [Rule(float(4 * at), 0.0, 2000.0) for at in range(500)]
    assert tables(PageInk(1, 2000, 2000, across=fine, down=fine)) == []
    most = [Rule(float(8 * at), 0.0, 2000.0) for at in range(int(MOST_CROSSINGS**0.5))]
    began = time.process_time()
    (table,) = tables(PageInk(1, 2000, 2000, across=most, down=most))
    assert len(table.rows) == len(most)
    assert time.process_time() - began < 20
