"""Mail in which a gateway took the report away, wrapped it or linked to it: held for a person, never taken for mail without a report."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from desks import with_file

from pipeline import gateway
from pipeline.domain.assessment import Decision
from pipeline.thinking import Tools, assess

SAFE = b"<html><body><p>Safe Attachments Scan In Progress</p><p>Attachments in this message are being scanned.</p></body></html>"
WRAPPED = b"<form><p>You've received an encrypted message from a GP.</p><p>Message encryption by Microsoft 365</p></form>"
REMOVED = b"The attachment 'GP report.doc' was removed from this message because its type is not allowed. Ask the sender for it."
SCANNER = b"This is a message from the MailScanner E-Mail Virus Protection Service. The original attachment 'report.docm' was replaced."

FILES = {
    "safe attachments": ("Safe Attachments Scan In Progress.html", SAFE, "text/html"),
    "safe attachments under the report's name": ("GP report.docx", SAFE, "text/html"),
    "encrypted wrapper": ("Encrypted_Message.htm", WRAPPED, "text/html"),
    "removed": ("GP report.doc.txt", REMOVED, "text/plain"),
    "mailscanner": ("VirusWarning.txt", SCANNER, "text/plain"),
}

BODIES = {
    "file share": "My report for the conference on Maisie is here: https://nhs-my.sharepoint.com/:w:/g/personal/x/abc",
    "another file share": "Please find the conference report at https://we.tl/t-AbCdEf",
    "removed, said in the text": "Please find my report attached.\n\nThe attachment GP report.docx was removed from this message.",
}


def decision(tools: Tools, raw: bytes) -> tuple[Decision, str]:
    """What becomes of it, and why."""
    disposition = assess(raw, tools, collected=gateway.now()).disposition
    return disposition.decision, " ".join(disposition.reasons)


@pytest.mark.parametrize("kind", FILES)
def test_a_notice_in_place_of_the_report_is_held(kind: str, tools: Tools, samples: Path) -> None:
    """What stands in place of the file is known for what it is, whatever its name."""
    found, why = decision(tools, with_file((samples / "s01.eml").read_bytes(), *FILES[kind]))
    assert found is Decision.REVIEW, why


@pytest.mark.parametrize("kind", BODIES)
def test_a_report_that_is_elsewhere_is_held(kind: str, tools: Tools, samples: Path) -> None:
    """A message that speaks of a report which is not in it waits for a person."""
    message = email.message_from_bytes((samples / "s01.eml").read_bytes(), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.clear_content()
    message.set_content(BODIES[kind])
    found, why = decision(tools, message.as_bytes())
    assert found is Decision.REVIEW, why
