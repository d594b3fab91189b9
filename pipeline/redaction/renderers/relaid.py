"""Lays a document's face out afresh as a PDF, so that nothing its file hid can come along."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan
from pipeline.redaction.layout import flowables
from pipeline.redaction.renderers import Rendered
from pipeline.redaction.residue import residue_of
from pipeline.redaction.settings import CopySettings
from pipeline.redaction.styles import STYLES
from pipeline.redaction.typefaces import SANS, register

FORMATS = ("relaid",)
LANGUAGE = "en-GB"
_MARGIN = 51.0
_FOOT = 30.0
_ONE_PICTURE = "[The original shows a picture, which is not part of this copy.]"
_PICTURES = "[The original shows {} pictures, which are not part of this copy.]"


class _Template(BaseDocTemplate):  # type: ignore[misc]  # reportlab ships no types
    """A4 pages with their number at the foot, and the headings as bookmarks."""

    def __init__(self, target: io.BytesIO, **options: Any) -> None:
        super().__init__(target, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN, **options)
        frame = Frame(
            self.leftMargin, self.bottomMargin, self.width, self.height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
        )
        self.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=_number))
        self._depth = -1
        self._headings = 0

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Bookmarks a heading once it is on its page."""
        if not hasattr(flowable, "outline"):
            return
        level, text = flowable.outline
        self._depth = min(level, self._depth + 1)  # a bookmark may be at most one level below the last
        self._headings += 1
        key = f"heading{self._headings}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(" ".join(text.split())[:120], key, self._depth)


def _number(canvas: Any, template: BaseDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(SANS, 8)
    canvas.drawRightString(A4[0] - template.rightMargin, _FOOT, f"Page {canvas.getPageNumber()}")
    canvas.restoreState()


def render(document: Document, plan: DocumentPlan, settings: CopySettings) -> Rendered:  # noqa: ARG001 - every renderer has this signature
    """The face as a PDF of text, without what the plan removes."""
    register()
    target = io.BytesIO()
    title = PurePosixPath(plan.outgoing_name).stem or "Document"
    template = _Template(target, title=title, author="", subject="", creator="", producer="", lang=LANGUAGE, invariant=1)
    story = flowables(document, plan.removals, width=template.width, height=template.height)
    template.build([*story, *_on_pictures(document, plan)])
    return Rendered(target.getvalue())


def _on_pictures(document: Document, plan: DocumentPlan) -> list[Flowable]:
    """A line that owns up to the pictures which the file shows and this copy does not, unless its own words are among those removed."""
    pictures = sum(each.inline for each in document.embedded)
    said = _ONE_PICTURE if pictures == 1 else _PICTURES.format(pictures)
    if not pictures or residue_of(document.text, plan.removals).in_text(said):
        return []
    return [Spacer(1, 8), Paragraph(said, STYLES["furniture"])]
