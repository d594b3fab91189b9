"""The verb `reassess`: what the rules now in force make of kept mail, beside what was made of it; nothing is saved and nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pipeline import gateway, reassessing, settings
from pipeline.domain.errors import NothingChanged
from pipeline.domain.states import SubmissionState
from pipeline.reassessing import Reassessment, RuleChange, Side
from pipeline.records.store import Store
from pipeline.settings import Settings
from pipeline.thinking import Tools

MOST = 100_000
"""Submissions looked at with --all."""


def reassess(config: Path | None, submission: str | None, *, every: bool, as_json: bool) -> None:
    """Assesses one kept submission again, or all whose pack has changed since, and prints what came out otherwise.

    Raises:
        NothingChanged: neither or both of a submission and --all are named, or the submission is not known or not assessed yet.
    """
    if bool(submission) == every:
        raise NothingChanged("name one submission, as shown by: reportgate queue; or --all")
    chosen = settings.load(config)
    with gateway.store(chosen) as store:
        if submission:
            with store.reading() as work:
                work.submissions.get(submission)  # says so at once where there is none, before the models are loaded
        found = _found(chosen, store, submission)
    tell(found, every=every, as_json=as_json)


def _found(chosen: Settings, store: Store, submission: str | None) -> list[Reassessment]:
    with gateway.thinking(chosen) as tools:
        return [reassessing.reassess(store, tools, submission)] if submission else list(all_kept(store, tools))


def tell(found: Sequence[Reassessment], *, every: bool, as_json: bool) -> None:
    """Prints what came out; of many only what came out otherwise, unless as JSON."""
    if as_json:
        for one in found:
            print(json.dumps({"schema": "reassessment/1", **asdict(one), "changed": one.changed}))
        return
    console = Console()
    for one in found:
        if one.changed or not every:
            _print(console, one)
    if every:
        again = [one for one in found if one.thought_over]
        changed = sum(one.changed for one in again)
        console.print(
            f"{len(found)} assessed so far; {len(again)} under another version of their pack; {changed} of those come out otherwise"
        )
    console.print("Nothing was saved or sent.")


def all_kept(store: Store, tools: Tools) -> Iterator[Reassessment]:
    """Every submission that was assessed; those whose pack has not changed are not thought over again."""
    with store.reading() as work:
        known = [entry.id for entry in work.submissions.in_state(*SubmissionState, limit=MOST) if entry.decision is not None]
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Assessing again", total=len(known))
        for one in known:
            yield reassessing.reassess(store, tools, one, always=False)
            bar.advance(task)


def _print(console: Console, one: Reassessment) -> None:
    console.rule(f"[bold]{one.submission}[/]", align="left")
    console.print(f"was  {_side(one.was)}\nnow  {_side(one.now)}", highlight=False)
    if not one.changed:
        console.print("Every rule comes out as it did.")
        return
    table = Table("rule", "topic", "was", "now")
    for change in one.rules:
        table.add_row(change.rule, change.topic, *_cells(change))
    console.print(table)


def _side(side: Side) -> str:
    score = "not scored" if side.score is None else f"{side.score} of 100"
    return f"{side.pack} {side.version}: {score}, {side.decision.replace('_', ' ')}"


def _cells(change: RuleChange) -> tuple[str, str]:
    """Both outcomes, each with its weight where that changed."""
    weights = (change.weight_was, change.weight_now) if change.weight_was != change.weight_now else (None, None)
    said = ((change.was or "not a rule of the pack"), (change.now or "no longer a rule of the pack"))
    first, second = (
        f"{outcome.replace('_', ' ')}{'' if weight is None else f' (weight {weight})'}"
        for outcome, weight in zip(said, weights, strict=True)
    )
    return first, second
