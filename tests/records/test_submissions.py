from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from samples_assessment import AUTHORITY, assessment, facts

from pipeline.domain.assessment import Decision, Disposition
from pipeline.domain.conference import Conference, Deadline, DeadlineStatus
from pipeline.domain.errors import NothingChanged, StoreError
from pipeline.domain.mail import Route
from pipeline.domain.ports import Collected, Fate, MailKey
from pipeline.domain.states import SUBMISSION_MOVES, SubmissionState
from pipeline.records.store import Store
from pipeline.records.summary import Summary

_uids = count(1)
S = SubmissionState


def collected(raw: bytes = b"From: a\r\n\r\nZebulon", uid: int | None = None) -> Collected:
    """A message at a place of its own."""
    key = MailKey("cp.reports.brent@nhs.net", "INBOX", 7, uid or next(_uids))
    return Collected(key, raw, datetime(2026, 9, 14, 16, 41, tzinfo=UTC))


def receive(store: Store, raw: bytes | None = None) -> str:
    """A submission taken in."""
    with store.work() as work:
        reception = work.submissions.receive(collected(raw or f"message {next(_uids)}".encode()))
        work.commit()
    return reception.submission


def put_into(store: Store, state: SubmissionState) -> str:
    """A submission walked to a state along allowed moves."""
    ways: dict[SubmissionState, tuple[SubmissionState, ...]] = {
        S.RECEIVED: (),
        S.PARKED: (S.PARKED,),
        S.HELD: (S.HELD,),
        S.RELEASED: (S.RELEASED,),
        S.RETURNED: (S.HELD, S.RETURNED),
        S.QUARANTINED: (S.QUARANTINED,),
        S.FILED: (S.FILED,),
        S.SENT: (S.RELEASED, S.SENT),
    }
    submission = receive(store)
    with store.work() as work:
        for step in ways[state]:
            work.submissions.move(submission, step)
        work.commit()
    return submission


def summary(**changes: Any) -> Summary:
    """The summary of the sample assessment."""
    return Summary.of(assessment(**changes))


def test_takes_a_message_in(store: Store) -> None:
    """The bytes come back as they came, and the place in the mailbox is known."""
    message = collected()
    assert not store.known(message.key)
    with store.work() as work:
        reception = work.submissions.receive(message)
        work.commit()
    assert store.known(message.key)
    with store.reading() as work:
        entry = work.submissions.get(reception.submission)
        assert work.dossiers.original(entry.id) == message.raw
    assert entry.state is S.RECEIVED
    assert entry.received == message.received
    assert not reception.duplicate


def test_nothing_is_kept_without_commit(store: Store) -> None:
    """A transaction that breaks off leaves nothing behind, not even a link in the chain."""
    message = collected()
    with store.work() as work:
        work.submissions.receive(message)
    with pytest.raises(ZeroDivisionError), store.work() as work:
        assert work.submissions.receive(message).submission[1 // 0]
    assert not store.known(message.key)
    with store.reading() as work:
        assert work.audit.verify().links == 0


def test_the_same_bytes_twice_are_one_submission(store: Store) -> None:
    """A message delivered twice points at the first, is noted, and its place is settled as processed."""
    first, second = collected(b"same"), collected(b"same")
    with store.work() as work:
        one = work.submissions.receive(first)
        work.commit()
    with store.work() as work:
        two = work.submissions.receive(second)
        work.commit()
    assert (two.submission, two.duplicate) == (one.submission, True)
    with store.reading() as work:
        assert [(item.key, item.fate) for item in work.ledger.unsettled()] == [(second.key, Fate.PROCESSED)]
        assert work.submissions.counts()[S.RECEIVED] == 1
        assert [link.action for link in work.audit.links(one.submission)] == ["received", "duplicate"]


def test_the_same_place_twice_is_entered_once(store: Store) -> None:
    """Collecting again after a crash changes nothing: no second submission, no second entry."""
    message = collected()
    for _ in range(2):
        with store.work() as work:
            reception = work.submissions.receive(message)
            work.commit()
    with store.reading() as work:
        assert [link.action for link in work.audit.links(reception.submission)] == ["received"]


def test_a_new_uidvalidity_is_a_new_place(store: Store) -> None:
    """A mailbox made anew is read anew, and what was known is recognised by its bytes."""
    old = collected(b"kept", uid=5)
    new = Collected(MailKey(old.key.mailbox, old.key.folder, 8, 5), old.raw, old.received)
    with store.work() as work:
        work.submissions.receive(old)
        work.commit()
    assert not store.known(new.key)
    with store.work() as work:
        assert work.submissions.receive(new).duplicate
        work.commit()


def test_a_failed_move_in_the_mailbox_is_remembered(store: Store) -> None:
    """A fate stays unsettled until the mailbox has been told; the same word again changes nothing, and another is told anew."""
    message = collected()
    with store.work() as work:
        submission = work.submissions.receive(message).submission
        work.ledger.decide(submission, Fate.HELD)
        work.commit()
    with store.work() as work:
        (item,) = work.ledger.unsettled(message.key.mailbox)
        assert (item.key, item.fate, item.submission) == (message.key, Fate.HELD, submission)
        assert work.ledger.unsettled("another@nhs.net") == ()
        work.ledger.settle(item.key)
        work.ledger.decide(submission, Fate.HELD)
        assert work.ledger.unsettled() == ()
        work.ledger.decide(submission, Fate.PROCESSED)
        assert [(item.key, item.fate) for item in work.ledger.unsettled()] == [(message.key, Fate.PROCESSED)]
        work.commit()


@pytest.mark.parametrize("before", S)
def test_every_move(store: Store, before: SubmissionState) -> None:
    """From each state every listed move is made and written to the chain; every other is refused and changes nothing."""
    for after in S:
        submission = put_into(store, before)
        with store.reading() as work:
            links = work.audit.verify().links
        refusal = refused(store, submission, after)
        moved = after in SUBMISSION_MOVES[before]
        assert refusal == ("" if moved else f"{submission} is {before.value} and cannot become {after.value}; nothing was changed")
        with store.reading() as work:
            entry = work.submissions.get(submission)
            verdict = work.audit.verify()
        assert entry.state is (after if moved else before)
        assert entry.note == ("because Zebulon" if moved else "")
        assert verdict.fault is None
        assert verdict.links == links + moved


def refused(store: Store, submission: str, after: SubmissionState) -> str:
    """Why the move was refused, or nothing where it was made."""
    with store.work() as work:
        try:
            work.submissions.move(submission, after, actor="nurse.one", code="test", note="because Zebulon")
        except NothingChanged as error:
            return str(error)
        work.commit()
    return ""


@pytest.mark.parametrize("state", [S.RELEASED, S.SENT, S.RETURNED])
def test_a_release_sticks(store: Store, state: SubmissionState) -> None:
    """What was released, sent or returned is not processed again."""
    submission = put_into(store, state)
    with store.work() as work, pytest.raises(NothingChanged):
        work.submissions.rerun(submission, actor="operator")


def test_rerun_begins_again(store: Store) -> None:
    """A parked message goes back to the start with its tries uncounted."""
    submission = receive(store)
    with store.work() as work:
        assert [work.submissions.begin_attempt(submission) for _ in range(3)] == [1, 2, 3]
        work.submissions.move(submission, S.PARKED, code="MalformedMessage")
        work.submissions.rerun(submission, actor="operator")
        work.commit()
    with store.reading() as work:
        entry = work.submissions.get(submission)
    assert (entry.state, entry.attempts) == (S.RECEIVED, 0)


def test_keeps_every_version(store: Store) -> None:
    """Assessments and plans are kept version by version and come back as they were; one version says one thing."""
    submission = receive(store)
    with store.work() as work:
        assert work.dossiers.assessment(submission) is None
        assert [work.dossiers.add_assessment(submission, text, summary()) for text in (b"one", b"two")] == [1, 2]
        work.dossiers.add_plan(submission, 1, b"plan one")
        work.dossiers.add_plan(submission, 1, b"plan one")
        work.dossiers.add_plan(submission, 2, b"plan two", author="nurse.one")
        with pytest.raises(NothingChanged, match="differs"):
            work.dossiers.add_plan(submission, 1, b"another")
        work.commit()
    with store.reading() as work:
        latest, first = work.dossiers.assessment(submission), work.dossiers.assessment(submission, 1)
        plan = work.dossiers.plan(submission)
        assert work.dossiers.plan(submission, 3) is None
    assert latest is not None
    assert first is not None
    assert plan is not None
    assert (latest.version, latest.payload, first.payload) == (2, b"two", b"one")
    assert (plan.version, plan.payload, plan.author) == (2, b"plan two", "nurse.one")


def test_keeps_rulings_with_their_reasons(store: Store) -> None:
    """Who decided what on which plan and why is kept with the submission; the chain has everything but the reason."""
    submission = put_into(store, S.HELD)
    with store.work() as work:
        work.dossiers.rule(submission, S.RELEASED, reviewer="nurse.one", why="Checked with Zebulon's GP", plan_version=1)
        work.commit()
    with store.reading() as work:
        (ruling,) = work.dossiers.rulings(submission)
        assert work.submissions.get(submission).state is S.RELEASED
        assert [link.actor for link in work.audit.links(submission)][-1] == "nurse.one"
        assert "Zebulon" not in "".join(link.details for link in work.audit.links())
    assert (ruling.reviewer, ruling.state, ruling.plan_version, ruling.why) == ("nurse.one", S.RELEASED, 1, "Checked with Zebulon's GP")


def test_the_summary_is_found_again(store: Store) -> None:
    """What an assessment says stands in the entry, with its reasons."""
    submission = receive(store)
    with store.work() as work:
        work.dossiers.add_assessment(submission, b"{}", summary())
        work.commit()
    with store.reading() as work:
        entry = work.submissions.get(submission)
    assert (entry.authority, entry.agency, entry.route, entry.decision) == (AUTHORITY.id, "gp", "conference_report", "review")
    assert (entry.conference_type, entry.conference_date, entry.deadline_status) == ("ICPC", date(2026, 9, 18), "met")
    assert entry.due == facts().deadline.due
    assert entry.reasons == ("a person looks",)


def test_the_queue_is_ordered_by_conference_then_due(store: Store) -> None:
    """Unknown dates first, then the earliest conference, then the earliest due; quarantined mail last; released mail not at all."""
    due = datetime(2026, 9, 20, 17, tzinfo=UTC)

    def held(day: date | None, hours: int, state: SubmissionState = S.HELD) -> str:
        submission = receive(store)
        deadline = Deadline(due + timedelta(hours=hours), DeadlineStatus.MET) if day else Deadline()
        with store.work() as work:
            case = {"facts": facts(conference=Conference(date=day), deadline=deadline)}
            work.dossiers.add_assessment(submission, b"", summary(case=case))
            work.submissions.move(submission, state)
            work.commit()
        return submission

    late, early = held(date(2026, 9, 30), 0), held(date(2026, 9, 22), 5)
    earlier_due, unknown = held(date(2026, 9, 22), 1), held(None, 0)
    suspicious = held(None, 0, S.QUARANTINED)
    held(date(2026, 9, 1), 0, S.RELEASED)
    with store.reading() as work:
        assert [entry.id for entry in work.submissions.queue()] == [unknown, earlier_due, early, late, suspicious]


def test_counts_every_state(store: Store) -> None:
    """States without any count nought."""
    put_into(store, S.HELD)
    with store.reading() as work:
        counts = work.submissions.counts()
    assert counts[S.HELD] == 1
    assert counts[S.SENT] == 0
    assert set(counts) == set(S)


def test_finds_by_state_oldest_first(store: Store) -> None:
    """What is to be processed comes in the order it was taken in."""
    ids = [receive(store) for _ in range(3)]
    with store.reading() as work:
        assert {entry.id for entry in work.submissions.in_state(S.RECEIVED)} == set(ids)
        assert len(work.submissions.in_state(S.RECEIVED, limit=2)) == 2


def test_the_diary_knows_conferences(store: Store) -> None:
    """A dated conference is in the diary once, at its latest date; mail without a date is not."""
    submission = receive(store)
    with store.work() as work:
        for day in (date(2026, 9, 18), date(2026, 9, 21)):
            case = {"facts": facts(conference=Conference(date=day)), "route": Route.INVITATION_OR_MINUTES}
            nothing = Disposition(Decision.NOT_A_REPORT, ())
            work.dossiers.add_assessment(submission, b"", summary(case=case, disposition=nothing))
        work.dossiers.add_assessment(receive_in(work), b"", summary(case={"facts": facts(conference=Conference())}))
        work.commit()
    with store.reading() as work:
        (found,) = work.dossiers.diary(date(2026, 9, 1), date(2026, 9, 30))
    assert (found.submission, found.conference_date, found.route) == (submission, date(2026, 9, 21), "invitation_or_minutes")


def receive_in(work: Any) -> str:
    """A submission taken in within a transaction."""
    return str(work.submissions.receive(collected(f"m{next(_uids)}".encode())).submission)


def test_what_is_not_there_is_said_to_be(store: Store) -> None:
    """A wrong id is answered in one line that names where to look."""
    with store.reading() as work, pytest.raises(NothingChanged, match="there is no submission 'S-nope'; see: reportgate queue"):
        work.submissions.get("S-nope")


def test_a_naive_time_is_refused(store: Store) -> None:
    """A time without a zone never reaches the database."""
    message = Collected(MailKey("m", "f", 1, next(_uids)), b"x", datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test
    with pytest.raises(StoreError), store.work() as work:
        work.submissions.receive(message)
