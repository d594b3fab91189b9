"""Submissions in the store: taking them in, moving them between states, and finding them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, nulls_last, select
from sqlalchemy.orm import Session

from pipeline.domain.errors import NothingChanged
from pipeline.domain.ports import Clock, Collected
from pipeline.domain.states import SUBMISSION_MOVES, SubmissionState
from pipeline.records.audit import Audit
from pipeline.records.ids import new_id
from pipeline.records.ledger import Ledger
from pipeline.records.models import DiaryRow, OriginalRow, SubmissionRow
from pipeline.records.summary import Entry, Summary
from pipeline.records.vault import Vault

GATEWAY = "gateway"
"""Who acts where no person does."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What a collected message became. `duplicate`: the same bytes had come before, and this is the submission they became."""

    submission: str
    duplicate: bool


class Submissions:
    """Submissions, within one transaction."""

    def __init__(self, session: Session, vault: Vault, audit: Audit, clock: Clock) -> None:
        self._session, self._vault, self._audit, self._clock = session, vault, audit, clock

    # taking in

    def receive(self, collected: Collected) -> Reception:
        """Keeps a message and its place in the mailbox; safe to repeat.

        The same bytes delivered again are entered in the ledger and point at the first submission; nothing is processed twice.
        """
        digest = hashlib.sha256(collected.raw).hexdigest()
        known = self._session.scalars(select(SubmissionRow.id).where(SubmissionRow.digest == digest)).one_or_none()
        submission = known or self._create(digest, collected)
        entered = Ledger(self._session, self._clock).enter(collected.key, submission, duplicate=known is not None)
        if known and entered:
            self._audit.append(self._clock(), GATEWAY, "duplicate", submission)
        return Reception(submission, duplicate=known is not None)

    def _create(self, digest: str, collected: Collected) -> str:
        now = self._clock()
        row = SubmissionRow(
            id=new_id("S", now),
            digest=digest,
            state=SubmissionState.RECEIVED.value,
            received=collected.received,
            created=now,
            updated=now,
        )
        sealed = self._vault.seal(collected.raw, f"original:{digest}")
        self._session.add_all([row, OriginalRow(digest=digest, size=len(collected.raw), sealed=sealed)])
        self._session.flush()
        self._audit.append(now, GATEWAY, "received", row.id, {"digest": digest, "bytes": len(collected.raw)})
        return row.id

    def begin_attempt(self, submission: str) -> int:
        """Counts one more try at processing, so that a message that ends the process each time is noticed; returns the count."""
        row = self.locked(submission)
        row.attempts += 1
        return row.attempts

    def forgive_attempt(self, submission: str) -> None:
        """Takes a try back that ended for a reason outside the message, such as a virus scanner that does not answer."""
        row = self.locked(submission)
        row.attempts = max(row.attempts - 1, 0)

    # moving

    def move(self, submission: str, to: SubmissionState, *, actor: str = GATEWAY, code: str = "", note: str = "") -> None:
        """Moves a submission to another state.

        Args:
            submission: its id.
            to: the state it goes to.
            actor: who moves it, for the audit chain.
            code: why, as a code for the audit chain, such as `residue` or the name of an error class.
            note: why, as one plain line for people; kept sealed.

        Raises:
            NothingChanged: there is no such submission, or the move is not one of `SUBMISSION_MOVES`.
        """
        row = self.locked(submission)
        before = SubmissionState(row.state)
        if to not in SUBMISSION_MOVES[before]:
            raise NothingChanged(f"{submission} is {before.value} and cannot become {to.value}; nothing was changed")
        row.state, row.updated = to.value, self._clock()
        row.note = self._vault.seal(note.encode(), f"note:{submission}") if note else None
        self._audit.append(row.updated, actor, "moved", submission, {"from": before.value, "to": to.value, "code": code})

    def rerun(self, submission: str, *, actor: str) -> None:
        """Has a submission processed again from its original; what was released stays released.

        Raises:
            NothingChanged: it is not there, or in a state that processing must not undo.
        """
        self.move(submission, SubmissionState.RECEIVED, actor=actor, code="rerun")
        self.locked(submission).attempts = 0

    def summarise(self, submission: str, summary: Summary) -> None:
        """Puts an assessment's summary where submissions are found, queued and counted by it, and its conference into the diary."""
        row = self.locked(submission)
        row.authority, row.agency, row.route = summary.authority, summary.agency.value, summary.route.value
        row.decision, row.deadline_status = summary.decision.value, summary.deadline_status.value
        row.conference_type = summary.conference_type.value if summary.conference_type else None
        row.conference_date, row.due, row.updated = summary.conference_date, summary.due, self._clock()
        row.reasons = self._vault.seal(json.dumps(summary.reasons).encode(), f"reasons:{row.id}")
        if summary.authority and summary.conference_date:
            appointment = DiaryRow(
                submission=row.id,
                authority=summary.authority,
                conference_type=row.conference_type,
                conference_date=summary.conference_date,
                route=summary.route.value,
            )
            self._session.merge(appointment)

    # looking

    def get(self, submission: str) -> Entry:
        """One submission.

        Raises:
            NothingChanged: there is none of that id.
        """
        return self._entry(self.row(submission))

    def in_state(self, *states: SubmissionState, limit: int = 1000) -> tuple[Entry, ...]:
        """Submissions in any of the states, those first taken in first."""
        query = select(SubmissionRow).where(SubmissionRow.state.in_(states)).order_by(SubmissionRow.created, SubmissionRow.id)
        return self._entries(self._session.scalars(query.limit(limit)))

    def waiting(self, *, at_least: int = 0, below: int | None = None, limit: int = 1000) -> tuple[str, ...]:
        """Ids of what was received and is to be processed, of messages of so many bytes; those first taken in first."""
        query = select(SubmissionRow.id).join(OriginalRow, OriginalRow.digest == SubmissionRow.digest)
        query = query.where(SubmissionRow.state == SubmissionState.RECEIVED.value, OriginalRow.size >= at_least)
        if below is not None:
            query = query.where(OriginalRow.size < below)
        return tuple(self._session.scalars(query.order_by(SubmissionRow.created, SubmissionRow.id).limit(limit)))

    def queue(self) -> tuple[Entry, ...]:
        """What waits for a person, the earliest conference first, then the earliest due; quarantined mail comes last.

        A conference nobody could date may be tomorrow's, and so stands before those that are known.
        """
        waiting = (SubmissionState.HELD, SubmissionState.PARKED, SubmissionState.QUARANTINED)
        query = select(SubmissionRow).where(SubmissionRow.state.in_(waiting))
        suspicious = SubmissionRow.state == SubmissionState.QUARANTINED.value
        order = (suspicious, SubmissionRow.conference_date.is_(None).desc(), SubmissionRow.conference_date, nulls_last(SubmissionRow.due))
        return self._entries(self._session.scalars(query.order_by(*order, SubmissionRow.created, SubmissionRow.id)))

    def counts(self) -> dict[SubmissionState, int]:
        """How many submissions stand in each state, those without any too."""
        rows = self._session.execute(select(SubmissionRow.state, func.count()).group_by(SubmissionRow.state))
        found = {name: number for name, number in rows}  # noqa: C416 - a row is no pair to mypy
        return {state: found.get(state.value, 0) for state in SubmissionState}

    def row(self, submission: str) -> SubmissionRow:
        """A submission's row, to read.

        Raises:
            NothingChanged: there is none of that id.
        """
        return self._found(submission, self._session.get(SubmissionRow, submission))

    def locked(self, submission: str) -> SubmissionRow:
        """A submission's row, which nobody else changes until the transaction ends.

        Raises:
            NothingChanged: there is none of that id.
        """
        return self._found(submission, self._session.get(SubmissionRow, submission, with_for_update=True))

    @staticmethod
    def _found(submission: str, row: SubmissionRow | None) -> SubmissionRow:
        if row is None:
            raise NothingChanged(f"there is no submission {submission[:40]!a}; see: reportgate queue")
        return row

    def _entries(self, rows: Iterable[SubmissionRow]) -> tuple[Entry, ...]:
        return tuple(self._entry(row) for row in rows)

    def _entry(self, row: SubmissionRow) -> Entry:
        reasons = self._vault.open(row.reasons, f"reasons:{row.id}") if row.reasons else b"[]"
        return Entry(
            id=row.id,
            digest=row.digest,
            state=SubmissionState(row.state),
            received=row.received,
            created=row.created,
            updated=row.updated,
            attempts=row.attempts,
            authority=row.authority,
            agency=row.agency,
            route=row.route,
            decision=row.decision,
            conference_type=row.conference_type,
            conference_date=row.conference_date,
            due=row.due,
            deadline_status=row.deadline_status,
            claimed_by=row.claimed_by,
            reasons=tuple(json.loads(reasons)),
            note=self._vault.open(row.note, f"note:{row.id}").decode() if row.note else "",
        )
