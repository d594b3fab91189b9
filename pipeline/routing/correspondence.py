"""Decides which letters are due on an assessment and to whom they go; what they say is gathered by letter_facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.domain.assessment import Assessment, Decision
from pipeline.domain.authority import Authority, Destination, Letter
from pipeline.domain.conference import DeadlineStatus
from pipeline.domain.mail import AuthenticationResult, Route, Submission
from pipeline.domain.plan import CleanDocument, Treatment
from pipeline.routing import letter_facts
from pipeline.routing.letter_facts import LONDON, View
from pipeline.routing.stationery import Envelope, subject_of, write

ADMIN_ROUTES = frozenset({Route.ATTENDANCE_OR_RING_IN, Route.INVITATION_OR_MINUTES})
"""Mail without a report that conference administration is told of."""

NO_FEEDBACK_ROUTES = ADMIN_ROUTES | {Route.BOUNCE_OR_AUTO_REPLY, Route.SUSPICIOUS}
"""Mail whose sender is told nothing: a machine, a stranger, or somebody who sent no report."""

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,240}>")
_UNMANNED = re.compile(r"(no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?)([-+.=_].*)?")
"""Addresses nobody reads; a letter to one of them bounces or loops (RFC 3834, section 2)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Whom a letter goes to, and its subject line."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str


def heading_to_authority(assessment: Assessment) -> Heading | None:
    """Where the report would go; None where nothing may leave. Makes no copy and writes no letter."""
    authority = assessment.case.authority
    if authority is None or not _may_leave(assessment):
        return None
    view = _view(assessment, authority, authority.reports_to.label, "", assessment.case.submission.received, "")
    copies = tuple(place.address for place in authority.copy_to)
    return Heading((authority.reports_to.address,), copies, subject_of("to-authority", view, authority.letters))


def to_authority(
    assessment: Assessment, documents: Sequence[CleanDocument], *, sender: str, now: datetime, help_contact: str = ""
) -> Letter | None:
    """The report on its way: to the authority's inbox for reports, with the same letter to the safeguarding team.

    Args:
        documents: what redaction made and verified; the letter encloses these and nothing else.
        sender: our own address.
        now: the letter's date (aware).
        help_contact: whom to ask, where the directory names nobody.

    Returns:
        None where nothing may leave: no report, quarantined, no authority, or no document left to send.
    """
    authority = assessment.case.authority
    if authority is None or not documents or not _may_leave(assessment):
        return None
    content = replace(
        _view(assessment, authority, authority.reports_to.label, sender, now, help_contact),
        copy_labels=tuple(place.label for place in authority.copy_to),
        enclosures=letter_facts.enclosed(assessment, documents),
    )
    envelope = _envelope("to-authority", assessment, sender, now, authority.reports_to)
    return write(replace(envelope, cc=authority.copy_to), content, documents)


def to_sender(assessment: Assessment, *, sender: str, now: datetime, help_contact: str = "") -> Letter | None:
    """Feedback: what could not be read, what was left out (in kinds), what to mend, where, why and by when.

    Returns:
        None where there is nothing to say, or where the sender must not be written to: automatic mail, bounces, suspicious or
        unauthenticated mail (feedback would loop, or tell a stranger that there is a conference), mail that carries no report.
    """
    authority = assessment.case.authority
    if authority is None or not may_answer(assessment, sender):
        return None
    content = _feedback(assessment, authority, sender, now, help_contact)
    if not _worth_saying(assessment, content):
        return None
    return write(_answer("to-sender", assessment, sender, now), content)


def returned(assessment: Assessment, *, sender: str, now: datetime, help_contact: str = "") -> Letter | None:
    """What the author gets when a reviewer returns a report: that it was not passed on, and what to mend. None as for `to_sender`."""
    authority = assessment.case.authority
    if authority is None or not may_answer(assessment, sender):
        return None
    content = replace(_feedback(assessment, authority, sender, now, help_contact), returned=True, passed_on=False)
    return write(_answer("returned", assessment, sender, now), content)


def to_admin(assessment: Assessment, *, sender: str, now: datetime, help_contact: str = "") -> Letter | None:
    """A notice to conference administration that mail about attendance, an invitation or minutes came; it passes nothing on.

    One of ringing in goes to the chair too, where the directory names one, and says at what time (Derby's policy on tele-conferencing).

    Returns:
        None for any other mail, and for automatic or quarantined mail.
    """
    case, authority = assessment.case, assessment.case.authority
    if authority is None or case.route not in ADMIN_ROUTES or case.submission.automatic or assessment.disposition.quarantined:
        return None
    content = replace(
        _view(assessment, authority, authority.admin.label, sender, now, help_contact),
        attendance=case.route is Route.ATTENDANCE_OR_RING_IN,
        ring_in_at=case.facts.particulars.times,
        review_due=case.facts.conference.review_due,
    )
    envelope = _envelope("to-admin", assessment, sender, now, authority.admin)
    chair = (authority.chair,) if authority.chair and content.attendance else ()
    return write(replace(envelope, cc=chair), content)


def may_answer(assessment: Assessment, own_address: str) -> bool:
    """Whether the sender of this submission may be written to at all."""
    case = assessment.case
    return (
        _may_leave(assessment)
        and case.route not in NO_FEEDBACK_ROUTES
        and not case.submission.automatic
        and case.submission.authentication is AuthenticationResult.PASS
        and _is_a_person(case.submission, case.authority, own_address)
    )


def _is_a_person(submission: Submission, authority: Authority | None, own_address: str) -> bool:
    address = submission.sender.address
    local, _, domain = address.rpartition("@")
    ours = {own_address.lower(), *(authority.mailboxes if authority else ())}
    return bool(local and domain) and address not in ours and not _UNMANNED.fullmatch(local)


def _may_leave(assessment: Assessment) -> bool:
    return assessment.disposition.decision is not Decision.NOT_A_REPORT and not assessment.disposition.quarantined


def _worth_saying(assessment: Assessment, content: View) -> bool:
    late_or_unknown = assessment.case.facts.deadline.status is not DeadlineStatus.MET
    return bool(content.unread or content.withheld or content.removals or content.advice or late_or_unknown)


def _feedback(assessment: Assessment, authority: Authority, sender: str, now: datetime, help_contact: str) -> View:
    return replace(
        _view(assessment, authority, authority.reports_to.label, sender, now, help_contact),
        unread=letter_facts.unread(assessment),
        advice=letter_facts.advice(assessment),
        passed_on=any(plan.treatment is not Treatment.WITHHOLD for plan in assessment.plan.documents),
    )


def _view(assessment: Assessment, authority: Authority, to_label: str, sender: str, now: datetime, help_contact: str) -> View:
    whom = authority.help_contact or help_contact or sender
    return letter_facts.view(assessment, authority, to_label=to_label, now=now, help_contact=whom)


def _envelope(kind: str, assessment: Assessment, sender: str, now: datetime, to: Destination) -> Envelope:
    seed = f"{assessment.case.submission.digest}:{assessment.plan.version}"
    letters = assessment.case.authority.letters if assessment.case.authority else None
    return Envelope(kind=kind, sender=sender, to=(to,), cc=(), seed=seed, date=now.astimezone(LONDON), letters=letters)


def _answer(kind: str, assessment: Assessment, sender: str, now: datetime) -> Envelope:
    submission = assessment.case.submission
    envelope = _envelope(kind, assessment, sender, now, Destination(submission.sender.address, label=""))
    return replace(envelope, answers=submission.message_id if _MESSAGE_ID.fullmatch(submission.message_id) else "")
