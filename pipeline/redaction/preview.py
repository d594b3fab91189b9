"""Shows a reviewer what would leave: each page of the copy beside the page it was made from, as PNG pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import pypdfium2

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan, Treatment
from pipeline.redaction import copy
from pipeline.redaction.renderers import renderer_for
from pipeline.redaction.settings import CopySettings

SHARPNESS = 96
"""Dots an inch of a preview page: as large as on paper on a common screen."""


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One page before and after, each a PNG or None where that side has no such page."""

    number: int
    original: bytes | None = field(repr=False)
    redacted: bytes | None = field(repr=False)


def side_by_side(
    document: Document, plan: DocumentPlan, settings: CopySettings | None = None, *, dpi: int = SHARPNESS
) -> tuple[PreviewPage, ...]:
    """All pages before and after. A format without pages of its own is laid out as it would be with nothing taken out.

    Raises:
        ResidueFound: no clean copy can be made; then there is nothing to show that would leave.
    """
    settings = replace(settings or CopySettings(), ocr_proof=False)  # the copy that leaves is proved when it is made
    before = pictures(original_pages(document, settings), dpi=dpi)
    after = pictures(_leaving(document, plan, settings), dpi=dpi) if plan.treatment is not Treatment.WITHHOLD else iter(())
    return tuple(PreviewPage(number, *pair) for number, pair in enumerate(zip_longest(before, after), 1))


def original_pages(document: Document, settings: CopySettings) -> bytes:
    """The document as a PDF for the eye of a reviewer only: its own bytes where it is one, else its face set on pages."""
    if document.format == "pdf":
        return document.attachment.content
    as_it_is = DocumentPlan(0, Treatment.SEND, strip_hidden=True)
    return renderer_for(document.format)(document, as_it_is, settings).content


def _leaving(document: Document, plan: DocumentPlan, settings: CopySettings) -> bytes:
    made = copy.make(document, plan, settings)
    return made.content if made.media_type == "application/pdf" else original_pages(document, settings)


def pictures(pdf: bytes, *, dpi: int = SHARPNESS) -> Iterator[bytes]:
    """The pages of a PDF as PNGs, in order, each made when asked for."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        for page in opened:
            target = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().save(target, "PNG")
            page.close()
            yield target.getvalue()
    finally:
        opened.close()
