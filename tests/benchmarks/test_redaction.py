"""How long a redacted, proved copy takes and how large it is, as ratios to rendering the same pages alone."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

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


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def _render(content: bytes) -> None:
    opened = pypdfium2.PdfDocument(content)
    for page in opened:
        page.render(scale=170 / 72).to_pil().convert("L").save(io.BytesIO(), "PNG")
    opened.close()


@pytest.mark.benchmark
def test_a_copy_costs_a_few_renderings() -> None:
    """Four pages, a removal on two: redacted and proved without OCR in a few times what drawing the pages as PNGs costs, and small."""
    document = read(Attachment(PersonalText("x.pdf"), _report()), ReadOptions(ocr=False))
    places = [document.text.index(f"Monday {number} ") for number in (3, 60)]
    removals = tuple(Removal(Span(at, at + 8), "[withheld]", "t") for at in places)
    plan = DocumentPlan(0, Treatment.REDACT, removals, outgoing_name=PersonalText("Report 1 of 1, redacted.pdf"))
    settings = CopySettings(ocr_proof=False)
    made = copy.make(document, plan, settings)
    ratio = _fastest(lambda: copy.make(document, plan, settings)) / _fastest(lambda: _render(document.attachment.content))
    print(f"a proved copy of {PAGES} pages costs {ratio:.1f} renderings and {len(made.content) / PAGES / 1000:.0f} kB a page")
    assert ratio < 6
    assert len(made.content) / PAGES < 150_000
