"""What was made of a submission: its original, assessments, plans and rulings, each version kept and sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.domain.errors import NothingChanged
from pipeline.domain.ports import Clock
from pipeline.domain.states import SubmissionState
from pipeline.records.audit import Audit
from pipeline.records.models import AssessmentRow, DiaryRow, OriginalRow, PlanRow, RulingRow
from pipeline.records.submissions import GATEWAY, Submissions
from pipeline.records.summary import Summary
from pipeline.records.vault import Vault

VersionedRow = TypeVar("VersionedRow", AssessmentRow, PlanRow)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored assessment or plan, opened."""

    version: int
    payload: bytes = field(repr=False)
    created: datetime
    author: str = GATEWAY


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer decided on a submission, and why."""

    reviewer: str
    state: SubmissionState
    plan_version: int | None
    created: datetime
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A conference that mail has told of."""

    submission: str
    authority: str
    conference_type: str | None
    conference_date: date
    route: str


class Dossiers:
    """What was made of submissions, within one transaction."""

    def __init__(self, session: Session, vault: Vault, audit: Audit, clock: Clock, submissions: Submissions) -> None:
        self._session, self._vault, self._audit, self._clock, self._submissions = session, vault, audit, clock, submissions

    def add_assessment(self, submission: str, payload: bytes, summary: Summary) -> int:
        """Keeps an assessment as its next version, sealed, and its summary; returns the version."""
        self._submissions.locked(submission)
        version = self._next(submission)
        now = self._clock()
        self._session.add(
            AssessmentRow(
                submission=submission,
                version=version,
                pack=summary.pack,
                pack_version=summary.pack_version,
                score=summary.score,
                sealed=self._vault.seal(payload, f"assessment:{submission}:{version}"),
                created=now,
            )
        )
        self._submissions.summarise(submission, summary)
        details = {"version": version, "decision": summary.decision.value, "pack": summary.pack, "pack_version": summary.pack_version}
        self._audit.append(now, GATEWAY, "assessed", submission, details)
        return version

    def next_plan(self, submission: str) -> int:
        """The version the next plan gets: 1 for the first."""
        return (self._session.scalar(select(func.max(PlanRow.version)).where(PlanRow.submission == submission)) or 0) + 1

    def add_plan(self, submission: str, version: int, payload: bytes, *, author: str = GATEWAY) -> None:
        """Keeps one version of the plan, sealed.

        Raises:
            NothingChanged: that version is there already and says something else, or there is no such submission.
        """
        self._submissions.locked(submission)
        known = self._session.scalars(select(PlanRow).where(PlanRow.submission == submission, PlanRow.version == version)).one_or_none()
        if known is not None:
            if self._vault.open(known.sealed, f"plan:{submission}:{version}") != payload:
                raise NothingChanged(f"plan {version} of {submission} is kept already and differs; make the next version instead")
            return
        sealed = self._vault.seal(payload, f"plan:{submission}:{version}")
        self._session.add(PlanRow(submission=submission, version=version, author=author, sealed=sealed, created=self._clock()))
        self._audit.append(self._clock(), author, "planned", submission, {"version": version})

    def rule(self, submission: str, to: SubmissionState, *, reviewer: str, why: str, plan_version: int | None = None) -> None:
        """Keeps a reviewer's decision with its reason, and moves the submission accordingly.

        Raises:
            NothingChanged: as for `move`.
        """
        self._submissions.move(submission, to, actor=reviewer, code="ruling")
        sealed = self._vault.seal(why.encode(), f"ruling:{submission}")
        row = RulingRow(
            submission=submission, reviewer=reviewer, state=to.value, plan_version=plan_version, why=sealed, created=self._clock()
        )
        self._session.add(row)

    def original(self, submission: str) -> bytes:
        """The bytes of the message as they came.

        Raises:
            NothingChanged: there is no such submission.
            VaultError: they do not open.
        """
        digest = self._submissions.row(submission).digest
        return self._vault.open(self._session.get_one(OriginalRow, digest).sealed, f"original:{digest}")

    def assessment(self, submission: str, version: int | None = None) -> Kept | None:
        """An assessment, the latest unless a version is named; None where there is none."""
        row = self._version(AssessmentRow, submission, version)
        return Kept(row.version, self._vault.open(row.sealed, f"assessment:{submission}:{row.version}"), row.created) if row else None

    def plan(self, submission: str, version: int | None = None) -> Kept | None:
        """A plan, the latest unless a version is named; None where there is none."""
        row = self._version(PlanRow, submission, version)
        return Kept(row.version, self._vault.open(row.sealed, f"plan:{submission}:{row.version}"), row.created, row.author) if row else None

    def rulings(self, submission: str) -> tuple[Ruling, ...]:
        """What reviewers decided, in order."""
        rows = self._session.scalars(select(RulingRow).where(RulingRow.submission == submission).order_by(RulingRow.id))
        return tuple(
            Ruling(
                row.reviewer,
                SubmissionState(row.state),
                row.plan_version,
                row.created,
                self._vault.open(row.why, f"ruling:{submission}").decode(),
            )
            for row in rows
        )

    def diary(self, first: date, last: date) -> tuple[Appointment, ...]:
        """The conferences between two days, both included."""
        query = (
            select(DiaryRow).where(DiaryRow.conference_date.between(first, last)).order_by(DiaryRow.conference_date, DiaryRow.submission)
        )
        rows = self._session.scalars(query)
        return tuple(Appointment(row.submission, row.authority, row.conference_type, row.conference_date, row.route) for row in rows)

    def _next(self, submission: str) -> int:
        return (self._session.scalar(select(func.max(AssessmentRow.version)).where(AssessmentRow.submission == submission)) or 0) + 1

    def _version(self, table: type[VersionedRow], submission: str, version: int | None) -> VersionedRow | None:
        query = select(table).where(table.submission == submission).order_by(table.version.desc()).limit(1)
        return self._session.scalars(query if version is None else query.where(table.version == version)).one_or_none()
