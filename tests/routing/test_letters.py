from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from samples_assessment import AUTHORITY, LONDON, NOW, OURS, SECRETS, assessment, clean_document, facts, reading, result, submission

from pipeline.domain.assessment import Assessment, Decision, Disposition
from pipeline.domain.authority import Authority, Destination, Letter
from pipeline.domain.conference import Conference, ConferenceType, Deadline, DeadlineStatus, Particulars
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.findings import Action, Finding, RuleOutcome, Scorecard, Topic
from pipeline.domain.mail import Address, Agency, AuthenticationResult, Route
from pipeline.domain.people import Category, DocumentKind
from pipeline.domain.text import PersonalText
from pipeline.routing import correspondence, letter_facts
from pipeline.routing.stationery import LETTERS, check


def opened(letter: Letter) -> EmailMessage:
    """The letter as the receiver's program reads it."""
    message = email.message_from_bytes(letter.content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def words(letter: Letter) -> str:
    """Subject, plain and HTML text of a letter, with line ends as spaces."""
    message = opened(letter)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text" and not part.is_attachment()]
    return " ".join(" ".join([letter.subject, *parts]).split())


def authority_letter(case: Assessment) -> Letter:
    """The letter to the authority, which must be due."""
    letter = correspondence.to_authority(case, [clean_document()], sender=OURS, now=NOW)
    assert letter is not None
    return letter


def feedback(case: Assessment) -> Letter:
    """The letter to the sender, which must be due."""
    letter = correspondence.to_sender(case, sender=OURS, now=NOW)
    assert letter is not None
    return letter


def late(by: timedelta) -> Assessment:
    """A report that came so much after it was due."""
    due = datetime(2026, 9, 14, 16, 41, tzinfo=LONDON) - by
    return assessment(case={"facts": facts(deadline=Deadline(due, DeadlineStatus.MISSED))})


def test_goes_to_the_authority_with_a_copy_to_the_safeguarding_team() -> None:
    """To and Cc are the directory's, with the labels of their roles."""
    letter = authority_letter(assessment())
    message = opened(letter)
    assert letter.to == ("reports@testshire.example",)
    assert letter.cc == ("safeguarding@icb.example",)
    assert [a.addr_spec for a in message["To"].addresses] == ["reports@testshire.example"]
    assert [(a.addr_spec, a.display_name) for a in message["Cc"].addresses] == [("safeguarding@icb.example", "CCG safeguarding team")]
    assert message["From"] == OURS


def test_says_what_a_receiver_needs() -> None:
    """Who sent it and when, the conference, that it came in time, what is enclosed and left out, whom to ask."""
    said = words(authority_letter(assessment()))
    for phrase in (
        "[secure] OFFICIAL-SENSITIVE: Conference report for ICPC on 18 September 2026 (reference RG-",
        "Received from a GP practice (dr.okafor@nhs.net) at 4.41pm on Monday 14 September 2026.",
        "an initial child protection conference (ICPC) on Friday 18 September 2026",
        "due by 5pm on Tuesday 15 September 2026 and came in time",
        "Report 1 of 1, redacted.pdf: 2 parts withheld",
        "1 printout from a health record, not passed on",
        "2 parts of a document: health information about another person",
        "Testshire conference line, 01632 960123",
    ):
        assert phrase in said, phrase


def test_both_alternatives_say_the_same() -> None:
    """Plain text and HTML hold the same words, so that nobody gets less than another."""
    message = opened(authority_letter(assessment()))
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert plain is not None
    assert html is not None
    shown = re.sub(r"<title>.*?</title>|<[^>]+>", " ", html.get_content()).replace("&#39;", "'")

    def spoken(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower())

    assert spoken(shown) == spoken(plain.get_content())


def test_encloses_the_very_bytes() -> None:
    """An enclosure is read back byte for byte under its neutral name, and is all that is enclosed."""
    letter = authority_letter(assessment())
    (attached,) = opened(letter).iter_attachments()
    assert attached.get_content() == b"%PDF-1.7 kept words"
    assert attached.get_filename() == "Report 1 of 1, redacted.pdf"
    assert attached.get_content_type() == "application/pdf"


@pytest.mark.parametrize(
    ("media_type", "name", "content"),
    [
        ("text/plain; charset=utf-16", "note.txt", "späte\r\nZeile".encode("utf-16")),
        ("message/rfc822", "forwarded.eml", b"From: a\n\nb\n"),
        ("multipart/mixed", "odd.bin", b"\x00\xff"),
        ("nonsense", "x.bin", b"--=_\r\n\r\n.\r\n"),
        ("application/pdf", "evil\r\nBcc: thief@example.com\u202efdp.pdf", b"1"),
    ],
)
def test_encloses_any_file_unchanged(media_type: str, name: str, content: bytes) -> None:
    """Odd types, bytes and names neither change a file nor forge a header."""
    document = clean_document(media_type=media_type, name=PersonalText(name), content=content)
    letter = correspondence.to_authority(assessment(), [document], sender=OURS, now=NOW)
    assert letter is not None
    message = opened(letter)
    (attached,) = message.iter_attachments()
    assert attached.get_payload(decode=True) == content
    assert message["Bcc"] is None
    assert "\n" not in str(attached.get_filename())
    assert "\u202e" not in str(attached.get_filename())


def test_the_same_assessment_makes_the_same_bytes() -> None:
    """Written twice a letter is one letter; another version of the plan is another."""
    first, again = authority_letter(assessment()), authority_letter(assessment())
    other = authority_letter(assessment(plan=replace(assessment().plan, version=2)))
    assert first.content == again.content
    assert first.message_id == again.message_id != other.message_id
    assert opened(first)["Message-ID"] == first.message_id
    assert opened(first)["Date"].datetime == NOW


def test_kinds_of_letters_have_their_own_message_ids() -> None:
    """Feedback is never taken for the letter to the authority."""
    assert authority_letter(assessment()).message_id != feedback(assessment()).message_id


@pytest.mark.parametrize(
    ("by", "phrase"),
    [
        (timedelta(minutes=5), "less than an hour late"),
        (timedelta(hours=1), "1 hour late"),
        (timedelta(hours=23, minutes=59), "23 hours late"),
        (timedelta(days=1), "1 day late"),
        (timedelta(days=3, hours=5), "3 days late"),
    ],
)
def test_tells_lateness_in_plain_words(by: timedelta, phrase: str) -> None:
    """Both the authority, in subject and text, and the sender are told how late a report is."""
    case = late(by)
    assert "received late" in authority_letter(case).subject
    assert phrase in words(authority_letter(case))
    assert phrase in words(feedback(case))


def test_says_when_nothing_is_known() -> None:
    """An unknown conference is said to be unknown, and the due time with it."""
    unknown = facts(agency=Agency.OTHER, conference=Conference(), deadline=Deadline())
    said = words(authority_letter(assessment(case={"facts": unknown})))
    assert "for a conference, date not stated (reference" in said
    assert "We could not work out when it was due." in said


@pytest.mark.parametrize(
    "case",
    [
        assessment(disposition=Disposition(Decision.NOT_A_REPORT, ())),
        assessment(disposition=Disposition(Decision.REVIEW, (), quarantined=True)),
        assessment(case={"authority": None}),
    ],
    ids=["not a report", "quarantined", "unknown authority"],
)
def test_nothing_leaves_where_nothing_may(case: Assessment) -> None:
    """No letter to anybody about mail that carries no report, is quarantined or has no known receiver."""
    assert correspondence.to_authority(case, [clean_document()], sender=OURS, now=NOW) is None
    assert correspondence.to_sender(case, sender=OURS, now=NOW) is None
    assert correspondence.returned(case, sender=OURS, now=NOW) is None


def test_no_document_no_letter() -> None:
    """Where everything is withheld the authority gets no empty letter."""
    assert correspondence.to_authority(assessment(), [], sender=OURS, now=NOW) is None


def test_no_letter_repeats_the_report() -> None:
    """Names, file names, subject lines and quotations of the report are in no letter."""
    for letter in (authority_letter(assessment()), feedback(assessment()), correspondence.returned(assessment(), sender=OURS, now=NOW)):
        assert letter is not None
        assert not [secret for secret in SECRETS if secret.lower() in words(letter).lower()]
        assert not [secret for secret in SECRETS if secret.lower() in repr(letter).lower()]


def test_feedback_says_what_to_mend_where_why_and_by_when() -> None:
    """The sender is told the advice of failed live rules, the place, the clause, what was left out, and the due time."""
    letter = feedback(assessment())
    said = words(letter)
    assert letter.to == ("dr.okafor@nhs.net",)
    assert letter.cc == ()
    for phrase in (
        "Say what each abbreviation means.",
        "Where: in file 1 (conference report), page 2",
        "Why: guidance 000, plain language",
        "1 printout from a health record, not passed on",
        "due by 5pm on Tuesday 15 September 2026; yours came in time",
        "please do so by then",
    ):
        assert phrase in said, phrase


def test_feedback_stops_at_live_failures() -> None:
    """Rules on trial and rules that passed give no advice."""
    results = (
        result("trial", RuleOutcome.FAIL, "Trial advice.", live=False),
        result("passed", RuleOutcome.PASS, "Needless advice."),
        result("light", RuleOutcome.FAIL, "Light advice.", weight=1),
        result("heavy", RuleOutcome.FAIL, "Heavy advice.", weight=9),
    )
    said = words(feedback(assessment(scorecard=Scorecard("p", "1", 50, results))))
    assert "Trial advice." not in said
    assert "Needless advice." not in said
    assert said.index("Heavy advice.") < said.index("Light advice.")


def test_feedback_asks_what_a_bare_concern_means_for_the_child() -> None:
    """What stays but says too little is asked about once, with its place, after the advice, and is no place of the rule's own advice."""
    asks = Finding(
        "plain",
        Topic.ADULT_INFORMATION_RELEVANT,
        Action.ADVISE,
        "Please say what it does to the child's day.",
        document=0,
        page=7,
        quote=PersonalText("Zebulon"),
        category=Category.ADULT_HEALTH_NOT_RELEVANT,
    )
    said = words(feedback(assessment(findings=(*assessment().findings, asks, asks))))
    assert said.count("Please say what it does to the child's day.") == 1
    assert said.index("Say what each abbreviation means.") < said.index("Please say what it does") < said.index("page 7")
    assert said.count("page 7") == 2, "once as plain text, once as HTML"


@pytest.mark.parametrize("reason", UnreadableReason)
def test_feedback_says_how_to_send_an_unreadable_file_again(reason: UnreadableReason) -> None:
    """Every way in which a file cannot be read has its remedy."""
    readings = (reading("Zebulon.pdf", DocumentKind.UNREADABLE, reason),)
    plan = replace(assessment().plan, documents=assessment().plan.documents[1:])
    said = words(feedback(assessment(case={"readings": readings}, plan=plan)))
    assert "File 1: It" in said or "File 1: We" in said
    assert "the conference has no report from you yet" in said
    assert ("without one" in said) is (reason is UnreadableReason.ENCRYPTED)


@pytest.mark.parametrize(
    "changes",
    [
        {"submission": submission(automatic=True)},
        {"submission": submission(authentication=AuthenticationResult.FAIL)},
        {"submission": submission(authentication=AuthenticationResult.NONE)},
        {"submission": submission(sender=Address(""))},
        {"submission": submission(sender=Address("no-reply@nhs.net"))},
        {"submission": submission(sender=Address("noreply+77@nhs.net"))},
        {"submission": submission(sender=Address("mailer-daemon@nhs.net"))},
        {"submission": submission(sender=Address(OURS))},
        {"submission": submission(sender=Address("cp.reports.testshire@nhs.net"))},
        {"route": Route.BOUNCE_OR_AUTO_REPLY},
        {"route": Route.SUSPICIOUS},
        {"route": Route.INVITATION_OR_MINUTES},
    ],
)
def test_feedback_never_loops_nor_answers_strangers(changes: dict[str, object]) -> None:
    """Machines, our own addresses, and senders nobody vouches for get no letter."""
    case = assessment(case=changes)
    assert correspondence.to_sender(case, sender=OURS, now=NOW) is None
    assert correspondence.returned(case, sender=OURS, now=NOW) is None


def test_letters_ask_not_to_be_answered_by_machines() -> None:
    """Auto-Submitted keeps out-of-office notices away, and feedback threads under the sender's own mail."""
    message = opened(feedback(assessment()))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] == "<one@nhs.net>"
    forged = assessment(case={"submission": submission(message_id="<a>\r\nBcc: x@example.com")})
    assert opened(feedback(forged))["In-Reply-To"] is None


def test_a_good_report_gets_no_feedback() -> None:
    """Where nothing is to be said, nothing is sent."""
    clean = assessment(
        scorecard=Scorecard("p", "1", 100, ()),
        plan=replace(assessment().plan, documents=()),
        case={"readings": (reading("r.docx", DocumentKind.CONFERENCE_REPORT),)},
    )
    assert correspondence.to_sender(clean, sender=OURS, now=NOW) is None


def test_a_returned_report_says_so() -> None:
    """The author of a returned report learns that it was not passed on."""
    letter = correspondence.returned(assessment(), sender=OURS, now=NOW)
    assert letter is not None
    assert "It has NOT been passed on" in words(letter)
    assert "send again" in letter.subject


@pytest.mark.parametrize("route", Route)
def test_administration_hears_of_attendance_and_invitations_only(route: Route) -> None:
    """The notice goes to conference administration, for two kinds of mail, and repeats nothing of it."""
    case = assessment(case={"route": route}, disposition=Disposition(Decision.NOT_A_REPORT, ()))
    letter = correspondence.to_admin(case, sender=OURS, now=NOW)
    assert (letter is not None) is (route in correspondence.ADMIN_ROUTES)
    if letter:
        assert letter.to == ("admin@testshire.example",)
        assert not [secret for secret in SECRETS if secret in words(letter)]
        assert "dr.okafor@nhs.net" in words(letter)


@pytest.mark.parametrize(
    ("own", "marking"),
    [
        ("", "OFFICIAL-SENSITIVE:"),
        ("[secure]", "[secure] OFFICIAL-SENSITIVE:"),
        ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE:"),
        ("[secure] Official-Sensitive:", "[secure] Official-Sensitive:"),
    ],
)
def test_marking_is_put_once(own: str, marking: str) -> None:
    """The authority's own marking comes first, and the government's is not said twice."""
    authority: Authority = replace(AUTHORITY, subject_marking=own)
    assert letter_facts.subject_marking(authority) == marking


@pytest.mark.parametrize("agency", Agency)
@pytest.mark.parametrize("conference", [None, *ConferenceType])
def test_every_agency_and_conference_has_words(agency: Agency, conference: ConferenceType | None) -> None:
    """No word of the field is missing from the templates' tables."""
    case = assessment(case={"facts": facts(agency=agency, conference=replace(facts().conference, type=conference))})
    assert words(authority_letter(case))
    assert words(feedback(case))


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_of_document_has_words(kind: DocumentKind) -> None:
    """Whatever is withheld can be named."""
    readings = (reading("a", DocumentKind.CONFERENCE_REPORT), reading("b", kind))
    assert "1 " in words(authority_letter(assessment(case={"readings": readings})))


@pytest.mark.parametrize(("times", "phrase"), [((time(10, 30),), "The time it names is 10.30am."), ((), "It names no time.")])
def test_a_notice_of_ringing_in_says_when_and_goes_to_the_chair_too(times: tuple[time, ...], phrase: str) -> None:
    """Administration and chair hear the time, that the place must be private, and that a report is wanted all the same."""
    chaired = replace(AUTHORITY, chair=Destination("chair@testshire.example", "Conference chair"))
    told = replace(facts(), particulars=Particulars(times=times))
    case = assessment(case={"route": Route.ATTENDANCE_OR_RING_IN, "facts": told, "authority": chaired})
    letter = correspondence.to_admin(case, sender=OURS, now=NOW)

    assert letter is not None
    assert letter.cc == ("chair@testshire.example",)
    assert all(said in words(letter) for said in (phrase, "nobody can listen in", "does not take the place of a written report"))


@pytest.mark.parametrize(("due", "told"), [(date(2026, 9, 1), True), (date(2026, 9, 30), False), (None, False)])
def test_a_review_that_comes_late_is_told(due: date | None, told: bool) -> None:
    """Administration is asked to check the date of a review later than guidance has it."""
    known = facts()
    case = assessment(
        case={"route": Route.INVITATION_OR_MINUTES, "facts": replace(known, conference=replace(known.conference, review_due=due))}
    )
    letter = correspondence.to_admin(case, sender=OURS, now=NOW)

    assert letter is not None
    assert ("comes later" in words(letter)) is told


LANGUAGE = {
    "words.jinja": "{% macro day(when) %}{{ when.day }}/{{ when.month }}{% endmacro %}",
    "to-sender/subject.txt": "{{ letter.subject_marking }} Uw verslag ({{ letter.reference }})",
    "to-sender/body.txt": "{% for one in letter.advice %}{{ one.text | said }}\n{% endfor %}",
    "to-sender/body.html": "<ul>{% for one in letter.advice %}<li>{{ one.text | said }}</li>{% endfor %}</ul>",
    "phrases.yaml": "Please write it out.: Schrijf het voluit.\n",
}


@pytest.fixture
def dutch(tmp_path: Path) -> Path:
    """The sender's letter in another language, as files alone."""
    for name, content in LANGUAGE.items():
        (tmp_path / "nl" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "nl" / name).write_text(content, encoding="utf-8")
    return tmp_path / "nl"


def test_feedback_in_another_language_is_files_alone(dutch: Path) -> None:
    """The letter, its subject and the rules' advice come in the directory's language; a letter that language lacks stays English whole."""
    failed = result("plain-language", RuleOutcome.FAIL, "Please write it out.")
    case = assessment(case={"authority": replace(AUTHORITY, letters=dutch)}, scorecard=Scorecard("brent", "1", 50, (failed,)))

    assert "Uw verslag" in feedback(case).subject
    assert "Schrijf het voluit." in words(feedback(case))
    assert "Please" not in words(feedback(case))
    assert "Conference report" in authority_letter(case).subject
    assert check(dutch) == ()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("to-sender/body.txt", "{% if %}", "to-sender/body.txt"),
        ("to-sender/body.html", None, "body.html is missing"),
        ("phrases.yaml", "- one", "phrases.yaml"),
        ("to-nobody/subject.txt", "x", "no letter known here"),
    ],
)
def test_a_broken_language_is_told_and_the_letter_goes_in_english(dutch: Path, name: str, content: str | None, complaint: str) -> None:
    """`rules check` names the file, and no letter is lost for it."""
    if content is None:
        (dutch / name).unlink()
    else:
        (dutch / name).parent.mkdir(exist_ok=True)
        (dutch / name).write_text(content, encoding="utf-8")
    failed = result("plain-language", RuleOutcome.FAIL, "Please write it out.")
    case = assessment(case={"authority": replace(AUTHORITY, letters=dutch)}, scorecard=Scorecard("brent", "1", 50, (failed,)))

    assert any(complaint in wrong for wrong in check(dutch))
    assert correspondence.to_sender(case, sender=OURS, now=NOW) is not None


def test_html_is_escaped() -> None:
    """A label or name cannot bring markup of its own."""
    authority = replace(AUTHORITY, reports_to=Destination("reports@testshire.example", "<b>Reports</b>"))
    html = opened(authority_letter(assessment(case={"authority": authority}))).get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()


def test_references_are_stable_and_tell_letters_from_digits() -> None:
    """One submission has one reference, in an alphabet without I, L, O and U."""
    first = letter_facts.reference("a" * 64)
    assert first == letter_facts.reference("a" * 64) != letter_facts.reference("b" * 64)
    assert re.fullmatch(r"RG-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", first)


def test_every_letter_has_its_three_parts() -> None:
    """A folder under letters/ is a letter: subject, plain text and HTML."""
    folders = sorted(folder.name for folder in LETTERS.iterdir() if folder.is_dir())
    assert folders == ["returned", "to-admin", "to-authority", "to-sender"]
    for folder in folders:
        assert {"subject.txt", "body.txt", "body.html"} <= {path.name for path in (LETTERS / folder).iterdir()}
