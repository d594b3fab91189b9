"""Messages as they really come: every one is read, or parked with a reason, and nothing in it is lost."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.errors import MalformedMessage
from pipeline.domain.mail import AuthenticationResult, Submission
from pipeline.intake import mime
from pipeline.intake.names import file_name

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n%%EOF\n"


def parse(raw: bytes | str) -> Submission:
    """The submission that the message makes."""
    return mime.parse(raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw, collected=NOW)


def mail(*fields: str, body: str = "Hello", sender: str = "From: a@nhs.net") -> str:
    """A message with these fields."""
    return "\r\n".join([sender, "To: cp.reports.brent@nhs.net", "Subject: S", *fields, "", body])


def mixed(*parts: str, kind: str = "mixed", close: bool = True) -> str:
    """A message of several parts, each given with its fields."""
    inner = "".join(f"--B\r\n{part}\r\n" for part in parts) + ("--B--\r\n" if close else "")
    return mail("MIME-Version: 1.0", f'Content-Type: multipart/{kind}; boundary="B"', body=inner)


TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nPlease find attached"
FILE = "Content-Type: application/pdf; name=report.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQKJSVFT0YK"


def names(submission: Submission) -> list[str]:
    """The names of the files."""
    return [str(attachment.name) for attachment in submission.attachments]


def body(submission: Submission) -> str:
    """The text of the message."""
    assert submission.body is not None
    return submission.body.content.decode()


def test_every_labelled_message_is_read(corpus: Path) -> None:
    """All development messages parse without a note; date, authentication and the names of the files are those of the labels."""
    for label in sorted(corpus.glob("*.yaml")):
        case = yaml.safe_load(label.read_text("utf-8"))
        submission = parse(label.with_suffix(".eml").read_bytes())
        assert submission.received.strftime("%Y-%m-%d %H:%M") == case["email"]["date"]
        assert submission.authentication == case["email"]["authentication"]
        assert names(submission) == [attachment["name"] for attachment in case.get("attachments") or []]
        assert submission.recipients[0].address == case["email"]["to"]
        assert submission.subject.split() == case["email"]["subject"].split()
        assert submission.notes == ()


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"no header at all\njust lines", b"\x89PNG\r\n\x1a\n\x00\x00", b"colour: red\n\nHello", PDF])
def test_what_is_no_mail_is_parked(raw: bytes) -> None:
    """Bytes without any field of mail are refused, in one line and without their content."""
    with pytest.raises(MalformedMessage) as refused:
        parse(raw)
    assert "\n" not in str(refused.value)
    assert "red" not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("X-Nothing: 1", ""),
        ("Message-ID:", ""),
        ("Message-ID: <[a@b]>", "<[a@b]>"),
        ("Message-ID: <1@a>\r\nMessage-ID: <2@a>", "<1@a>"),
        ("Message-ID: no brackets at all", "no brackets at all"),
        ("Message-ID: <caf\xe9@a>", "<caf\xe9@a>"),
    ],
)
def test_message_ids(field: str, expected: str) -> None:
    """Missing, empty, repeated and malformed Message-IDs are taken as they are and stop nothing (F14, F17)."""
    assert parse(mail(field)).message_id == expected


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        ('From: "Sandhu, K (SURGERY)" <K.Sandhu@NHS.net>', "k.sandhu@nhs.net", "Sandhu, K (SURGERY)"),
        ("From: =?utf-8?q?Zo=C3=AB=2C_Dr?= <zoe@nhs.net>", "zoe@nhs.net", "Zoë, Dr"),
        ("From: zoe@nhs.net", "zoe@nhs.net", ""),
        ("From: Zo\xeb <zoe@nhs.net>", "zoe@nhs.net", "Zoë"),
        ("From: =?windows-874?q?Zoe?= <zoe@nhs.net>", "zoe@nhs.net", "Zoe"),
        ("From: =?nonsense?q?Zoe?= <zoe@nhs.net>", "zoe@nhs.net", "Zoe"),
        ("From: =?utf-8?b?!!!?= <zoe@nhs.net>", "zoe@nhs.net", ""),
        ("From: Zoe zoe@nhs.net (work", "zoe@nhs.net", ""),
        ("Sender: clerk@nhs.net", "clerk@nhs.net", ""),
        ("From: undisclosed", "", ""),
        ("From:", "", ""),
    ],
)
def test_senders(sender: str, address: str, name: str) -> None:
    """The sender's address and name are read from whatever From holds; without one it is empty (F15, F16, F18, F19)."""
    found = parse(mail(sender=sender)).sender
    assert (found.address, str(found.name)) == (address, name)


def test_encoded_line_break_in_an_address() -> None:
    """An encoded line feed in a name ends no header and adds no address (F18)."""
    submission = parse(mail(sender="From: =?utf-8?q?Zoe=0D=0ABcc=3A_x=40evil.example?= <zoe@nhs.net>"))
    assert submission.sender.address == "zoe@nhs.net"
    assert [recipient.address for recipient in submission.recipients] == ["cp.reports.brent@nhs.net"]


def test_two_senders_are_vouched_for_by_nobody() -> None:
    """Where From names two people, what the server said of one says nothing of the other."""
    fields = "Authentication-Results: mx; dmarc=pass header.from=nhs.net"
    assert parse(mail(fields)).authentication is AuthenticationResult.PASS
    two = parse(mail(fields, sender="From: a@nhs.net, b@evil.example"))
    assert two.authentication is AuthenticationResult.NONE
    assert "more than one sender" in " ".join(two.notes)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (mail("Content-Type: text/plain; charset=utf-8", body="caf\u00e9"), "caf\u00e9"),
        (mail("Content-Type: text/plain", body="caf\u00e9"), "caf\u00e9"),
        (mail("Content-Type: text/plain; charset=x-unheard-of", body="caf\u00e9"), "caf\u00e9"),
        (mail("Content-Type: text/plain; charset=", body="plain"), "plain"),
        (mail("Content-Type: text/plain; charset=idna", body="plain"), "plain"),
        (mail("Content-Type: text/plain; charset=base64", body="cGxhaW4="), "cGxhaW4="),
        (mail("Content-Transfer-Encoding: UTF-8", body="plain"), "plain"),
        (mail("Content-Transfer-Encoding: base64", body="cGxhaW4"), "plain"),
        (mail("Content-Type: text", body="plain"), "plain"),
        (mail("Content-Type: ;;;", body="plain"), "plain"),
        (mail(body="a\x00b"), "ab"),
    ],
)
def test_text_in_any_charset(raw: str, expected: str) -> None:
    """Wrong, empty and invented charsets and encodings still give the words (F15, F16, F20)."""
    assert body(parse(raw)).strip() == expected


@pytest.mark.parametrize(("charset", "raw"), [("windows-874", b"\xa1"), ("iso-8859-1", b"\xe9"), ("us-ascii", b"\xe9")])
def test_eight_bit_text(charset: str, raw: bytes) -> None:
    """Text in old charsets is read in them; bytes that 'us-ascii' cannot hold are read as Windows-1252."""
    expected = {"windows-874": "\u0e01"}.get(charset, "\u00e9")
    head = mail(f"Content-Type: text/plain; charset={charset}", body="").encode()
    assert body(parse(head + raw)) == expected


@pytest.mark.parametrize("fields", [("From: a@nhs.net",), ("Subject: only that",), ("To: x@nhs.net", "Date: never")])
def test_message_without_a_body(fields: tuple[str, ...]) -> None:
    """No body, no recipient, no date: there is a submission all the same, received when it was collected (F19)."""
    submission = parse("\r\n".join(fields) + "\r\n\r\n")
    assert submission.body is None
    assert submission.received == NOW


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("Received: by mx; Mon, 12 Oct 2026 16:41:00 +0100", "Date: Sun, 11 Oct 2026 10:00:00 +0000"), "2026-10-12T16:41:00+01:00"),
        (
            ("Received: by b; Mon, 12 Oct 2026 17:00:00 +0100", "Received: by a; Mon, 12 Oct 2026 16:00:00 +0100"),
            "2026-10-12T17:00:00+01:00",
        ),
        (("Received: by b; rubbish", "Received: by a; Mon, 12 Oct 2026 16:00:00 +0100"), "2026-10-12T16:00:00+01:00"),
        (("Date: Mon, 12 Oct 2026 16:41:00 GMT",), "2026-10-12T17:41:00+01:00"),
        (("Date: Mon, 12 Oct 1966 16:41:00 GMT",), "2026-10-12T10:00:00+01:00"),
        (("Date: tomorrow",), "2026-10-12T10:00:00+01:00"),
    ],
)
def test_received_at(fields: tuple[str, ...], expected: str) -> None:
    """The newest Received field counts, else Date, else the time of collection; always in London's time."""
    assert parse(mail(*fields)).received.isoformat() == expected


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (FILE, "report.pdf"),
        ("Content-Type: application/pdf\r\n\r\nx", "attachment 1.pdf"),
        ("Content-Type: application/octet-stream\r\nContent-Disposition: inline\r\n\r\nx", "attachment 1"),
        ('Content-Type: application/pdf; name="C:\\Users\\gp\\report.pdf"\r\n\r\nx', "report.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx', "passwd"),
        ('Content-Disposition: attachment; filename="report\u202efdp.exe"\r\n\r\nx', "reportfdp.exe"),
        ("Content-Disposition: attachment; filename*=utf-8''Zo%C3%AB.pdf\r\n\r\nx", "Zoë.pdf"),
        ("Content-Disposition: attachment; filename*=nonsense''a.pdf\r\n\r\nx", "a.pdf"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?Zo=C3=AB?=.pdf"\r\n\r\nx', "Zoë.pdf"),
        ('Content-Disposition: attachment; filename="body"\r\n\r\nx', "body (file)"),
        ('Content-Disposition: attachment; filename=".."\r\n\r\nx', "attachment 1.txt"),
        ('Content-Disposition: attachment; filename="a.b.c.pdf"\r\n\r\nx', "a.b.c.pdf"),
        ('Content-Disposition: attachment; filename="note.txt"\r\nContent-Type: text/plain\r\n\r\nx', "note.txt"),
        ("Content-Disposition: attachment\r\nContent-Type: text/plain\r\n\r\nx", "attachment 1.txt"),
    ],
)
def test_names_of_files(part: str, name: str) -> None:
    """Files are found whatever their disposition, and their names are never paths or disguises (F24, F36)."""
    submission = parse(mixed(TEXT, part))
    assert names(submission) == [name]
    assert body(submission).strip() == "Please find attached"


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_name_becomes_a_file_name(raw: str) -> None:
    """Whatever a sender calls a file: no path, no control character, never empty, never `body`."""
    name = file_name(raw, "attachment 1")
    assert name
    assert not set("/\\\x00\r\n") & set(name)
    assert name not in {".", "..", "body"}
    assert len(name) <= 207


def test_parts_that_are_told_apart_badly() -> None:
    """A missing end boundary loses nothing; a missing boundary is said, and holds the message (F15)."""
    assert names(parse(mixed(TEXT, FILE, close=False))) == ["report.pdf"]
    lost = parse(mixed(TEXT, FILE).replace('; boundary="B"', ""))
    assert lost.attachments[0].problem is not None
    assert "unparted" in lost.markers


def test_nested_parts_with_one_boundary() -> None:
    """A boundary used twice, one inside the other, loses no file (F15)."""
    inner = f'Content-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\n{TEXT}\r\n--B\r\n{FILE}\r\n--B--'
    assert "report.pdf" in names(parse(mixed(inner)))


def test_text_cut_in_two_around_a_file() -> None:
    """Apple Mail's text before and after a file is one text; a text of another kind becomes a file."""
    submission = parse(mixed(TEXT, FILE, "Content-Type: text/plain\r\n\r\nKind regards", "Content-Type: text/html\r\n\r\n<p>Other</p>"))
    assert body(submission).split("\n\n") == ["Please find attached", "Kind regards"]
    assert names(submission) == ["report.pdf", "attachment 2.html"]


@pytest.mark.parametrize(
    ("plain", "page", "kind", "differs"),
    [
        ("Dear team, see attached.", "<p>Dear <b>team</b>, see attached.</p>", "text/plain", False),
        ("Dear team, see attached.", "<style>p{}</style><p>Dear team, she is hiding at her aunt's house.</p>", "text/html", True),
        ("", "<p>Dear team</p>", "text/html", False),
        ("Dear team", "", "text/plain", False),
    ],
)
def test_two_forms_of_one_text(plain: str, page: str, kind: str, differs: bool) -> None:
    """The plain text stands where both say the same; where they differ the formatted one is taken, and it is noted."""
    parts = (f"Content-Type: text/plain\r\n\r\n{plain}", f"Content-Type: text/html\r\n\r\n{page}")
    submission = parse(mixed(*parts, kind="alternative"))
    assert submission.body is not None
    assert submission.body.declared_type == kind
    assert ("alternative-differs" in submission.markers) is differs
    assert any("say different things" in note for note in submission.notes) is differs


def test_pasted_picture_is_kept_and_marked() -> None:
    """A picture shown in the text is kept as a file, marked inline, whether or not the text refers to it (F24)."""
    picture = "Content-Type: image/png\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="
    (found,) = parse(mixed(TEXT, picture, kind="related")).attachments
    assert found.inline
    assert found.name == "attachment 1.png"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ("Content-Type: message/rfc822", "Old report.eml"),
        ("Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=fw.eml", "fw.eml"),
    ],
)
def test_forwarded_message_is_a_file(fields: str, name: str) -> None:
    """A message inside is one file, with or without a disposition, named after its file name or its subject (F21)."""
    inner = f"{fields}\r\n\r\nFrom: b@nhs.net\r\nSubject: Old report\r\n\r\nThe text"
    submission = parse(mixed(TEXT, inner))
    assert names(submission) == [name]
    assert submission.attachments[0].declared_type == "message/rfc822"
    assert b"The text" in submission.attachments[0].content
    assert "forwarded" in submission.markers


def test_forwarded_message_that_was_encoded() -> None:
    """Some programs encode a message inside in base64 although they must not; it is decoded."""
    inner = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYkBuaHMubmV0DQoNClRoZSB0ZXh0"
    assert parse(mixed(TEXT, inner)).attachments[0].content == b"From: b@nhs.net\r\n\r\nThe text"


@pytest.mark.parametrize("depth", [100, 3_000])
def test_deep_nesting_ends(depth: int) -> None:
    """Parts within parts without end are not followed to the end, and a person looks (F28)."""
    raw = "From: a@nhs.net\r\n" + "".join(f"Content-Type: multipart/mixed; boundary=B{n}\r\n\r\n--B{n}\r\n" for n in range(depth)) + "\r\nx"
    submission = parse(raw)
    assert submission.attachments[0].problem is not None
    assert submission.attachments[0].problem.reason == "too_large"


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("Content-Type: message/partial; id=a; number=1; total=2\r\n\r\nhalf", "unsupported"),
        ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nx", "encrypted"),
        (
            "Content-Type: text/plain; name=Deleted.txt\r\n\r\nThe attachment report.docx was removed from this message by policy.",
            "replaced",
        ),
        ("Content-Type: text/html; name=message.html\r\n\r\n<p>You've received an encrypted message</p>", "encrypted"),
        ("Content-Type: text/html; name=message_zdm.html\r\n\r\n<form>Secured by Proofpoint Encryption</form>", "encrypted"),
        ("Content-Type: text/html; name=securedoc.html\r\n\r\n<p>You have received a Registered Envelope</p>", "encrypted"),
        ("Content-Type: text/html; name=a.html\r\n\r\n<p>The attachment was <b>removed</b> on its way</p>", "replaced"),
    ],
)
def test_what_stands_for_a_file(part: str, reason: str) -> None:
    """Half a message, an encrypted one and a gateway's notice are problems, not files without interest (F23, F25, F26)."""
    problem = parse(mixed(TEXT, part)).attachments[0].problem
    assert problem is not None
    assert problem.reason == reason


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("One attachment has been removed from this message.", "attachment-removed"),
        ("My report: https://gp-my.sharepoint.com/:w:/g/abc", "cloud-link"),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgp-my.sharepoint.com%2F%3Aw%3A%2Fg&data=05", "cloud-link"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__gp.sharepoint.com_x-2Dy&d=Dw", "cloud-link"),
        ("https://protect-eu.mimecast.com/s/AbC123?domain=gp.sharepoint.com", "cloud-link"),
        ("Download it at https://trust.sharefile.eu/d-s12", "cloud-link"),
        ("Dr A has sent you a secure message.", "encrypted-wrapper"),
        ("You have received a secure message. Egress Protect", "encrypted-wrapper"),
    ],
)
def test_the_text_tells_of_a_file_elsewhere(text: str, marker: str) -> None:
    """A file removed, kept in the cloud or behind an encrypted wrapper is marked (F25, F26)."""
    assert marker in parse(mail(body=text)).markers


@pytest.mark.parametrize(
    "address",
    ["https://gp-my.sharepoint.com/:w:/g/abc", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwe.tl%2Ft-A&amp;d"],
)
def test_a_link_that_only_the_formatted_text_has(address: str) -> None:
    """Where the plain text says the same words and is read, the address behind them is still noticed; markup hides no notice."""
    formatted = f'Content-Type: text/html\r\n\r\n<p>My report is here: <a href="{address}">Report.docx</a></p>'
    parsed = parse(mixed("Content-Type: text/plain\r\n\r\nMy report is here: Report.docx", formatted, kind="alternative"))
    assert body(parsed) == "My report is here: Report.docx"
    assert "cloud-link" in parsed.markers
    told = mail("Content-Type: text/html", body="<p>The attachment has been&nbsp;<b>removed</b> by the filter.</p>")
    assert "attachment-removed" in parse(told).markers


def test_a_macs_own_notes_on_a_file_are_set_aside() -> None:
    """Mail from a Mac with a fork beside the report brings one file, and says that something was set aside."""
    fork = FILE.split("\r\n\r\n", maxsplit=1)[0].replace("/pdf", "/applefile") + "\r\n\r\nAAUWBwACAABNYWMgT1MgWCAgICAgICAgAAA="
    parsed = parse(mixed(TEXT, fork, FILE))
    assert names(parsed) == ["report.pdf"]
    assert [note for note in parsed.notes if "set aside" in note] == ["a Mac's own notes on a file were set aside; they hold no words"]
    empty = parse(mixed(TEXT, fork.replace("AAA=", "AAE="), FILE))
    assert names(empty) == ["report.pdf", "report.pdf"]


WHOLE = "UmVwb3J0IGFib3V0IFJvYmluIFZhbGUu"


@pytest.mark.parametrize(
    ("coded", "broken"),
    [
        (WHOLE, False),
        ("UmVwb3J0IGFi \t\r\nb3V0IFJvYmlu\r\nIFZhbGUu\r\n\r\n", False),
        ("UmVwb3J0IGFib3V0IFJvYmluIFZhbGU=", False),
        (WHOLE[:-1], True),
        (WHOLE[:8] + "!!!" + WHOLE[8:], True),
        ("UmVwb3J0IGFib3V0IFJvYmluIFZhbGU=\r\n" + WHOLE, True),
        (WHOLE + "\r\n-- \r\nSent through a list", True),
    ],
)
def test_a_plain_text_damaged_on_its_way_is_not_read_as_if_whole(coded: str, *, broken: bool) -> None:
    """A text file whose coding breaks off or holds rubbish is a problem; so is the message's own text, which is kept as far as it goes."""
    coding = f"Content-Type: text/plain%s\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}"
    parsed = parse(mixed(TEXT, coding % "; name=report.txt"))
    assert [attachment.problem is not None and attachment.problem.reason.value for attachment in parsed.attachments] == [
        broken and "damaged"
    ]
    own = parse(mixed(coding % ""))
    assert body(own).startswith("Report")
    assert [attachment.problem is not None for attachment in own.attachments] == [True] * broken


def test_text_that_is_utf8_whatever_it_says() -> None:
    """Programs name Latin-1 out of habit; names must not come out as mojibake. True Latin-1 is read as such."""
    field = "Content-Type: text/plain; charset=iso-8859-1"
    assert body(parse(mail(field, body="Zoë’s café"))) == "Zoë’s café"
    assert body(parse(mail(field, body="Hello").encode() + " Zoë".encode("latin-1"))) == "Hello Zoë"


@pytest.mark.parametrize(
    ("fields", "automatic"),
    [
        (("Auto-Submitted: auto-replied",), True),
        (("Auto-Submitted: no",), False),
        (("X-Autoreply: yes",), True),
        (("Precedence: auto_reply",), True),
        (("Precedence: bulk",), False),
        (("Return-Path: <>",), True),
        (("Return-Path: <a@nhs.net>",), False),
        (("X-Auto-Response-Suppress: All",), False),
        (('Content-Type: multipart/report; report-type=delivery-status; boundary="B"',), True),
        ((), False),
    ],
)
def test_written_by_a_program(fields: tuple[str, ...], automatic: bool) -> None:
    """Headers of RFC 3834 and of its forerunners mark bounces, absences and receipts; a request not to be answered marks nobody (F27)."""
    assert parse(mail(*fields)).automatic is automatic


@pytest.mark.parametrize(
    ("subject", "automatic"),
    [
        ("Automatic reply: report", True),
        ("Out of Office: back Monday", True),
        ("Undeliverable: report", True),
        ("Read: GP report", True),
        ("Accepted: ICPC 12 November", True),
        ("Re: Automatic reply", False),
        ("Reading the report", False),
        ("Report of an undelivered baby", False),
    ],
)
def test_written_by_a_program_by_its_subject(subject: str, automatic: bool) -> None:
    """What mail programs put at the head of the subject marks their own messages, and only there."""
    assert parse(mail().replace("Subject: S", f"Subject: {subject}")).automatic is automatic


@pytest.mark.parametrize(
    ("fields", "sender", "expected"),
    [
        (["mx; spf=pass smtp.mailfrom=nhs.net; dkim=pass header.d=nhs.net; dmarc=pass header.from=nhs.net"], "nhs.net", "pass"),
        (["mx; spf=pass; dkim=fail; dmarc=fail header.from=nhs.net"], "nhs.net", "fail"),
        (["mx; dmarc=pass header.from=evil.example"], "nhs.net", "none"),
        (["mx; spf=pass smtp.mailfrom=bulk.example; dmarc=none"], "nhs.net", "none"),
        (["mx; spf=none; dkim=none; dmarc=none"], "nhs.net", "none"),
        (["mx; spf=softfail smtp.mailfrom=nhs.net"], "nhs.net", "fail"),
        (["mx; spf=fail smtp.mailfrom=a.example; dkim=pass header.d=nhs.net"], "nhs.net", "pass"),
        (["mx; dkim=pass header.i=@trust.nhs.uk"], "mail.trust.nhs.uk", "pass"),
        (["mx; none", "evil; dmarc=pass header.from=nhs.net"], "nhs.net", "none"),
        (["mx; dmarc=fail header.from=nhs.net", "evil; dmarc=pass header.from=nhs.net"], "nhs.net", "fail"),
        (["mx; dmarc=none (dmarc=pass header.from=nhs.net)"], "nhs.net", "none"),
        (
            ["spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=nhs.net; dkim=pass header.d=nhs.net;dmarc=pass header.from=nhs.net"],
            "nhs.net",
            "pass",
        ),
        ([], "nhs.net", "none"),
    ],
)
def test_what_the_receiving_server_says(fields: list[str], sender: str, expected: str) -> None:
    """Only the topmost result counts, a pass only for the domain in From, and comments for nothing."""
    results = [f"Authentication-Results: {field}" for field in fields]
    assert parse(mail(*results, sender=f"From: a@{sender}")).authentication == expected


def test_only_our_own_servers_are_believed() -> None:
    """Where our servers are named, a result above theirs, or without theirs, is worth nothing."""
    forged = "Authentication-Results: evil; dmarc=pass header.from=nhs.net"
    ours = "Authentication-Results: mx.ours.nhs.uk; dmarc=fail header.from=nhs.net"
    for fields, expected in (((forged,), "none"), ((forged, ours), "fail")):
        submission = mime.parse(mail(*fields).encode(), collected=NOW, trusted=("mx.ours.nhs.uk",))
        assert submission.authentication == expected


@given(st.binary(max_size=400), st.integers(0, 600))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_anything_else(noise: bytes, at: int) -> None:
    """Whatever is done to a message, it is read or parked; no other error ever comes out."""
    raw = mixed(TEXT, FILE).encode()
    try:
        submission = parse(raw[:at] + noise + raw[at:])
    except MalformedMessage:
        return
    assert submission.received.tzinfo
    assert "a@" not in repr(submission.body)


@pytest.mark.parametrize("word", ["https://sharepoint", "attachment file ", "a@", "<p", "From: x\n"])
def test_long_and_repetitive_text_takes_no_time(word: str) -> None:
    """No pattern runs away on a long text: three hundred thousand characters are read in a moment."""
    begun = time.monotonic()
    parse(mail(body=word * (300_000 // len(word))))
    assert time.monotonic() - begun < 10


UU = "begin 644 my report.txt\n;4V5C<F5T('5U96YC;V1E9\"!W;W)D<R!H97)E\n`\nend\n"
UU_FILES = [
    (f"See it.\n\n{UU}\nBest wishes", b"Secret uuencoded words here", None),
    (UU.replace("`", " "), b"Secret uuencoded words here", None),
    ("See it.\n\n" + UU.removesuffix("`\nend\n"), b"", "damaged"),
    (UU.replace(";4V5", ";4V\x7f"), None, None),
    ("We begin 644 visits\nnext week\nend", None, None),
]


@pytest.mark.parametrize(("text", "content", "problem"), UU_FILES)
def test_files_written_into_the_text(text: str, content: bytes | None, problem: str | None) -> None:
    """A uuencoded file is a file and no part of the text; cut short it says so; what only looks like one stays text."""
    submission = parse(mail("Content-Type: text/plain", body=text))
    if content is None:
        assert submission.attachments == ()
        return
    (found,) = submission.attachments
    assert (str(found.name), found.content, found.problem and found.problem.reason.value) == ("my report.txt", content, problem)
    assert "begin 644" not in (body(submission) if submission.body else "")
