"""How long a redacted, proved copy takes and how large it is, as ratios to rendering the same pages alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
from needs import require
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate
from timing import side_by_side

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.plan import DocumentPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.redaction import copy
from pipeline.redaction.settings import CopySettings

PAGES = 4
SENTENCE = "The health visitor saw the twins at home on Monday {number} and they had put on weight since May."


def _report() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for page in range(PAGES):
        for row in range(46):
            canvas.drawString(60, 790 - 16 * row, SENTENCE.format(number=page * 46 + row))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _letter() -> bytes:
    """Pages as full as a practice's letter: small print under headings, in paragraphs that wrap where they will."""
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=10.5, leading=12.5, spaceAfter=6)
    head = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=8)
    story: list[Flowable] = []
    for page in range(PAGES):
        for part in range(6):
            first = (page * 6 + part) * 8
            said = " ".join(SENTENCE.format(number=first + number) for number in range(8))
            story += [Paragraph(f"{part + 1}. What we saw in visit {first}", head), Paragraph(said, body)]
        story.append(PageBreak())
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=(595, 842), topMargin=50, bottomMargin=50).build(story)
    return target.getvalue()


def _render(content: bytes) -> None:
    opened = pypdfium2.PdfDocument(content)
    for page in opened:
        page.render(scale=170 / 72).to_pil().convert("L").save(io.BytesIO(), "PNG")
    opened.close()


@pytest.mark.benchmark
@pytest.mark.parametrize(
    ("made", "places", "ocr", "most"),
    [
        (_report, (3, 60), False, 3.0),
        (_report, (3, 60), True, 8.0),
        (_letter, (3, 9, 30, 60, 70, 90), False, 3.0),
        (_letter, (3, 9, 30, 60, 70, 90), True, 10.0),
    ],
    ids=["a report, without OCR", "a report, with OCR", "a dense letter, without OCR", "a dense letter, with OCR"],
)
def test_a_copy_costs_a_few_renderings(made: Callable[[], bytes], places: tuple[int, ...], ocr: bool, most: float) -> None:
    """Four pages, removals on two: redacted and proved in a few times what drawing the pages as PNGs costs, in processor time."""
    if ocr:
        require("tesseract")
    document = read(Attachment(PersonalText("x.pdf"), made()), ReadOptions(ocr=False))
    assert len(document.pages) == PAGES
    plan = _plan(document, *places)
    settings = CopySettings(ocr_proof=ocr)
    copy.make(document, plan, settings)

    def holds(seconds: float, rendering: float) -> bool:
        return seconds / rendering < most

    seconds, rendering = side_by_side(
        lambda: copy.make(document, plan, settings), lambda: _render(document.attachment.content), holds=holds, rounds=3
    )
    print(f"a proved copy of {PAGES} pages costs {seconds:.2f} s of processor, {seconds / rendering:.1f} renderings")
    assert holds(seconds, rendering)


@pytest.mark.benchmark
def test_a_copy_is_small() -> None:
    """A copy is at most three times as large as its original or 150 kB a page, also where every page has become a picture."""
    document = read(Attachment(PersonalText("x.pdf"), _report()), ReadOptions(ocr=False))
    plan = _plan(document, *(3 + 46 * page for page in range(PAGES)))
    made = copy.make(document, plan, CopySettings(ocr_proof=False))
    print(f"{len(made.content) / PAGES / 1000:.0f} kB a page")
    assert len(made.content) <= max(3 * len(document.attachment.content), 150_000 * PAGES)


def _plan(document: Document, *numbers: int) -> DocumentPlan:
    places = (re.search(rf"Monday\s{number}\s", document.text) for number in numbers)
    removals = tuple(Removal(Span(found.start(), found.end() - 1), "[withheld]", "t") for found in places if found)
    return DocumentPlan(0, Treatment.REDACT, removals, outgoing_name=PersonalText("Report 1 of 1, redacted.pdf"))
