"""Mail is worked at in two lanes: a short report is not kept waiting by a long scan, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from roads import drained

from flows import process as processing
from flows import service
from pipeline import gateway, storyline
from pipeline.domain.ports import Fate
from pipeline.domain.states import SubmissionState
from pipeline.settings import Settings
from pipeline.storyline import Lane
from pipeline.thinking import assess

PATIENCE = 200.0
"""Seconds that a test waits for what must come at once; Prefect's own server alone may take a minute to start on a busy machine."""


def bulky(raw: bytes) -> bytes:
    """The message made as large as one with a scan."""
    return raw + b"x" * storyline.BULKY


class Desk:
    """Processing in which every large message takes until it is told to end."""

    def __init__(self) -> None:
        self.begun, self.end = threading.Event(), threading.Event()
        self.order: list[str] = []

    def __call__(self, store: Any, tools: Any, submission: str, clock: Any) -> SubmissionState:
        with store.reading() as work:
            large = len(work.dossiers.original(submission)) >= storyline.BULKY
        if large:
            self.begun.set()
            assert self.end.wait(PATIENCE)
        with store.work() as work:
            work.submissions.move(submission, SubmissionState.FILED, code="not_a_report")
            work.ledger.decide(submission, Fate.PROCESSED)
            work.commit()
        self.order.append("large" if large else "small")
        return SubmissionState.FILED


async def until(seen: Any) -> None:
    """Waits for something that happens in another thread."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(seen):  # noqa: ASYNC110 - what is waited for happens in threads that know no event of ours
            await asyncio.sleep(0.05)


def test_a_short_report_overtakes_a_long_scan(shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short reports that come while a long scan is being read are done before it is; then the scan is done too."""
    desk = Desk()
    monkeypatch.setattr(storyline, "process", desk)
    monkeypatch.setattr(service, "opened", lambda _: contextlib.nullcontext())
    shop.deliver(bulky(message(1)))

    async def day() -> None:
        stop = asyncio.Event()
        watching = asyncio.create_task(service.watch(Settings(), every=timedelta(seconds=2), stop=stop))
        await until(desk.begun.is_set)
        for number in (2, 3):
            (shop.inbox / "new" / f"1900000000.M{number}.test").write_bytes(message(number))
        await until(lambda: desk.order == ["small", "small"])
        assert sorted(shop.states()) == [SubmissionState.FILED, SubmissionState.FILED, SubmissionState.RECEIVED]
        desk.end.set()
        await until(lambda: len(desk.order) == 3)
        stop.set()
        await asyncio.wait_for(watching, PATIENCE)

    with drained():
        asyncio.run(day())
    assert desk.order == ["small", "small", "large"]
    assert shop.states() == [SubmissionState.FILED] * 3


def test_every_message_is_in_one_lane_and_keeps_its_place(shop: Any, message: Any) -> None:
    """Both lanes together hold all that was received, each once, in the order it came; taken together the short one comes first."""
    sizes = [len(message(0)) + extra for extra in (0, storyline.BULKY, 0, 2 * storyline.BULKY)]
    exact = [message(0).ljust(storyline.BULKY - 1, b"x"), message(1).ljust(storyline.BULKY, b"x")]
    shop.deliver(*(message(number).ljust(size, b"x") for number, size in enumerate(sizes)), *exact)
    with shop.workshop.mailbox("reports") as box:
        taken = [one.submission for one in storyline.collect(shop.workshop.store, box)]
    store = shop.workshop.store

    def size(submission: str) -> int:
        with store.reading() as work:
            return len(work.dossiers.original(submission))

    short, long = storyline.waiting(store, Lane.SHORT), storyline.waiting(store, Lane.LONG)
    assert short == [one for one in taken if size(one) < storyline.BULKY]
    assert long == [one for one in taken if size(one) >= storyline.BULKY]
    assert (len(short), len(long)) == (3, 3)
    assert storyline.waiting(store) == short + long


def test_one_run_without_a_lane_does_all(shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing runs beside it, one run of the flow processes large and small, the small first."""
    desk = Desk()
    desk.end.set()
    monkeypatch.setattr(storyline, "process", desk)
    shop.deliver(bulky(message(1)), message(2))
    with shop.workshop.mailbox("reports") as box:
        assert len(list(storyline.collect(shop.workshop.store, box))) == 2
    with drained():
        state = asyncio.run(processing.process(return_state=True))
    assert state.is_completed()
    assert desk.order == ["small", "large"]


def test_two_messages_at_once_are_judged_as_one_after_the_other(samples: Path, rules_dir: Path) -> None:
    """Engine, rules and reading processes are shared by both lanes: what is found is the same as alone."""
    mail = [path.read_bytes() for path in sorted(samples.glob("*.eml"))[:4]]
    collected = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
    with gateway.thinking(Settings(rules_dir=rules_dir)) as tools, ThreadPoolExecutor(2) as lanes:

        def judged(raw: bytes) -> object:
            found = assess(raw, tools, collected=collected)
            return found.case.roster, found.findings, found.plan, found.disposition

        alone = [judged(raw) for raw in mail]
        assert list(lanes.map(judged, mail)) == alone
