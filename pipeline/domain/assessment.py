"""What the gateway makes of one submission, complete: from it the decision, the letters and the reviewer's page are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.authority import Authority
from pipeline.domain.conference import Facts
from pipeline.domain.findings import Finding, Scorecard
from pipeline.domain.mail import Route, Submission
from pipeline.domain.people import Reading, Roster
from pipeline.domain.plan import RedactionPlan


@dataclass(frozen=True, slots=True)
class Case:
    """A submission with everything read and recognised in it: what the guidance is asked about.

    Attributes:
        authority: None where the address it was sent to is in no directory entry.
        readings: the body first where it is a document, then the attachments in the order sent, each container followed by its members.
    """

    submission: Submission
    authority: Authority | None
    route: Route
    facts: Facts
    roster: Roster
    readings: tuple[Reading, ...]


class Decision(StrEnum):
    """What happens next."""

    RELEASE = "release"
    REVIEW = "review"
    NOT_A_REPORT = "not_a_report"


@dataclass(frozen=True, slots=True)
class Disposition:
    """The decision with its reasons, most weighty first: plain sentences without personal text.

    Attributes:
        quarantined: nothing may leave, not even after a reviewer accepts every proposal as it stands.
    """

    decision: Decision
    reasons: tuple[str, ...]
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer on one submission."""

    case: Case
    findings: tuple[Finding, ...]
    scorecard: Scorecard
    plan: RedactionPlan
    disposition: Disposition
