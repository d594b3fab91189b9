"""The tables. Text about people stands in sealed columns only; what is in the clear is ids, states, dates, counts and codes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware time; kept in UTC, because SQLite forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """UTC on the way in; a time without a zone is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables, with constraint names that are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: dict[Any, Any] = {datetime: Moment(), date: Date(), bytes: LargeBinary(), str: String(120)}  # noqa: RUF012 - SQLAlchemy's


class SubmissionRow(Base):
    """One email as received. `note` and `reasons` are sealed: they are plain sentences, but nobody can promise what they name."""

    __tablename__ = "submissions"
    __table_args__ = (Index(None, "state", "conference_date", "due"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    received: Mapped[datetime]
    created: Mapped[datetime]
    updated: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    authority: Mapped[str | None]
    agency: Mapped[str | None] = mapped_column(String(40))
    route: Mapped[str | None] = mapped_column(String(40))
    decision: Mapped[str | None] = mapped_column(String(20))
    conference_type: Mapped[str | None] = mapped_column(String(10))
    conference_date: Mapped[date | None]
    due: Mapped[datetime | None]
    deadline_status: Mapped[str | None] = mapped_column(String(10))
    reasons: Mapped[bytes | None]
    note: Mapped[bytes | None]
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]


class OriginalRow(Base):
    """The bytes of a message as they came, sealed."""

    __tablename__ = "originals"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes]


class LedgerRow(Base):
    """A place in a mailbox that has been looked at, and what it held. `settled` is when the mailbox was told."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"), Index(None, "settled", "fate"))

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(320))
    folder: Mapped[str] = mapped_column(String(320))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    duplicate: Mapped[bool] = mapped_column(default=False)
    fate: Mapped[str | None] = mapped_column(String(20))
    settled: Mapped[datetime | None]
    created: Mapped[datetime]


class AssessmentRow(Base):
    """One assessment of a submission, sealed, since it holds quotations; a new one is a new version."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("submission", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    pack: Mapped[str]
    pack_version: Mapped[str]
    score: Mapped[int | None]
    sealed: Mapped[bytes]
    created: Mapped[datetime]


class PlanRow(Base):
    """One version of what is to be taken away, sealed; `author` is `gateway` or a reviewer."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("submission", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    version: Mapped[int]
    author: Mapped[str]
    sealed: Mapped[bytes]
    created: Mapped[datetime]


class RulingRow(Base):
    """What a reviewer decided, when, on which version of the plan; the reason is sealed."""

    __tablename__ = "rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    reviewer: Mapped[str]
    state: Mapped[str] = mapped_column(String(20))
    plan_version: Mapped[int | None]
    why: Mapped[bytes]
    created: Mapped[datetime]


class DispatchRow(Base):
    """A letter in the outbox, sealed, and where it stands. `failure` is a code; `proof` holds digests and counts as JSON."""

    __tablename__ = "dispatches"
    __table_args__ = (Index(None, "state", "next_try"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime]
    failure: Mapped[str | None] = mapped_column(String(200))
    proof: Mapped[str] = mapped_column(Text, default="[]")
    sealed: Mapped[bytes]
    created: Mapped[datetime]
    updated: Mapped[datetime]


class RecipientRow(Base):
    """Somebody a letter goes to, sealed: when a server accepted it for them, or the code with which it was refused."""

    __tablename__ = "recipients"

    dispatch: Mapped[str] = mapped_column(ForeignKey("dispatches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[bytes]
    accepted: Mapped[datetime | None]
    code: Mapped[int | None]


class DiaryRow(Base):
    """A conference that mail has told of."""

    __tablename__ = "diary"

    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    authority: Mapped[str]
    conference_type: Mapped[str | None] = mapped_column(String(10))
    conference_date: Mapped[date] = mapped_column(index=True)
    route: Mapped[str] = mapped_column(String(40))


class AuditRow(Base):
    """One link of the audit chain; the database refuses to change or remove it."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(60))
    submission: Mapped[str | None] = mapped_column(String(40), index=True)
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """The last link; its single row is the lock under which the next one is written, and shows when links were cut off."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class KeyRow(Base):
    """A key something in this database was sealed with, by its id."""

    __tablename__ = "vault_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime]
