"""The verb `evaluate`: assessments against labelled mail, as tables and bars, as one JSON object, and as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

from pipeline import gateway, settings, thinking
from pipeline.commands import evaluation_page
from pipeline.domain.assessment import Decision
from pipeline.domain.errors import NothingChanged
from pipeline.evaluation import picture
from pipeline.evaluation.labels import LabelledCase, load
from pipeline.evaluation.measures import Observed
from pipeline.evaluation.readback import read_back
from pipeline.evaluation.reliability import said_of
from pipeline.evaluation.results import Results

One = TypeVar("One")


def evaluate(config: Path | None, folder: Path, *, as_json: bool, baselines: bool = False, plot: Path | None = None) -> None:
    """Assesses every labelled message in the folder and prints each measure with its counts.

    Args:
        baselines: measure Presidio's defaults and a dictionary on the same text beside it; they cost as much time again.
        plot: where to write a picture of the figures; an .svg.

    Raises:
        NothingChanged: the folder holds no labelled mail, or the picture cannot be written.
    """
    if plot is not None and plot.suffix.lower() != ".svg":
        raise NothingChanged(f"{plot.name} does not end in .svg, the one form in which the picture is drawn")
    results = _results(config, load(folder), baselines=baselines, quiet=as_json)
    if plot is not None:
        _write(plot, picture.draw(results))
    if as_json:
        print(json.dumps(results.as_object()))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=150)  # a log has room, and no width of its own
    evaluation_page.show(console, results)


def _write(plot: Path, drawn: str) -> None:
    try:
        plot.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise NothingChanged(f"the picture cannot be written to {plot}: {error.strerror}") from None


def _results(config: Path | None, cases: list[LabelledCase], *, baselines: bool, quiet: bool) -> Results:
    with gateway.thinking(settings.load(config)) as tools:
        observed = list(observe(tools, cases, quiet=quiet))
        return Results.of(observed, _instead(observed, tools, quiet=quiet) if baselines else {})


def observe(tools: thinking.Tools, cases: Sequence[LabelledCase], *, quiet: bool) -> Iterator[Observed]:
    """Assesses each case and reads back what would leave of it."""
    for case in _shown("Assessing labelled mail", cases, quiet=quiet):
        now = datetime.now(UTC)
        assessment = thinking.assess(case.message.read_bytes(), tools, collected=now)
        made = thinking.outgoing(assessment, tools, now=now)
        letter = next((letter.content for letter in made.letters if letter.kind == "to-authority"), None)
        yield Observed(
            case,
            made.assessment,
            read_back(letter, ocr=any(one.is_scan for one in case.attachments)),
            held=made.assessment.disposition.decision is not Decision.RELEASE,
            said=tuple(said_of(case, made.assessment, tools.engine.sensitivity)),
            proposed=assessment.plan,
        )


def _instead(observed: Sequence[Observed], tools: thinking.Tools, *, quiet: bool) -> dict[str, list[Observed]]:
    """The same cases, had a plain method done the work."""
    from pipeline.evaluation import baselines  # loads Presidio's own recognisers, wanted by this flag alone

    ways = baselines.ways(tools.engine)
    rows = [[baselines.instead(one, way) for way in ways.values()] for one in _shown("Measuring plain methods", observed, quiet=quiet)]
    return {name: [row[place] for row in rows] for place, name in enumerate(ways)}


def _shown(title: str, over: Sequence[One], *, quiet: bool) -> Iterator[One]:
    """The things one by one, with a bar on standard error that says how far it is."""
    with Progress(console=Console(stderr=True), disable=quiet) as bar:
        yield from bar.track(over, description=title)
