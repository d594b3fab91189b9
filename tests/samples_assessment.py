"""A made-up assessment that tests of letters, records and dispatch start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.domain.assessment import Assessment, Case, Decision, Disposition
from pipeline.domain.authority import Authority, Destination
from pipeline.domain.conference import Conference, ConferenceType, Deadline, DeadlineStatus, Facts
from pipeline.domain.documents import Document
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.findings import Action, Finding, RuleOutcome, RuleResult, Scorecard, Topic
from pipeline.domain.mail import Address, Agency, Attachment, AuthenticationResult, Problem, Route, Submission
from pipeline.domain.people import DocumentKind, KindVerdict, Reading, Roster
from pipeline.domain.plan import CleanDocument, DocumentPlan, Proof, RedactionPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 9, 15, 9, 30, tzinfo=LONDON)
OURS = "reportgate@gateway.example"
SECRETS = ("Zebulon", "Quixley", "termination of pregnancy")
"""Words of the report that no letter of ours may repeat."""

AUTHORITY = Authority(
    id="testshire",
    name="Testshire Council",
    pack="testshire",
    mailboxes=("cp.reports.testshire@nhs.net",),
    reports_to=Destination("reports@testshire.example", "Testshire conference reports"),
    copy_to=(Destination("safeguarding@icb.example", "CCG safeguarding team"),),
    admin=Destination("admin@testshire.example", "Testshire conference administration"),
    secure_domains=("nhs.net",),
    subject_marking="[secure]",
    help_contact="Testshire conference line, 01632 960123",
)


def submission(**changes: Any) -> Submission:
    """A message from a surgery, with what differs from the usual one."""
    usual = Submission(
        raw=b"From: gp\r\n\r\nZebulon Quixley\r\n",
        message_id="<one@nhs.net>",
        sender=Address("dr.okafor@nhs.net", PersonalText("Dr Okafor")),
        recipients=(Address("cp.reports.testshire@nhs.net"),),
        subject=PersonalText("CP report Zebulon Quixley"),
        received=datetime(2026, 9, 14, 16, 41, tzinfo=LONDON),
        sent=None,
        body=None,
        attachments=(),
        authentication=AuthenticationResult.PASS,
    )
    return replace(usual, **changes)


def reading(name: str, kind: DocumentKind, problem: UnreadableReason | None = None) -> Reading:
    """A document as read, or as one that could not be."""
    trouble = Problem(problem, "could not be opened") if problem else None
    attachment = Attachment(PersonalText(name), b"Zebulon Quixley had a termination of pregnancy")
    text = PersonalText("" if problem else "Zebulon Quixley had a termination of pregnancy")
    return Reading(Document(attachment, "text", text, problem=trouble), KindVerdict(kind, 1.0))


def facts(**changes: Any) -> Facts:
    """An initial conference on 18 September, the report due on the 15th."""
    conference = Conference(ConferenceType.ICPC, date(2026, 9, 18), (PersonalText("Zebulon Quixley"),))
    due = datetime(2026, 9, 15, 17, tzinfo=LONDON)
    return replace(Facts(Agency.GP, conference, Deadline(due, DeadlineStatus.MET)), **changes)


def result(name: str, outcome: RuleOutcome, advice: str = "", **changes: Any) -> RuleResult:
    """One line of the scorecard."""
    line = RuleResult(name, Topic.PLAIN_LANGUAGE, outcome, 5, (PersonalText("Zebulon Quixley"),), advice, "guidance 000, plain language")
    return replace(line, **changes)


def assessment(*, case: dict[str, Any] | None = None, **changes: Any) -> Assessment:
    """A report with two removals, a printout to withhold and one rule failed; `case` and `changes` replace parts of it."""
    usual = Case(
        submission(),
        AUTHORITY,
        Route.CONFERENCE_REPORT,
        facts(),
        Roster(),
        (reading("Zebulon report.docx", DocumentKind.CONFERENCE_REPORT), reading("Quixley mother.pdf", DocumentKind.RECORD_PRINTOUT)),
    )
    label = "[withheld: health information about another person]"
    plan = RedactionPlan(
        1,
        (
            DocumentPlan(
                0,
                Treatment.REDACT,
                (Removal(Span(0, 3), label, "adult-health"), Removal(Span(9, 12), label, "adult-health")),
                outgoing_name=PersonalText("Report 1 of 1, redacted.pdf"),
            ),
            DocumentPlan(1, Treatment.WITHHOLD, reason="part of a health record"),
        ),
    )
    card = Scorecard("testshire", "1", 80, (result("plain", RuleOutcome.FAIL, "Say what each abbreviation means."),))
    found = Finding("plain", Topic.PLAIN_LANGUAGE, Action.ADVISE, "shorthand", document=0, page=2, quote=PersonalText("Zebulon"))
    whole = Assessment(replace(usual, **(case or {})), (found,), card, plan, Disposition(Decision.REVIEW, ("a person looks",)))
    return replace(whole, **changes)


def clean_document(**changes: Any) -> CleanDocument:
    """A redacted report, proven."""
    proof = Proof("0" * 64, ("pdfium: removed text absent",), 2, 10, 10)
    usual = CleanDocument(
        0, PersonalText("Report 1 of 1, redacted.pdf"), "application/pdf", b"%PDF-1.7 kept words", untouched=False, proof=proof
    )
    return replace(usual, **changes)
