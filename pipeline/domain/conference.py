"""What a submission says of its conference, and by when the report is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.domain.mail import Agency
from pipeline.domain.text import PersonalText, Span


class ConferenceType(StrEnum):
    """Initial (a pre-birth conference is one) or review."""

    ICPC = "ICPC"
    RCPC = "RCPC"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something is said: index of the document in the case (None for subject line and headers), its span, and the words."""

    document: int | None
    span: Span | None
    quote: PersonalText


@dataclass(frozen=True, slots=True)
class Conference:
    """The conference, as far as the mail says.

    Attributes:
        type, date: None where not said or where what is said conflicts beyond repair.
        children: the subject children as named, in order.
        conflicts: plain sentences on what disagrees with what, without personal text.
    """

    type: ConferenceType | None = None
    date: date | None = None
    children: tuple[PersonalText, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()


class DeadlineStatus(StrEnum):
    """Whether the report came in time."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the report is due (aware, Europe/London), and whether it was met; `due` is None where the conference date is unknown."""

    due: datetime | None = None
    status: DeadlineStatus = DeadlineStatus.UNKNOWN


@dataclass(frozen=True, slots=True)
class Facts:
    """What a submission says of itself."""

    agency: Agency
    conference: Conference
    deadline: Deadline
