"""Puts a redacted PDF together: page pictures, an invisible layer of exactly the kept words, and labels on the bars."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class _Stroke:
    """One piece of text as it is drawn: `stretch` in per cent, `x` and `y` in points from the page's lower left corner."""

    text: str = field(repr=False)
    typeface: str
    size: float
    mode: int
    x: float
    y: float
    stretch: float = 100.0

    @property
    def placing(self) -> str:
        """The operators that say how and where it is drawn."""
        return f"{self.mode} Tr {self.stretch:.1f} Tz 1 0 0 1 {self.x:.2f} {self.y:.2f} Tm"


def _write(canvas: Canvas, work: PageWork) -> None:
    """Words and labels in reading order, in one text object: every operator less is time saved for whoever reads the page."""
    line = canvas.beginText()
    line.setFillColor(BAR_INK)
    for stroke in (stroke for piece in work.pieces for stroke in (_bar if piece.is_label else _word)(piece, work.height)):
        if (line._fontname, line._fontsize) != (stroke.typeface, stroke.size):  # noqa: SLF001 - saying the same again is an operator a word
            line.setFont(stroke.typeface, stroke.size)
        line._code.append(stroke.placing)  # noqa: SLF001 - reportlab's own setters take three times as long, and this is every word
        line.textOut(stroke.text)
    line.setTextRenderMode(0)
    line.setHorizScale(100.0)
    canvas.drawText(line)


def _word(piece: Piece, page: float) -> Iterator[_Stroke]:
    """A kept word: invisible, as wide as it is printed."""
    high = piece.box.bottom - piece.box.top
    size, text = round(max(1.0, high * 0.8), 1), printable(piece.text)
    stretch = 100.0 * max(piece.box.x1 - piece.box.x0, 0.5) / (width(text, SANS, size) or 1.0)
    yield _Stroke(text + " ", SANS, size, _INVISIBLE, piece.box.x0, page - piece.box.bottom + high * 0.2, stretch)


def _bar(piece: Piece, page: float) -> Iterator[_Stroke]:
    """What stands on a bar: its label, if any, and a space as wide as the rest, so that its line is read as one line."""
    box, end = piece.box, piece.box.x0
    high = box.bottom - box.top
    if piece.text:
        typeface, size, text, mode = _label(piece)
        start = box.x0 + 0.02 * (box.x1 - box.x0)
        yield _Stroke(text + " ", typeface, size, mode, start, page - box.bottom + (high - size * 0.72) / 2)
        end = start + width(text, typeface, size)
    if box.x1 - end > 1.0:
        size = round(max(1.0, high * 0.6), 1)
        stretch = 100.0 * (box.x1 - end) / width(" ", SANS, size)
        yield _Stroke(" ", SANS, size, _INVISIBLE, end, page - box.bottom + high * 0.25, stretch)


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
