"""What OCR passes over: only lines that are vouched for, and nothing hostile gets by for being passed over."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from needs import require
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.errors import ResidueFound
from pipeline.redaction import copy, readback, sight
from pipeline.redaction.printed import Honest, Line, Print
from pipeline.redaction.renderers import pdf as renderer
from pipeline.redaction.settings import CopySettings
from pipeline.redaction.typefaces import _FILES, SANS, register

SECRET = "zebra quartz vexing"
LINES = tuple(
    f"On visit {number} the health visitor found both twins well, joking, quite lively and fed by their mother." for number in range(26)
)
Draw = Callable[[Canvas], None]


def _page(draw: Draw | None = None) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for row, line in enumerate(LINES):
        canvas.drawString(50, 800 - 16 * row, line)
    canvas.drawString(50, 360, f"Their uncle said {SECRET} on the telephone.")
    if draw is not None:
        draw(canvas)
    canvas.save()
    return target.getvalue()


def _picture(canvas: Canvas) -> None:
    picture = Image.new("L", (900, 60), 255)
    font = ImageFont.truetype(str(_font_file()), 40)
    ImageDraw.Draw(picture).text((10, 5), f"once more: {SECRET}", fill=0, font=font)
    canvas.drawImage(ImageReader(picture), 50, 150, 300, 20)


def _font_file() -> object:
    from importlib.resources import files

    return files("pipeline.redaction") / "fonts" / _FILES[SANS]


def _dots(canvas: Canvas) -> None:
    """Letters put together from little squares."""
    picture = Image.new("1", (330, 22), 0)
    ImageDraw.Draw(picture).text((2, 2), f"once more {SECRET}", fill=1, font=ImageFont.truetype(str(_font_file()), 14))
    for row in range(picture.height):
        for column in range(picture.width):
            if picture.getpixel((column, row)):
                canvas.rect(50 + 1.2 * column, 170 - 1.2 * row, 1.2, 1.2, stroke=0, fill=1)


def _liar(canvas: Canvas) -> None:
    """The same words in a typeface of which the letters will claim to be their neighbours in the alphabet."""
    register()
    canvas.setFont(SANS, 12)
    canvas.drawString(50, 150, f"once more {SECRET} once more")


def _lying(content: bytes) -> bytes:
    """The file with each letter of the last typeface said to be the next one."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                table = item.ToUnicode.read_bytes().decode()
                item.ToUnicode = pdf.make_stream(re.sub(r"(?<=<00)(6[1-9a-e]|7[0-9])(?=>)", _next, table, flags=re.IGNORECASE).encode())
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def _next(found: re.Match[str]) -> str:
    return f"{int(found.group(), 16) + 1:02X}"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "in a picture": lambda: _page(_picture),
    "as little squares": lambda: _page(_dots),
    "in a typeface that lies": lambda: _lying(_page(_liar)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_only_the_eye_sees_is_read(make, name: str) -> None:
    """The words are removed from the text, and stand on the page once more where no extractor of text sees them: the copy is refused."""
    require("tesseract")
    content = HOSTILE[name]()
    document = make.pdf(content)
    assert document.text.count("quartz") == 1
    with pytest.raises(ResidueFound, match="can still be seen on page 1"):
        copy.make(document, make.plan(document, SECRET), CopySettings())


def test_a_bar_on_the_wrong_line_is_found(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture differs from the original where the bar is, so that is read; what is still shown is known from the original's drawing."""
    require("tesseract")
    document = make.pdf(_page())
    right = renderer.burnt
    monkeypatch.setattr(renderer, "burnt", lambda picture, work, scale: (_turned(right(picture, work, scale)[0], picture), work))
    with pytest.raises(ResidueFound, match="can still be seen on page 1"):
        copy.make(document, make.plan(document, SECRET), CopySettings())


def _turned(barred: Image.Image, plain: Image.Image) -> Image.Image:
    """The page as it was, with the barred line pasted ten lines higher."""
    scale = barred.height / 842
    made = plain.copy()
    made.paste(barred.crop((0, int((842 - 374) * scale), barred.width, int((842 - 356) * scale))), (0, int((842 - 534) * scale)))
    return made


def test_most_of_a_printed_page_is_passed_over(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twenty-seven lines OCR is given the one with the bar and a few that hold all letters; told to read all, it is given the page."""
    require("tesseract")
    given: list[int] = []
    read = readback.by_ocr
    monkeypatch.setattr(readback, "by_ocr", lambda picture, *rest: given.append(picture.height) or read(picture, *rest))
    document = make.pdf(_page())
    made = copy.make(document, make.plan(document, SECRET), CopySettings())
    assert made.proof.checks[-1].endswith("not seen on 1 pages, 0 of them read whole")
    in_part = sum(given)
    given.clear()
    whole = copy.make(document, make.plan(document, SECRET), CopySettings(ocr_whole_pages=True))
    assert whole.proof.checks[-1].endswith("1 of them read whole")
    assert 0 < in_part < sum(given) / 2


def test_without_the_typefaces_being_tried_the_lie_would_pass(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the trying of letters that catches the typeface: with none tried and all believed, the copy would have gone."""
    require("tesseract")
    monkeypatch.setattr(sight, "_choose_specimens", lambda sheets: None)
    monkeypatch.setattr(sight.Honest, "vouches_for", lambda honest, line: True)
    document = make.pdf(HOSTILE["in a typeface that lies"]())
    assert copy.make(document, make.plan(document, SECRET), CopySettings()).content


def test_a_letter_misread_once_is_tried_on_one_more_line_before_all_that_have_it() -> None:
    """Of three lines with a letter nothing vouches for yet the shortest is read; all three only if that was misread, too."""
    lines = tuple(
        Line(20 * row, 20 * row + 10, text, tuple((1, letter) for letter in text if letter.isalnum()))
        for row, text in enumerate(("the quiet queen of hearts", "a quiet queen", "the queen quit for good", "the rest of it"))
    )
    nothing = np.zeros(100, dtype=bool)
    sheets = {1: sight._Sheet(1, 100, Image.new("L", (10, 100)), Print(lines, ()), nothing, nothing)}
    honest = Honest(set().union(*(line.letters for line in lines)) - {(1, "q")})
    rows = [{line.text for line in lines if wanted(sheets, honest)[1][line.top]} for wanted in (sight._once_more, sight._not_vouched_for)]
    assert rows == [{"a quiet queen"}, {line.text for line in lines[:3]}]


def test_a_line_touched_in_its_tails_is_neither_read_for_that_nor_believed() -> None:
    """A bar below reaches into two of its ten rows: those are read; its letters must be vouched for by others, else it is read, too."""
    line = Line(0, 10, "quick", tuple((1, letter) for letter in "quick"))
    rows = np.zeros(30, dtype=bool)
    rows[8:20] = True
    sheet = sight._Sheet(1, 100, Image.new("L", (10, 30)), Print((line,), ()), rows.copy(), rows.copy())
    assert sheet.left_out() == [line]
    assert not sheet.must[:8].any()
    assert not sight._once_more({1: sheet}, Honest())[1].any()
    assert sight._not_vouched_for({1: sheet}, Honest())[1][:10].all()
    sheet.must[6:8] = True
    assert not sheet.left_out()
    assert sheet.must[:10].all()
