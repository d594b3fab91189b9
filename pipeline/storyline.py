"""The journey of one message: load, compute, save, step by step, each step one transaction. No step knows Prefect.

collect   mailbox → received       (the mailbox is told nothing yet)
process   received → released | held | filed | quarantined | parked
release, send_back, rerun          (a person's ruling on what is held)
unlock    held → held               (read again with a password that a person entered)
amend     held → held               (copies and letters made anew by a plan that a person changed)
settle    the mailbox is told where its messages go
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from pipeline import dossier
from pipeline.domain.assessment import Assessment, Decision
from pipeline.domain.authority import Letter
from pipeline.domain.errors import NothingChanged, Outcome, ReportgateError
from pipeline.domain.mail import BODY
from pipeline.domain.people import DocumentKind
from pipeline.domain.plan import RedactionPlan
from pipeline.domain.ports import Clock, Fate, Mailbox
from pipeline.domain.states import SubmissionState
from pipeline.records.store import Store, Work
from pipeline.records.summary import Summary
from pipeline.redaction.edits import Edit, edited
from pipeline.routing import correspondence
from pipeline.thinking import Outgoing, Tools, assess, outgoing

ATTEMPTS = 3
"""How often a message may bring processing down before it is set aside for a person."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message taken in: the submission it became, and whether the same bytes had come before."""

    submission: str
    duplicate: bool


def collect(store: Store, mailbox: Mailbox) -> Iterator[Taken]:
    """Takes in every new message, one transaction each.

    Raises:
        MailboxError: the connection failed; what was yielded is safe in the store.
    """
    for collected in mailbox.new(store.known):
        with store.work() as work:
            reception = work.submissions.receive(collected)
            work.commit()
        yield Taken(reception.submission, reception.duplicate)


def settle(store: Store, mailbox: Mailbox) -> int:
    """Tells the mailbox where its messages go, now that the store knows; returns how many were told.

    Raises:
        MailboxError: it could not be told now; it will be at the next collection.
    """
    with store.reading() as work:
        waiting = work.ledger.unsettled(mailbox.name)
    for one in waiting:
        mailbox.settle(one.key, one.fate, partial(_original, store, one.submission))
        with store.work() as work:
            work.ledger.settle(one.key)
            work.commit()
    return len(waiting)


def _original(store: Store, submission: str) -> bytes:
    with store.reading() as work:
        return work.dossiers.original(submission)


class Lane(StrEnum):
    """Mail is processed in two lanes beside each other, so that a long scan, which may take an hour, keeps no short report waiting."""

    SHORT = "short"
    LONG = "long"


BULKY = 1_000_000
"""Bytes of a message from which it goes into the long lane: about thirty pages of a fax, or three photographs; a typed report with its
letterhead has half of that. What is in a message is known only once it was opened, and by then the time is spent."""
SIZES: dict[Lane, tuple[int, int | None]] = {Lane.SHORT: (0, BULKY), Lane.LONG: (BULKY, None)}


def waiting(store: Store, *lanes: Lane) -> list[str]:
    """Ids of what is to be processed in these lanes, or in all, the short one first; in each, what came first comes first."""
    with store.reading() as work:
        return [one for lane in lanes or Lane for one in work.submissions.waiting(at_least=SIZES[lane][0], below=SIZES[lane][1])]


# What becomes of a submission by its decision: its state, and where its message goes in the mailbox.
AFTER: dict[Decision, tuple[SubmissionState, Fate]] = {
    Decision.RELEASE: (SubmissionState.RELEASED, Fate.PROCESSED),
    Decision.REVIEW: (SubmissionState.HELD, Fate.HELD),
    Decision.NOT_A_REPORT: (SubmissionState.FILED, Fate.PROCESSED),
}


def process(store: Store, tools: Tools, submission: str, clock: Clock) -> SubmissionState:
    """Assesses one received submission and does what its decision says.

    A failure that belongs to this message sets it aside; one that belongs to the gateway leaves it where it is, to be tried again.

    Raises:
        ReportgateError: the gateway itself could not go on; nothing was changed.
    """
    with store.work() as work:
        raw = work.dossiers.original(submission)
        collected = work.submissions.get(submission).created
        version = work.dossiers.next_plan(submission)
        attempt = work.submissions.begin_attempt(submission)
        work.commit()
    if attempt > ATTEMPTS:
        return _park(
            store, submission, "attempts", f"processing ended without an answer {ATTEMPTS} times; rerun it once the cause is mended"
        )
    try:
        assessment = assess(raw, tools, collected=collected)
        made = outgoing(replace(assessment, plan=replace(assessment.plan, version=version)), tools, now=clock())
    except ReportgateError as error:
        if error.outcome is Outcome.PARK:
            return _park(store, submission, type(error).__name__, str(error))
        if error.outcome is Outcome.RETRY:
            _forgive(store, submission)
        raise
    return _save(store, submission, made)


def _forgive(store: Store, submission: str) -> None:
    with store.work() as work:
        work.submissions.forgive_attempt(submission)
        work.commit()


def _park(store: Store, submission: str, code: str, note: str) -> SubmissionState:
    with store.work() as work:
        work.submissions.move(submission, SubmissionState.PARKED, code=code, note=note)
        work.ledger.decide(submission, Fate.PARKED)
        work.commit()
    return SubmissionState.PARKED


def _save(store: Store, submission: str, made: Outgoing) -> SubmissionState:
    state, fate = AFTER[made.assessment.disposition.decision]
    if made.assessment.disposition.quarantined:
        state, fate = SubmissionState.QUARANTINED, Fate.HELD
    kept = dossier.of(made)
    with store.work() as work:
        work.dossiers.add_assessment(submission, dossier.packed(kept), Summary.of(made.assessment))
        work.dossiers.add_plan(submission, made.assessment.plan.version, dossier.packed_plan(made.assessment.plan))
        work.submissions.move(submission, state, code=made.assessment.disposition.decision.value)
        for letter in _leaving_now(state, made.assessment, kept):
            work.outgoing.queue(submission, letter, kept.proofs if letter.kind == dossier.TO_AUTHORITY else ())
        work.ledger.decide(submission, fate)
        work.commit()
    return state


def _leaving_now(state: SubmissionState, assessment: Assessment, kept: dossier.Dossier) -> tuple[Letter, ...]:
    """The letters that need no person: all of what is released, notices to administration, and word to a sender whose file cannot be read.

    A sender whose file is locked or damaged hears of it at once, since the report must come again in time.
    """
    if state is SubmissionState.RELEASED:
        return kept.letters
    if state is SubmissionState.FILED:
        return tuple(letter for letter in kept.letters if letter.kind == "to-admin")
    unread = any(reading.document.problem is not None for reading in assessment.case.readings)
    if state is SubmissionState.HELD and unread:
        return tuple(letter for letter in kept.letters if letter.kind == "to-sender")
    return ()


# --- what a person decides


def release(store: Store, submission: str, *, reviewer: str, why: str, now: datetime) -> tuple[str, ...]:
    """Releases a held submission with every proposal as it stands; returns the ids of the letters queued.

    Raises:
        NothingChanged: it is not held, or nothing of it may leave.
    """
    with store.work() as work:
        kept = _dossier(work, submission)
        if kept.letter(dossier.TO_AUTHORITY) is None:
            raise NothingChanged(
                f"nothing of {submission} may leave as it stands; return it to its author, or rerun it once the cause is mended"
            )
        plan = work.dossiers.next_plan(submission) - 1
        work.dossiers.rule(submission, SubmissionState.RELEASED, reviewer=reviewer, why=why, plan_version=plan)
        queued = tuple(
            work.outgoing.queue(submission, dossier.dated(letter, now), kept.proofs if letter.kind == dossier.TO_AUTHORITY else ())
            for letter in kept.letters
        )
        work.ledger.decide(submission, Fate.PROCESSED)
        work.commit()
    return queued


def send_back(store: Store, tools: Tools, submission: str, *, reviewer: str, why: str, now: datetime) -> tuple[str, ...]:
    """Returns a held submission to its author with what to mend; returns the ids of the letters queued, if any.

    Raises:
        NothingChanged: it is not held.
    """
    with store.reading() as work:
        raw, collected = work.dossiers.original(submission), work.submissions.get(submission).created
    assessment = assess(raw, tools, collected=collected)
    letter = correspondence.returned(assessment, sender=tools.sender, now=now, help_contact=tools.help_contact)
    with store.work() as work:
        work.dossiers.rule(submission, SubmissionState.RETURNED, reviewer=reviewer, why=why)
        queued = (work.outgoing.queue(submission, letter),) if letter else ()
        work.ledger.decide(submission, Fate.PROCESSED)
        work.commit()
    return queued


def unlock(store: Store, tools: Tools, submission: str, passwords: tuple[str, ...], *, reviewer: str, clock: Clock) -> int:
    """Reads a held submission again with passwords for its locked files, which are kept nowhere. Returns how many files more were read.

    It stays held, with a new assessment and plan for a person to rule on; what would leave is the unlocked files.

    Raises:
        NothingChanged: it is not held, or no password opens any of its files.
    """
    with store.reading() as work:
        _refuse_unless_held(work, submission, "unlocked")
        raw, collected = work.dossiers.original(submission), work.submissions.get(submission).created
        before, version = _readable(_dossier(work, submission)), work.dossiers.next_plan(submission)
    assessment = assess(raw, tools.with_passwords(passwords), collected=collected)
    made = outgoing(replace(assessment, plan=replace(assessment.plan, version=version)), tools, now=clock())
    kept = dossier.of(made)
    more = _readable(kept) - before
    if more <= 0:
        raise NothingChanged(f"the password opens none of the files of {submission}; nothing was changed")
    with store.work() as work:
        work.submissions.locked(submission)
        _refuse_unless_held(work, submission, "unlocked")  # somebody may have ruled on it meanwhile
        work.dossiers.add_assessment(submission, dossier.packed(kept), Summary.of(made.assessment))
        work.dossiers.add_plan(submission, version, dossier.packed_plan(made.assessment.plan))
        work.audit.append(clock(), reviewer, "unlocked", submission, {"files": more, "plan": version})
        if made.assessment.disposition.quarantined:
            work.submissions.move(submission, SubmissionState.QUARANTINED, code="unlocked")
        work.commit()
    return more


def amend(store: Store, tools: Tools, submission: str, edits: Sequence[Edit], *, reviewer: str, clock: Clock) -> int:
    """Changes what is taken out of a held submission, and makes and proves its copies and letters anew; returns the plan's new version.

    It stays held; a later release sends these letters. Every version of the plan is kept.

    Raises:
        NothingChanged: it is not held, an edit does not fit, the files or rules are no longer those of its plan, or a copy cannot be
            proven clean; the version before stays in force.
    """
    with store.reading() as work:
        _refuse_unless_held(work, submission, "amended")
        raw, collected = work.dossiers.original(submission), work.submissions.get(submission).created
        stored, kept, version = work.dossiers.plan(submission), _dossier(work, submission), work.dossiers.next_plan(submission)
    if stored is None:
        raise NothingChanged(f"{submission} has no plan yet; process it first")
    before = dossier.unpacked_plan(stored.payload)
    fresh = assess(raw, tools, collected=collected)
    _refuse_unless_as_kept(submission, fresh, before, kept)
    changed = replace(edited(before, fresh.case, edits, author=reviewer), version=version)
    made = outgoing(replace(fresh, plan=changed), tools, now=clock())
    if made.assessment.plan != changed:
        raise NothingChanged(f"a copy by the changed plan cannot be proven clean; plan {before.version} of {submission} stays in force")
    with store.work() as work:
        work.submissions.locked(submission)
        _refuse_unless_held(work, submission, "amended")  # somebody may have ruled on it meanwhile
        if work.dossiers.next_plan(submission) != version:
            raise NothingChanged(f"the plan of {submission} was changed meanwhile; look at it again: reportgate show {submission}")
        work.dossiers.add_assessment(submission, dossier.packed(dossier.of(made)), Summary.of(made.assessment))
        work.dossiers.add_plan(submission, version, dossier.packed_plan(changed), author=reviewer)
        work.audit.append(clock(), reviewer, "amended", submission, {"plan": version, **Counter(edit.change.value for edit in edits)})
        work.commit()
    return version


def _refuse_unless_as_kept(submission: str, fresh: Assessment, plan: RedactionPlan, kept: dossier.Dossier) -> None:
    """A kept plan points into texts as they were read, under rules as they were; only there may it be changed."""
    card = kept.view["scorecard"]
    same_rules = (card["pack"], card["version"]) == (fresh.scorecard.pack, fresh.scorecard.version)
    if not same_rules or fresh.disposition.quarantined:
        raise NothingChanged(f"{submission} is judged otherwise by the rules now in force; rerun it and amend what is then proposed")
    readings = fresh.case.readings
    told = [(document["words"], document["pages"]) for document in kept.view["documents"]]
    read = [readings[number - 1].document for number in kept.numbers if number <= len(readings)]
    same = len(readings) == len(plan.documents) and told == [(one.word_count, len(one.pages) or None) for one in read]
    if not same or dossier.taken(plan, fresh.case) != kept.taken:
        raise NothingChanged(f"the files of {submission} do not open as they did for its plan; rerun it, or give their --password-file")


def must_be_held(store: Store, submission: str, done: str) -> None:
    """Answers before anything dear is loaded; `done` is what was asked, such as `returned`.

    Raises:
        NothingChanged: there is no such submission, or it is not held.
    """
    with store.reading() as work:
        _refuse_unless_held(work, submission, done)


def _refuse_unless_held(work: Work, submission: str, done: str) -> None:
    state = work.submissions.get(submission).state
    if state is not SubmissionState.HELD:
        raise NothingChanged(f"{submission} is {state.value}, and only held mail can be {done}; nothing was changed")


def _readable(kept: dossier.Dossier) -> int:
    """How many files were read; the message's own text is not locked, and is listed only where it matters."""
    return sum(document["kind"] != DocumentKind.UNREADABLE and document["name"] != BODY for document in kept.view["documents"])


def rerun(store: Store, submission: str, *, actor: str) -> None:
    """Has a parked, held, filed or quarantined submission assessed again, from the bytes in the vault.

    Raises:
        NothingChanged: it was released or returned already.
    """
    with store.work() as work:
        work.submissions.rerun(submission, actor=actor)
        work.commit()


def _dossier(work: Work, submission: str) -> dossier.Dossier:
    kept = work.dossiers.assessment(submission)
    if kept is None:
        raise NothingChanged(f"{submission} has not been assessed yet; process it first")
    return dossier.unpacked(kept.payload)
