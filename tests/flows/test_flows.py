"""What the flows do with what succeeds and what fails, and what they tell Prefect."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from roads import drained

from flows import collect as collecting
from flows import dispatch as dispatching
from flows import process as processing
from flows.process import rerun
from pipeline import storyline
from pipeline.domain.errors import MailboxError, MailboxRefused, MalformedMessage, ReportgateError, StoreError
from pipeline.domain.ports import Fate
from pipeline.domain.states import SubmissionState


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps as they are, but a try that is due in ten seconds is made at once."""
    monkeypatch.setattr(collecting, "collect_from", collecting.collect_from.with_options(retry_delay_seconds=0))
    monkeypatch.setattr(processing, "process_one", processing.process_one.with_options(retry_delay_seconds=0))


def _filed(store: Any, submission: str) -> SubmissionState:
    """Files a submission, as processing does with mail that carries no report."""
    with store.work() as work:
        work.submissions.move(submission, SubmissionState.FILED, code="not_a_report")
        work.ledger.decide(submission, Fate.PROCESSED)
        work.commit()
    return SubmissionState.FILED


class Process:
    """Processing that fails as told: so many times, for one submission, with this error."""

    def __init__(self, error: ReportgateError | Exception | None = None, *, number: int = 0, times: int = 99) -> None:
        self.error, self.number, self.times = error, number, times
        self.tries: Counter[str] = Counter()
        self.order: list[str] = []

    def __call__(self, store: Any, tools: Any, submission: str, clock: Any) -> SubmissionState:
        if submission not in self.order:
            self.order.append(submission)
        self.tries[submission] += 1
        if self.error is not None and self.order.index(submission) == self.number and self.tries[submission] <= self.times:
            raise self.error
        return _filed(store, submission)


def _collected(shop: Any, message: Callable[[int], bytes], count: int) -> None:
    shop.deliver(*(message(number) for number in range(count)))
    with shop.workshop.mailbox("reports") as box:
        assert len(list(storyline.collect(shop.workshop.store, box))) == count


def test_one_failing_submission_does_not_stop_the_next(shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three fails: the third is processed, the run is seen to have failed, and the second still waits."""
    _collected(shop, message, 3)
    process = Process(MalformedMessage("x"), number=1)
    monkeypatch.setattr(storyline, "process", process)

    with drained():
        state = asyncio.run(processing.process(return_state=True))

    assert state.is_failed()
    assert state.message == "3 submission(s) processed, 1 step(s) failed"
    assert sorted(shop.states()) == [SubmissionState.FILED, SubmissionState.FILED, SubmissionState.RECEIVED]
    assert process.tries[process.order[1]] == 1, "what cannot pass by itself was tried again"


RETRIED = [(StoreError("x"), 1), (MailboxError("x"), 3), (MailboxRefused("x"), 1), (ValueError("x"), 1), (MalformedMessage("x"), 1)]


@pytest.mark.parametrize(("error", "tries"), RETRIED, ids=lambda value: type(value).__name__)
def test_only_what_may_pass_by_itself_is_tried_again(
    shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, tries: int
) -> None:
    """A failure whose outcome is `retry` is tried until it passes; any other is left for somebody to mend."""
    _collected(shop, message, 1)
    process = Process(error, times=2)
    monkeypatch.setattr(storyline, "process", process)

    with drained():
        state = asyncio.run(processing.process(return_state=True))

    assert process.tries.total() == tries
    assert state.is_completed() == (tries == 3)


def test_a_mailbox_that_comes_back_is_collected_by_a_retry(shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection breaks twice, then holds: the mail is taken in, once."""
    shop.deliver(message(1), message(2))
    good, tries = storyline.collect, []

    def collect(store: Any, box: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            yield next(good(store, box))
            raise MailboxError("the connection was lost")
        yield from good(store, box)

    monkeypatch.setattr(storyline, "collect", collect)
    with drained():
        state = asyncio.run(collecting.collect(return_state=True))

    assert state.is_completed()
    assert shop.states() == [SubmissionState.RECEIVED, SubmissionState.RECEIVED]


def test_a_mailbox_that_stays_away_makes_the_run_fail(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect sees how many mailboxes failed, and nothing of why."""

    def collect(store: Any, box: Any) -> Any:
        raise MailboxRefused("the password of Mrs Zanzibrook is wrong")

    monkeypatch.setattr(storyline, "collect", collect)
    with drained():
        state = asyncio.run(collecting.collect(return_state=True))

    assert state.is_failed()
    assert state.message == "1 mailbox(es) could not be read, 0 message(s) taken in"


def test_nothing_to_do_is_no_failure(shop: Any) -> None:
    """Empty mailboxes, an empty store and an empty outbox make three completed runs."""
    from flows.service import sweep

    with drained():
        assert asyncio.run(sweep())
        assert asyncio.run(dispatching.dispatch(return_state=True)).message == "no letter was due"


def test_a_rerun_assesses_one_submission_again(shop: Any, message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was filed goes back to received and through processing once more, and no other does."""
    _collected(shop, message, 2)
    process = Process()
    monkeypatch.setattr(storyline, "process", process)
    with drained():
        asyncio.run(processing.process(return_state=True))
        first = process.order[0]
        state = asyncio.run(rerun(first, "nurse.7", return_state=True))

    assert state.is_completed()
    assert process.tries == {first: 2, process.order[1]: 1}
