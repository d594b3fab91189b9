"""The columns of a submission by which it is found, queued and counted, taken from its assessment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.domain.assessment import Assessment, Decision
from pipeline.domain.conference import ConferenceType, DeadlineStatus
from pipeline.domain.mail import Agency, Route
from pipeline.domain.states import SubmissionState


@dataclass(frozen=True, slots=True)
class Summary:
    """What an assessment says, without text about anybody; `reasons` are kept sealed all the same."""

    authority: str | None
    agency: Agency
    route: Route
    decision: Decision
    conference_type: ConferenceType | None
    conference_date: date | None
    due: datetime | None
    deadline_status: DeadlineStatus
    pack: str
    pack_version: str
    score: int | None
    reasons: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, assessment: Assessment) -> Summary:
        """The summary of an assessment."""
        case, facts = assessment.case, assessment.case.facts
        return cls(
            authority=case.authority.id if case.authority else None,
            agency=facts.agency,
            route=case.route,
            decision=assessment.disposition.decision,
            conference_type=facts.conference.type,
            conference_date=facts.conference.date,
            due=facts.deadline.due,
            deadline_status=facts.deadline.status,
            pack=assessment.scorecard.pack,
            pack_version=assessment.scorecard.version,
            score=assessment.scorecard.score,
            reasons=assessment.disposition.reasons,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission as the store knows it.

    Attributes:
        received: when it reached the mailbox.
        created, updated: when we took it in, and when it last changed.
        attempts: how often its processing was begun.
        note: why it stands where it stands, one plain line.
        authority to score: of its latest assessment; None before the first.
    """

    id: str
    digest: str
    state: SubmissionState
    received: datetime
    created: datetime
    updated: datetime
    attempts: int
    authority: str | None
    agency: str | None
    route: str | None
    decision: str | None
    conference_type: str | None
    conference_date: date | None
    due: datetime | None
    deadline_status: str | None
    claimed_by: str | None
    reasons: tuple[str, ...] = field(repr=False)
    note: str = field(repr=False)
