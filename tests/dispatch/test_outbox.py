from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from samples_assessment import NOW, OURS, assessment, clean_document
from servers_smtp import SmtpSink

from pipeline.dispatch import outbox as worker
from pipeline.dispatch.maildir import MaildirTransport
from pipeline.dispatch.permission import permission
from pipeline.dispatch.smtp import SmtpAccount, SmtpTransport
from pipeline.domain.ports import Collected, MailKey
from pipeline.domain.states import DispatchState, SubmissionState
from pipeline.records.outbox import StoreOutbox
from pipeline.records.store import Store
from pipeline.records.vault import Vault
from pipeline.routing import correspondence

D = DispatchState
TO, CC = "reports@testshire.example", "safeguarding@icb.example"


class Desk:
    """A store with released letters, a clock, and a transport to the sink."""

    def __init__(self, folder: Path, sink: SmtpSink) -> None:
        self.now = datetime(2026, 9, 15, 10, tzinfo=UTC)
        self.store = Store(f"sqlite:///{folder / 'store.db'}", Vault((b"k" * 32,)), self.clock)
        self.store.migrate()
        self.outbox = StoreOutbox(self.store)
        self.transport = SmtpTransport(SmtpAccount("localhost", OURS, port=sink.port, ca_file=sink.ca_file, timeout=10))

    def clock(self) -> datetime:
        return self.now

    def release(self, number: int = 1) -> str:
        """A submission released with one letter."""
        letter = correspondence.to_authority(
            assessment(plan=replace(assessment().plan, version=number)), [clean_document()], sender=OURS, now=NOW
        )
        assert letter is not None
        with self.store.work() as work:
            message = Collected(MailKey("m", "INBOX", 1, number), f"m{number}".encode(), NOW)
            submission = work.submissions.receive(message).submission
            dispatch = work.outgoing.queue(submission, letter)
            work.submissions.move(submission, SubmissionState.RELEASED)
            work.commit()
        return dispatch

    def deliver(self) -> list[DispatchState]:
        """One sweep."""
        return [delivery.state for delivery in worker.deliver(self.outbox, self.transport, self.clock)]

    def state(self, dispatch: str) -> DispatchState:
        with self.store.reading() as work:
            return work.outgoing.get(dispatch).state


@pytest.fixture
def desk(tmp_path: Path, sink: SmtpSink) -> Iterator[Desk]:
    """A desk that sends to the sink."""
    made = Desk(tmp_path, sink)
    yield made
    made.store.close()


def test_a_released_report_arrives(desk: Desk, sink: SmtpSink) -> None:
    """The authority in To and the safeguarding team in Cc get the same letter once, and the submission is sent."""
    dispatch = desk.release()
    assert desk.deliver() == [D.SENT]
    assert desk.deliver() == []
    (taken,) = sink.taken
    assert taken.recipients == (TO, CC)
    with desk.store.reading() as work:
        assert taken.content == work.outgoing.letter(dispatch).content
        assert work.submissions.get(work.outgoing.get(dispatch).submission).state is SubmissionState.SENT


def test_put_off_letters_wait_longer_each_time(desk: Desk, sink: SmtpSink) -> None:
    """After each 4xx the letter rests 1, 5, 15, 60 and again 60 minutes, then goes out."""
    desk.release()
    sink.moods.defer = 5
    for minutes in (1, 5, 15, 60, 60):
        assert desk.deliver() == [D.DEFERRED]
        desk.now += timedelta(minutes=minutes, seconds=-1)
        assert desk.deliver() == []
        desk.now += timedelta(seconds=1)
    assert desk.deliver() == [D.SENT]
    assert len(sink.taken) == 1


def test_a_refused_letter_waits_for_somebody(desk: Desk, sink: SmtpSink) -> None:
    """5xx is not tried again by itself; put back by a person, it goes."""
    dispatch = desk.release()
    sink.moods.reject = 554
    assert desk.deliver() == [D.REFUSED]
    desk.now += timedelta(days=1)
    assert desk.deliver() == []
    sink.moods.reject = 0
    with desk.store.work() as work:
        work.outgoing.requeue(dispatch, actor="operator")
        work.commit()
    assert desk.deliver() == [D.SENT]


def test_one_refused_recipient_gets_it_later_and_the_other_not_twice(desk: Desk, sink: SmtpSink) -> None:
    """The authority has it at once; the team, put off at first, gets it alone."""
    desk.release()
    sink.moods.refuse = {CC: 450}
    assert desk.deliver() == [D.DEFERRED]
    sink.moods.refuse = {}
    desk.now += timedelta(minutes=1)
    assert desk.deliver() == [D.SENT]
    assert [taken.recipients for taken in sink.taken] == [(TO,), (CC,)]


@pytest.mark.parametrize("where", ["in", "after"])
def test_a_connection_lost_in_data_is_settled_by_looking(desk: Desk, sink: SmtpSink, where: str) -> None:
    """Taken after all: found, and not sent again. Not taken: sent again, once it has had time to show up."""
    dispatch = desk.release()
    sink.moods.drop = where
    assert desk.deliver() == [D.UNCERTAIN]
    assert desk.deliver() == []

    def arrived(message_id: str) -> bool:
        return any(message_id.encode() in taken.content for taken in sink.taken)

    if where == "in":
        assert worker.settle(desk.outbox, arrived, desk.clock) == ()
        desk.now += worker.GRACE
    worker.settle(desk.outbox, arrived, desk.clock)
    desk.deliver()
    assert desk.state(dispatch) is D.SENT
    assert len(sink.taken) == 1


def test_a_sick_server_ends_the_sweep(desk: Desk, sink: SmtpSink) -> None:
    """Three letters put off in a row are enough; the rest wait untouched, and nothing is lost."""
    for number in range(1, 6):
        desk.release(number)
    sink.moods.defer = 3
    assert desk.deliver() == [D.DEFERRED] * 3
    assert desk.deliver() == [D.SENT] * 2
    desk.now += timedelta(minutes=1)
    assert desk.deliver() == [D.SENT] * 3


def test_forbidden_addresses_are_surfaced_and_go_to_a_maildir_all_the_same(desk: Desk, tmp_path: Path) -> None:
    """Live mail refuses an address that leads nowhere; the embedded Maildir takes it."""
    dispatch = desk.release()
    live = SmtpTransport(SmtpAccount("localhost", OURS), permission([]))
    (refused,) = worker.deliver(desk.outbox, live, desk.clock)
    assert (refused.state, "set a real one in rules/directory" in refused.failure) == (D.REFUSED, True)
    with desk.store.work() as work:
        work.outgoing.requeue(dispatch, actor="operator")
        work.commit()
    assert [one.state for one in worker.deliver(desk.outbox, MaildirTransport(tmp_path / "out"), desk.clock)] == [D.SENT]
