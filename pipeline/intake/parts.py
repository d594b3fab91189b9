"""Takes a parsed message apart: its text, and its files by what they are and not by what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import BODY, Attachment, Problem
from pipeline.domain.text import PersonalText
from pipeline.intake import appledouble, headers, uuencoded
from pipeline.intake.alternatives import same_words
from pipeline.intake.names import file_name
from pipeline.intake.notices import notice_in_body, notice_in_file

DEEPEST = 30
"""Levels of nesting; real mail stays under ten."""

MOST = 500
"""Files one message may carry."""

SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})

PROBLEMS = {
    "message/partial": Problem(UnreadableReason.UNSUPPORTED, "the sender's program split this message in pieces, and this is one of them"),
    "message/external-body": Problem(UnreadableReason.UNSUPPORTED, "the message only points to a file that is somewhere else"),
    "application/pkcs7-mime": Problem(UnreadableReason.ENCRYPTED, "the message is encrypted (S/MIME)"),
    "application/x-pkcs7-mime": Problem(UnreadableReason.ENCRYPTED, "the message is encrypted (S/MIME)"),
    "application/pgp-encrypted": Problem(UnreadableReason.ENCRYPTED, "the message is encrypted (PGP)"),
    "application/x-microsoft-rpmsg-message": Problem(UnreadableReason.ENCRYPTED, "the message is encrypted (Microsoft Purview)"),
}
"""Media types whose content cannot be read here, whatever they hold."""

BASE64 = re.compile("[A-Za-z0-9+/]*={0,2}")
BROKEN = Problem(UnreadableReason.DAMAGED, "it was damaged on its way: its coding breaks off, or holds what does not belong to it")

EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/rfc822-headers": ".txt",
}
"""What a nameless file is called after its media type, for the person who sees it in a list."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message consists of. `types` are the media types met, `calendar` the first calendar part's bytes."""

    body: Attachment | None = None
    attachments: tuple[Attachment, ...] = ()
    types: set[str] = field(default_factory=set)
    markers: frozenset[str] = frozenset()
    calendar: bytes = b""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Collector:
    """What has been met so far on the way through one message."""

    texts: list[tuple[str, str]] = field(default_factory=list)  # media type and text, in the order sent
    files: list[Attachment] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    markers: set[str] = field(default_factory=set)
    calendar: bytes = b""
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def collect(message: Message) -> Parts:
    """Everything in the message, in the order sent."""
    collector = _Collector()
    _walk(message, collector, 0)
    body = _body(collector)
    if body is not None:
        collector.markers.update(notice_in_body(body.content.decode("utf-8", "replace")))
    return Parts(
        body=body,
        attachments=tuple(collector.files),
        types=collector.types,
        markers=frozenset(collector.markers),
        calendar=collector.calendar,
        notes=tuple(collector.notes),
    )


def _body(collector: _Collector) -> Attachment | None:
    """The texts of one kind in one piece: some mailers cut the text in two around a file."""
    if not any(text.strip() for _, text in collector.texts):
        return None
    kind = next(kind for kind, text in collector.texts if text.strip())
    joined = "\n\n".join(text for other, text in collector.texts if other == kind and text.strip())
    for other, text in collector.texts:
        if other != kind and text.strip():
            name = file_name("", f"attachment {len(collector.files) + 1}{EXTENSIONS[other]}")
            collector.files.append(Attachment(name, text.encode(), other))
    return Attachment(PersonalText(BODY), joined.encode("utf-8", "replace"), kind)


def _walk(part: Message, to: _Collector, depth: int) -> None:
    kind = part.get_content_type()
    to.types.add(kind)
    if part.defects:
        to.note("the message is not well formed and was read as far as it goes")
    if depth > DEEPEST or len(to.files) >= MOST:
        _too_much(part, to)
    elif part.get_content_maintype() == "multipart":
        _multipart(part, kind, to, depth)
    elif kind in MESSAGES and part.is_multipart():
        to.files.append(_message(part, len(to.files) + 1))
    elif kind in SIGNATURES:
        to.note("the message carries a digital signature, which was not checked")
    else:
        _leaf(part, kind, to)


def _too_much(part: Message, to: _Collector) -> None:
    problem = Problem(UnreadableReason.TOO_LARGE, "the message has more parts, or parts nested deeper, than are opened")
    to.note(problem.detail)
    if not to.files or to.files[-1].problem != problem:
        to.files.append(Attachment(PersonalText("unopened parts"), _bytes(part), problem=problem))


def _multipart(part: Message, kind: str, to: _Collector, depth: int) -> None:
    payload = part.get_payload()
    children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    if not isinstance(payload, list):
        _headless(part, to)
    elif kind == "multipart/alternative":
        _alternative(children, to, depth)
    else:
        for child in children:
            _walk(child, to, depth + 1)


def _headless(part: Message, to: _Collector) -> None:
    """A multipart whose boundary is missing: its text is kept whole, and a person looks."""
    to.note("the message says it has several parts but does not say where they begin")
    to.markers.add("unparted")
    problem = Problem(UnreadableReason.DAMAGED, "the parts of the message could not be told apart")
    to.files.append(Attachment(PersonalText("message parts"), _payload(part), problem=problem))


def _alternative(children: list[Message], to: _Collector, depth: int) -> None:
    """Plain text where it says the same as the formatted text; else the formatted one, which is what people saw, and a note."""
    tried: list[_Collector] = []
    for child in children:
        one = _Collector()
        _walk(child, one, depth + 1)
        tried.append(one)
    plain = next((one for one in tried if one.texts and one.texts[0][0] == "text/plain"), None)
    rich = next((one for one in reversed(tried) if one.texts and one.texts[0][0] == "text/html"), None)
    chosen = plain or rich
    if plain and rich:
        said = "\n".join(text for _, text in plain.texts), "\n".join(text for _, text in rich.texts)
        if not same_words(*said):
            chosen = rich
            if said[0].strip():
                to.note("the plain text and the formatted text of the message say different things")
                to.markers.add("alternative-differs")
    for one in tried:
        to.types |= one.types
        to.markers |= one.markers
        to.calendar = to.calendar or one.calendar
        to.markers.update(*(notice_in_body(text) for _, text in one.texts))  # a link may stand in one of them alone
        to.files.extend(one.files)
        for sentence in one.notes:
            to.note(sentence)
    if chosen:
        to.texts.extend(chosen.texts)


def _message(part: Message, number: int) -> Attachment:
    """A forwarded message, as a file to be opened later. Its bytes are written out anew where they were not encoded."""
    inner = part.get_payload(0)
    raw = _bytes(inner) if isinstance(inner, Message) else b""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in {"base64", "quoted-printable"} and isinstance(inner, Message):
        raw = _decoded_message(raw, encoding) or raw
    subject = headers.field(inner, "Subject") if isinstance(inner, Message) else ""
    wanted = _name(part) or (subject.replace("/", "-").replace("\\", "-") + ".eml" if subject else "")
    return Attachment(file_name(wanted, f"attachment {number}.eml"), raw, "message/rfc822")


def _decoded_message(raw: bytes, encoding: str) -> bytes:
    """Some mailers encode a forwarded message although the standard forbids it."""
    carrier = Message(policy=headers.TOLERANT)
    carrier["Content-Transfer-Encoding"] = encoding
    carrier.set_payload(raw.strip().decode("ascii", "surrogateescape"))
    content = _payload(carrier)
    return content if re.match(rb"[!-9;-~]+:", content) else b""


def _leaf(part: Message, kind: str, to: _Collector) -> None:
    name, disposition = _name(part), (part.get_content_disposition() or "")
    if kind in {"text/plain", "text/html"} and not name and disposition != "attachment":
        text, charset_right = headers.decoded(_payload(part), part.get_param("charset", None) and str(part.get_content_charset("")))
        if not charset_right:
            to.note("the message names a character set that is unknown or wrong")
        text = _tidy(text, kind)
        if kind == "text/plain":
            text, files = uuencoded.taken_out(text)
            to.files.extend(files)
        to.texts.append((kind, text))
        if _is_broken(part):
            to.files.append(Attachment(PersonalText("message text"), b"", kind, problem=BROKEN))
        return
    content = _payload(part)
    if appledouble.is_clutter(content):
        to.note("a Mac's own notes on a file were set aside; they hold no words")
        return
    if kind == "text/calendar":
        to.calendar = to.calendar or content
    fallback = f"attachment {len(to.files) + 1}{EXTENSIONS.get(kind, '')}"
    inline = part.get_content_maintype() == "image" and (disposition == "inline" or bool(part.get("Content-ID")))
    problem = _problem(part, kind) or (BROKEN if _is_broken(part) else notice_in_file(content, kind))
    to.files.append(Attachment(file_name(name, fallback), content, kind, inline=inline, problem=problem))


def _is_broken(part: Message) -> bool:
    """Whether base64 breaks off or holds what does not belong to it: decoding passes over that, and of a plain text nobody would know."""
    payload = part.get_payload()
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64" or not isinstance(payload, str):
        return False
    packed = "".join(payload.split())
    return len(packed) % 4 != 0 or not BASE64.fullmatch(packed)


def _problem(part: Message, kind: str) -> Problem | None:
    if kind.endswith("pkcs7-mime") and "signed" in str(part.get_param("smime-type", "")):
        return Problem(UnreadableReason.UNSUPPORTED, "the message is wrapped in a digital signature (S/MIME)")
    return PROBLEMS.get(kind)


def _tidy(text: str, kind: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
    if kind == "text/html":  # the text is handed on as UTF-8, whatever the page says of itself
        return re.sub(r"(<meta[^>]*charset\s*=\s*[\"']?)[\w.:-]+", r"\1utf-8", text, flags=re.I)
    return text


def _name(part: Message) -> str:
    """The file name from Content-Disposition, else Content-Type, with encoded words and RFC 2231 read."""
    try:
        raw = part.get_filename()
    except Exception:  # noqa: BLE001 - broken RFC 2231 parameters raise in many ways; then the file has no name
        return ""
    return headers.words(str(raw)) if raw else ""


def _payload(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - an invented transfer encoding; the text is then taken as it stands
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    if isinstance(payload, list):  # delivery-status parts are parsed as a list of header blocks
        return b"\n".join(_bytes(child) for child in payload if isinstance(child, Message))
    return str(payload or "").encode("utf-8", "surrogateescape")


def _bytes(part: Message) -> bytes:
    try:
        return part.as_bytes(policy=headers.TOLERANT)
    except Exception:  # noqa: BLE001 - a header no generator can write; the text alone is better than nothing
        return _payload(part)
