"""Redacts a PDF page by page: pages with removals become pictures with bars burnt in, under an invisible layer of the kept words."""

from __future__ import annotations

from pathlib import PurePosixPath

import pypdfium2
from PIL import Image

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan
from pipeline.redaction.assembly import PicturePage, assemble, saved
from pipeline.redaction.pagework import PageWork, on_words, placed, work
from pipeline.redaction.picture import burnt, encode
from pipeline.redaction.renderers import Rendered, relaid
from pipeline.redaction.settings import CopySettings

FORMATS = ("pdf",)
_MOST_PIXELS = 40_000_000


def render(document: Document, plan: DocumentPlan, settings: CopySettings) -> Rendered:
    """The pages without what the plan removes; laid out afresh where the places of the words are not known."""
    removals = on_words(document, plan.removals)
    if not document.pages or not placed(document, removals):
        return relaid.render(document, plan, settings)
    title = PurePosixPath(plan.outgoing_name).stem or "Document"
    source = pypdfium2.PdfDocument(document.attachment.content)
    try:
        pages = [_picture_page(source, each, settings) for each in work(document, removals)]
    finally:
        source.close()
    with assemble(pages, title) as pdf:
        return Rendered(saved(pdf), removals=removals, pictures=tuple(page.work.number for page in pages))


def _picture_page(source: pypdfium2.PdfDocument, page_work: PageWork, settings: CopySettings) -> PicturePage:
    scale = settings.dpi / 72
    while page_work.width * page_work.height * scale * scale > _MOST_PIXELS:
        scale *= 0.8
    picture = _drawn(source, page_work, scale)
    return PicturePage(page_work, encode(burnt(picture, page_work.bars, scale)))


def _drawn(source: pypdfium2.PdfDocument, page_work: PageWork, scale: float) -> Image.Image:
    page = source[page_work.number - 1]
    bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    page.close()
    return picture
