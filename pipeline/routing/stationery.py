"""Turns a letter's folder of templates and what it is to say into the message that leaves, byte for byte the same for the same input."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline.domain.authority import Destination, Letter
from pipeline.domain.plan import CleanDocument

LETTERS = Path(__file__).with_name("letters")
"""A folder a letter: subject.txt, body.txt and body.html."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_MEDIA_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9.+-]+/[a-z0-9.+-]+")
"""What a file may travel as: parts of type message or multipart may not be carried in base64 (RFC 2046, section 5.2.1)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on the outside of a letter.

    Attributes:
        sender: our own address.
        seed: what makes the letter this one and no other; from it come its Message-ID and boundaries.
        answers: the Message-ID it replies to, or empty.
    """

    kind: str
    sender: str
    to: tuple[Destination, ...]
    cc: tuple[Destination, ...]
    seed: str
    date: datetime
    answers: str = field(default="", repr=False)

    @property
    def mark(self) -> str:
        """Thirty-two hexadecimal digits that no other letter has."""
        return hashlib.sha256(f"{self.kind}:{self.seed}".encode()).hexdigest()[:32]

    @property
    def message_id(self) -> str:
        """The same whenever the same letter is written, so that one already sent can be recognised."""
        return f"<{self.mark}@{self.sender.rpartition('@')[2] or 'reportgate.invalid'}>"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(LETTERS),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _render(kind: str, part: str, view: object) -> str:
    return _environment().get_template(f"{kind}/{part}").render(letter=view)


def subject_of(kind: str, view: object) -> str:
    """The subject line the letter would have."""
    return _one_line(_render(kind, "subject.txt", view))


def write(envelope: Envelope, view: object, enclosures: Iterable[CleanDocument] = ()) -> Letter:
    """The letter, rendered from the folder `envelope.kind` with `view` as `letter` in the templates."""
    message = EmailMessage(policy=SMTP)
    subject = subject_of(envelope.kind, view)
    _put_headers(message, envelope, subject)
    message.set_content(_render(envelope.kind, "body.txt", view), cte="quoted-printable")
    message.add_alternative(_render(envelope.kind, "body.html", view), subtype="html", cte="quoted-printable")
    for document in enclosures:
        _enclose(message, document)
    _fix_boundaries(message, envelope.mark)
    return Letter(
        kind=envelope.kind,
        message_id=envelope.message_id,
        to=tuple(place.address for place in envelope.to),
        cc=tuple(place.address for place in envelope.cc),
        subject=subject,
        content=message.as_bytes(),
    )


def _put_headers(message: EmailMessage, envelope: Envelope, subject: str) -> None:
    message["From"] = envelope.sender
    message["To"] = [_addressed(place) for place in envelope.to]
    if envelope.cc:
        message["Cc"] = [_addressed(place) for place in envelope.cc]
    message["Subject"] = subject
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    if envelope.answers:
        message["In-Reply-To"] = envelope.answers
        message["References"] = envelope.answers
    # RFC 3834 and Exchange's own word for it: nobody's out-of-office notice is to answer this.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _addressed(place: Destination) -> HeaderAddress:
    return HeaderAddress(display_name=_one_line(place.label), addr_spec=place.address)


def _enclose(message: EmailMessage, document: CleanDocument) -> None:
    declared = document.media_type.partition(";")[0].strip().lower()
    kind = declared if _MEDIA_TYPE.fullmatch(declared) else "application/octet-stream"
    main, _, sub = kind.partition("/")
    message.add_attachment(document.content, maintype=main, subtype=sub, filename=_one_line(document.name))


def _fix_boundaries(message: EmailMessage, mark: str) -> None:
    """Boundaries are drawn by lot otherwise; `=_` occurs in neither quoted-printable nor base64, so none can be met in a body."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{mark}_{number}")


def _one_line(text: str) -> str:
    """Without line breaks or marks that turn the direction of writing, so that no header can be forged through a name."""
    return " ".join(_CONTROL.sub(" ", text).split())
