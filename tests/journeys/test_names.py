"""File names, names inside zips, the subject line, the covering note and quoted threads tell no more than the plan lets them."""

from __future__ import annotations

import email
import email.policy
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from desks import desk

from pipeline import dossier, gateway, storyline
from pipeline.domain.states import SubmissionState
from pipeline.redaction.readback import by_objects, by_pdfium
from pipeline.thinking import Tools

OVERSHARED = "s03"
"""A report that tells of a termination and of a neighbour's cancer."""
SECRETS = ("termination", "farleigh", "bowel cancer", "zanzibrook")
"""What the plan takes out of the report, and a name that stands only around it."""
NOTE = """Dear all,

Please find the report on Elodie attached. Her mother's termination in 2019 is in it, and Zanzibrook House is where she went for it.

Regards

On Monday 12 October 2026 Jo Zanzibrook wrote:
> Mrs Odette Farleigh, the neighbour, has bowel cancer. Please do not tell anybody.
"""


def _zipped(report: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"Zanzibrook termination notes"
        archive.writestr("Zanzibrook/Marchbanks termination, neighbour Farleigh.pdf", report)
    return target.getvalue()


def _forwarded(report: bytes) -> bytes:
    inner = EmailMessage(policy=email.policy.SMTP)
    inner["From"], inner["To"], inner["Subject"] = "jo.zanzibrook@nhs.net", "anselm.brightwater@nhs.net", "Termination, Mrs Farleigh"
    inner["Message-ID"] = "<zanzibrook@example.invalid>"
    inner.set_content(NOTE)
    inner.add_attachment(report, maintype="application", subtype="pdf", filename="Farleigh bowel cancer.pdf")
    return inner.as_bytes()


def _message(samples: Path, way: str) -> bytes:
    given = email.message_from_bytes((samples / f"{OVERSHARED}.eml").read_bytes(), policy=email.policy.SMTP)
    assert isinstance(given, EmailMessage)
    report = next(given.iter_attachments()).get_content()
    made = EmailMessage(policy=email.policy.SMTP)
    for name in ("From", "To", "Date", "Authentication-Results"):
        if given[name]:
            made[name] = given[name]
    made["Message-ID"] = f"<{way}.zanzibrook@example.invalid>"
    made["Subject"] = "ICPC 26 October 2026, Elodie Marchbanks: mother's termination, Zanzibrook House, Mrs Farleigh"
    made.set_content(NOTE)
    if way == "zip":
        made.add_attachment(_zipped(report), maintype="application", subtype="zip", filename="Zanzibrook termination.zip")
    else:
        inner = email.message_from_bytes(_forwarded(report), policy=email.policy.SMTP)
        made.add_attachment(inner, filename="Farleigh termination.eml")
    return made.as_bytes()


def _everything(content: bytes) -> str:
    """All that can be read in a letter: its source, each part decoded with its headers, and all text and objects of its files."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    said = [content.decode("utf-8", "replace")]
    for part in message.walk():
        said += [str(value) for value in part.values()]
        inside = part.get_payload(decode=True) or b""
        said.append(inside.decode("utf-8", "replace"))
        if inside.startswith(b"%PDF"):
            said += [by_pdfium(inside), by_objects(inside)]
    return "\n".join(said).casefold()


@pytest.mark.parametrize("way", ["zip", "forwarded"])
def test_what_stands_around_the_report_leaves_with_none_of_it(tmp_path: Path, tools: Tools, samples: Path, way: str) -> None:
    """The report leaves redacted under a neutral name; subject, note, thread, container and their names are in no byte of the letter."""
    with desk(tmp_path, tools) as held:
        taken = held.take(_message(samples, way))
        assert held.process(taken) is SubmissionState.HELD
        letter = held.kept(taken).letter(dossier.TO_AUTHORITY)
        assert letter is not None
        said = _everything(letter.content)
        files = [part.get_filename() for part in email.message_from_bytes(letter.content, policy=email.policy.default).walk()]
        storyline.release(held.store, taken, reviewer="nurse.7", why="", now=gateway.now())
        with held.store.reading() as work:
            leaving = [work.outgoing.letter(one.id) for one in work.outgoing.of(taken) if one.kind == dossier.TO_AUTHORITY]
    assert [name for name in files if name] == ["Report 1 of 1, redacted.pdf"]
    assert not [secret for secret in SECRETS if secret in said]
    assert "elodie laughs with her" in " ".join(said.split())
    assert [one.subject for one in leaving] == [letter.subject]
    assert not [secret for secret in SECRETS for one in leaving if secret in _everything(one.content)]
