"""What a submission says of itself: the agency, the conference with its date and type, and when the report was due.

Everything said is weighed by where it stands: the subject line and the report's own head count most, then the covering note, then
the rest of the report, then a thread quoted below. What conflicts is reported, not hidden.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from pipeline.domain.conference import Conference, ConferenceType, Deadline, DeadlineStatus, Evidence, Facts
from pipeline.domain.mail import Submission
from pipeline.domain.people import DocumentKind, Reading, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance.agencies import agency_of
from pipeline.guidance.conference_dates import Dated, dates_in
from pipeline.guidance.conference_signs import ConferenceSigns
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.packs import DeadlineRule
from pipeline.guidance.particulars import particulars
from pipeline.guidance.reviews import earlier_conference, review_due
from pipeline.guidance.workdays import LONDON, due

TELLING = frozenset({DocumentKind.CONFERENCE_REPORT, DocumentKind.OTHER, DocumentKind.MEETING_MINUTES})
"""Kinds of document that may name the conference before this one."""
HEAD = 1200
"""The characters at the top of a report that count as its head, where forms and letters name the conference."""


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of text and how much what it says counts. `document` is None for the subject line."""

    text: str
    weight: float
    document: int | None
    offset: int = 0
    is_subject: bool = False


def establish(submission: Submission, readings: Sequence[Reading], roster: Roster, rule: DeadlineRule | None, lexicons: Lexicons) -> Facts:
    """Works out agency, conference and deadline. Without a rule (unknown authority) the deadline is unknown."""
    sources = tuple(sources_of(submission, readings))
    received = submission.received.astimezone(LONDON)
    found = conference_day(sources, received.date(), lexicons.conference)
    kind, kind_evidence = conference_type(sources, lexicons.conference)
    reported = any(reading.kind.kind is DocumentKind.CONFERENCE_REPORT for reading in readings)
    taken = kind is None and found.day is not None and reported and seems_first(sources, lexicons.conference)
    agency = agency_of(submission, readings, lexicons.agencies)
    told = particulars(submission, readings, roster, agency, lexicons)
    texts = [(None, str(submission.subject)), *((n, str(one.document.text)) for n, one in enumerate(readings) if one.kind.kind in TELLING)]
    before = earlier_conference(texts, received.date(), lexicons.conference)
    conference = Conference(
        type=ConferenceType.ICPC if taken else kind,
        date=found.day,
        children=tuple(child.name for child in told.children),
        evidence=found.evidence + kind_evidence,
        conflicts=(*found.conflicts, TAKEN_AS_INITIAL) if taken else found.conflicts,
        rivals=found.rivals,
        earlier=before.day if before else None,
        earlier_evidence=(before.evidence,) if before else (),
        review_due=review_due(before),
    )
    return Facts(agency, conference, deadline(conference, received, rule), told)


def deadline(conference: Conference, received: datetime, rule: DeadlineRule | None) -> Deadline:
    """When the report was due, and whether it came in time; unknown where the day, or a type the rule turns on, is unknown."""
    if rule is None or conference.date is None:
        return Deadline()
    if conference.type is None and rule.icpc_working_days != rule.rcpc_working_days:
        return Deadline()
    moment = due(conference.date, rule.working_days(conference.type), rule.cut_off)
    in_time = received.replace(microsecond=0) <= moment  # the last second of a day is the whole of it
    return Deadline(moment, DeadlineStatus.MET if in_time else DeadlineStatus.MISSED)


# --- where things are said

_QUOTED = re.compile(r"^(?:>|-{3,}\s*original message|_{8,}|from:\s|on .{5,80} wrote:)", re.IGNORECASE | re.MULTILINE)


def sources_of(submission: Submission, readings: Sequence[Reading]) -> Iterable[Source]:
    """The texts that may name the conference, each with its weight."""
    yield Source(str(submission.subject), 3.0, None, is_subject=True)
    for number, reading in enumerate(readings):
        text = str(reading.document.text)
        if reading.document.attachment.is_body:
            quoted = _QUOTED.search(text)
            own = quoted.start() if quoted else len(text)
            report = reading.kind.kind is DocumentKind.CONFERENCE_REPORT
            yield Source(text[:own], 2.5 if not report or own <= HEAD else 2.0, number)
            yield Source(text[own:], 1.5, number, own)
        elif reading.kind.kind is DocumentKind.CONFERENCE_REPORT:
            yield Source(text[:HEAD], 3.0, number)
            yield Source(text[HEAD:], 1.0, number, HEAD)
        elif reading.kind.kind is DocumentKind.MEETING_MINUTES:
            yield Source(text, 0.6, number)
        elif reading.kind.kind in (DocumentKind.OTHER, DocumentKind.REFERRAL, DocumentKind.BLANK_FORM):
            yield Source(text, 0.5, number)


# --- the day

_AHEAD = 150
"""Days after the mail came in which its conference may lie; reviews are called up to half a year ahead (RCGP 001), reports come later."""


@dataclass(frozen=True, slots=True)
class _Vote:
    day: date
    points: float
    evidence: Evidence
    fits: bool


@dataclass(frozen=True, slots=True)
class DayFound:
    """The day of the conference, or None where nothing says it clearly; the words that say it, and those that say another day."""

    day: date | None = None
    evidence: tuple[Evidence, ...] = ()
    rivals: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()


def conference_day(sources: Sequence[Source], received: date, signs: ConferenceSigns) -> DayFound:
    """The day of the conference, by the weight of what is said."""
    best: dict[tuple[date, Source], _Vote] = {}
    for source in sources:
        for dated in dates_in(source.text, received):
            vote = _weigh(source, dated, received, signs)
            if vote and vote.points > best.get((vote.day, source), vote).points - 1e-9:
                best[vote.day, source] = vote
    totals: defaultdict[date, float] = defaultdict(float)
    for vote in best.values():
        totals[vote.day] += vote.points
    ranked = sorted(totals, key=lambda day: (-totals[day], day))
    if not ranked or totals[ranked[0]] < 3.0:
        return DayFound()
    rivals = [day for day in ranked[1:] if totals[day] >= 0.6 * totals[ranked[0]]]
    evidence = {day: tuple(vote.evidence for vote in best.values() if vote.day == day) for day in (ranked[0], *rivals)}
    otherwise = tuple(said for day in rivals for said in evidence[day])
    if rivals and totals[rivals[0]] >= 0.9 * totals[ranked[0]]:
        return DayFound(
            None, (), (*evidence[ranked[0]], *otherwise), ("The mail names more than one day for the conference, and none clearly.",)
        )
    conflicts = ["The mail names more than one day for the conference."] if rivals else []
    if not all(vote.fits for vote in best.values() if vote.day == ranked[0]):
        conflicts.append("The weekday named with the day of the conference is not that day's.")
    return DayFound(ranked[0], evidence[ranked[0]], otherwise, tuple(conflicts))


def _weigh(source: Source, dated: Dated, received: date, signs: ConferenceSigns) -> _Vote | None:
    if not -1 <= (dated.day - received).days <= _AHEAD:
        return None
    points = signs.day_points(*_around(source.text, dated.span))
    if source.is_subject:
        points += 1.5
    if points <= 0:
        return None
    span = dated.span.shifted(source.offset)
    quote = PersonalText(source.text[dated.span.start : dated.span.end])
    certainty = 1.0 if dated.exact else 0.9
    certainty *= 0.4 if dated.day <= received else 1.0  # reports come before their conference; a day already gone is rarely it
    return _Vote(
        dated.day, points * source.weight * certainty, Evidence(source.document, None if source.is_subject else span, quote), dated.fits
    )


def _around(text: str, span: Span) -> tuple[str, str]:
    """The words before the date on its line (with the line above, where labels stand) and after it."""
    line = text.rfind("\n", 0, span.start) + 1
    before = text[max(line, span.start - 90) : span.start]
    if len(before.strip()) < 12:
        above = text[:line].rstrip().rsplit("\n", 1)[-1]
        before = (above if len(above) <= 60 else "") + "\n" + before
    end = text.find("\n", span.end)
    after = text[span.end : min(end if end >= 0 else len(text), span.end + 60)]
    # A sentence that ended before the date speaks of something else.
    stop = re.search(r"(?<=[a-z0-9)]{2})[.!?]\s+(?=[A-Z][^.!?]*$)", before)
    return (before[stop.end() :] if stop else before), after


# --- the type


TICKED = 6.0
"""Points for a ticked box: an answer counts for more than any wording."""
_CHOICE = re.compile(r"(?P<on>[☒☑✔✓■]|\[[xX]\])|(?P<off>[☐❑□]|\[ ?\])|\b(?P<word>initial|review)\b", re.IGNORECASE)
_CHOICES = {"initial": ConferenceType.ICPC, "review": ConferenceType.RCPC}


def ticked_type(text: str) -> tuple[ConferenceType | None, str]:
    """The type whose box is ticked, and the text with lines of such boxes blanked, so that their printed options count for nothing."""
    chosen: set[ConferenceType] = set()
    kept: list[str] = []
    for line in text.split("\n"):
        marks = [(match.lastgroup, match.group().lower()) for match in _CHOICE.finditer(line)]
        words = [word for kind, word in marks if kind == "word"]
        if len(words) < 2 or len(marks) == len(words):
            kept.append(line)
            continue
        kept.append(" " * len(line))
        pairs = pairwise(marks) if marks[0][0] != "word" else pairwise(reversed(marks))
        chosen |= {_CHOICES[word] for (mark, _), (kind, word) in pairs if mark == "on" and kind == "word"}
    return (chosen.pop() if len(chosen) == 1 else None), "\n".join(kept)


TAKEN_AS_INITIAL = (
    "Nothing says which type of conference it is; as nothing speaks of a plan or a conference before, it is taken to be initial."
)


def seems_first(sources: Sequence[Source], signs: ConferenceSigns) -> bool:
    """Whether nothing in a mail and its report speaks of a review, of a plan that is in force, or of a conference before."""
    anywhere = [signs.follows, *(sign.pattern for sign in signs.type if sign.type is ConferenceType.RCPC)]
    in_subject = [sign.pattern for sign in signs.in_subject if sign.type is ConferenceType.RCPC]
    return not any(words.search(source.text) for source in sources for words in (*anywhere, *(in_subject if source.is_subject else ())))


def conference_type(sources: Sequence[Source], signs: ConferenceSigns) -> tuple[ConferenceType | None, tuple[Evidence, ...]]:
    """Initial or review, by the weight of what is said; None where nothing is, or both equally."""
    totals: defaultdict[ConferenceType, float] = defaultdict(float)
    evidence: list[tuple[ConferenceType, Evidence]] = []
    for source in sources:
        ticked, text = ticked_type(signs.bygone.blanked(source.text))
        if ticked:
            totals[ticked] += TICKED * source.weight
        for sign in signs.type + (signs.in_subject if source.is_subject else ()):
            match = sign.pattern.search(text)
            if match:
                totals[sign.type] += sign.points * source.weight
                span = None if source.is_subject else Span(*match.span()).shifted(source.offset)
                evidence.append((sign.type, Evidence(source.document, span, PersonalText(source.text[match.start() : match.end()]))))
    ranked = sorted(totals, key=lambda kind: -totals[kind])
    if not ranked or totals[ranked[0]] < 1.5 or (len(ranked) > 1 and totals[ranked[1]] >= 0.95 * totals[ranked[0]]):
        return None, ()
    return ranked[0], tuple(said for kind, said in evidence if kind is ranked[0])
