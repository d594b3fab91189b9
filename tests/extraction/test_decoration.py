"""A small picture is a logo only by what it says: letterheads do not drown the reviewer, and no line about a person passes for one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from needs import require
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.decoration import decorates
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.redaction import typefaces


@pytest.mark.parametrize(
    ("said", "decoration"),
    [
        ("", True),
        ("NHS", True),
        ("Wy | a&", True),
        ("Kent County Council", True),
        ("South London and Maudsley NHS Foundation Trust", True),
        ("Oak Tree Surgery, caring for all our families since the flood", True),
        ("Mrs Weir: HIV positive", False),
        ("Mrs Weir: termination of pregnancy 2014", False),
        ("Oak Surgery 12/03/2014 termination", False),
        ("Sertraline once daily", False),
        ("NHS record of Mrs Weir who was seen at the clinic and had a termination of pregnancy", False),
    ],
)
def test_words_tell(said: str, decoration: bool) -> None:
    """No words, or a service's name: a logo. Anything else of three words says something."""
    assert decorates(said) is decoration


def _picture(*lines: str) -> Image.Image:
    picture = Image.new("L", (720, 30 + 60 * len(lines)), 255)
    font = ImageFont.truetype(str(Path(typefaces.__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"), 34)
    for row, line in enumerate(lines):
        ImageDraw.Draw(picture).text((20, 20 + 60 * row), line, fill=0, font=font)
    return picture


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        (("Mrs Weir: termination", "of pregnancy in 2014"), True),
        (("Oak Tree Surgery",), False),
    ],
)
def test_a_small_picture_on_a_page_is_read_for_what_it_says(lines: tuple[str, ...], seen: bool) -> None:
    """A line about a person, pasted as a small picture into a page of text, is part of what the page says; a letterhead's logo is not."""
    require("tesseract")
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for row in range(12):
        canvas.drawString(60, 600 - 20 * row, "The twins were seen at home on Monday and had put on weight since May.")
    canvas.drawImage(ImageReader(_picture(*lines)), 60, 700, 216, 9 + 18 * len(lines))
    canvas.save()
    document = read(Attachment(PersonalText("x.pdf"), target.getvalue()), ReadOptions())
    assert document.problem is None
    assert not document.notes
    assert ("termination" in document.text) is seen
    assert "Surgery" not in document.text
