"""A file on which the reading process hangs, or dies, is held; the next message goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.states import SubmissionState
from pipeline.extraction.confine import Limits
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool


class OnFiles:
    """A reading process in which reading a PDF does something else."""

    def __init__(self, pool: WorkerPool, instead: Callable[..., Any], *arguments: Any) -> None:
        self.pool, self.instead, self.arguments = pool, instead, arguments

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        if work is read and str(arguments[0].name).endswith(".pdf"):
            return self.pool.run(self.instead, *self.arguments)
        return self.pool.run(work, *arguments)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    """A real reading process with little patience."""
    with WorkerPool(Limits(wall_seconds=6.0), workers=1) as made:
        yield made


STOPS = {"hangs": (time.sleep, 600), "dies": (os.abort,), "runs out of memory": (bytearray, 40_000_000_000)}


@pytest.mark.parametrize("stop", STOPS)
def test_the_message_is_held_and_the_next_one_goes_on(gate: Any, pool: WorkerPool, samples: Path, stop: str) -> None:
    """The file counts as not read, so a person looks; nothing of the message is lost, and the process is replaced."""
    gate.deliver(samples / "s03.eml", samples / "s10.eml")
    gate.collect()

    became = gate.process(OnFiles(pool, *STOPS[stop]))

    assert became == [SubmissionState.HELD, SubmissionState.FILED]
    assert any("could not be opened or read" in reason for reasons in gate.reasons() for reason in reasons)
