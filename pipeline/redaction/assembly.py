"""Puts a redacted PDF together: page pictures, an invisible layer of exactly the kept words, and labels on the bars."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from pipeline.redaction.pagework import PageWork, Piece
from pipeline.redaction.picture import Encoded
from pipeline.redaction.styles import BAR_INK
from pipeline.redaction.typefaces import BOLD, SANS, printable, register, width

LANGUAGE = "en-GB"
_INVISIBLE = 3
_SMALLEST_LABEL = 4.0
_LARGEST_LABEL = 9.0


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
        for piece in work.pieces:
            (_label if piece.is_label else _word)(canvas, piece, work)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _word(canvas: Canvas, piece: Piece, work: PageWork) -> None:
    """A kept word, invisible, as wide as it is printed, and a space after it."""
    text = printable(piece.text)
    box = piece.box
    size = max(1.0, (box.bottom - box.top) * 0.8)
    natural = width(text, SANS, size)
    line = canvas.beginText(box.x0, work.height - box.bottom + (box.bottom - box.top) * 0.2)
    line.setFont(SANS, size)
    line.setTextRenderMode(_INVISIBLE)
    line.setHorizScale(100.0 * max(box.x1 - box.x0, 0.5) / natural if natural else 100.0)
    line.textOut(text + " ")
    line.setTextRenderMode(0)
    canvas.drawText(line)


def _label(canvas: Canvas, piece: Piece, work: PageWork) -> None:
    """A label in white on its bar where it fits; else the words are there to be read aloud, but not shown."""
    box = piece.box
    high, wide = box.bottom - box.top, box.x1 - box.x0
    size = min(_LARGEST_LABEL, high * 0.72, 0.96 * wide / max(width(piece.text, BOLD, 1.0), 0.01))
    text = piece.text
    if size < _SMALLEST_LABEL:
        text, size = type(piece.text)("withheld"), min(_LARGEST_LABEL, high * 0.72, 0.96 * wide / width("withheld", BOLD, 1.0))
    shown = size >= _SMALLEST_LABEL
    line = canvas.beginText(box.x0 + 0.02 * wide, work.height - box.bottom + (high - size * 0.72) / 2)
    line.setFont(BOLD, max(size, 1.0))
    line.setHorizScale(100.0)  # a word before it may have left the letters stretched
    line.setFillColor(BAR_INK)
    line.setTextRenderMode(0 if shown else _INVISIBLE)
    line.textOut(text + " ")
    line.setTextRenderMode(0)
    canvas.drawText(line)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes: objects packed, nothing unused in it, the same for the same input."""
    target = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()
