"""The verbs of the road without Prefect: collect, process, dispatch."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from pipeline import gateway, settings, storyline
from pipeline.domain.errors import ReportgateError
from pipeline.domain.states import SubmissionState


def collect(config: Path | None) -> None:
    """Fetches new mail from every mailbox; one that fails does not keep the others from being read.

    Raises:
        ReportgateError: of the first mailbox that failed, after all were tried.
    """
    chosen = settings.load(config)
    failed: list[ReportgateError] = []
    with gateway.store(chosen) as store:
        for mailbox in gateway.mailboxes(chosen):
            try:
                with mailbox:
                    storyline.settle(store, mailbox)
                    taken = list(storyline.collect(store, mailbox))
            except ReportgateError as error:
                failed.append(error)
                continue
            again = sum(one.duplicate for one in taken)
            Console().print(f"{mailbox.name}: {len(taken)} new" + (f", {again} of them known already" if again else ""))
    if failed:
        raise failed[0]


def process(config: Path | None) -> None:
    """Assesses everything received, then tells the mailboxes where their messages go. One that fails does not stop the next.

    Raises:
        Exception: of the first submission that failed, after all were tried; it stays where it was.
    """
    chosen = settings.load(config)
    with gateway.store(chosen) as store:
        waiting = storyline.waiting(store)
        if not waiting:
            Console().print("Nothing waits to be processed.")
            return
        became: Counter[SubmissionState] = Counter()
        failed: list[Exception] = []
        with gateway.thinking(chosen) as tools, Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("Assessing", total=len(waiting))
            for submission in waiting:
                try:
                    became[storyline.process(store, tools, submission, gateway.now)] += 1
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the next is processed; raised below
                    failed.append(error)
                bar.advance(task)
        for mailbox in gateway.mailboxes(chosen):
            with mailbox:
                storyline.settle(store, mailbox)
    if became:
        Console().print(", ".join(f"{number} {state.value}" for state, number in became.items()))
    if failed:
        raise failed[0]


ABANDONED = timedelta(minutes=15)
"""A letter so long in handing over was left by a process that died; a service beside us takes a few minutes at most."""


def dispatch(config: Path | None) -> None:
    """Hands over every letter that is due; says what was put off, refused or is uncertain."""
    chosen = settings.load(config)
    with gateway.store(chosen) as store:
        store.recover(older_than=ABANDONED)
        became = Counter(one.state.value for one in gateway.outbox(chosen, store).deliver())
    Console().print(", ".join(f"{number} {state.replace('_', ' ')}" for state, number in became.items()) or "No letter is due.")
