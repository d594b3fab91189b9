"""Which places in which mailboxes have been looked at, and whether the mailbox has been told what became of each message."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from pipeline.domain.ports import Clock, Fate, MailKey
from pipeline.records.models import LedgerRow


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A message whose mailbox has not been told yet where it goes."""

    key: MailKey
    fate: Fate
    submission: str


class Ledger:
    """The ledger, within one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session, self._clock = session, clock

    def known(self, key: MailKey) -> bool:
        """Whether this place has been looked at; the Seen flag and Message-ID mean nothing."""
        return self._session.scalars(select(LedgerRow.id).where(*_at(key))).one_or_none() is not None

    def enter(self, key: MailKey, submission: str, *, duplicate: bool) -> bool:
        """Notes what a place holds; False where it was noted before. A duplicate's fate is known at once."""
        if self.known(key):
            return False
        row = LedgerRow(
            mailbox=key.mailbox,
            folder=key.folder,
            uidvalidity=key.uidvalidity,
            uid=key.uid,
            submission=submission,
            duplicate=duplicate,
            fate=Fate.PROCESSED.value if duplicate else None,
            created=self._clock(),
        )
        self._session.add(row)
        self._session.flush()
        return True

    def decide(self, submission: str, fate: Fate) -> None:
        """Says where the submission's message goes in its mailbox; where it was told otherwise before, it is told anew."""
        other = or_(LedgerRow.fate.is_(None), LedgerRow.fate != fate.value)
        where = (LedgerRow.submission == submission, LedgerRow.duplicate.is_(False), other)
        self._session.execute(update(LedgerRow).where(*where).values(fate=fate.value, settled=None))

    def unsettled(self, mailbox: str | None = None) -> tuple[Unsettled, ...]:
        """Messages whose fate is decided but whose mailbox has not been told, oldest first; of one mailbox where it is named."""
        query = select(LedgerRow).where(LedgerRow.settled.is_(None), LedgerRow.fate.is_not(None)).order_by(LedgerRow.id)
        if mailbox is not None:
            query = query.where(LedgerRow.mailbox == mailbox)
        return tuple(
            Unsettled(MailKey(row.mailbox, row.folder, row.uidvalidity, row.uid), Fate(row.fate), row.submission)
            for row in self._session.scalars(query)
            if row.fate is not None
        )

    def settle(self, key: MailKey) -> None:
        """Notes that the mailbox has been told."""
        self._session.execute(update(LedgerRow).where(*_at(key)).values(settled=self._clock()))


def _at(key: MailKey) -> tuple[ColumnElement[bool], ...]:
    return (
        LedgerRow.mailbox == key.mailbox,
        LedgerRow.folder == key.folder,
        LedgerRow.uidvalidity == key.uidvalidity,
        LedgerRow.uid == key.uid,
    )
