"""Reads saved web pages (MHT): the page is the face, its pictures are documents of their own, other parts are noted."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, Message

from pipeline.domain.documents import Document, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _hypertext as hypertext
from pipeline.extraction.readers import _pictures as pictures
from pipeline.extraction.readers._package import damaged

NAME = "mht"
SIGNS = frozenset({"mht"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads a saved page.

    Raises:
        Unreadable: there is no page in it, or it is too long.
    """
    message = email.message_from_bytes(attachment.content, _class=EmailMessage, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    if page is None:
        raise damaged("the saved page holds no page; ask for it again")
    builder = DocumentBuilder(attachment, NAME)
    shown = hypertext.Page(builder, hypertext.decode(_bytes(page)))
    face.lay(builder, shown.pieces())
    shown.hide_links()
    for part in parts:
        if part is not page:
            _beside(builder, part, attachment)
    return face.finish(builder, options)


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _beside(builder: DocumentBuilder, part: Message, container: Attachment) -> None:
    kind = part.get_content_type()
    content = _bytes(part)
    name = str(part.get("Content-Location") or "part").replace("\\", "/").rpartition("/")[2] or "part"
    if kind.startswith("image/"):
        pictures.embed(builder, Attachment(PersonalText(name), content, kind, container.name))
    elif kind == "text/html":
        builder.embed(Attachment(PersonalText(name), content, kind, container.name))
    elif kind not in {"text/css", "text/xml", "application/xml", "application/octet-stream"} and content.strip():
        builder.note(NoteCode.EMBEDDED_FILE_UNREAD, "a part of the saved page could not be read")
