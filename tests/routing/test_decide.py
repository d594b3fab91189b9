"""The decision: each row of the table holds a case by itself, and nothing more found ever softens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.assessment import Case, Decision
from pipeline.domain.conference import Conference, Deadline, DeadlineStatus, Facts
from pipeline.domain.documents import Document, Note, NoteCode
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.findings import Action, Finding, Topic
from pipeline.domain.mail import Address, Agency, Attachment, AuthenticationResult, Problem, Route, Submission
from pipeline.domain.people import DocumentKind, KindVerdict, Reading, Roster
from pipeline.domain.text import PersonalText
from pipeline.routing import directory
from pipeline.routing.decide import HOLDING_MARKERS, NEVER_UNSEEN, decide

STRICTNESS = {Decision.RELEASE: 0, Decision.REVIEW: 1}
RULES = Path(__file__).resolve().parents[2] / "rules"
BRENT = directory.load(RULES).get("brent")


def reading(kind: DocumentKind = DocumentKind.CONFERENCE_REPORT, **other: object) -> Reading:
    """A document of that kind."""
    document = Document(Attachment(PersonalText("a.docx"), b""), "docx", **other)  # type: ignore[arg-type]
    return Reading(document, KindVerdict(kind, 1.0))


def case(*readings: Reading, route: Route = Route.CONFERENCE_REPORT, **other: object) -> Case:
    """A clean case from a secure, authenticated sender, with what a test wants otherwise in the submission."""
    submission = Submission(
        raw=b"",
        message_id="",
        sender=Address("ann@nhs.net"),
        recipients=(),
        subject=PersonalText(""),
        received=datetime(2026, 10, 12, tzinfo=UTC),
        sent=None,
        body=None,
        attachments=(),
        authentication=AuthenticationResult.PASS,
    )
    facts = Facts(Agency.GP, Conference(), Deadline(None, DeadlineStatus.MISSED))
    return Case(replace(submission, **other), BRENT, route, facts, Roster(), readings or (reading(),))  # type: ignore[arg-type]


def finding(action: Action) -> Finding:
    """A finding that asks for that."""
    return Finding("rule", Topic.PLAIN_LANGUAGE, action, "why")


def test_clean_is_released() -> None:
    """A clean report from a confirmed, secure sender goes, late or not, advice or not; immunisations and letters beside it too."""
    clean = case(reading(), reading(DocumentKind.IMMUNISATION_PRINTOUT), reading(DocumentKind.OTHER), reading(DocumentKind.BLANK_FORM))
    assert clean.facts.deadline.status is DeadlineStatus.MISSED
    disposition = decide(clean, (finding(Action.ADVISE),))
    assert disposition.decision is Decision.RELEASE
    assert not disposition.quarantined
    assert len(disposition.reasons) == 1


LOCKED = Problem(UnreadableReason.ENCRYPTED, "locked")
INFECTED = Problem(UnreadableReason.INFECTED, "a virus")
HELD: dict[str, Callable[[], tuple[Case, tuple[Finding, ...]]]] = {
    "Parts of the report are proposed": lambda: (case(), (finding(Action.REDACT),)),
    "proposed to be withheld": lambda: (case(), (finding(Action.WITHHOLD),)),
    "A rule asks for a person": lambda: (case(), (finding(Action.REVIEW),)),
    "could not confirm who sent": lambda: (case(authentication=AuthenticationResult.NONE), ()),
    "does not come from whom it says": lambda: (case(authentication=AuthenticationResult.FAIL), ()),
    "not in a secure domain": lambda: (case(sender=Address("head@school.sch.uk")), ()),
    "not known which local authority": lambda: (replace(case(), authority=None), ()),
    "could not be opened or read": lambda: (case(reading(), reading(DocumentKind.OTHER, problem=LOCKED)), ()),
    "holds a virus": lambda: (case(reading(), reading(DocumentKind.OTHER, problem=INFECTED)), ()),
    "could not be searched to its end": lambda: (case(replace(reading(), complete=False)), ()),
    "read with doubts": lambda: (case(reading(notes=(Note(NoteCode.POOR_SCAN, "x"),))), ()),
    "no document in it was recognised": lambda: (case(reading(DocumentKind.OTHER)), ()),
    "looks like an attempt to deceive": lambda: (case(route=Route.SUSPICIOUS), ()),
}
HELD |= {sentence[1:]: (lambda kind=kind: (case(reading(), reading(kind)), ())) for kind, sentence in NEVER_UNSEEN.items()}  # type: ignore[misc]
HELD |= {sentence[1:]: (lambda marker=marker: (case(markers=frozenset({marker})), ())) for marker, sentence in HOLDING_MARKERS.items()}  # type: ignore[misc]


@pytest.mark.parametrize("reason", HELD)
def test_each_row_holds_by_itself(reason: str) -> None:
    """One reason is enough for a person to look, and it is the one that is given."""
    disposition = decide(*HELD[reason]())
    assert disposition.decision is Decision.REVIEW
    assert any(reason in given for given in disposition.reasons)


def test_unreadable_attachment_without_a_reader() -> None:
    """A container that could not be opened holds, whatever its kind was taken for."""
    sealed = Reading(Document(Attachment(PersonalText("a.zip"), b"", problem=LOCKED), "zip"), KindVerdict(DocumentKind.UNREADABLE, 1.0))
    assert decide(case(reading(), sealed), ()).decision is Decision.REVIEW


@pytest.mark.parametrize("route", [route for route in Route if route is not Route.CONFERENCE_REPORT])
def test_mail_without_a_report(route: Route) -> None:
    """Mail of every other kind is no report; only the suspicious is quarantined."""
    disposition = decide(case(reading(DocumentKind.OTHER), route=route), ())
    assert disposition.decision is Decision.NOT_A_REPORT
    assert disposition.quarantined is (route is Route.SUSPICIOUS)


def test_suspicious_with_a_report() -> None:
    """A report in a suspicious message is looked at, and nothing leaves even if every proposal is accepted."""
    disposition = decide(case(route=Route.SUSPICIOUS), ())
    assert (disposition.decision, disposition.quarantined) == (Decision.REVIEW, True)


@pytest.mark.parametrize("route", Route)
def test_a_virus_quarantines_whatever_it_came_with(route: Route) -> None:
    """A message with an infected file is looked at and nothing of it leaves, report or not."""
    disposition = decide(case(reading(), reading(DocumentKind.OTHER, problem=INFECTED), route=route), ())
    assert (disposition.decision, disposition.quarantined) == (Decision.REVIEW, True)


def test_most_weighty_reason_first() -> None:
    """A forged sender is told before a redaction."""
    reasons = decide(case(authentication=AuthenticationResult.FAIL), (finding(Action.REDACT),)).reasons
    assert "does not come from whom it says" in reasons[0]


findings = st.lists(st.builds(finding, st.sampled_from(Action)), max_size=6)
cases = st.builds(
    lambda kinds, route, authentication, sender, markers: case(
        *(reading(kind) for kind in kinds), route=route, authentication=authentication, sender=Address(sender), markers=frozenset(markers)
    ),
    st.lists(st.sampled_from(DocumentKind), min_size=1, max_size=4),
    st.sampled_from(Route),
    st.sampled_from(AuthenticationResult),
    st.sampled_from(["ann@nhs.net", "head@school.sch.uk"]),
    st.sets(st.sampled_from([*HOLDING_MARKERS, "forwarded", "list"]), max_size=2),
)


@given(cases, findings, findings)
@settings(max_examples=300, deadline=None)
def test_more_findings_never_soften(some: Case, first: list[Finding], more: list[Finding]) -> None:
    """With findings added, a decision is at least as strict, keeps every reason it had, and stays quarantined."""
    before, after = decide(some, tuple(first)), decide(some, (*first, *more))
    assert (before.decision is Decision.NOT_A_REPORT) == (after.decision is Decision.NOT_A_REPORT)
    assert STRICTNESS.get(before.decision, 0) <= STRICTNESS.get(after.decision, 0)
    assert before.decision is not Decision.REVIEW or set(before.reasons) <= set(after.reasons)
    assert after.quarantined >= before.quarantined


@given(cases, findings)
@settings(max_examples=300, deadline=None)
def test_reasons_are_plain_sentences(some: Case, found: list[Finding]) -> None:
    """There is always a reason, each one sentence; `release` only for a clean case of a confirmed secure sender."""
    disposition = decide(some, tuple(found))
    assert disposition.reasons
    assert all(reason[0].isupper() and reason.endswith(".") and "\n" not in reason for reason in disposition.reasons)
    if disposition.decision is Decision.RELEASE:
        assert some.submission.authentication is AuthenticationResult.PASS
        assert some.submission.sender.domain == "nhs.net"
        assert {item.action for item in found} <= {Action.ADVISE}
        assert not some.submission.markers & set(HOLDING_MARKERS)
        assert not {item.kind.kind for item in some.readings} & {*NEVER_UNSEEN, DocumentKind.UNREADABLE}
