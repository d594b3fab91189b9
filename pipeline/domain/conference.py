"""What a submission says of its conference, and by when the report is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from pipeline.domain.mail import Agency
from pipeline.domain.people import Role
from pipeline.domain.text import PersonalText, Span

Day = date
"""A calendar day, under a name that a field called `date` does not hide."""


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
        evidence: the words that say day and type; `rivals` those that say another day.
        conflicts: plain sentences on what disagrees with what, without personal text.
        earlier: the day of the conference before, where the mail names it; `review_due` the day by which a review should follow it.
    """

    type: ConferenceType | None = None
    date: date | None = None
    children: tuple[PersonalText, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()
    rivals: tuple[Evidence, ...] = ()
    earlier: Day | None = None
    earlier_evidence: tuple[Evidence, ...] = ()
    review_due: Day | None = None


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


class Whose(StrEnum):
    """Whose agreement, or whose sight of the report, is spoken of."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    PARENTS = "parents"  # both, or those who care for the child, without saying which
    UNCLEAR = "unclear"


class Consent(StrEnum):
    """What is said of agreement to the report."""

    GIVEN = "given"
    REFUSED = "refused"
    ASKED = "asked"  # asked, told or informed; no answer is told
    NOT_ASKED = "not_asked"
    SHARED_WITHOUT = "shared_without"  # shared without agreement, and why
    UNCLEAR = "unclear"  # spoken of, and its outcome cannot be told


class Sight(StrEnum):
    """Whether somebody of the family knows the report itself."""

    SEEN = "seen"  # read it, had it read or talked through, or got a copy
    NOT_YET = "not_yet"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Child:
    """A child the report is about.

    Attributes:
        born, due: the date of birth, or of an unborn child the day it is due; None where not said or where what is said conflicts.
        evidence: where the name stands; `birth_evidence` where the date does, each date once.
    """

    name: PersonalText
    born: date | None = None
    due: date | None = None
    evidence: tuple[Evidence, ...] = ()
    birth_evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Carer:
    """A parent, a parent's partner, or somebody else who cares for a child."""

    name: PersonalText
    role: Role
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote the report: the name and, in the report's own words, the role; each empty where not said."""

    name: PersonalText
    role: PersonalText
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is said of one person's agreement, or of nobody's in particular."""

    whose: Whose
    outcome: Consent
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is said of somebody's knowing the report."""

    whose: Whose
    outcome: Sight
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Particulars:
    """Whom a submission is about, who wrote it, and what the family knows of it; empty where it does not say.

    Attributes:
        times: when the sender says they will ring in or join, each once; London time.
        consent, seen: the whole in a word: `unclear` where nothing is said, or where what is said does not agree.
        conflicts: plain sentences on what disagrees with what, without personal text.
    """

    children: tuple[Child, ...] = ()
    carers: tuple[Carer, ...] = ()
    author: Author | None = None
    agency_evidence: tuple[Evidence, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    times: tuple[time, ...] = ()
    time_evidence: tuple[Evidence, ...] = ()
    consent: Consent = Consent.UNCLEAR
    seen: Sight = Sight.UNCLEAR
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a submission says of itself."""

    agency: Agency
    conference: Conference
    deadline: Deadline
    particulars: Particulars = field(default_factory=Particulars)
