"""The verb `evaluate`: assessments against labelled mail, as a table or as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pipeline import gateway, settings, thinking
from pipeline.evaluation.labels import LabelledCase, load
from pipeline.evaluation.measures import Confusion, Measure, Observed, confusions, measure
from pipeline.evaluation.readback import read_back


def evaluate(config: Path | None, folder: Path, *, as_json: bool) -> None:
    """Assesses every labelled message in the folder and prints each measure with its counts.

    Raises:
        NothingChanged: the folder holds no labelled mail.
    """
    cases = load(folder)
    observed = list(observe(config, cases, quiet=as_json))
    measures, tables = measure(observed), confusions(observed)
    if as_json:
        print(json.dumps(_object(measures, tables, len(observed))))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=150)  # a log has room, and no width of its own
    console.print(_measures(measures, len(observed)))
    console.print(_topics(tables))


def observe(config: Path | None, cases: list[LabelledCase], *, quiet: bool) -> Iterator[Observed]:
    """Assesses each case and reads back what would leave of it."""
    with gateway.thinking(settings.load(config)) as tools, Progress(console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("Assessing labelled mail", total=len(cases))
        for case in cases:
            now = datetime.now(UTC)
            assessment = thinking.assess(case.message.read_bytes(), tools, collected=now)
            made = thinking.outgoing(assessment, tools, now=now)
            letter = next((letter.content for letter in made.letters if letter.kind == "to-authority"), None)
            yield Observed(case, made.assessment, read_back(letter, ocr=any(one.is_scan for one in case.attachments)))
            bar.advance(task)


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def _measures(measures: list[Measure], cases: int) -> Table:
    table = Table(title=f"{cases} labelled messages", title_justify="left")
    for column in ("measure", "count", "value", "aim", "met", "where not"):
        table.add_column(column, overflow="fold")
    for one in measures:
        value = "-" if one.value is None else f"{one.value:.3f}"
        met = {None: "-", True: "[green]yes[/]", False: "[red]no[/]"}[one.met]
        table.add_row(one.name, f"{_figure(one.hits)}/{one.of}", value, one.aim, met, " ".join(one.misses[:30]))
    return table


def _topics(tables: list[Confusion]) -> Table:
    table = Table(title="Topics: rules against labels", title_justify="left")
    for column in ("topic", "fail, rightly", "fail, wrongly", "fail, missed", "pass, rightly", "F1 of fail", "where not"):
        table.add_column(column, overflow="fold")
    for one in tables:
        f1 = "-" if one.f1 is None else f"{one.f1:.2f}"
        table.add_row(
            one.topic, str(one.true_fail), str(one.false_fail), str(one.missed_fail), str(one.true_pass), f1, " ".join(one.wrong[:20])
        )
    return table


def _object(measures: list[Measure], tables: list[Confusion], cases: int) -> dict[str, object]:
    return {
        "schema": "evaluation/1",
        "cases": cases,
        "measures": [
            {
                "name": one.name,
                "hits": round(one.hits, 4),
                "of": one.of,
                "value": None if one.value is None else round(one.value, 4),
                "aim": one.aim,
                "met": one.met,
                "misses": list(one.misses),
            }
            for one in measures
        ],
        "topics": [
            {
                "topic": one.topic,
                "true_fail": one.true_fail,
                "false_fail": one.false_fail,
                "missed_fail": one.missed_fail,
                "true_pass": one.true_pass,
                "f1": one.f1,
                "wrong": list(one.wrong),
            }
            for one in tables
        ],
    }
