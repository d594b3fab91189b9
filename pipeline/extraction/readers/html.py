"""Reads HTML, as mail bodies and saved pages bring it: what a browser shows is the face, the rest hidden layers."""

from __future__ import annotations

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _hypertext as hypertext

NAME = "html"
SIGNS = frozenset({"html"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads HTML.

    Raises:
        Unreadable: nothing in it can be parsed, or it is too long.
    """
    return read_as(attachment, attachment.content, options, NAME)


def read_as(attachment: Attachment, content: bytes, options: ReadOptions, format_name: str) -> Document:
    """Reads HTML bytes that stand for `attachment`, such as the page inside an MHT file."""
    if len(content) > options.unpacked_bytes:
        raise face.too_long(options)
    builder = DocumentBuilder(attachment, format_name)
    page = hypertext.Page(builder, hypertext.decode(content))
    face.lay(builder, page.pieces())
    page.hide_links()
    return face.finish(builder, options)
