"""The border to Prefect: what crosses it is an id, a step and the name of a failure; never a text, a name or a cause.

Prefect keeps parameters, log lines and exception texts in its database, and pickles exceptions. So every step runs through `step`,
which lets nothing else out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from pipeline.domain.errors import Outcome, ReportgateError

T = TypeVar("T")

RETRIES = 3
DELAYS = [10.0, 60.0, 300.0]
"""Seconds between tries of a step that may succeed by itself; Exchange asks for a minute's rest, a restart takes a few."""

STOPS_ALL = frozenset({"ScannerError"})
"""Failures of something that every submission needs: the rest waits for the next sweep, and the alarm is raised at once."""


class StepFailed(Exception):
    """A step could not be done. Carries the submission's id (or `-`), the step, and the class of the failure."""

    def __init__(self, submission: str, step: str, kind: str, outcome: str) -> None:
        super().__init__(f"{step} of {submission} failed: {kind} ({outcome})")
        self.submission, self.step, self.kind, self.outcome = submission, step, kind, outcome

    def __reduce__(self) -> tuple[type[StepFailed], tuple[str, str, str, str]]:
        return (type(self), (self.submission, self.step, self.kind, self.outcome))


async def step(submission: str, name: str, work: Callable[[], T]) -> T:
    """Does `work` in a thread, since it computes and waits for disks.

    Raises:
        StepFailed: whatever went wrong, without its text and without its cause.
    """
    try:
        return await asyncio.to_thread(work)
    except ReportgateError as error:
        failed = StepFailed(submission, name, type(error).__name__, error.outcome.value)
    except Exception as error:  # noqa: BLE001 - whatever it is, only its class may cross
        failed = StepFailed(submission, name, type(error).__name__, Outcome.STOP.value)
    raise failed from None


async def may_pass_by_itself(task: Task[..., object], run: TaskRun, state: State[object]) -> bool:
    """Whether another try makes sense: only for failures whose outcome is `retry`."""
    del task, run
    try:
        await state.aresult()
    except StepFailed as failed:
        return failed.outcome == Outcome.RETRY.value and failed.kind not in STOPS_ALL
    except Exception:  # noqa: BLE001 - a failure of Prefect's own is tried again
        return True
    return False
