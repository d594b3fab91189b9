"""Gathers what letters say of an assessment: counts, kinds, places and times, never content; the words are under letters/."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.domain.assessment import Assessment
from pipeline.domain.authority import Authority
from pipeline.domain.conference import Deadline, DeadlineStatus
from pipeline.domain.findings import Action, Finding, RuleOutcome, RuleResult
from pipeline.domain.people import DocumentKind
from pipeline.domain.plan import CleanDocument, Treatment

LONDON = ZoneInfo("Europe/London")
MARKING = "OFFICIAL-SENSITIVE"
MOST_PLACES = 5
"""So many places of one weakness are named; a reader who has found five finds the rest."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter is taken for a digit over the telephone


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of a kind of thing."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document that goes with the letter; `removed` counts the parts taken out of it."""

    name: str = field(repr=False)
    removed: int
    untouched: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the number of the file as sent, from 1, or None for the email's own text."""

    number: int | None
    kind: DocumentKind
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, by its number as sent, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to mend: what, where and by which clause. `more` says that it stands in further places too."""

    text: str
    places: tuple[Place, ...]
    clause: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What every letter may say of a submission; times are in London. Holds no clinical detail, and of names only the sender's address."""

    reference: str
    marking: str
    subject_marking: str
    to_label: str
    agency: str
    sender_address: str = field(repr=False)
    received: datetime
    conference_type: str | None
    conference_date: date | None
    due: datetime | None
    late_by: timedelta | None
    time_left: bool
    help_contact: str
    copy_labels: tuple[str, ...] = ()
    enclosures: tuple[Enclosed, ...] = ()
    withheld: tuple[Tally, ...] = ()
    removals: tuple[Tally, ...] = ()
    unread: tuple[Unread, ...] = ()
    advice: tuple[Advice, ...] = ()
    passed_on: bool = True
    returned: bool = False
    attendance: bool = False
    ring_in_at: tuple[time, ...] = ()
    review_due: date | None = None


def reference(digest: str) -> str:
    """What people quote over the telephone: eight characters drawn from the submission's digest, such as `RG-7F3A-29C1`."""
    number = int.from_bytes(hashlib.sha256(f"reference:{digest}".encode()).digest()[:5])
    drawn = "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"RG-{drawn[:4]}-{drawn[4:]}"


def view(assessment: Assessment, authority: Authority, *, to_label: str, now: datetime, help_contact: str) -> View:
    """What all letters on this assessment have in common."""
    submission, facts = assessment.case.submission, assessment.case.facts
    return View(
        reference=reference(submission.digest),
        marking=MARKING,
        subject_marking=subject_marking(authority),
        to_label=to_label,
        agency=facts.agency.value,
        sender_address=submission.sender.address,
        received=submission.received.astimezone(LONDON),
        conference_type=facts.conference.type.value if facts.conference.type else None,
        conference_date=facts.conference.date,
        due=facts.deadline.due.astimezone(LONDON) if facts.deadline.due else None,
        late_by=_late_by(facts.deadline, submission.received),
        time_left=facts.deadline.due is not None and facts.deadline.due > now,
        help_contact=help_contact,
        withheld=_withheld(assessment),
        removals=_removals(assessment),
    )


def subject_marking(authority: Authority) -> str:
    """What stands before a subject: the authority's own words, and the government's marking unless those hold it already."""
    own = authority.subject_marking.strip().rstrip(":")
    return f"{own}:" if MARKING in own.upper() else f"{own} {MARKING}:".lstrip()


def enclosed(assessment: Assessment, documents: Sequence[CleanDocument]) -> tuple[Enclosed, ...]:
    """The documents that go with the letter, each with how much was taken out of it."""
    removed = {plan.document: len(plan.removals) for plan in assessment.plan.documents}
    return tuple(Enclosed(document.name, removed.get(document.document, 0), document.untouched) for document in documents)


def unread(assessment: Assessment) -> tuple[Unread, ...]:
    """The files that could not be opened or read, by their number as sent."""
    found = []
    for index, number in _numbers(assessment).items():
        document = assessment.case.readings[index].document
        problem = document.problem or document.attachment.problem
        if problem and number is not None:
            found.append(Unread(number, problem.reason.value))
    return tuple(found)


def advice(assessment: Assessment) -> tuple[Advice, ...]:
    """What live rules that failed would have the sender mend, the weightiest first; then what the sender is asked to say more of."""
    failed = [result for result in assessment.scorecard.results if result.live and result.outcome is RuleOutcome.FAIL and result.advice]
    asked = [finding for finding in assessment.findings if _asks_for_more(finding)]
    return (
        *(_advice(assessment, result) for result in sorted(failed, key=lambda result: -result.weight)),
        *(_told(assessment, why, [one for one in asked if one.why == why]) for why in dict.fromkeys(one.why for one in asked)),
    )


def _asks_for_more(finding: Finding) -> bool:
    """Whether something said of somebody stays, and its author is asked what it means for the child."""
    return finding.action is Action.ADVISE and finding.category is not None


def _advice(assessment: Assessment, result: RuleResult) -> Advice:
    own = [finding for finding in assessment.findings if finding.rule == result.id and not _asks_for_more(finding)]
    return replace(_told(assessment, result.advice, own), clause=result.clause)


def _told(assessment: Assessment, text: str, findings: Sequence[Finding]) -> Advice:
    places = tuple(dict.fromkeys(_place(assessment, finding) for finding in findings))
    known = tuple(place for place in places if place is not None)
    return Advice(text, known[:MOST_PLACES], more=len(known) > MOST_PLACES)


def _place(assessment: Assessment, finding: Finding) -> Place | None:
    if finding.document is None or finding.document >= len(assessment.case.readings):
        return None
    reading = assessment.case.readings[finding.document]
    return Place(_numbers(assessment)[finding.document], reading.kind.kind, finding.page)


def _numbers(assessment: Assessment) -> dict[int, int | None]:
    """Index of each document in the case to its number for the sender: files from 1, None for the email's own text."""
    files = 0
    numbers: dict[int, int | None] = {}
    for index, reading in enumerate(assessment.case.readings):
        is_file = not reading.document.attachment.is_body
        files += is_file
        numbers[index] = files if is_file else None
    return numbers


def _withheld(assessment: Assessment) -> tuple[Tally, ...]:
    readings = assessment.case.readings
    notes = {n for n, one in enumerate(readings) if one.document.attachment.is_body and one.kind.kind is not DocumentKind.CONFERENCE_REPORT}
    # A covering note is meant for us and never goes on, so its staying behind is no news.
    stay = {plan.document for plan in assessment.plan.documents if plan.treatment is Treatment.WITHHOLD} - notes
    counts = Counter(reading.kind.kind for index, reading in enumerate(readings) if index in stay)
    return tuple(Tally(kind.value, counts[kind]) for kind in DocumentKind if counts[kind])


def _removals(assessment: Assessment) -> tuple[Tally, ...]:
    labels = Counter(
        _plain(removal.label) for plan in assessment.plan.documents if plan.treatment is Treatment.REDACT for removal in plan.removals
    )
    return tuple(Tally(label, count) for label, count in labels.most_common())


def _plain(label: str) -> str:
    """`[withheld: health information about another person]` without its bracket and first word."""
    inside = label.strip().strip("[]")
    return inside.partition(":")[2].strip() or inside


def _late_by(deadline: Deadline, received: datetime) -> timedelta | None:
    if deadline.status is not DeadlineStatus.MISSED:
        return None
    return max(received - deadline.due, timedelta()) if deadline.due else None
