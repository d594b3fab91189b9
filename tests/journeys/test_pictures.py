"""Pictures in reports: nothing that one says leaves unread, and none is left out without a word; a logo stops nothing."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pypdfium2
import pytest
from desks import with_file
from docx.shared import Cm
from needs import require
from PIL import Image, ImageDraw, ImageFont

from pipeline import gateway
from pipeline.domain.plan import Treatment
from pipeline.redaction import typefaces
from pipeline.thinking import Tools, assess, outgoing

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SAID = (
    "Report for the initial child protection conference on Tom Weir, born 4 May 2022",
    "I am his GP. His mother agreed to this report. Tom was seen at home on 4 September 2026 and had three bruises on his arm.",
    "Worries: his father shouts and hits the wall when he has been drinking, and Tom hides under the bed.",
    "What is going well: he eats well and loves nursery. What needs to happen: his father to attend the alcohol service by November.",
)
LINE = ("Mrs Weir: termination", "of pregnancy in 2014")
LOGO = ("Oak Tree Surgery",)


def _picture(lines: tuple[str, ...], letter: int) -> bytes:
    picture = Image.new("L", (18 * letter, (len(lines) * 2 + 1) * letter), 255)
    font = ImageFont.truetype(str(Path(typefaces.__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"), letter)
    for row, line in enumerate(lines):
        ImageDraw.Draw(picture).text((letter, (2 * row + 1) * letter), line, fill=0, font=font)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def _report(picture: bytes, wide: float) -> bytes:
    document = docx.Document()
    for said in SAID:
        document.add_paragraph(said)
    document.add_picture(io.BytesIO(picture), width=Cm(wide))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _text(content: bytes) -> str:
    opened = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in opened).split())
    finally:
        opened.close()


@pytest.mark.parametrize(("letter", "wide"), [(20, 9.0), (80, 2.0)], ids=["small in pixels", "large in pixels, shown small"])
def test_what_a_small_picture_says_does_not_leave_in_its_report(letter: int, wide: float, tools: Tools, samples: Path) -> None:
    """However a line about a person is pasted, it is a document that stays behind, and the report's copy owns up to the picture."""
    require("tesseract")
    file = _report(_picture(LINE, letter), wide)
    made = outgoing(
        assess(with_file((samples / "s01.eml").read_bytes(), "Report.docx", file, WORD), tools, collected=gateway.now()),
        tools,
        now=gateway.now(),
    )
    by_container = {str(each.document.attachment.container): number for number, each in enumerate(made.assessment.case.readings)}
    assert made.assessment.plan.documents[by_container["Report.docx"]].treatment is Treatment.WITHHOLD
    (copy,) = made.documents
    assert not copy.untouched
    assert "[The original shows a picture, which is not part of this copy.]" in _text(copy.content)


def test_a_logo_is_no_document(tools: Tools, samples: Path) -> None:
    """A letterhead's logo neither becomes a document nor holds the report."""
    require("tesseract")
    file = _report(_picture(LOGO, 20), 4.0)
    found = assess(with_file((samples / "s01.eml").read_bytes(), "Report.docx", file, WORD), tools, collected=gateway.now())
    assert not any(each.document.attachment.container for each in found.case.readings)
