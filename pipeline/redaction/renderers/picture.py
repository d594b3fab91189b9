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
        return [ImageOps.exif_transpose(frame.convert("RGB")) for frame in ImageSequence.Iterator(opened)]


def _picture_page(frame: Image.Image, page_work: PageWork, settings: CopySettings) -> PicturePage:
    """One page; a photograph larger than needed for reading is made smaller first."""
    scale = frame.width / page_work.width
    most = settings.photo_dpi / 72
    if scale > most:
        frame = frame.resize((round(page_work.width * most), round(page_work.height * most)), Image.Resampling.LANCZOS)
        scale = most
    made, done = burnt(frame, page_work, scale)
    return PicturePage(done, encode(made))
