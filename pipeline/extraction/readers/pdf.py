"""Reads PDF files: the face of every page with the place of each word, and everything the file hides."""

from __future__ import annotations

from typing import Any

import pypdfium2 as pdfium

from pipeline.domain.documents import Document, TextSource
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.extraction import arrange, pdfink
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.compose import Composer, PagePieces
from pipeline.extraction.ink import PageInk
from pipeline.extraction.layout import usual_type
from pipeline.extraction.options import ReadOptions

NAME = "pdf"
SIGNS = frozenset({"pdf"})

WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
UNKNOWN_SECURITY = 5  # FPDF_ERR_SECURITY


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads the file in full.

    Raises:
        Unreadable: it is locked, damaged or has too many pages.
    """
    source = _open(attachment.content, options.password)
    try:
        if len(source) > options.pages:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"it has more than {options.pages} pages")
        if not len(source):
            raise Unreadable(UnreadableReason.DAMAGED, "it has no pages")
        inks = [pdfink.page_ink(source[index], index + 1) for index in range(len(source))]
    finally:
        source.close()
    builder = DocumentBuilder(attachment, NAME)
    Composer(builder).write(arranged(inks))
    for ink in inks:
        _tell_hidden(builder, ink)
    return builder.finish(TextSource.NATIVE)


def _open(content: bytes, password: str | None) -> Any:
    try:
        return pdfink.open_document(content, password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {WRONG_PASSWORD, UNKNOWN_SECURITY}:
            told = "it is locked with a password" if password is None else "it is locked, and the password given does not open it"
            raise Unreadable(UnreadableReason.ENCRYPTED, told) from None
        raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: no page can be opened") from None


def arranged(inks: list[PageInk]) -> list[PagePieces]:
    """Pages in reading order."""
    edges = arrange.furniture(inks)
    bodies = []
    for ink, (header, footer) in zip(inks, edges, strict=True):
        outside = {id(token) for token in (*header, *footer)}
        bodies.append([token for token in ink.tokens if id(token) not in outside])
    usual = usual_type(bodies)
    return [
        PagePieces(ink.number, ink.width, ink.height, arrange.pieces_of(ink, body, usual), header, footer)
        for ink, body, (header, footer) in zip(inks, bodies, edges, strict=True)
    ]


def _tell_hidden(builder: DocumentBuilder, ink: PageInk) -> None:
    for kind in sorted({kind for kind, _ in ink.hidden}):
        builder.hide(kind, " ".join(text for found, text in ink.hidden if found is kind), f"page {ink.number}")
