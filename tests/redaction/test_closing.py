"""The length of what went: a bar in a line of print is as long whatever it covers, and what follows it still stands and can be read."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.redaction import copy, readback
from pipeline.redaction.settings import CopySettings

NAMES = ("Amy", "Bartholomew")
QUIET = CopySettings(ocr_proof=False)


def _seen(content: bytes) -> str:
    """What OCR reads on the first page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return readback.by_ocr(readback.drawn(document[0], 150)[0], 150, 60.0)
    finally:
        document.close()


def _page(name: str, *, framed: bool = False, ends: bool = False) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    canvas.drawString(60, 760, "The health visitor saw the twins at home on Monday and they were both well and warm.")
    canvas.drawString(60, 730, f"Her former partner {name}" + ("" if ends else " has moved to the town."))
    canvas.drawString(60, 700, "They slept well.")
    if framed:
        canvas.line(220, 690, 220, 780)
    canvas.save()
    return target.getvalue()


def _ink(content: bytes) -> list[bool]:
    """The page as black and white in blocks of three points, so that a shade at a letter's edge is no difference."""
    document = pypdfium2.PdfDocument(content)
    try:
        small = document[0].render(scale=1).to_pil().convert("L").reduce(3)
        return [level < 235 for level in small.tobytes()]
    finally:
        document.close()


def _picture(content: bytes) -> bytes:
    document = pypdfium2.PdfDocument(content)
    try:
        return document[0].render(scale=1).to_pil().convert("L").tobytes()
    finally:
        document.close()


@pytest.mark.parametrize("ends", [False, True])
def test_names_of_any_length_leave_the_same_page(make, ends: bool) -> None:
    """A short name and a long one in the same place give the same picture and the same places of kept words: no ruler tells them apart."""
    pictures, places = [], set()
    for name in NAMES:
        document = make.pdf(_page(name, ends=ends))
        made = copy.make(document, make.plan(document, name), QUIET)
        assert made.proof.kept_found == made.proof.kept_words
        pictures.append(_ink(made.content))
        opened = pypdfium2.PdfDocument(made.content)
        page = opened[0].get_textpage()
        at = page.get_text_range().index("They slept" if ends else "has moved")
        places.add(tuple(round(edge) for edge in page.get_charbox(at)))
        opened.close()
    differing = sum(first != second for first, second in zip(*pictures, strict=True))
    assert differing < 0.02 * sum(pictures[0])
    assert len(places) == 1


def test_words_moved_up_to_a_bar_can_be_read(make) -> None:
    """What follows the bar is still there in the pixels, read by OCR."""
    document = make.pdf(_page(NAMES[1]))
    made = copy.make(document, make.plan(document, NAMES[1]), CopySettings())
    seen = _seen(made.content)
    assert "has moved to the town" in seen
    assert "Bartholomew" not in seen


def test_a_line_with_a_rule_through_it_stays_as_printed(make) -> None:
    """A table's rule is not moved nor rubbed out for the sake of a bar's width."""
    document = make.pdf(_page(NAMES[1], framed=True))
    made = copy.make(document, make.plan(document, NAMES[1]), QUIET)
    picture = _picture(made.content)
    column = [picture[row * 595 + 220] for row in range(842 - 778, 842 - 692)]
    assert max(column) < 230
    assert made.proof.kept_found == made.proof.kept_words
