"""Letters that programs read otherwise than people: a font's table that lies, words put over what is drawn, and files that are in order."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from needs import require
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from pipeline.domain.documents import Document, NoteCode, TextSource
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import reading
from pipeline.extraction.options import ReadOptions

TOLD = "Kimi was not seen at home on 3 March 2026 and the door was shut"
MORE = "The health visitor rang twice that week, at 18 and at 45 Acacia Road; nobody answered, and the father said he would wait outside."


def page(face: str = "Vera", size: float = 11.0) -> bytes:
    """A page set in a typeface that is packed into the file, or in one that need not be."""
    if face == "Vera":
        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, invariant=1)
    paper.setFont(face, size)
    for number, line in enumerate((TOLD, MORE, TOLD + ".", MORE)):
        paper.drawString(60, 740 - 2 * size * number, line[: int(950 / size)])
    paper.save()
    return buffer.getvalue()


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The same file with something done to it."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(buffer)
    return buffer.getvalue()


def fonts(pdf: Any) -> list[Any]:
    """The fonts of the first page."""
    return [font for _, font in pdf.pages[0].resources.Font.items()]


def remapped(swaps: dict[str, str]) -> Callable[[Any], None]:
    """Has the packed font's table say other letters for some of its glyphs."""

    def change(pdf: Any) -> None:
        font = next(one for one in fonts(pdf) if "/ToUnicode" in one)

        def other(match: re.Match[bytes]) -> bytes:
            letter = chr(int(match[0][1:5], 16))
            return b"<%04X>" % ord(swaps.get(letter, letter))

        font.ToUnicode.write(re.sub(rb"(?<=> )<[0-9A-F]{4}>", other, font.ToUnicode.read_bytes()))

    return change


def added(said: dict[str, str]) -> Callable[[Any], None]:
    """Gives a font that every viewer has a table of its own, which lies about some letters."""

    def change(pdf: Any) -> None:
        pairs = "\n".join(f"<{code:02X}> <{ord(said.get(chr(code), chr(code))):04X}>" for code in range(32, 127))
        table = f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n95 beginbfchar\n{pairs}\nendbfchar\n"
        for font in fonts(pdf):
            font.ToUnicode = pikepdf.Stream(pdf, f"/CIDInit /ProcSet findresource begin begincmap\n{table}endcmap end".encode())

    return change


def renamed(pdf: Any) -> None:
    """Has a font draw a 'w' where the code says 't', and its table say 't'."""
    added({})(pdf)
    for font in fonts(pdf):
        differences = pikepdf.Array([ord("t"), pikepdf.Name("/w")])
        font.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, BaseEncoding=pikepdf.Name.WinAnsiEncoding, Differences=differences)


def spoken(drawn: str, said: str) -> Callable[[Any], None]:
    """Puts one word over another: programs that heed it read `said` where `drawn` is seen."""
    words = said.encode("utf-16-be").hex().upper()

    def change(pdf: Any) -> None:
        code = f"/Span <</ActualText <FEFF{words}>>> BDC BT /F1 11 Tf 60 500 Td ({drawn}) Tj ET EMC BT /F1 11 Tf 120 500 Td (safe) Tj ET"
        pdf.pages[0].contents_add(code.encode())

    return change


def read(content: bytes, **options: Any) -> Document:
    """The document of these bytes."""
    return reading.read(Attachment(PersonalText("report.pdf"), content), ReadOptions(**options))


def differs(document: Document) -> bool:
    """Whether the document is held because programs read other words than people see."""
    return any(note.code is NoteCode.TEXT_DIFFERS_FROM_PICTURE and note.holds for note in document.notes)


LIES: list[tuple[str, Callable[[Any], None], str]] = [
    ("Vera", remapped({"t": "w", "w": "t"}), "two letters for each other"),
    ("Vera", remapped({"3": "8", "8": "3"}), "two digits for each other"),
    ("Vera", remapped({"n": "h"}), "one letter for another that the page has too"),
    ("Helvetica", added({"t": "w"}), "a table for a face that needs none"),
    ("Times-Roman", added({"4": "9", "5": "8"}), "digits of a face that needs no table"),
    ("Courier", renamed, "a glyph put in another's place"),
    ("Helvetica", spoken("not", "now"), "a word put over another"),
]


@pytest.mark.parametrize(("face", "change", "what"), LIES, ids=[what for *_, what in LIES])
def test_a_letter_that_stands_for_another_is_noticed(face: str, change: Callable[[Any], None], what: str) -> None:
    """Programs that read the file agree with each other on the wrong letters; the page is read from its pixels, and held."""
    require("tesseract")
    del what
    content = changed(page(face), change)
    document = read(content)
    assert differs(document)
    assert document.source is TextSource.OCR
    words = document.text.split()
    if change is not renamed:  # there the page itself says 'now'
        assert {"not", "3", "18"} <= set(words)
    assert "now" not in words or change is renamed


@pytest.mark.parametrize("face", ["Vera", "Helvetica", "Courier", "Times-Roman"])
@pytest.mark.parametrize("change", [lambda _: None, added({})], ids=["as made", "with a true table"])
@pytest.mark.parametrize("size", [8.0, 11.0, 20.0])
def test_a_file_in_order_is_not_read_twice(face: str, change: Callable[[Any], None], size: float) -> None:
    """True letters are not suspected in any usual face and size: nothing is held, and no page is read by OCR."""
    document = read(changed(page(face, size), change), ocr=False)
    assert not differs(document)
    assert document.problem is None
    assert document.source is TextSource.NATIVE


def test_words_put_over_the_same_words_are_in_order() -> None:
    """Word processors put 'fi' over a ligature, and the word itself over a parted one: that is no other reading."""
    document = read(changed(page("Helvetica"), spoken("not", "not")), ocr=False)
    assert not differs(document)
    assert "not safe" in document.text


def test_without_ocr_a_suspected_page_is_unreadable() -> None:
    """Where no OCR can look, the file is not taken on trust."""
    document = read(changed(page("Vera"), remapped({"t": "w", "w": "t"})), ocr=False)
    assert document.problem is not None
    assert document.problem.reason is UnreadableReason.TOOL_MISSING


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_of_true_letters_is_in_order(turn: int) -> None:
    """Letters that lie on their side as shown are left alone, and nothing is suspected of them."""

    def change(pdf: Any) -> None:
        pdf.pages[0].obj.Rotate = turn

    assert not differs(read(changed(page("Vera"), change), ocr=False))


def test_two_fonts_of_one_name_are_not_taken_for_one() -> None:
    """A first page in order says nothing of a second one whose font has the same name and another table."""
    require("tesseract")

    def change(pdf: Any) -> None:
        with pikepdf.open(io.BytesIO(changed(page("Vera"), remapped({"t": "w", "w": "t"})))) as other:
            pdf.pages.append(other.pages[0])

    document = read(changed(page("Vera"), change))
    assert [note.page for note in document.notes if note.code is NoteCode.TEXT_DIFFERS_FROM_PICTURE] == [2]
    assert [page.source for page in document.pages] == [TextSource.NATIVE, TextSource.OCR]
