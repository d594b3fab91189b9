"""Draws an evaluation as one SVG: what was caught and harmed of each sort, and whether the model's word can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from pipeline.evaluation.breakdown import Row
from pipeline.evaluation.measures import Measure
from pipeline.evaluation.reliability import Step, error
from pipeline.evaluation.results import Results

WIDTH = 1140
LINE = 26
"""Pixels from one bar to the next."""

BARS = 250
"""Where bars begin, and how long a full one is, in pixels from the left."""
LENGTH = 260
AIM = 0.95
"""What share must be caught (tests/corpus/MEASURES.md)."""

INK, GREY, TRACK, GOOD, SHORT = "#212b32", "#4c6272", "#e8edee", "#007f3b", "#d5281b"
MODEL = "#005eb8"
_TITLES = {"category": "Why it must go", "about": "Whose information it is", "agency": "Who reports"}
_SQUARE, _LEFT, _TOP = 340, 730, 400
"""The calibration's square: its side, and its upper left corner."""


def draw(results: Results) -> str:
    """The picture as SVG, with no script, no font and nothing from elsewhere."""
    left, height = _breakdown(results)
    right = [*_ways(results), *_calibration(results.steps)]
    height = max(height, _TOP + _SQUARE + 120)
    label = f"Over-sharing found in {results.cases} labelled messages"
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}" font-family="Arial, Helvetica, sans-serif">',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            _text(24, 38, label, size=20, bold=True),
            *left,
            *right,
            "</svg>",
            "",
        ]
    )


def _text(x: float, y: float, words: str, *, size: int = 13, bold: bool = False, ink: str = INK, end: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{ink}"{weight}{anchor}>{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, ink: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{ink}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, ink: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{ink}"{dash}/>'


def _breakdown(results: Results) -> tuple[list[str], int]:
    """The three groups of bars, one beneath the other, and how far down they reach."""
    drawn = [
        _text(BARS, 74, "caught (the line is the aim)", ink=GREY),
        _text(655, 74, "wrongly removed", ink=GREY, end=True),
    ]
    y = 84
    for name, rows in results.breakdown.items():
        drawn.append(_text(24, y + 18, _TITLES[name], size=15, bold=True))
        top = y = y + 30
        for row in rows:
            drawn += _bar(row, y)
            y += LINE
        drawn.append(_line(BARS + AIM * LENGTH, top, BARS + AIM * LENGTH, y - 6, INK, dashed=True))
        y += 14
    return drawn, y + 16


def _bar(row: Row, y: int) -> Iterator[str]:
    yield _text(BARS - 10, y + 14, row.name.replace("_", " "), end=True)
    if row.recall is not None:
        yield _box(BARS, y, LENGTH, LINE - 8, TRACK)
        yield _box(BARS, y, LENGTH * row.recall, LINE - 8, GOOD if row.recall >= AIM else SHORT)
        yield _text(BARS + LENGTH + 10, y + 14, f"{row.caught} of {row.quotes}")
    yield _text(655, y + 14, f"{row.removed} of {row.kept}", end=True, ink=SHORT if row.removed else GREY)


def _ways(results: Results) -> Iterator[str]:
    """The gateway beside the plain methods: caught, and harmed of what must stay."""
    yield _text(_LEFT, 102, "Beside plain methods", size=15, bold=True)
    y = 122
    for name, measures in {"reportgate": results.measures, **results.baselines}.items():
        caught, removed = measures[:2]
        yield _text(_LEFT, y + 12, name, bold=name == "reportgate")
        yield from _share(y + 20, "caught", caught, GOOD)
        yield from _share(y + 40, "wrongly removed", removed, SHORT)
        y += 74


def _share(y: int, what: str, one: Measure, ink: str) -> Iterator[str]:
    start, full = _LEFT + 120, 150
    yield _text(_LEFT, y + 12, what, ink=GREY)
    yield _box(start, y, full, 14, TRACK)
    if one.value is not None:
        yield _box(start, y, full * one.value, 14, ink)
        yield _text(start + full + 8, y + 12, f"{one.value:.0%}  ({one.hits:.0f} of {one.of})")


def _calibration(steps: Sequence[Step]) -> Iterator[str]:
    """What the model said of clauses (across) against the share that had to go (up): a point on the diagonal is an honest one."""
    wrong = error(steps)
    bottom, right = _TOP + _SQUARE, _LEFT + _SQUARE
    off = f": {wrong:.2f} off on average" if wrong is not None else ""
    yield _text(_LEFT, _TOP - 36, "What the model said, and what had to go", size=15, bold=True)
    yield _text(_LEFT, _TOP - 16, f"of {sum(step.clauses for step in steps)} clauses{off}", ink=GREY)
    yield f'<rect x="{_LEFT}" y="{_TOP}" width="{_SQUARE}" height="{_SQUARE}" fill="none" stroke="{GREY}"/>'
    yield _line(_LEFT, bottom, right, _TOP, GREY, dashed=True)
    for tenth in range(0, 11, 2):
        yield _text(_LEFT + tenth / 10 * _SQUARE - 8, bottom + 18, f"{tenth / 10:.1f}", ink=GREY)
        yield _text(_LEFT - 6, bottom - tenth / 10 * _SQUARE + 4, f"{tenth / 10:.1f}", ink=GREY, end=True)
    yield _text(_LEFT, bottom + 40, "across: what was said; up: what had to go; figures: clauses", ink=GREY)
    points = [(_LEFT + step.said * _SQUARE, bottom - step.share * _SQUARE) for step in steps]
    if points:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{MODEL}" stroke-width="2"/>'
    for (x, y), step in zip(points, steps, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{MODEL}"/>'
        yield _text(x + 9, y + (15 if y < bottom - 20 else -6), str(step.clauses), size=11, ink=MODEL)
