"""Puts a redacted PDF together: page pictures, an invisible layer of exactly the kept words, and labels on the bars."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.documents import BlockKind, Document
from pipeline.domain.plan import Removal
from pipeline.redaction.operators import redacted_text, within
from pipeline.redaction.pagework import PageWork, Piece
from pipeline.redaction.picture import Encoded
from pipeline.redaction.styles import BAR_INK
from pipeline.redaction.typefaces import BOLD, SANS, printable, register, width

LANGUAGE = "en-GB"
_INVISIBLE = 3
_SMALLEST_LABEL = 4.0
_LARGEST_LABEL = 9.0
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class PicturePage:
    """A page that leaves as a picture with its text laid over it."""

    work: PageWork
    picture: Encoded = field(repr=False)


def assemble(pages: Sequence[PicturePage], title: str) -> pikepdf.Pdf:
    """A fresh PDF of these pages, with nothing in it but the pictures, the kept words and the labels."""
    pdf = pikepdf.open(io.BytesIO(_text_pages([page.work for page in pages], title)))
    del pdf.pages[len(pages) :]  # reportlab writes an empty page where it is given none
    for page, leaf in zip(pages, pdf.pages, strict=True):
        _lay_under(pdf, leaf, page)
    return pdf


def _lay_under(pdf: pikepdf.Pdf, leaf: Any, page: PicturePage) -> None:
    picture = page.picture
    stream = pikepdf.Stream(pdf, picture.data)
    stream.stream_dict = pikepdf.Dictionary({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, **picture.entries})
    stream.Width, stream.Height = picture.width, picture.height
    resources = leaf.obj.get("/Resources", pikepdf.Dictionary())
    resources["/XObject"] = pikepdf.Dictionary(Page=pdf.make_indirect(stream))
    leaf.obj.Resources = resources
    leaf.contents_add(f"q {page.work.width:.3f} 0 0 {page.work.height:.3f} 0 0 cm /Page Do Q\n".encode(), prepend=True)


def _text_pages(works: Sequence[PageWork], title: str) -> bytes:
    register()
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, lang=LANGUAGE, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator("")
    canvas.setProducer("")
    for work in works:
        canvas.setPageSize((work.width, work.height))
        _write(canvas, work)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _write(canvas: Canvas, work: PageWork) -> None:
    """Words and labels in reading order, in one text object: every operator less is time saved for whoever reads the page."""
    line = canvas.beginText()
    line.setFillColor(BAR_INK)
    for piece in work.pieces:
        typeface, size, text, mode = _label(piece) if piece.is_label else _word(piece)
        natural = width(text, typeface, size)
        stretch = 100.0 if piece.is_label or not natural else 100.0 * max(piece.box.x1 - piece.box.x0, 0.5) / natural
        if (line._fontname, line._fontsize) != (typeface, size):  # noqa: SLF001 - saying the same again is an operator a word
            line.setFont(typeface, size)
        line.setTextRenderMode(mode)
        line.setHorizScale(round(stretch, 1))
        inset = 0.02 * (piece.box.x1 - piece.box.x0) if piece.is_label else 0.0
        line.setTextOrigin(round(piece.box.x0 + inset, 2), round(_baseline(piece, size, work), 2))
        line.textOut(text + " ")
    line.setTextRenderMode(0)
    line.setHorizScale(100.0)
    canvas.drawText(line)


def _baseline(piece: Piece, size: float, work: PageWork) -> float:
    high = piece.box.bottom - piece.box.top
    return work.height - piece.box.bottom + ((high - size * 0.72) / 2 if piece.is_label else high * 0.2)


def _word(piece: Piece) -> tuple[str, float, str, int]:
    """A kept word: invisible, as wide as it is printed."""
    return SANS, round(max(1.0, (piece.box.bottom - piece.box.top) * 0.8), 1), printable(piece.text), _INVISIBLE


def _label(piece: Piece) -> tuple[str, float, str, int]:
    """A label in white on its bar where it fits; else one word, or words to be read aloud but not shown."""
    high, wide = piece.box.bottom - piece.box.top, 0.96 * (piece.box.x1 - piece.box.x0)
    for text in (str(piece.text), "withheld"):
        size = min(_LARGEST_LABEL, high * 0.72, wide / width(text, BOLD, 1.0))
        if size >= _SMALLEST_LABEL:
            return BOLD, round(size, 1), text, 0
    return BOLD, 1.0, str(piece.text), _INVISIBLE


def bookmark(pdf: pikepdf.Pdf, document: Document, removals: Sequence[Removal]) -> None:
    """Bookmarks made anew from the headings of the face, without what was removed; the file's own are not looked at."""
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING and block.page]
    with pdf.open_outline() as outline:
        for block in headings:
            title = " ".join(redacted_text(block.span.of(document.text), within(removals, block.span)).split())
            outline.root.append(pikepdf.OutlineItem(title[:_LONGEST_TITLE], (block.page or 1) - 1))


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes: objects packed, nothing unused in it, the same for the same input."""
    target = io.BytesIO()
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.remove_unreferenced_resources()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()
