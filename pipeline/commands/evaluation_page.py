"""What `evaluate` prints for people: the measures beside plain methods, bars by category, person and agency, and the calibration."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.evaluation.breakdown import Row
from pipeline.evaluation.measures import Confusion, Measure
from pipeline.evaluation.reliability import Step, error
from pipeline.evaluation.results import Results

WIDTH = 24
"""Characters of a full bar."""

AIM = 0.95
"""What share must be caught (tests/corpus/MEASURES.md); bars below it are shown in another colour."""

_EIGHTHS = " ▏▎▍▌▋▊▉"
_TITLES = {"category": "By why it must go", "about": "By whose information", "agency": "By who reports"}


def show(console: Console, results: Results) -> None:
    """Prints everything."""
    console.print(_measures(results))
    for name, rows in results.breakdown.items():
        console.print(_bars(_TITLES[name], rows))
    console.print(_calibration(results.steps))
    console.print(_topics(results.topics))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def _count(one: Measure) -> str:
    return f"{_figure(one.hits)}/{one.of}"


def _measures(results: Results) -> Table:
    table = _table(f"{results.cases} labelled messages", "measure", "count", "value", "aim", "met", *results.baselines, "where not")
    beside = {name: {one.name: one for one in measures} for name, measures in results.baselines.items()}
    for one in results.measures:
        value = "-" if one.value is None else f"{one.value:.3f}"
        met = {None: "-", True: "[green]yes[/]", False: "[red]no[/]"}[one.met]
        others = (_beside(measures.get(one.name)) for measures in beside.values())
        table.add_row(one.name, _count(one), value, one.aim, met, *others, " ".join(one.misses[:30]))
    return table


def _beside(one: Measure | None) -> str:
    return "" if one is None or one.value is None else f"{one.value:.3f} ({_count(one)})"


def _bars(title: str, rows: list[Row]) -> Table:
    table = _table(title, "", "caught", "", "wrongly removed")
    for row in rows:
        caught = f"{row.caught}/{row.quotes}" if row.quotes else "-"
        table.add_row(row.name.replace("_", " "), _bar(row.recall), caught, f"{row.removed}/{row.kept}" if row.removed else f"0/{row.kept}")
    return table


def _bar(share: float | None) -> Text:
    """A bar to an eighth of a character, on a track that shows what is missing."""
    if share is None:
        return Text("")
    eighths = round(share * WIDTH * 8)
    full = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return Text.assemble((full, "green" if share >= AIM else "yellow"), ("░" * (WIDTH - len(full)), "dim"))


def _calibration(steps: list[Step]) -> Table:
    wrong = error(steps)
    off = "" if wrong is None else f"; on average {wrong:.3f} off"
    table = _table(f"What the model said of clauses, and what had to go (│ is what was said{off})", "said", "had to go", "", "clauses")
    for step in steps:
        table.add_row(f"{step.said:.2f}", _against(step), f"{step.share:.2f}", f"{step.gone}/{step.clauses}")
    return table


def _against(step: Step) -> Text:
    """A bar of what had to go, with a mark where the model's word lies."""
    mark = min(round(step.said * WIDTH), WIDTH - 1)
    return Text.assemble(*_cells(step.share, mark))


def _cells(share: float, mark: int) -> Iterator[tuple[str, str]]:
    for place in range(WIDTH):
        if place == mark:
            yield "│", "bold"
        else:
            yield ("█", "cyan") if place < round(share * WIDTH) else ("░", "dim")


def _topics(tables: list[Confusion]) -> Table:
    columns = ("topic", "fail, rightly", "fail, wrongly", "fail, missed", "pass, rightly", "F1 of fail", "where not")
    table = _table("Topics: rules against labels", *columns)
    for one in tables:
        f1 = "-" if one.f1 is None else f"{one.f1:.2f}"
        counts = (one.true_fail, one.false_fail, one.missed_fail, one.true_pass)
        table.add_row(one.topic, *map(str, counts), f1, " ".join(one.wrong[:20]))
    return table
