"""Says what kind of mail a submission is: weighs its signals, each a line of a table, kind by kind in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.domain.documents import NoteCode
from pipeline.domain.mail import Route, Submission
from pipeline.domain.people import DocumentKind, Reading
from pipeline.routing import deceit
from pipeline.routing.words import own_words

ENOUGH = 2.0
"""The weight from which a kind of mail is taken to be meant; one strong signal or two weak ones."""


@dataclass(frozen=True)
class Mail:
    """What the signals look at."""

    submission: Submission
    readings: Sequence[Reading]

    @cached_property
    def words(self) -> str:
        """Subject and the sender's own words, lower case."""
        return f"{self.submission.subject} \n {own_words(self.submission)}".lower()

    @cached_property
    def files(self) -> tuple[Reading, ...]:
        """The documents that are files."""
        return tuple(reading for reading in self.readings if not reading.document.attachment.is_body)

    def has(self, *kinds: DocumentKind) -> bool:
        """Whether any document is one of these kinds."""
        return any(reading.kind.kind in kinds for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that speaks for (or, with a negative weight, against) one kind of mail."""

    route: Route
    weight: float
    holds: Callable[[Mail], bool]


def _says(pattern: str) -> Callable[[Mail], bool]:
    compiled = re.compile(pattern)
    return lambda mail: bool(compiled.search(mail.words))


def _subject(pattern: str) -> Callable[[Mail], bool]:
    compiled = re.compile(pattern, re.I)
    return lambda mail: bool(compiled.search(mail.submission.subject))


def _marked(*markers: str) -> Callable[[Mail], bool]:
    return lambda mail: bool(mail.submission.markers & set(markers))


def _contains(*kinds: DocumentKind) -> Callable[[Mail], bool]:
    return lambda mail: mail.has(*kinds)


def _from_council(mail: Mail) -> bool:
    return mail.submission.sender.domain.endswith("gov.uk")


def _automatic(mail: Mail) -> bool:
    return mail.submission.automatic


SIGNALS = (
    Signal(Route.BOUNCE_OR_AUTO_REPLY, 3, _automatic),
    Signal(Route.BOUNCE_OR_AUTO_REPLY, 3, _marked("delivery-status", "disposition-notification", "calendar-answer")),
    Signal(Route.BOUNCE_OR_AUTO_REPLY, 1, _marked("empty-return-path", "system-sender", "report")),
    Signal(
        Route.BOUNCE_OR_AUTO_REPLY,
        2,
        _says(r"\bthis is an auto(matic|mated)( e?-?mail)? (reply|response|message)|\bthis mailbox is not monitored"),
    ),
    Signal(
        Route.BOUNCE_OR_AUTO_REPLY,
        2,
        _says(
            r"thank(s| you) for (your|getting in touch|contacting).{0,80}\bi am (currently |now )?(away|out of|on (annual |sick "
            r"|maternity )?leave)"
        ),
    ),
    Signal(
        Route.BOUNCE_OR_AUTO_REPLY,
        2,
        _says(
            r"(message|mail) (could ?n[o']t|could not|cannot|can't) be delivered|your message .{0,60}was (read"
            r"|deleted without being read) on"
        ),
    ),
    Signal(Route.INVITATION_OR_MINUTES, 2, _contains(DocumentKind.MEETING_MINUTES)),
    Signal(Route.INVITATION_OR_MINUTES, 1, _from_council),
    Signal(Route.INVITATION_OR_MINUTES, 2, _marked("calendar")),
    Signal(
        Route.INVITATION_OR_MINUTES,
        1.5,
        _says(
            r"\b(attached|enclosed|herewith|find|here) (is|are|please|your|the|an?)?\b.{0,40}\b(minutes"
            r"|record of (the )?(conference|meeting)|invit(e|ation))"
        ),
    ),
    Signal(
        Route.INVITATION_OR_MINUTES,
        1,
        _says(r"\byou are (hereby |now |also )?(invited|requested|asked) to (attend|provide|a)|\byour invitation to\b"),
    ),
    Signal(
        Route.INVITATION_OR_MINUTES,
        1,
        _subject(r"^(?!\s*(re|aw|sv|fwd?)\s*:).*\b(minutes|invit(e|ation)|record of conference|notification of)\b"),
    ),
    Signal(
        Route.INVITATION_OR_MINUTES,
        1,
        _says(r"reports? (for the review |from agencies )?(should|must|need to) (reach|be with|be sent to|be submitted to) us"),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        2,
        _says(
            r"\b(ring|dial|phone?|call|telephone?|link)(ing)?[ -]in\b(?! (sick|to (the )?(surgery|clinic|school)))"
            r"|\b(can|could|may|will|to) be (telephoned|phoned|rung|reached by (tele)?phone)\b"
        ),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        2,
        _says(
            r"\b(can ?not|can't|can not|unable to|won't be able to|will not be able to|not able to|will be unable to) "
            r"(attend|come|make (it|the)|get to|be (there|at|present)|join|go)\b"
        ),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        2,
        _says(
            r"\b(send(ing)?|give|with|offer|my|his|her|our) (you )?(my |his |her |our |sincere )?apologies\b.{0,60}\b(conference"
            r"|meeting|attend|absence|not be)"
        ),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        2,
        _says(
            r"\b(i|we|he|she|they|dr \w+|who) ?('ll|will|shall|plan to|hope to|intend to|am going to|can) (also )?(be )?"
            r"(attend(ing)?|come|com(e|ing) along|be there|join(ing)?)\b(?! back)"
        ),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        1,
        _says(r"\b(attend(ing|ance)?|apologies|deputy|in my place|instead of me|on (teams|zoom|video)|by (video|phone|telephone|teams))\b"),
    ),
    Signal(
        Route.ATTENDANCE_OR_RING_IN,
        1,
        _subject(r"\b(apolog(y|ies)|attend(ing|ance)?|ring(ing)?[ -]in|dial(ling)?[ -]in|phon(e|ing) in|unable)\b"),
    ),
    Signal(Route.ATTENDANCE_OR_RING_IN, -3, _marked("list", "bulk")),
    Signal(
        Route.ATTENDANCE_OR_RING_IN, -2, _says(r"\b(training|course|workshop|webinar|bulletin|newsletter|unsubscribe|complain(t|ing)?)\b")
    ),
    Signal(Route.ATTENDANCE_OR_RING_IN, -2, _from_council),
    Signal(Route.INVITATION_OR_MINUTES, -3, _marked("list", "bulk")),
)
"""Where a sentence stands in several kinds of mail its weight is below ENOUGH, so that it decides only with another."""

ORDER = (Route.INVITATION_OR_MINUTES, Route.ATTENDANCE_OR_RING_IN)
"""Kinds of mail without a report; the heavier wins, the earlier where they weigh the same."""


def route_of(submission: Submission, readings: Sequence[Reading]) -> Route:
    """What kind of mail this is.

    In order: an attempt to deceive, even one with a report; a message by a program; a report, a file that may be one but could
    not be read or is of no kind known, or one that is spoken of and is not there; then whatever weighs most; else `other`.
    """
    mail = Mail(submission, readings)
    if deceit.weight(submission, mail.words, readings) >= deceit.ENOUGH:
        return Route.SUSPICIOUS
    if _weight(mail, Route.BOUNCE_OR_AUTO_REPLY) >= ENOUGH and not _brings_report(mail):
        return Route.BOUNCE_OR_AUTO_REPLY
    if _reports(mail) or _may_report(mail) or _may_be_overlooked(mail):
        return Route.CONFERENCE_REPORT
    best = max(ORDER, key=lambda route: _weight(mail, route))
    return best if _weight(mail, best) >= ENOUGH else Route.OTHER


def _weight(mail: Mail, route: Route) -> float:
    return sum(signal.weight for signal in SIGNALS if signal.route is route and signal.holds(mail))


def _reports(mail: Mail) -> bool:
    return mail.has(DocumentKind.CONFERENCE_REPORT)


def _brings_report(mail: Mail) -> bool:
    """A report that came with the message itself: one inside a returned message is our own or somebody else's of yesterday."""
    if mail.submission.markers & {"delivery-status", "disposition-notification", "system-sender", "calendar-answer"}:
        return False
    return any(
        reading.kind.kind is DocumentKind.CONFERENCE_REPORT and reading.document.attachment.container is None for reading in mail.files
    )


SENDS_REPORT = re.compile(r"\b(report|form|letter|attached|enclosed|attachment|password)\b")
COULD_BE_ONE = frozenset({DocumentKind.UNREADABLE, DocumentKind.PHOTO_OR_SCAN})
HARD_TO_READ = frozenset({NoteCode.POOR_SCAN, NoteCode.HANDWRITING})
SPEAKS_OF_REPORT = re.compile(r"\breports?\b")
ATTACHES_REPORT = re.compile(r"\b(attach\w*|enclos\w*|herewith)\b.{0,60}\breport\b|\breport\b.{0,60}\b(attached|enclosed|herewith)\b")
TITLE = re.compile(
    r"\b(report|information|statement|summary|contribution)\b[^\n]{0,60}\b(conference|icpc|rcpc|cpc)\b"
    r"|\b(conference|icpc|rcpc|cpc)\b[^\n]{0,40}\breport\b"
)
HEAD = 300
"""How many characters of a file its title is looked for in."""
UNSURE = 0.6
"""Confidence below which nobody can say what a paper is."""
UNSEEN = frozenset({"attachment-removed", "encrypted-wrapper", "encrypted", "partial", "unparted", "cloud-link"})


def _may_report(mail: Mail) -> bool:
    """Whether a report may be in what nobody could read: then a person must look, and it is not filed as 'no report'."""
    files = [reading for reading in mail.files if not reading.document.attachment.inline]
    if any(reading.document.problem or reading.document.attachment.problem for reading in files):
        return True
    unread = any(reading.kind.kind in COULD_BE_ONE or _hard_to_tell(reading) for reading in files)
    return (unread or bool(mail.submission.markers & UNSEEN)) and bool(SENDS_REPORT.search(mail.words))


def _hard_to_tell(reading: Reading) -> bool:
    """Whether a file is a scan so poor, or written by hand, that what was made out of it does not tell what it is."""
    return reading.kind.confidence < UNSURE and any(note.code in HARD_TO_READ for note in reading.document.notes)


def _may_be_overlooked(mail: Mail) -> bool:
    """Whether a mail speaks of a report and brings a paper of no kind known, or says that one is attached where nothing is.

    A report of a few lines, or one left behind, must not be filed as 'no report': nobody would ask for it before the conference.
    """
    if mail.submission.markers & {"list", "bulk"} or _weight(mail, Route.INVITATION_OR_MINUTES) >= ENOUGH:
        return False
    files = [reading for reading in mail.files if not reading.document.attachment.inline]
    if not files:
        return bool(ATTACHES_REPORT.search(mail.words))
    if not SPEAKS_OF_REPORT.search(mail.words):
        return False
    attends = _weight(mail, Route.ATTENDANCE_OR_RING_IN) >= ENOUGH
    return any(_of_no_kind(reading) and (not attends or _titled(reading)) for reading in files)


def _of_no_kind(reading: Reading) -> bool:
    """Whether nobody can say what a file is: so a report of a few lines, or in an unheard-of form, looks."""
    return reading.kind.kind is DocumentKind.OTHER or reading.kind.confidence < UNSURE


def _titled(reading: Reading) -> bool:
    """Whether a file calls itself a report for a conference in its first lines: a mail about attending may bring other papers."""
    return bool(TITLE.search(reading.document.text[:HEAD].lower()))
