"""Letters in the outbox: written in the transaction of the decision, marked before they are handed over, and settled afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.domain.authority import Letter
from pipeline.domain.errors import NothingChanged
from pipeline.domain.plan import Proof
from pipeline.domain.ports import Clock, Doubt, Handover, Receipt
from pipeline.domain.states import DISPATCH_MOVES, DispatchState, SubmissionState
from pipeline.records.audit import Audit, Details
from pipeline.records.ids import new_id
from pipeline.records.models import DispatchRow, RecipientRow, SubmissionRow
from pipeline.records.submissions import GATEWAY, Submissions
from pipeline.records.vault import Vault

WAITING = (DispatchState.QUEUED, DispatchState.DEFERRED)
"""The states in which the outbox takes a letter up by itself."""

UNSOLVED = (DispatchState.PARTLY_SENT, DispatchState.REFUSED, DispatchState.UNCERTAIN)
"""The states in which a letter waits for a person, or for a look at the sent mail."""


CARRIES_REPORT = frozenset({"to-authority"})
"""Letters that carry a report: they leave only while their submission is released."""

REPLACED = "replaced by a later version"
"""The failure of a letter that must not leave any more, because the decision was made anew."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter goes to: when a server accepted it for them, or the code with which it was refused."""

    address: str = field(repr=False)
    accepted: datetime | None
    code: int | None

    @property
    def outstanding(self) -> bool:
        """Still to be sent to: neither accepted nor refused for good (5xx)."""
        return self.accepted is None and (self.code is None or self.code < 500)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A letter's place in the outbox, without the letter.

    Attributes:
        failure: a code or one line without personal text on why it stands where it stands, or empty.
    """

    id: str
    submission: str
    kind: str
    message_id: str
    state: DispatchState
    attempts: int
    next_try: datetime
    failure: str
    created: datetime
    updated: datetime
    recipients: tuple[Recipient, ...]
    proofs: tuple[Proof, ...]


class Outgoing:
    """The outbox, within one transaction."""

    def __init__(self, session: Session, vault: Vault, audit: Audit, clock: Clock, submissions: Submissions) -> None:
        self._session, self._vault, self._audit, self._clock, self._submissions = session, vault, audit, clock, submissions

    def queue(self, submission: str, letter: Letter, proofs: Sequence[Proof] = ()) -> str:
        """Puts a letter into the outbox; returns the dispatch's id.

        A letter already there (the same Message-ID) is not put in twice. One of the same kind, made from an earlier version of the plan
        and not handed over yet, will not leave any more.
        """
        self._submissions.locked(submission)
        known = self._session.scalars(select(DispatchRow.id).where(DispatchRow.message_id == letter.message_id)).one_or_none()
        if known is not None:
            return known
        self._replace(submission, letter.kind)
        now = self._clock()
        dispatch = new_id("D", now)
        row = DispatchRow(
            id=dispatch,
            submission=submission,
            kind=letter.kind,
            message_id=letter.message_id,
            state=DispatchState.QUEUED.value,
            next_try=now,
            proof=json.dumps([asdict(proof) for proof in proofs]),
            sealed=self._vault.seal(_packed(letter), f"letter:{dispatch}"),
            created=now,
            updated=now,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add_all(self._recipient(dispatch, place, address) for place, address in enumerate(letter.recipients))
        self._audit.append(
            now, GATEWAY, "queued", submission, {"dispatch": dispatch, "kind": letter.kind, "recipients": len(letter.recipients)}
        )
        return dispatch

    def _replace(self, submission: str, kind: str) -> None:
        stoppable = (*WAITING, DispatchState.REFUSED)
        older = select(DispatchRow).where(DispatchRow.submission == submission, DispatchRow.kind == kind, DispatchRow.state.in_(stoppable))
        for row in self._session.scalars(older.with_for_update()).all():
            if row.state == DispatchState.REFUSED.value:
                row.failure = REPLACED
            else:
                self._move(row, DispatchState.REFUSED, failure=REPLACED)

    def _recipient(self, dispatch: str, position: int, address: str) -> RecipientRow:
        return RecipientRow(
            dispatch=dispatch, position=position, address=self._vault.seal(address.encode(), f"recipient:{dispatch}:{position}")
        )

    # handing over

    def due(self, limit: int = 100) -> tuple[str, ...]:
        """The ids of letters to hand over now, those waiting longest first."""
        may_leave = DispatchRow.kind.not_in(CARRIES_REPORT) | (SubmissionRow.state == SubmissionState.RELEASED.value)
        waiting = (
            select(DispatchRow.id)
            .join(SubmissionRow, SubmissionRow.id == DispatchRow.submission)
            .where(DispatchRow.state.in_(WAITING), DispatchRow.next_try <= self._clock(), may_leave)
        )
        return tuple(self._session.scalars(waiting.order_by(DispatchRow.next_try, DispatchRow.id).limit(limit)))

    def begin(self, dispatch: str) -> Handover:
        """Records the intent to hand a letter over; commit before any server is spoken to.

        Raises:
            NothingChanged: the letter is not waiting (another worker may have it), or its report is not released any more.
        """
        row = self._locked(dispatch)
        state = self._submissions.locked(row.submission).state
        if row.kind in CARRIES_REPORT and state != SubmissionState.RELEASED.value:
            raise NothingChanged(f"{row.submission} is {state}, not released; {dispatch} was not handed over")
        self._move(row, DispatchState.SENDING)
        row.attempts += 1
        recipients = tuple(recipient.address for recipient in self._recipients(dispatch) if recipient.outstanding)
        return Handover(dispatch, self._letter(row), recipients, row.attempts)

    def record(self, dispatch: str, receipt: Receipt, next_try: datetime) -> DispatchState:
        """Records what a server did with a letter; returns where it stands now.

        Everybody accepted: sent, and its submission with it once all its letters are. Somebody put off (4xx): deferred until
        `next_try`, for those recipients alone. The others refused for good: partly sent or refused, and somebody must act.
        """
        row = self._locked(dispatch)
        refused = dict(receipt.refused)
        for held in self._rows(dispatch):
            address = self._address(held)
            if address in receipt.accepted:
                held.accepted, held.code = self._clock(), None
            elif address in refused:
                held.code = refused[address]
        self._session.flush()
        recipients = self._recipients(dispatch)
        row.next_try = next_try
        counts = {
            "accepted": sum(recipient.accepted is not None for recipient in recipients),
            "outstanding": sum(recipient.outstanding for recipient in recipients),
            "recipients": len(recipients),
        }
        codes = sorted({recipient.code for recipient in recipients if recipient.code is not None})
        failure = "refused " + " ".join(map(str, codes)) if codes else ""
        self._move(row, _outcome(recipients), failure=failure, details=counts)
        return DispatchState(row.state)

    def defer(self, dispatch: str, next_try: datetime, failure: str) -> None:
        """Records that a server put the letter off, or was not there; it is tried again at `next_try`."""
        row = self._locked(dispatch)
        row.next_try = next_try
        self._move(row, DispatchState.DEFERRED, failure=failure)

    def refuse(self, dispatch: str, failure: str) -> None:
        """Records that the letter will not be taken, from anybody; somebody must act."""
        self._move(self._locked(dispatch), DispatchState.REFUSED, failure=failure)

    def doubt(self, dispatch: str, failure: str) -> None:
        """Records that the letter was handed over and not confirmed."""
        self._move(self._locked(dispatch), DispatchState.UNCERTAIN, failure=failure)

    # putting right

    def recover(self, *, older_than: timedelta = timedelta(0)) -> tuple[str, ...]:
        """Makes letters uncertain whose handing over was begun so long ago and never recorded: the process died in between."""
        begun = select(DispatchRow).where(
            DispatchRow.state == DispatchState.SENDING.value, DispatchRow.updated <= self._clock() - older_than
        )
        rows = tuple(self._session.scalars(begun.with_for_update()))
        for row in rows:
            self._move(row, DispatchState.UNCERTAIN, failure="ended while it was being handed over")
        return tuple(row.id for row in rows)

    def settle(self, dispatch: str, *, arrived: bool, actor: str = GATEWAY) -> None:
        """Settles an uncertain letter: it was found to have arrived, or is handed over again to those who have not confirmed it.

        Raises:
            NothingChanged: the letter is not uncertain.
        """
        row = self._locked(dispatch)
        if row.state != DispatchState.UNCERTAIN.value:
            raise NothingChanged(f"{dispatch} is {row.state}, not uncertain; nothing was changed")
        if not arrived:
            return self._requeue(row, actor)
        for held in self._rows(dispatch):
            held.accepted = held.accepted or self._clock()
        return self._move(row, DispatchState.SENT, actor=actor)

    def requeue(self, dispatch: str, *, actor: str) -> None:
        """Hands a letter over again to those who refused it or never confirmed it, once the cause is mended.

        Raises:
            NothingChanged: the letter is on its way or sent.
        """
        self._requeue(self._locked(dispatch), actor)

    def _requeue(self, row: DispatchRow, actor: str) -> None:
        if row.failure == REPLACED:
            raise NothingChanged(f"{row.id} was replaced by a later version and will not be sent")
        self._move(row, DispatchState.QUEUED, actor=actor)
        row.next_try = self._clock()
        for held in self._rows(row.id):
            held.code = None

    def close_partly_sent(self, dispatch: str, *, actor: str) -> None:
        """Has a letter count as sent although some refused it, because a person reached them another way.

        Raises:
            NothingChanged: the letter is not partly sent.
        """
        row = self._locked(dispatch)
        if row.state != DispatchState.PARTLY_SENT.value:
            raise NothingChanged(f"{dispatch} is {row.state}, not partly sent; nothing was changed")
        self._move(row, DispatchState.SENT, actor=actor)

    # looking

    def get(self, dispatch: str) -> Dispatch:
        """One letter's place in the outbox.

        Raises:
            NothingChanged: there is none of that id.
        """
        return self._dispatch(self._row(dispatch))

    def letter(self, dispatch: str) -> Letter:
        """The letter itself."""
        return self._letter(self._row(dispatch))

    def of(self, submission: str) -> tuple[Dispatch, ...]:
        """The letters of one submission, in the order written."""
        rows = self._session.scalars(select(DispatchRow).where(DispatchRow.submission == submission).order_by(DispatchRow.id))
        return tuple(self._dispatch(row) for row in rows)

    def in_state(self, *states: DispatchState) -> tuple[Dispatch, ...]:
        """The letters in any of the states, oldest first."""
        rows = self._session.scalars(select(DispatchRow).where(DispatchRow.state.in_(states)).order_by(DispatchRow.created, DispatchRow.id))
        return tuple(self._dispatch(row) for row in rows)

    def uncertain(self) -> tuple[Doubt, ...]:
        """The letters of which nobody knows whether they arrived."""
        rows = self._session.scalars(
            select(DispatchRow).where(DispatchRow.state == DispatchState.UNCERTAIN.value).order_by(DispatchRow.updated)
        )
        return tuple(Doubt(row.id, row.message_id, row.updated) for row in rows)

    def counts(self) -> dict[DispatchState, int]:
        """How many letters stand in each state, those without any too."""
        rows = self._session.execute(select(DispatchRow.state, func.count()).group_by(DispatchRow.state))
        found = {name: number for name, number in rows}  # noqa: C416 - a row is no pair to mypy
        return {state: found.get(state.value, 0) for state in DispatchState}

    # within

    def _move(
        self, row: DispatchRow, to: DispatchState, *, failure: str = "", actor: str = GATEWAY, details: Details | None = None
    ) -> None:
        before = DispatchState(row.state)
        if to not in DISPATCH_MOVES[before]:
            raise NothingChanged(f"{row.id} is {before.value} and cannot become {to.value}; nothing was changed")
        row.state, row.updated, row.failure = to.value, self._clock(), failure[:200] or None
        about = {"dispatch": row.id, "from": before.value, "to": to.value, **(details or {})}
        self._audit.append(row.updated, actor, "dispatch", row.submission, about)
        if to is DispatchState.SENT:
            self._session.flush()
            self._finish(row.submission)

    def _finish(self, submission: str) -> None:
        """A released submission is sent once all its letters are."""
        unsent = (DispatchRow.state != DispatchState.SENT.value) & (func.coalesce(DispatchRow.failure, "") != REPLACED)
        open_letters = select(func.count()).select_from(DispatchRow).where(DispatchRow.submission == submission, unsent)
        if self._submissions.locked(submission).state == SubmissionState.RELEASED.value and not self._session.scalar(open_letters):
            self._submissions.move(submission, SubmissionState.SENT)

    def _row(self, dispatch: str) -> DispatchRow:
        return _found(dispatch, self._session.get(DispatchRow, dispatch))

    def _locked(self, dispatch: str) -> DispatchRow:
        """Locked after its submission, the order everybody keeps to, so that two never wait for each other."""
        self._submissions.locked(self._row(dispatch).submission)
        return _found(dispatch, self._session.get(DispatchRow, dispatch, with_for_update=True))

    def _rows(self, dispatch: str) -> Sequence[RecipientRow]:
        return self._session.scalars(select(RecipientRow).where(RecipientRow.dispatch == dispatch).order_by(RecipientRow.position)).all()

    def _recipients(self, dispatch: str) -> tuple[Recipient, ...]:
        return tuple(Recipient(self._address(row), row.accepted, row.code) for row in self._rows(dispatch))

    def _address(self, row: RecipientRow) -> str:
        return self._vault.open(row.address, f"recipient:{row.dispatch}:{row.position}").decode()

    def _letter(self, row: DispatchRow) -> Letter:
        return _unpacked(self._vault.open(row.sealed, f"letter:{row.id}"))

    def _dispatch(self, row: DispatchRow) -> Dispatch:
        return Dispatch(
            id=row.id,
            submission=row.submission,
            kind=row.kind,
            message_id=row.message_id,
            state=DispatchState(row.state),
            attempts=row.attempts,
            next_try=row.next_try,
            failure=row.failure or "",
            created=row.created,
            updated=row.updated,
            recipients=self._recipients(row.id),
            proofs=tuple(Proof(**{**proof, "checks": tuple(proof["checks"])}) for proof in json.loads(row.proof)),
        )


def _found(dispatch: str, row: DispatchRow | None) -> DispatchRow:
    if row is None:
        raise NothingChanged(f"there is no letter {dispatch[:40]!a} in the outbox")
    return row


def _outcome(recipients: Sequence[Recipient]) -> DispatchState:
    if all(recipient.accepted for recipient in recipients):
        return DispatchState.SENT
    if any(recipient.outstanding for recipient in recipients):
        return DispatchState.DEFERRED
    return DispatchState.PARTLY_SENT if any(recipient.accepted for recipient in recipients) else DispatchState.REFUSED


def _packed(letter: Letter) -> bytes:
    head = {"kind": letter.kind, "message_id": letter.message_id, "to": letter.to, "cc": letter.cc, "subject": letter.subject}
    return json.dumps(head).encode() + b"\n" + letter.content


def _unpacked(data: bytes) -> Letter:
    head, _, content = data.partition(b"\n")
    said = json.loads(head)
    return Letter(said["kind"], said["message_id"], tuple(said["to"]), tuple(said["cc"]), said["subject"], content)
