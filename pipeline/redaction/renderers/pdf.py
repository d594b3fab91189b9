"""Redacts a PDF page by page: pages with removals become pictures with bars burnt in, the others stay as they are if they prove clean."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

import pikepdf
import pypdfium2
from PIL import Image

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan
from pipeline.redaction import vector
from pipeline.redaction.annotations import settled
from pipeline.redaction.assembly import PicturePage, assemble, bookmark, saved
from pipeline.redaction.pagework import PageWork, placed, work
from pipeline.redaction.picture import burnt, encode
from pipeline.redaction.renderers import Rendered, relaid
from pipeline.redaction.settings import CopySettings

FORMATS = ("pdf",)
_MOST_PIXELS = 16_000_000


def render(document: Document, plan: DocumentPlan, settings: CopySettings) -> Rendered:
    """The pages without what the plan removes; laid out afresh where the places of the words are not known."""
    if not document.pages or not placed(document, plan.removals):
        return relaid.render(document, plan, settings)
    content = settled(document.attachment.content, document.text)
    works = work(document, plan.removals)
    drawn = pypdfium2.PdfDocument(content)
    try:
        may_stay = vector.candidates(document, drawn) if settings.keep_vector else frozenset()
        with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as kept:
            carried = [each.number for each in works if not each.bars and each.number in may_stay and _carried(kept, source, each)]
            pages = [_picture_page(drawn, each, settings) for each in works if each.number not in carried]
            return _together(kept, carried, pages, document, plan)
    finally:
        drawn.close()


def _carried(kept: pikepdf.Pdf, source: pikepdf.Pdf, page_work: PageWork) -> bool:
    return vector.carry_over(kept, source.pages[page_work.number - 1])


def _together(kept: pikepdf.Pdf, carried: list[int], pages: list[PicturePage], document: Document, plan: DocumentPlan) -> Rendered:
    """Picture pages and carried pages in one fresh file, in their order."""
    with assemble(pages, PurePosixPath(plan.outgoing_name).stem or "Document") as pdf:
        for number, page in zip(carried, kept.pages, strict=True):
            pdf.pages.insert(number - 1, page)
        bookmark(pdf, document, plan.removals)
        return Rendered(saved(pdf), pictures=tuple(page.work.number for page in pages), carried=tuple(carried))


def _picture_page(source: pypdfium2.PdfDocument, page_work: PageWork, settings: CopySettings) -> PicturePage:
    scale = settings.dpi / 72
    while page_work.width * page_work.height * scale * scale > _MOST_PIXELS:
        scale *= 0.8
    picture = _drawn(source, page_work, scale)
    made, done = burnt(picture, page_work, scale)
    return PicturePage(done, encode(made))


def _drawn(source: pypdfium2.PdfDocument, page_work: PageWork, scale: float) -> Image.Image:
    """The page as shown; annotations and fields are part of its drawing by now, or gone."""
    page = source[page_work.number - 1]
    bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    page.close()
    return picture
