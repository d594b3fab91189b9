"""What kind of mail it is: from headers, words and kinds of documents, on messages of our own and on the labelled ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from pipeline.domain.documents import Document, Note, NoteCode
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import BODY, Address, Attachment, AuthenticationResult, Problem, Route, Submission
from pipeline.domain.people import DocumentKind, KindVerdict, Reading
from pipeline.domain.text import PersonalText
from pipeline.routing.route import route_of


def mail(
    text: str,
    subject: str = "conference",
    sender: str = "ann@nhs.net",
    authentication: str = "pass",
    markers: Iterable[str] = (),
    *,
    automatic: bool = False,
    kind: str = "text/plain",
) -> Submission:
    """A message that says this."""
    return Submission(
        raw=b"",
        message_id="",
        sender=Address(sender),
        recipients=(Address("cp.reports.brent@nhs.net"),),
        subject=PersonalText(subject),
        received=datetime(2026, 10, 12, tzinfo=UTC),
        sent=None,
        body=Attachment(PersonalText(BODY), text.encode(), kind),
        attachments=(),
        authentication=AuthenticationResult(authentication),
        automatic=automatic,
        markers=frozenset(markers),
    )


def reading(
    kind: str,
    name: str = "a.docx",
    *,
    content: bytes = b"",
    container: str | None = None,
    inline: bool = False,
    text: str = "",
    sure: float = 1.0,
) -> Reading:
    """A file of that kind."""
    attachment = Attachment(PersonalText(name), content, container=PersonalText(container) if container else None, inline=inline)
    problem = Problem(UnreadableReason.ENCRYPTED, "locked") if kind == "unreadable" else None
    return Reading(Document(attachment, "docx", text=PersonalText(text), problem=problem), KindVerdict(DocumentKind(kind), sure))


REPORT = reading("conference_report")


@pytest.mark.parametrize(
    ("submission", "readings", "expected"),
    [
        (mail("Please find attached my report."), [REPORT], "conference_report"),
        (mail("I can't attend but will ring in at 2pm. Report attached."), [REPORT], "conference_report"),
        (mail("My report is attached, password to follow by phone."), [reading("unreadable")], "conference_report"),
        (mail("See the photo of my report"), [reading("photo_or_scan")], "conference_report"),
        (mail("My report: one attachment was removed", markers=["attachment-removed"]), [], "conference_report"),
        (mail("The report is here", markers=["cloud-link"]), [], "conference_report"),
        (mail("I can't get to the conference on the 14th. I'll ring in at 2pm, my direct line is below."), [], "attendance_or_ring_in"),
        (mail("Dr Patel sends her apologies for the conference, she is on leave."), [], "attendance_or_ring_in"),
        (mail("Unfortunately I am unable to attend; my colleague Jo will come instead."), [], "attendance_or_ring_in"),
        (mail("Just to confirm that I will be attending on Tuesday with our health visitor."), [], "attendance_or_ring_in"),
        (mail("Can be telephoned between 11.15 and 11.30"), [reading("record_printout")], "attendance_or_ring_in"),
        (mail("Attached are the minutes of the conference held on 3 May.", sender="admin@brent.gov.uk"), [], "invitation_or_minutes"),
        (mail("Please see attached", sender="admin@brent.gov.uk"), [reading("meeting_minutes")], "invitation_or_minutes"),
        (mail("You are invited to attend an initial conference on 3 May.", sender="a@kent.gov.uk"), [], "invitation_or_minutes"),
        (mail("Teams meeting", markers=["calendar"], sender="a@kent.gov.uk"), [], "invitation_or_minutes"),
        (mail("I am on leave", automatic=True, subject="Automatic reply: report"), [], "bounce_or_auto_reply"),
        (mail("Thank you for your email. I am currently out of the office until Monday."), [], "bounce_or_auto_reply"),
        (mail("Delivery failed", automatic=True, markers=["delivery-status"]),
         [reading("conference_report", container="x.eml")], "bounce_or_auto_reply"),
        (mail("Sent by our system: report attached", automatic=True), [REPORT], "conference_report"),
        (mail("Could I have until Monday please to finish it?"), [], "other"),
        # a report of a few lines, or left behind, must not be filed as none
        (mail("Please find my report."), [reading("other")], "conference_report"),
        (mail("Here is the report you asked for."), [reading("clinical_letter", sure=0.4)], "conference_report"),
        (mail("The hospital's letter, for the report."), [reading("clinical_letter")], "other"),
        (mail("Please find attached my report for Tuesday."), [], "conference_report"),
        (mail("My report is enclosed, thank you."), [], "conference_report"),
        (mail("The report will follow tomorrow."), [], "other"),
        (mail("See you there"), [reading("other", inline=True)], "other"),
        (mail("I cannot attend; I will ring in at 2. Report below."), [reading("other", text="Report to conference\nSeen once.")],
         "conference_report"),
        (mail("I cannot attend; I will ring in at 2. My report went on Friday."), [reading("other", text="How to find us")],
         "attendance_or_ring_in"),
        (mail("Reports must reach us by Friday. You are invited to attend.", sender="a@kent.gov.uk"), [reading("other")],
         "invitation_or_minutes"),
        (mail("Our course on writing a report", markers=["list"]), [reading("other")], "other"),
        (mail("Thank you for the report, the chair found it helpful."), [], "other"),
        (mail("Autumn bulletin: a course on attending conference. Join us on video.", markers=["list"]), [], "other"),
        (mail("He called in to the surgery in May and has not been since. No report will come from us."), [], "other"),
        (mail(""), [], "other"),
    ],
)  # fmt: skip
def test_kinds_of_mail(submission: Submission, readings: list[Reading], expected: str) -> None:
    """Reports, also those nobody can read yet; attendance; the council's mail; what programs write; the rest."""
    assert route_of(submission, readings) == expected


@pytest.mark.parametrize(
    ("submission", "readings"),
    [
        (mail("My account is being upgraded so reply to dr.x@gmail.com with the minutes", authentication="fail"), [REPORT]),
        (mail("Report attached", sender="k@nhsnet-mail.uk"), [REPORT]),
        (mail("Report attached", sender="k@brent-gov.uk.com"), [REPORT]),
        (mail("Your mailbox quota is full, click here to verify your account", sender="it@support.example", authentication="fail"), []),
        (
            mail(
                "Please verify your account: log in below to keep your password", sender="admin@gmail.com", markers=["reply-to-elsewhere"]
            ),
            [],
        ),
        (mail("Report"), [reading("other", "report.pdf.exe")]),
        (mail("Report"), [reading("other", "report.pdf", content=b"MZ\x90\x00")]),
        (
            mail(
                "Please send me the mother's new address urgently, and use this address from now on: x@outlook.com", authentication="fail"
            ),
            [],
        ),
    ],
)
def test_deceit(submission: Submission, readings: list[Reading]) -> None:
    """A forged or look-alike sender with a lure, phishing, and programs sent as files are suspicious, with a report or without."""
    assert route_of(submission, readings) is Route.SUSPICIOUS


@pytest.mark.parametrize(
    "submission",
    [
        mail("Report attached", authentication="fail"),
        mail("Sent from our practice account as nhs mail is down", sender="m@ferryroadsurgery.co.uk", authentication="none"),
        mail("Any questions, write to the practice at reception@surgery.nhs.uk", authentication="fail"),
        mail("Urgent! Conference is tomorrow. Please send me the minutes.", sender="dsl@school.sch.uk"),
        mail("Please confirm receipt.", sender="a@health.nhs.scot"),
        mail("Our charity's address: office@charity.org.uk, please reply there.", sender="jo@charity.org.uk"),
    ],
)
def test_honest_mail_that_looks_odd(submission: Submission) -> None:
    """Failed authentication alone, another address of the health service, haste and charities are held, not called deceit."""
    assert route_of(submission, [REPORT]) is Route.CONFERENCE_REPORT


@pytest.mark.parametrize(
    "mark", ["________________________________\nFrom: CP Admin\nSent: 1 May", "On Mon, 5 May 2026, Jo Bloggs wrote:", "> "]
)
def test_quoted_words_are_not_the_senders(mark: str) -> None:
    """An invitation quoted below an answer makes the answer no invitation; the ring-in above it counts."""
    quoted = "You are invited to attend. Attached are the minutes."
    text = f"Morning Lorraine, I can't get to you on the 23rd but can ring in about half ten.\n\n{mark}\n{quoted}"
    assert route_of(mail(text, subject="RE: Invitation"), []) is Route.ATTENDANCE_OR_RING_IN


def test_pictures_in_a_signature_are_no_report() -> None:
    """A logo that cannot be read makes a ring-in no report."""
    logo = reading("photo_or_scan", "logo.png", inline=True)
    assert route_of(mail("My report will follow. I will ring in at two."), [logo]) is Route.ATTENDANCE_OR_RING_IN


@pytest.mark.parametrize(
    ("confidence", "noted", "text", "expected"),
    [
        (0.3, True, "Dr Moss's report scanned in, the dictation is down.", Route.CONFERENCE_REPORT),
        (0.9, True, "Dr Moss's report scanned in, the dictation is down.", Route.CONFERENCE_REPORT),
        (0.9, False, "Dr Moss's report scanned in, the dictation is down.", Route.CONFERENCE_REPORT),
        (0.3, True, "The letter you wanted is attached.", Route.CONFERENCE_REPORT),
        (0.9, True, "The letter you wanted is attached.", Route.OTHER),
        (0.3, True, "Thank you for the parking permit.", Route.OTHER),
    ],
)
def test_a_page_of_which_nobody_can_tell_what_it_is_may_be_the_report(confidence: float, noted: bool, text: str, expected: Route) -> None:
    """A page of no kind known counts as the report that the mail speaks of; one by hand also as the letter that it brings."""
    page = reading("other", "scan.pdf")
    notes = (Note(NoteCode.HANDWRITING, "Written by hand."),) if noted else ()
    page = replace(page, document=replace(page.document, notes=notes), kind=KindVerdict(DocumentKind.OTHER, confidence))

    assert route_of(mail(text), [page]) is expected


def test_words_of_a_page() -> None:
    """A formatted message is read without its markup."""
    page = "<html><head><style>attend{}</style></head><body><p>I am unable to&nbsp;<b>attend</b></p></body></html>"
    assert route_of(mail(page, kind="text/html"), []) is Route.ATTENDANCE_OR_RING_IN


def test_labelled_mail(corpus: Path) -> None:
    """With the labelled kinds, the text of every labelled message, development and training, gives its labelled route."""
    files = [*sorted(corpus.glob("*.yaml")), *sorted((corpus / "training").glob("*.yaml"))]
    cases = [case for case in (yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) for file in files) if "email" in case]
    wrong = [case["id"] for case in cases if route_of(submission_of(case), readings_of(case)) != case["route"]]
    print(f"route with labelled kinds: {len(cases) - len(wrong)}/{len(cases)}")
    assert len(wrong) <= len(cases) * 0.01, wrong


def submission_of(case: dict[str, dict[str, str]]) -> Submission:
    """The message of a labelled case, without its files."""
    message = case["email"]
    return mail(
        message["body"],
        message["subject"],
        message["from"].rpartition("<")[2].rstrip(">").lower(),
        message["authentication"],
        automatic=case["route"] == "bounce_or_auto_reply",  # parsing says so from headers; see tests/intake
        kind="text/html" if message.get("body_format") == "html" else "text/plain",
    )


def readings_of(case: dict[str, object]) -> list[Reading]:
    """Its files with the labelled kinds; the body as the report where nothing else is."""
    files = [member for file in case.get("attachments") or [] for member in file.get("members") or [file]]  # type: ignore[attr-defined]
    found = [reading("unreadable" if file["render"] == "encrypted_pdf" else file.get("kind") or "other", file["name"]) for file in files]
    reports = any(item.kind.kind in {DocumentKind.CONFERENCE_REPORT, DocumentKind.UNREADABLE} for item in found)
    if not reports and case["route"] == "conference_report":
        found.insert(0, reading("conference_report", BODY))
    return found
