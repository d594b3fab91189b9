"""Reads one attachment into a Document; never raises for a bad file, but says in the Document what is wrong with it."""

from __future__ import annotations

import dataclasses
import io

from pipeline.domain.documents import Document, Note, NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.extraction import readers, triage
from pipeline.extraction.options import ReadOptions

UNOPENED = frozenset({"zip", "sevenzip", "rar", "tnef", "eml", "msg"})
"""Containers: intake replaces them by what is in them, so one that arrives here could not be opened."""

WHY = {
    "xml": "it is XML, which programs read, and people only as a program shows it; ask for it as a Word or PDF file",
    "shortcut": "it is a link to a file kept elsewhere, not the file; ask for the file itself",
    "executable": "it is a program, not a document",
}
"""Kinds that are told apart and not read, and what the reviewer is told."""

OWN_TEXT = frozenset({".eml", ".msg", ".mbox"})
"""A forwarded mail's own text comes under the mail's name; that is no mismatch."""


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """The attachment as a Document. Picklable, for it runs in the reading process.

    Whatever is wrong with the file stands in `Document.problem`; nothing is raised for a bad file, and no exception's own text, which
    may quote the file, is ever kept.
    """
    if attachment.problem is not None:
        return Document(attachment, "unknown", problem=attachment.problem)
    sign = _sign(attachment)
    try:
        document = _read(attachment, sign, options)
    except Unreadable as unreadable:
        document = _failed(attachment, sign, unreadable.reason, str(unreadable))
    except MemoryError:
        document = _failed(attachment, sign, UnreadableReason.TOO_LARGE, "reading it took more memory than a file may take")
    except RecursionError:
        document = _failed(attachment, sign, UnreadableReason.DAMAGED, "it is nested deeper than a file made by a word processor is")
    except Exception:  # noqa: BLE001 - parsers raise anything on hostile input; their texts may quote the file and are dropped
        document = _failed(attachment, sign, UnreadableReason.DAMAGED, "it is damaged: its reader gave up part of the way through")
    return _noted(document, sign)


def _sign(attachment: Attachment) -> str:
    if attachment.is_body and attachment.content:
        return "html" if attachment.declared_type == "text/html" else "text"
    return triage.sign_of(attachment.content, attachment.name)


def _read(attachment: Attachment, sign: str, options: ReadOptions) -> Document:
    if sign == "empty":
        raise Unreadable(UnreadableReason.EMPTY, "the file has no content")
    if len(attachment.content) > options.file_bytes:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"the file is larger than {options.file_bytes // 1_000_000} MB")
    if sign == "encrypted_office":
        return _read_unlocked(attachment, options)
    reader = readers.by_sign().get(sign)
    if reader is None:
        raise Unreadable(UnreadableReason.UNSUPPORTED, _why_unsupported(sign))
    return _bounded(reader.read(attachment, options), options)


def _why_unsupported(sign: str) -> str:
    if sign in UNOPENED:
        return "it is a container that was not opened"
    return WHY.get(sign, "no reader knows this kind of file")


def _bounded(document: Document, options: ReadOptions) -> Document:
    if len(document.text) <= options.text_characters:
        return document
    detail = f"its text is longer than {options.text_characters:,} characters"
    return dataclasses.replace(document, problem=Problem(UnreadableReason.TOO_LARGE, detail))


def _read_unlocked(attachment: Attachment, options: ReadOptions) -> Document:
    if options.password is None:
        raise Unreadable(UnreadableReason.ENCRYPTED, "it is locked with a password")
    unlocked = dataclasses.replace(attachment, content=_decrypt(attachment.content, options.password))
    inner = triage.sign_of(unlocked.content, unlocked.name)
    if inner == "encrypted_office":
        raise Unreadable(UnreadableReason.ENCRYPTED, "it is locked twice")
    return dataclasses.replace(_read(unlocked, inner, options), attachment=attachment)


def _decrypt(content: bytes, password: str) -> bytes:
    import msoffcrypto  # noqa: PLC0415 - only locked files need it

    plain = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        locked.load_key(password=password, verify_password=True)
        locked.decrypt(plain)
    except Exception:  # noqa: BLE001 - one answer whatever went wrong: it stays locked
        raise Unreadable(UnreadableReason.ENCRYPTED, "it is locked, and the password given does not open it") from None
    return plain.getvalue()


def _failed(attachment: Attachment, sign: str, reason: UnreadableReason, detail: str) -> Document:
    return Document(attachment, sign, problem=Problem(reason, detail))


def _noted(document: Document, sign: str) -> Document:
    name = document.attachment.name.lower()
    text_of_mail = sign in {"text", "html"} and name.endswith(tuple(OWN_TEXT))
    if document.attachment.is_body or sign == "empty" or text_of_mail or not triage.mismatch(sign, name):
        return document
    note = Note(NoteCode.TYPE_MISMATCH, f"the file is {sign}, not what its name promises")
    return dataclasses.replace(document, notes=(*document.notes, note))
