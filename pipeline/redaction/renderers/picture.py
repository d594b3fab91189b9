"""Redacts a photographed or scanned page kept as a picture file: bars burnt in, an invisible layer of the words that stay."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

import pillow_heif
from PIL import Image, ImageOps, ImageSequence

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan
from pipeline.redaction.assembly import PicturePage, assemble, bookmark, saved
from pipeline.redaction.pagework import PageWork, placed, work
from pipeline.redaction.picture import burnt, encode
from pipeline.redaction.renderers import Rendered, relaid
from pipeline.redaction.settings import CopySettings

FORMATS = ("picture", "image", "png", "jpeg", "tiff", "gif", "bmp", "heic", "webp")

SHOWS = 48
"""Levels of grey, of 255, between ink and paper from which a picture is seen."""


def render(document: Document, plan: DocumentPlan, settings: CopySettings) -> Rendered:
    """The picture's pages without what the plan removes; laid out afresh where the places of the words are not known."""
    if not document.pages or not placed(document, plan.removals):
        return relaid.render(document, plan, settings)
    frames = _frames(document.attachment.content)
    pages = [_picture_page(frames[each.number - 1], each, settings) for each in work(document, plan.removals)]
    with assemble(pages, PurePosixPath(plan.outgoing_name).stem or "Document") as pdf:
        bookmark(pdf, document, plan.removals)
        return Rendered(saved(pdf), pictures=tuple(page.work.number for page in pages))


def _frames(content: bytes) -> list[Image.Image]:
    """The pictures in a file, upright as its camera says, without anything but pixels."""
    pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(content)) as opened:
        return [_on_paper(ImageOps.exif_transpose(frame)) for frame in ImageSequence.Iterator(opened)]


def _on_paper(frame: Image.Image) -> Image.Image:
    """The picture without its transparency: on white, as it is printed and read, or on black where nothing of it shows on white."""
    if not frame.has_transparency_data:
        return frame.convert("RGB")
    inked = frame.convert("RGBA")
    for paper in ("white", "black"):
        ground = Image.new("RGBA", inked.size, paper)
        ground.alpha_composite(inked)
        shown = ground.convert("RGB")
        darkest, lightest = shown.convert("L").getextrema()
        if int(lightest) - int(darkest) >= SHOWS:  # type: ignore[arg-type]  # of one band it is a pair of numbers
            break
    return shown


def _as_read(frame: Image.Image, page_work: PageWork) -> Image.Image:
    """The picture in the proportions it was read in: a fax of standard resolution has dots twice as high as wide."""
    high = round(frame.width * page_work.height / page_work.width)
    return frame if abs(high - frame.height) <= 0.05 * high else frame.resize((frame.width, high), Image.Resampling.BICUBIC)


def _picture_page(frame: Image.Image, page_work: PageWork, settings: CopySettings) -> PicturePage:
    """One page; a photograph larger than needed for reading is made smaller first."""
    frame = _as_read(frame, page_work)
    scale = frame.width / page_work.width
    most = settings.photo_dpi / 72
    if scale > most:
        frame = frame.resize((round(page_work.width * most), round(page_work.height * most)), Image.Resampling.LANCZOS)
        scale = most
    made, done = burnt(frame, page_work, scale)
    return PicturePage(done, encode(made))
