from __future__ import annotations

import io
import re
import struct
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pikepdf
import pillow_heif
import pytest
from needs import require
from PIL import Image, ImageDraw, ImageFilter, ImageFont, TiffImagePlugin
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from pipeline.domain.documents import Document, LayerKind, NoteCode, TextSource
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import ocr, reading, scans
from pipeline.extraction.ink import PageInk
from pipeline.extraction.ocr import Recognised
from pipeline.extraction.options import ReadOptions

LINES = (
    "Report of the school nurse for the conference",
    "Kimi was weighed in October and has grown well since",
    "the spring. Her mother brings her to every visit and",
    "asked for help with sleep. NHS number 999 129 2632.",
)


def sheet(lines: tuple[str, ...] = LINES, *, dpi: int = 150, turn: float = 0.0) -> Image.Image:
    """A printed page as a picture, askew by `turn` degrees."""
    picture = Image.new("L", (round(6.0 * dpi), round(2.2 * dpi)), 250)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=dpi * 11 / 72)
    for number, line in enumerate(lines):
        draw.text((0.4 * dpi, (0.4 + 0.3 * number) * dpi), line, 20, font=font)
    return picture.rotate(turn, Image.Resampling.BICUBIC, fillcolor=250)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def read(content: bytes, name: str = "photo.png", **options: object) -> Document:
    """The document of a picture's bytes."""
    return reading.read(Attachment(PersonalText(name), content), ReadOptions(**options))  # type: ignore[arg-type]  # a table of cases


@pytest.fixture(scope="module")
def scanned() -> Document:
    """A page of print, scanned a little askew, as a PNG."""
    require("tesseract")
    return read(saved(sheet(turn=1.2)))


def test_print_in_a_picture_is_read(scanned: Document) -> None:
    """Words and digits come out right, in order, and the lines of a paragraph run on."""
    assert "weighed in October and has grown well since the spring. Her mother" in scanned.text
    assert "999 129 2632" in scanned.text
    assert scanned.source is TextSource.OCR
    assert scanned.pages[0].source is TextSource.OCR


def test_words_of_a_picture_lie_where_they_are_on_it_as_it_came(scanned: Document) -> None:
    """The page is straightened for reading only: boxes are those of the skewed picture, and words carry their certainty."""
    first = next(word for word in scanned.words if word.span.of(scanned.text) == "Report")
    last = next(word for word in scanned.words if word.span.of(scanned.text) == "conference")
    assert last.box.top < first.box.top - 2  # turned anticlockwise, a line rises to the right
    scale = scanned.pages[0].width / (6.0 * 72)
    assert first.box.x0 / scale == pytest.approx(0.4 * 72, abs=8)
    assert all(0.2 <= word.confidence <= 1.0 for word in scanned.words)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_lying_on_its_side_or_its_head_is_turned(turn: int) -> None:
    """A photograph taken sideways and a page fed upside down are read as well as one that is upright, and are no handwriting."""
    require("tesseract")
    document = read(saved(sheet().rotate(turn, expand=True)))
    assert "has grown well since the spring. Her mother brings her to every visit" in document.text
    assert NoteCode.HANDWRITING not in {note.code for note in document.notes}


def test_words_one_above_the_other_are_no_line() -> None:
    """A page on its side may be read as words of one 'line' that stand in one column; how they stray is not asked of them."""
    row = ocr._Row((1, 1, 1), 40, 0, 60, 20, 0.9, "word")
    assert ocr._unsteadiness([replace(row, top=number * 30) for number in range(4)]) == 0.0


def test_every_page_of_a_fax_is_read() -> None:
    """A TIFF of two pages is a document of two pages."""
    require("tesseract")
    second = sheet(("Second page of the fax", "with more words about Kimi"))
    document = read(saved(sheet(), "TIFF", save_all=True, append_images=[second]), "fax.tif")
    assert [page.number for page in document.pages] == [1, 2]
    assert document.page_of(document.text.index("Second page")) == 2


def test_a_photograph_without_words_is_a_picture_not_a_page() -> None:
    """No words are made up from a growth curve or a face, and that it is a picture is said."""
    require("tesseract")
    document = read(saved(Image.effect_noise((600, 500), 90).filter(ImageFilter.GaussianBlur(9)), "JPEG"), "bruise.jpg")
    assert document.source is TextSource.NONE
    assert not document.text
    assert [note.code for note in document.notes] == [NoteCode.PICTURE]
    assert document.problem is None


def test_what_the_camera_wrote_is_a_layer() -> None:
    """Descriptions and the place in EXIF are hidden content."""
    require("tesseract")
    exif = Image.Exif()
    exif[0x010E] = "descriptionword"
    exif[0x8825] = {1: "N", 2: (TiffImagePlugin.IFDRational(51), TiffImagePlugin.IFDRational(30), TiffImagePlugin.IFDRational(0))}
    document = read(saved(sheet(("x",)), "JPEG", exif=exif), "a.jpg")
    said = " ".join(layer.text for layer in document.hidden if layer.kind is LayerKind.EXIF)
    assert "descriptionword" in said
    assert "GPS" in said


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"\x00\x00\x00\x00IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(60_000, 60_000), UnreadableReason.TOO_LARGE),
        (bomb(2_000_000_000, 2), UnreadableReason.TOO_LARGE),
        (saved(sheet())[:900], UnreadableReason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + b"nothing" * 9, UnreadableReason.DAMAGED),
    ],
    ids=["60000 x 60000", "too wide", "cut short", "no picture"],
)
def test_pictures_that_cannot_be_read_say_why(content: bytes, reason: UnreadableReason) -> None:
    """Bombs and damage end in a reason, at once."""
    require("tesseract")
    document = read(content)
    assert document.problem
    assert document.problem.reason is reason


def test_without_tesseract_a_picture_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing program holds the file; it never passes as a picture without words."""
    monkeypatch.setattr(ocr.shutil, "which", lambda _: None)
    document = read(saved(sheet()))
    assert document.problem
    assert document.problem.reason is UnreadableReason.TOOL_MISSING


def test_a_page_with_print_and_a_pasted_picture_is_read_in_full() -> None:
    """Words in a screenshot pasted into a typed page are read too, in their place, and the page says that it is mixed."""
    require("tesseract")
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    page.setFont("Helvetica", 11)
    page.drawString(72, 780, "Typed words above the picture.")
    page.drawImage(ImageReader(sheet(dpi=200)), 72, 500, 432, 158)
    page.drawString(72, 450, "Typed words below the picture.")
    page.showPage()
    page.save()
    document = read(buffer.getvalue(), "report.pdf")
    above, pasted, below = (document.text.index(words) for words in ("words above", "grown well", "words below"))
    assert above < pasted < below
    assert document.source is TextSource.MIXED
    word = next(word for word in document.words if word.span.of(document.text) == "weighed")
    assert 72 < word.box.x0 < 300
    assert A4[1] - 660 < word.box.top < A4[1] - 500


def behind(words: str) -> bytes:
    """A scan with an invisible layer of words, as scanners write it."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    page.drawImage(ImageReader(sheet(dpi=200)), 0, 400, 595, 218)
    page.drawImage(ImageReader(Image.new("L", (10, 10), 250)), 0, 0, 595, 400)
    text = page.beginText(40, 600)
    text.setTextRenderMode(3)
    text.textOut(words)
    page.drawText(text)
    page.showPage()
    page.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("words", "differs"), [(" ".join(LINES), False), ("entirely other words about somebody else in another town " * 3, True)]
)
def test_words_behind_a_scan_are_compared_with_its_pixels(words: str, differs: bool) -> None:
    """What a reader sees is the face; an invisible layer that says something else is noted and holds."""
    require("tesseract")
    document = read(behind(words), "scan.pdf")
    assert "grown well since" in document.text
    assert any(note.code is NoteCode.TEXT_DIFFERS_FROM_PICTURE for note in document.notes) is differs
    assert any(words.rsplit(maxsplit=1)[-1] in layer.text for layer in document.hidden)


def lettered(stand_for: Mapping[int, int]) -> bytes:
    """A printed page whose font says of its letters that they stand for others."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    page.setFont("Vera", 12)
    for number, line in enumerate(LINES * 3):
        page.drawString(60, 780 - 20 * number, line)
    page.save()
    out = io.BytesIO()
    with pikepdf.open(buffer) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                table = one["/ToUnicode"].read_bytes().decode()
                table = re.sub(r"> <(00[0-9A-F]{2})>", lambda hit: f"> <{ord(chr(int(hit[1], 16)).translate(stand_for)):04X}>", table)
                one["/ToUnicode"] = pdf.make_stream(table.encode())
        pdf.save(out)
    return out.getvalue()


SMALL = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("stand_for", "differs"),
    [({}, False), (str.maketrans(SMALL, SMALL[1:] + "a"), True), (str.maketrans(SMALL, SMALL[::-1]), True)],
    ids=["right", "each the next", "the last for the first"],
)
def test_printed_text_that_is_not_what_the_page_shows(stand_for: dict[int, int], differs: bool) -> None:
    """Where a page's letters stand for others, its pixels are read, and a note that holds says so; a right page is not doubted."""
    require("tesseract")
    document = read(lettered(stand_for), "report.pdf")
    assert "grown well since" in document.text
    assert document.source is (TextSource.OCR if differs else TextSource.NATIVE)
    assert any(note.code is NoteCode.TEXT_DIFFERS_FROM_PICTURE for note in document.notes) is differs


def test_a_list_without_common_words_keeps_its_printed_text() -> None:
    """A page of results has none of the words that prose has; once its pixels agree, it is read as it is printed, without a note."""
    require("tesseract")
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    for number in range(30):
        page.drawString(60, 780 - 20 * number, f"Serum sodium level {130 + number} mmol normal, repeat test {number}")
    page.save()
    document = read(buffer.getvalue(), "report.pdf")
    assert document.source is TextSource.NATIVE
    assert not document.notes


def _pages(*pictures: Image.Image) -> list[scans.Picture]:
    return [scans.Picture(number, 150.0, partial(lambda one: one, picture)) for number, picture in enumerate(pictures, 1)]


def test_a_page_that_cannot_be_read_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages after it are read, and at the end it is named with the reason."""

    def recognise(picture: Image.Image, dpi: float, number: int) -> Recognised:
        if number == 2:
            raise Unreadable(UnreadableReason.TIMED_OUT, "it took too long")
        return Recognised(PageInk(number, 1.0, 1.0))

    monkeypatch.setattr(ocr, "recognise", recognise)
    read: list[int] = []
    with pytest.raises(Unreadable, match=r"picture of page 2 could not be read: it took too long") as missed:
        read.extend(picture.page for picture, _ in scans.recognise_all(_pages(*[Image.new("L", (9, 9))] * 5), ReadOptions()))
    assert missed.value.reason is UnreadableReason.TIMED_OUT
    assert read == [1, 3, 4, 5]


def test_the_time_for_all_pages_ends_and_what_was_read_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a scan that takes too long the pages read so far come back, and the rest is counted, so that a person looks."""

    def recognise(picture: Image.Image, dpi: float, number: int) -> Recognised:
        time.sleep(0.2)
        return Recognised(PageInk(number, 1.0, 1.0))

    monkeypatch.setattr(ocr, "recognise", recognise)
    read: list[int] = []
    with pytest.raises(Unreadable, match=r"and of \d+ more could not be read: the time .* was over"):
        read.extend(
            picture.page
            for picture, _ in scans.recognise_all(_pages(*[Image.new("L", (9, 9))] * 40), ReadOptions(ocr_seconds=0.5, ocr_workers=1))
        )
    assert read == list(range(1, len(read) + 1))
    assert 0 < len(read) < 10


@pytest.mark.parametrize(
    ("kind", "ink"),
    [("PNG", (0, 0, 0)), ("PNG", (255, 255, 255)), ("WEBP", None), ("JPEG2000", None), ("HEIF", None)],
    ids=["black", "white", "webp", "jp2", "heic"],
)
def test_pictures_with_transparency_and_of_newer_kinds_are_read(kind: str, ink: tuple[int, int, int] | None) -> None:
    """Black or white letters on nothing are read, as what a messenger's or a scanner's newer format holds."""
    require("tesseract")
    pillow_heif.register_heif_opener()
    page = sheet()
    if ink is not None:
        letters = Image.new("RGBA", page.size, (*ink, 0))
        letters.paste((*ink, 255), mask=page.point(lambda dot: 255 - dot))
        page = letters
    document = read(saved(page, kind))
    assert document.problem is None
    assert LINES[1].split()[:6] == document.text.split()[8:14]


def test_what_stands_behind_the_end_of_a_picture_is_named() -> None:
    """Another file or words behind a picture's last byte are hidden content; a telephone's own details are not."""
    require("tesseract")
    for picture in (saved(sheet()), saved(sheet(), "JPEG")):
        document = read(picture + b"words for nobody")
        found = [str(layer.text) for layer in document.hidden if layer.kind is LayerKind.EMBEDDED_OBJECT]
        assert found == ["bytes behind the end of the picture\nwords for nobody"]
    camera = read(saved(sheet(), "JPEG") + b"\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1772532000000SEFHk\x00\x00\x00SEFT")
    assert camera.hidden == ()
