"""Reads RTF, keeping paragraphs, tables, bullets and looks, with what is hidden told apart."""

from __future__ import annotations

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers._package import damaged
from pipeline.extraction.readers._rtf_reader import RtfReader

NAME = "rtf"
SIGNS = frozenset({"rtf"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads RTF.

    Raises:
        Unreadable: it is not RTF, breaks off before its end, or is too long.
    """
    source = attachment.content.lstrip(b"\x00\t\r\n \xef\xbb\xbf").decode("latin-1")
    if not source.startswith("{\\rtf"):
        raise damaged()
    builder = DocumentBuilder(attachment, NAME)
    reader = RtfReader(builder, attachment)
    reader.run(source)
    face.lay(builder, reader.pieces(), reader.paper)
    reader.hide_links()
    return face.finish(builder, options)
