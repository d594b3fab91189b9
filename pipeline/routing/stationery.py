"""Turns a letter's folder of templates and what it is to say into the message that leaves, byte for byte the same for the same input."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from pipeline.domain.authority import Destination, Letter
from pipeline.domain.errors import RulesError
from pipeline.domain.plan import CleanDocument
from pipeline.routing import strict

LETTERS = Path(__file__).with_name("letters")
"""A folder a letter: subject.txt, body.txt and body.html."""
PHRASES = "phrases.yaml"
"""In the folder of a language: what the rules say in English, such as their advice, and the same in that language."""

PARTS = ("subject.txt", "body.txt", "body.html")

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
        letters: the folder of letters in another language, or None for English.
    """

    kind: str
    sender: str
    to: tuple[Destination, ...]
    cc: tuple[Destination, ...]
    seed: str
    date: datetime
    answers: str = field(default="", repr=False)
    letters: Path | None = None

    @property
    def mark(self) -> str:
        """Thirty-two hexadecimal digits that no other letter has."""
        return hashlib.sha256(f"{self.kind}:{self.seed}".encode()).hexdigest()[:32]

    @property
    def message_id(self) -> str:
        """The same whenever the same letter is written, so that one already sent can be recognised."""
        return f"<{self.mark}@{self.sender.rpartition('@')[2] or 'reportgate.invalid'}>"


@cache
def _environment(folder: Path) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["said"] = partial(_said, folder)
    return made


def _said(folder: Path, words: str) -> str:
    """What the rules say in English as the folder's language says it; the English itself where that language has no words for it yet."""
    return phrases(folder).get(words, words)


def phrases(folder: Path) -> dict[str, str]:
    """The phrases of a folder of letters, by the English; none where it has no such file.

    Raises:
        RulesError: the file is not YAML, or not words for words.
    """
    path = folder / PHRASES
    if not path.is_file():
        return {}
    content = strict.load(path).content
    if not isinstance(content, dict) or not all(isinstance(word, str) for pair in content.items() for word in pair):
        raise RulesError(f"letters/{folder.name}/{PHRASES}: give each English phrase and, after a colon, the same in the other language")
    return content


def check(folder: Path) -> tuple[str, ...]:
    """What is wrong with a folder of letters in another language, one plain line each."""
    wrong = []
    for path in sorted(one for one in folder.rglob("*") if one.suffix in {".txt", ".html", ".jinja"}):
        name = path.relative_to(folder).as_posix()
        try:
            _environment(folder).get_template(name)
        except TemplateError as error:
            wrong.append(f"letters/{folder.name}/{name}: {getattr(error, 'message', None) or type(error).__name__}")
    for kind in sorted(one.name for one in folder.iterdir() if one.is_dir()):
        lacks = [part for part in PARTS if not (folder / kind / part).is_file()]
        wrong += [f"letters/{folder.name}/{kind}: {part} is missing" for part in lacks]
        if not (LETTERS / kind).is_dir():
            wrong.append(f"letters/{folder.name}/{kind}: is no letter known here")
    try:
        phrases(folder)
    except RulesError as error:
        wrong.append(str(error))
    return tuple(wrong)


def _render(kind: str, part: str, view: object, letters: Path | None) -> str:
    """A part of a letter: in the other language where that has the whole letter and it can be made, else in English."""
    if letters is not None and all((letters / kind / one).is_file() for one in PARTS):
        with suppress(TemplateError, RulesError):  # a letter in English is better than none
            return _made(letters, kind, view)[part]
    return _made(LETTERS, kind, view)[part]


def _made(folder: Path, kind: str, view: object) -> dict[str, str]:
    """All parts of a letter in one language."""
    return {part: _environment(folder).get_template(f"{kind}/{part}").render(letter=view) for part in PARTS}


def subject_of(kind: str, view: object, letters: Path | None = None) -> str:
    """The subject line the letter would have."""
    return _one_line(_render(kind, "subject.txt", view, letters))


def write(envelope: Envelope, view: object, enclosures: Iterable[CleanDocument] = ()) -> Letter:
    """The letter, rendered from the folder `envelope.kind` with `view` as `letter` in the templates."""
    message = EmailMessage(policy=SMTP)
    subject = subject_of(envelope.kind, view, envelope.letters)
    _put_headers(message, envelope, subject)
    message.set_content(_render(envelope.kind, "body.txt", view, envelope.letters), cte="quoted-printable")
    message.add_alternative(_render(envelope.kind, "body.html", view, envelope.letters), subtype="html", cte="quoted-printable")
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
