"""The chain of what was done: each link carries the hash of the one before, so that none can be changed, put in or taken out unseen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.domain.errors import StoreError
from pipeline.records.models import AuditHeadRow, AuditRow

BEGINNING = "0" * 64
Details = Mapping[str, str | int | None]
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,80}")
_ACTOR = re.compile(r"[A-Za-z0-9_.:@+-]{1,120}")


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that was done: when, by whom (`gateway`, or who ruled), to which submission; details are ids, codes and counts."""

    seq: int
    at: datetime
    actor: str
    action: str
    submission: str | None
    details: str
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash its content and place call for."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [self.seq, moment, self.actor, self.action, self.submission, self.details, self.previous]
        return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many links were checked, and the first fault as one line, or None where the chain is whole."""

    links: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something done that has no place in the chain yet."""

    at: datetime
    actor: str
    action: str
    submission: str | None
    details: str


class Audit:
    """The chain, within one transaction.

    What is done is gathered and linked only when the transaction ends, so that the chain's end, for which all writers wait, is locked
    last and briefly; two writers can then never wait for each other.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._deeds: list[_Deed] = []

    def append(self, at: datetime, actor: str, action: str, submission: str | None = None, details: Details | None = None) -> None:
        """Adds a link when the transaction ends.

        Raises:
            ValueError: actor or details hold something that is not an id, code or count, and so might be about a person.
        """
        _refuse_prose(actor, details or {})
        text = json.dumps(dict(details or {}), sort_keys=True, separators=(",", ":"))
        self._deeds.append(_Deed(at.astimezone(UTC), actor, action, submission, text))

    def write(self) -> None:
        """Links what was done to the chain; called once, by the transaction, just before it ends."""
        if not self._deeds:
            return
        head = self._head()
        for deed in self._deeds:
            bare = Link(head.seq + 1, deed.at, deed.actor, deed.action, deed.submission, deed.details, head.hash, "")
            head.seq, head.hash = bare.seq, bare.computed()
            self._session.add(_row(bare, head.hash))
        self._deeds.clear()
        self._session.flush()

    def _head(self) -> AuditHeadRow:
        """The last link, locked until the transaction ends: on PostgreSQL by the row, on SQLite by being the one writer."""
        head = self._session.scalars(select(AuditHeadRow).with_for_update().execution_options(populate_existing=True)).one_or_none()
        if head is None:
            raise StoreError("the audit chain has no beginning; run: reportgate init")
        return head

    def links(self, submission: str | None = None) -> Generator[Link, None, None]:
        """All links in order, or those of one submission."""
        query = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
        if submission is not None:
            query = query.where(AuditRow.submission == submission)
        with closing(self._session.scalars(query)) as rows:
            for row in rows:
                yield Link(row.seq, row.at, row.actor, row.action, row.submission, row.details, row.previous, row.hash)

    def verify(self) -> Verdict:
        """Reads the whole chain and says whether it holds together, to its recorded end."""
        seq, last = 0, BEGINNING
        with closing(self.links()) as links:
            for link in links:
                if link.seq != seq + 1:
                    return Verdict(seq, f"a link is missing after number {seq}")
                if link.previous != last or link.hash != link.computed():
                    return Verdict(seq, f"link number {link.seq} was changed after it was written")
                seq, last = link.seq, link.hash
        head = self._session.scalars(select(AuditHeadRow)).one_or_none()
        if head is None or (head.seq, head.hash) != (seq, last):
            return Verdict(seq, f"the chain ends at number {seq}, which is not where it was last written")
        return Verdict(seq, None)


def _row(link: Link, found: str) -> AuditRow:
    return AuditRow(
        seq=link.seq,
        at=link.at,
        actor=link.actor,
        action=link.action,
        submission=link.submission,
        details=link.details,
        previous=link.previous,
        hash=found,
    )


def _refuse_prose(actor: str, details: Details) -> None:
    if not _ACTOR.fullmatch(actor):
        raise ValueError("an actor is `gateway` or a user name without spaces")
    for value in details.values():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError("the audit chain takes ids, codes and counts only")
