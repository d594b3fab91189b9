"""How long a redacted, proved copy takes and how large it is, as ratios to rendering the same pages alone."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable

import pypdfium2
import pytest
from needs import require
from reportlab.pdfgen.canvas import Canvas

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


def _spent() -> float:
    """Seconds of processor, those of finished child processes too."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = _spent()
        work()
        times.append(_spent() - began)
    return min(times)


def _render(content: bytes) -> None:
    opened = pypdfium2.PdfDocument(content)
    for page in opened:
        page.render(scale=170 / 72).to_pil().convert("L").save(io.BytesIO(), "PNG")
    opened.close()


@pytest.mark.benchmark
@pytest.mark.parametrize(("ocr", "most"), [(False, 3.0), (True, 8.0)], ids=["without OCR", "with OCR"])
def test_a_copy_costs_a_few_renderings(ocr: bool, most: float) -> None:
    """Four pages, a removal on two: redacted and proved in a few times what drawing the pages as PNGs costs, in processor time."""
    if ocr:
        require("tesseract")
    document = read(Attachment(PersonalText("x.pdf"), _report()), ReadOptions(ocr=False))
    plan = _plan(document, 3, 60)
    settings = CopySettings(ocr_proof=ocr)
    copy.make(document, plan, settings)
    rendering = _fastest(lambda: _render(document.attachment.content))
    seconds = _fastest(lambda: copy.make(document, plan, settings))
    print(f"a proved copy of {PAGES} pages costs {seconds:.2f} s of processor, {seconds / rendering:.1f} renderings")
    assert seconds / rendering < most


@pytest.mark.benchmark
def test_a_copy_is_small() -> None:
    """A copy is at most three times as large as its original or 150 kB a page, also where every page has become a picture."""
    document = read(Attachment(PersonalText("x.pdf"), _report()), ReadOptions(ocr=False))
    plan = _plan(document, *(3 + 46 * page for page in range(PAGES)))
    made = copy.make(document, plan, CopySettings(ocr_proof=False))
    print(f"{len(made.content) / PAGES / 1000:.0f} kB a page")
    assert len(made.content) <= max(3 * len(document.attachment.content), 150_000 * PAGES)


def _plan(document: Document, *numbers: int) -> DocumentPlan:
    places = [document.text.index(f"Monday {number} ") for number in numbers]
    removals = tuple(Removal(Span(at, at + 8), "[withheld]", "t") for at in places)
    return DocumentPlan(0, Treatment.REDACT, removals, outgoing_name=PersonalText("Report 1 of 1, redacted.pdf"))
