"""The words found nowhere else, and the message that is full of them."""

from __future__ import annotations

import io
from email.message import EmailMessage

import docx

SENDER, ADDRESS, SUBJECT, BODY, NAME, TEXT, CHILD, ADULT = WORDS = (
    "Zanzibrook", "quillonby", "Ombrelith", "Fendaquar", "Tolvimere", "Grestilian", "Wexaphine", "Borundelle",
)  # fmt: skip


def report() -> bytes:
    """A report as a Word file."""
    document = docx.Document()
    document.add_heading("GP report for initial child protection conference", 1)
    for line in (
        f"Child: {CHILD} {ADULT}, born 3 March 2019",
        "Conference: initial, 20 October 2026",
        f"Consent: {CHILD}'s mother agreed on 12 October 2026 that this is shared.",
        f"What are you worried about? On 8 September 2026 {CHILD} had a bruise on her arm. She said that {TEXT} pulled her out of the car.",
        f"What is going well? {CHILD} is in school every day and stays with her grandmother on Saturdays.",
        f"What needs to happen? {TEXT} should not be alone with {CHILD}.",
        f"What will happen if nothing changes? {CHILD} will be hurt again.",
        f"The mother's neighbour, Mrs {ADULT}, has bowel cancer.",
    ):
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def message(number: int) -> bytes:
    """A message with the report; each number makes another message."""
    made = EmailMessage()
    made["From"] = f"Dr {SENDER} <{ADDRESS}@nhs.net>"
    made["To"] = "cp.reports.brent@nhs.net"
    made["Subject"] = f"Report on {SUBJECT}"
    made["Date"] = "Wed, 14 Oct 2026 10:20:00 +0100"
    made["Message-ID"] = f"<{number}@nhs.net>"
    made["Authentication-Results"] = (
        "mx.nhs.net; spf=pass smtp.mailfrom=nhs.net; dkim=pass header.d=nhs.net; dmarc=pass header.from=nhs.net"
    )
    made.set_content(f"The report on {BODY} is attached.\n")
    made.add_attachment(report(), maintype="application", subtype="octet-stream", filename=f"{NAME}.docx")
    return made.as_bytes()
