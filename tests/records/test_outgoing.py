from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from samples_assessment import NOW, OURS, assessment, clean_document, submission

from pipeline.domain.authority import Letter
from pipeline.domain.errors import NothingChanged
from pipeline.domain.ports import Collected, MailKey, Receipt
from pipeline.domain.states import DISPATCH_MOVES, DispatchState, SubmissionState
from pipeline.records.outbox import StoreOutbox
from pipeline.records.store import Store
from pipeline.routing import correspondence

_uids = count(1)
D, S = DispatchState, SubmissionState
TO, CC = "reports@testshire.example", "safeguarding@icb.example"


def letter(version: int = 1, raw: bytes = b"From: gp\r\n\r\nZebulon") -> Letter:
    """The letter to the authority for a version of the plan on a message."""
    case = assessment(case={"submission": submission(raw=raw)}, plan=replace(assessment().plan, version=version))
    made = correspondence.to_authority(case, [clean_document()], sender=OURS, now=NOW)
    assert made is not None
    return made


def feedback() -> Letter:
    """The letter to the sender."""
    made = correspondence.to_sender(assessment(), sender=OURS, now=NOW)
    assert made is not None
    return made


def release(store: Store, *letters: Letter) -> tuple[str, tuple[str, ...]]:
    """A submission released with its letters, in one transaction."""
    with store.work() as work:
        message = Collected(MailKey("m", "INBOX", 1, next(_uids)), os.urandom(16), NOW)
        received = work.submissions.receive(message).submission
        dispatches = tuple(work.outgoing.queue(received, one, [clean_document().proof]) for one in letters)
        work.submissions.move(received, S.RELEASED)
        work.commit()
    return received, dispatches


def state_of(store: Store, dispatch: str) -> DispatchState:
    """Where a letter stands."""
    with store.reading() as work:
        return work.outgoing.get(dispatch).state


def put_into(store: Store, clock: Any, state: DispatchState, raw: bytes = b"From: gp\r\n\r\nZebulon") -> str:
    """A letter walked to a state."""
    _, (dispatch,) = release(store, letter(raw=raw))
    outbox = StoreOutbox(store)
    if state is not D.QUEUED:
        outbox.begin(dispatch)
    receipts = {
        D.SENT: Receipt((TO, CC)),
        D.PARTLY_SENT: Receipt((TO,), ((CC, 550),)),
        D.DEFERRED: Receipt((TO,), ((CC, 450),)),
        D.REFUSED: Receipt((), ((TO, 550), (CC, 550))),
    }
    if state in receipts:
        assert outbox.record(dispatch, receipts[state], clock()) is state
    if state is D.UNCERTAIN:
        outbox.doubt(dispatch, "broke")
    return dispatch


def test_a_letter_is_kept_with_the_decision(store: Store) -> None:
    """It comes back byte for byte, to its recipients, with its proof, and only once the decision is kept."""
    _, (dispatch,) = release(store, letter())
    outbox = StoreOutbox(store)
    assert outbox.due() == (dispatch,)
    handover = outbox.begin(dispatch)
    assert handover.letter == letter()
    assert handover.recipients == (TO, CC)
    with store.reading() as work:
        found = work.outgoing.get(dispatch)
        assert work.outgoing.letter(dispatch) == letter()
    assert found.proofs == (clean_document().proof,)
    assert (found.state, found.attempts) == (D.SENDING, 1)


def test_the_same_letter_is_put_in_once(store: Store) -> None:
    """Writing the letters of one decision again, after a crash, adds none; another version of the plan does."""
    released, (dispatch,) = release(store, letter())
    with store.work() as work:
        assert work.outgoing.queue(released, letter()) == dispatch
        assert work.outgoing.queue(released, feedback()) != dispatch
        work.commit()
    with store.reading() as work:
        assert [one.state for one in work.outgoing.of(released)] == [D.QUEUED, D.QUEUED]


def hold_again(store: Store, released: str) -> None:
    """A released submission taken back before it left."""
    with store.work() as work:
        work.submissions.move(released, S.HELD)
        work.commit()


def test_a_report_leaves_only_while_it_is_released(store: Store) -> None:
    """Held again, the report stays in the outbox, also for a worker that had looked before; feedback may go all the same."""
    released, (report, told) = release(store, letter(), feedback())
    outbox = StoreOutbox(store)
    hold_again(store, released)
    assert outbox.due() == (told,)
    with pytest.raises(NothingChanged, match="not released"):
        outbox.begin(report)
    with store.work() as work:
        work.submissions.move(released, S.RELEASED)
        work.commit()
    assert set(outbox.due()) == {report, told}


@pytest.mark.parametrize("before", [D.QUEUED, D.DEFERRED, D.REFUSED])
def test_an_earlier_version_never_follows_a_later_one(store: Store, clock: Any, before: DispatchState) -> None:
    """A letter from a plan made anew takes the place of the one that had not left, which can no longer be put back."""
    old = put_into(store, clock, before)
    with store.work() as work:
        released = work.outgoing.get(old).submission
        new = work.outgoing.queue(released, letter(2))
        with pytest.raises(NothingChanged, match="replaced by a later version"):
            work.outgoing.requeue(old, actor="operator")
        work.commit()
    clock.pass_(days=1)
    outbox = StoreOutbox(store)
    assert outbox.due() == (new,)
    outbox.record(new, Receipt(outbox.begin(new).recipients), clock())
    with store.reading() as work:
        assert work.submissions.get(released).state is S.SENT
        assert work.outgoing.get(old).state is D.REFUSED


def test_two_workers_never_have_the_same_letter(store: Store) -> None:
    """Who comes second is told that nothing was changed."""
    _, (dispatch,) = release(store, letter())
    StoreOutbox(store).begin(dispatch)
    with pytest.raises(NothingChanged):
        StoreOutbox(store).begin(dispatch)


def test_a_submission_is_sent_once_all_its_letters_are(store: Store) -> None:
    """One accepted letter of two leaves it released; both make it sent."""
    released, dispatches = release(store, letter(), feedback())
    outbox = StoreOutbox(store)
    states = []
    for dispatch in dispatches:
        outbox.record(dispatch, Receipt(outbox.begin(dispatch).recipients), NOW)
        with store.reading() as work:
            states.append(work.submissions.get(released).state)
    assert states == [S.RELEASED, S.SENT]


def test_only_those_put_off_are_tried_again(store: Store, clock: Any) -> None:
    """After a mixed answer the letter goes again to the deferred recipient alone, when its time has come."""
    _, (dispatch,) = release(store, letter())
    outbox = StoreOutbox(store)
    outbox.begin(dispatch)
    assert outbox.record(dispatch, Receipt((TO,), ((CC, 450),)), clock() + timedelta(minutes=1)) is D.DEFERRED
    assert outbox.due() == ()
    clock.pass_(minutes=1)
    assert outbox.due() == (dispatch,)
    again = outbox.begin(dispatch)
    assert (again.recipients, again.attempt) == ((CC,), 2)
    assert outbox.record(dispatch, Receipt((CC,)), clock()) is D.SENT


def test_a_refused_recipient_is_surfaced_and_tried_again_alone(store: Store, clock: Any) -> None:
    """Partly sent waits for a person; put back, it goes to the one who refused it."""
    dispatch = put_into(store, clock, D.PARTLY_SENT)
    outbox = StoreOutbox(store)
    assert outbox.due() == ()
    with store.work() as work:
        found = work.outgoing.get(dispatch)
        work.outgoing.requeue(dispatch, actor="operator")
        work.commit()
    assert [(one.address, one.accepted is not None, one.code) for one in found.recipients] == [(TO, True, None), (CC, False, 550)]
    assert found.failure == "refused 550"
    assert outbox.begin(dispatch).recipients == (CC,)


def test_a_partly_sent_letter_can_be_closed_by_hand(store: Store, clock: Any) -> None:
    """Where a person reached the rest another way the submission is done."""
    dispatch = put_into(store, clock, D.PARTLY_SENT)
    with store.work() as work:
        work.outgoing.close_partly_sent(dispatch, actor="operator")
        work.commit()
    assert state_of(store, dispatch) is D.SENT
    with store.work() as work, pytest.raises(NothingChanged):
        work.outgoing.close_partly_sent(dispatch, actor="operator")


MOVES: dict[DispatchState, Any] = {
    D.SENDING: lambda out, one, now: out.begin(one),
    D.SENT: lambda out, one, now: out.record(one, Receipt((TO, CC)), now),
    D.PARTLY_SENT: lambda out, one, now: out.record(one, Receipt((TO,), ((CC, 550),)), now),
    D.DEFERRED: lambda out, one, now: out.defer(one, now, "later"),
    D.REFUSED: lambda out, one, now: out.refuse(one, "never"),
    D.UNCERTAIN: lambda out, one, now: out.doubt(one, "broke"),
    D.QUEUED: lambda out, one, now: out.requeue(one, actor="operator"),
}


@pytest.mark.parametrize("before", D)
def test_every_move(store: Store, clock: Any, before: DispatchState) -> None:
    """From each state every listed move is made and written to the chain; every other is refused and changes nothing."""
    for after in D:
        dispatch = put_into(store, clock, before, raw=after.value.encode())
        with store.reading() as work:
            links = work.audit.verify().links
        allowed = after in DISPATCH_MOVES[before]
        assert moves(store, dispatch, after, clock()) is allowed, after
        assert state_of(store, dispatch) is (after if allowed else before)
        with store.reading() as work:
            verdict = work.audit.verify()
        assert verdict.fault is None
        assert (verdict.links > links) is allowed


def moves(store: Store, dispatch: str, after: DispatchState, now: datetime) -> bool:
    """Whether the move was made."""
    with store.work() as work:
        try:
            MOVES[after](work.outgoing, dispatch, now)
        except NothingChanged:
            return False
        work.commit()
    return True


@pytest.mark.parametrize("arrived", [True, False])
def test_an_uncertain_letter_is_settled(store: Store, clock: Any, arrived: bool) -> None:
    """Found, it counts as sent to everybody; not found, it goes again under the same Message-ID."""
    dispatch = put_into(store, clock, D.UNCERTAIN)
    outbox = StoreOutbox(store)
    (doubt,) = outbox.uncertain()
    assert (doubt.dispatch, doubt.message_id, doubt.since) == (dispatch, letter().message_id, clock())
    outbox.settle(dispatch, arrived=arrived)
    assert state_of(store, dispatch) is (D.SENT if arrived else D.QUEUED)
    if not arrived:
        assert outbox.begin(dispatch).letter.message_id == letter().message_id
    with store.work() as work, pytest.raises(NothingChanged, match="not uncertain"):
        work.outgoing.settle(dispatch, arrived=True)


def test_recovery_leaves_other_workers_alone(store: Store, clock: Any) -> None:
    """With an age given only letters begun longer ago become uncertain."""
    dispatch = put_into(store, clock, D.SENDING)
    clock.pass_(minutes=5)
    assert store.recover(older_than=timedelta(minutes=10)) == ()
    assert store.recover() == (dispatch,)
    assert state_of(store, dispatch) is D.UNCERTAIN
    assert store.recover() == ()


WORKER = """
import base64, sys, time
from datetime import UTC, datetime
from pipeline.dispatch.outbox import deliver
from pipeline.records.outbox import StoreOutbox
from pipeline.records.store import Store
from pipeline.records.vault import parse_keys

class Stuck:
    def send(self, letter, recipients):
        print("handing over", flush=True)
        time.sleep(600)

store = Store(sys.argv[1], parse_keys(sys.argv[2]))
deliver(StoreOutbox(store), Stuck(), lambda: datetime.now(UTC))
"""


def test_killed_while_handing_over(store: Store, tmp_path: Path) -> None:
    """kill -9 between the intent and the receipt leaves a letter uncertain, never queued again by itself and never lost."""
    key = base64.b64encode(hashlib.sha256(b"test").digest()).decode()
    _, (dispatch,) = release(store, letter())
    url = store._engine.url.render_as_string(hide_password=False)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, url, key], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    with worker.stdout as said:
        assert said.readline() == b"handing over\n"
        worker.send_signal(signal.SIGKILL)
        worker.wait(20)
    outbox = StoreOutbox(store)
    assert state_of(store, dispatch) is D.SENDING
    assert outbox.due() == ()
    assert store.recover(older_than=timedelta(days=-3650)) == (dispatch,)
    assert state_of(store, dispatch) is D.UNCERTAIN
    assert outbox.due() == ()
    assert [doubt.message_id for doubt in outbox.uncertain()] == [letter().message_id]


def test_counts_every_state(store: Store, clock: Any) -> None:
    """States without any count nought, and those waiting for a person can be listed."""
    dispatch = put_into(store, clock, D.REFUSED)
    with store.reading() as work:
        counts = work.outgoing.counts()
        assert [one.id for one in work.outgoing.in_state(D.REFUSED, D.UNCERTAIN)] == [dispatch]
    assert counts[D.REFUSED] == 1
    assert counts[D.SENT] == 0
    assert set(counts) == set(D)
