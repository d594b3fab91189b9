"""Decides what becomes of a case: an ordered table, each row with its reason.

What a decision means is the contract's: `release` only where every document is to be sent as it is, nothing is to be redacted or looked
at, the sender is authenticated and from a secure domain, and nothing was unreadable. Lateness and weak style hold nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.domain.assessment import Case, Decision, Disposition
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.findings import Action, Finding
from pipeline.domain.mail import AuthenticationResult, Route
from pipeline.domain.people import DocumentKind

Findings = tuple[Finding, ...]

NEVER_UNSEEN = {
    DocumentKind.RECORD_PRINTOUT: "a document is a printout of a health record",
    DocumentKind.CLINICAL_LETTER: "a document is a clinical letter",
    DocumentKind.MEDICATION_PRINTOUT: "a document is a list of medication",
    DocumentKind.LAB_RESULTS: "a document holds test results",
    DocumentKind.REFERRAL: "a document is a referral",
    DocumentKind.MEETING_MINUTES: "a document holds minutes of a meeting",
    DocumentKind.PHOTO_OR_SCAN: "a document is a picture without readable text",
}
"""Kinds that leave only after a person has looked, whatever a pack's rules say of them."""

HOLDING_MARKERS = {
    "attachment-removed": "a mail gateway took an attachment out of the message on its way",
    "encrypted-wrapper": "the message only tells of an encrypted one",
    "encrypted": "the message is encrypted",
    "partial": "the message is one piece of a message that was split",
    "cloud-link": "the message links to files kept somewhere else",
    "alternative-differs": "the plain and the formatted text of the message say different things",
    "unparted": "the parts of the message could not be told apart",
}
"""Marker of a submission that keeps it from being released unseen, and the reason given."""

NO_REPORT = {
    Route.ATTENDANCE_OR_RING_IN: "The message is about attending or ringing in to a conference and carries no report.",
    Route.INVITATION_OR_MINUTES: "The message is an invitation to a conference or its minutes and carries no report.",
    Route.BOUNCE_OR_AUTO_REPLY: "The message was written by a program (a bounce, an automatic reply or a receipt) and carries no report.",
    Route.SUSPICIOUS: "The message looks like an attempt to deceive and carries no report; do not answer it.",
    Route.OTHER: "The message carries no conference report.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: when it holds, and why a person must look then."""

    holds: Callable[[Case, Findings], bool]
    reason: str


def _has_action(action: Action) -> Callable[[Case, Findings], bool]:
    return lambda _, findings: any(finding.action is action for finding in findings)


def _authentication(result: AuthenticationResult) -> Callable[[Case, Findings], bool]:
    return lambda case, _: case.submission.authentication is result


def _has_kind(kind: DocumentKind) -> Callable[[Case, Findings], bool]:
    return lambda case, _: any(reading.kind.kind is kind for reading in case.readings)


def _has_marker(marker: str) -> Callable[[Case, Findings], bool]:
    return lambda case, _: marker in case.submission.markers


def _suspicious(case: Case, _: Findings) -> bool:
    return case.route is Route.SUSPICIOUS


def _infected(case: Case, _: Findings) -> bool:
    problems = (reading.document.problem or reading.document.attachment.problem for reading in case.readings)
    return any(problem is not None and problem.reason is UnreadableReason.INFECTED for problem in problems)


def _authority_unknown(case: Case, _: Findings) -> bool:
    return case.authority is None


def _sender_insecure(case: Case, _: Findings) -> bool:
    return case.authority is not None and not case.authority.is_secure(case.submission.sender)


def _unreadable(case: Case, _: Findings) -> bool:
    return any(
        reading.document.problem is not None
        or reading.document.attachment.problem is not None
        or reading.kind.kind is DocumentKind.UNREADABLE
        for reading in case.readings
    )


def _not_fully_searched(case: Case, _: Findings) -> bool:
    return not all(reading.complete for reading in case.readings)


def _holding_note(case: Case, _: Findings) -> bool:
    return any(note.holds for reading in case.readings for note in reading.document.notes)


def _no_report(case: Case, _: Findings) -> bool:
    return not carries_report(case)


HOLDS = (
    Row(_suspicious, "The message looks like an attempt to deceive: ring the sender on a number you already had, and do not answer it."),
    Row(_infected, "A file holds a virus: nothing of the message may leave, and nobody should open its files."),
    Row(_authority_unknown, "It is not known which local authority the message is for."),
    Row(_authentication(AuthenticationResult.FAIL), "The receiving server found that the message does not come from whom it says."),
    Row(_authentication(AuthenticationResult.NONE), "The receiving server could not confirm who sent the message."),
    Row(_sender_insecure, "The sender's address is not in a secure domain."),
    Row(_has_action(Action.WITHHOLD), "A document is proposed to be withheld."),
    Row(_has_action(Action.REDACT), "Parts of the report are proposed to be redacted."),
    Row(_unreadable, "A document could not be opened or read in full."),
    Row(_not_fully_searched, "A document could not be searched to its end."),
    Row(_holding_note, "A document was read with doubts that a person should settle."),
    Row(_has_action(Action.REVIEW), "A rule asks for a person to look."),
    *(Row(_has_kind(kind), f"{sentence[0].upper()}{sentence[1:]}.") for kind, sentence in NEVER_UNSEEN.items()),
    *(Row(_has_marker(marker), f"{sentence[0].upper()}{sentence[1:]}.") for marker, sentence in HOLDING_MARKERS.items()),
    Row(_no_report, "The message reads as if it brought a report, but no document in it was recognised as one."),
)
"""Most weighty first. Every row that holds gives its reason; one is enough for `review`."""

CLEAN = "Every document may go as it is: nothing was found to remove, and the sender is confirmed and from a secure domain."


def carries_report(case: Case) -> bool:
    """Whether a document of the case is a conference report."""
    return any(reading.kind.kind is DocumentKind.CONFERENCE_REPORT for reading in case.readings)


def decide(case: Case, findings: tuple[Finding, ...]) -> Disposition:
    """What happens next, and why. More findings never soften it: each row can only add a reason to hold."""
    quarantined = case.route is Route.SUSPICIOUS or _infected(case, findings)
    if case.route is not Route.CONFERENCE_REPORT and not (quarantined and _needs_eyes(case)):
        return Disposition(Decision.NOT_A_REPORT, (NO_REPORT[case.route],), quarantined)
    reasons = tuple(row.reason for row in HOLDS if row.holds(case, findings))
    if reasons:
        return Disposition(Decision.REVIEW, reasons, quarantined)
    return Disposition(Decision.RELEASE, (CLEAN,))


def _needs_eyes(case: Case) -> bool:
    """A quarantined message with a report, or with a file nobody could read, is looked at; without, it is only filed and told of."""
    return carries_report(case) or _unreadable(case, ())
