"""The copies: what leaves is clean, complete, named neutrally, and as close to the original as it may be."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import require
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer
from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin
from reportlab.platypus import Table

from pipeline.domain.documents import BlockKind, Box, HiddenLayer, LayerKind, Page, TextSource
from pipeline.domain.errors import ResidueFound
from pipeline.domain.mail import Attachment
from pipeline.domain.plan import DocumentPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import CellText, DocumentBuilder
from pipeline.redaction import copy, layout, preview, readback, verify
from pipeline.redaction.labels import SHORT
from pipeline.redaction.settings import CopySettings
from pipeline.redaction.spans import settle

QUIET = CopySettings(ocr_proof=False)


def _text(content: bytes) -> str:
    return " ".join(readback.by_pdfium(content).split())


def _seen(content: bytes) -> str:
    """What OCR reads on the first page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return readback.by_ocr(readback.drawn(document[0], 150)[0], 150, 60.0)
    finally:
        document.close()


def _rich():
    builder = DocumentBuilder(Attachment(PersonalText("Jane Roe report.docx"), b"not opened"), "docx")
    builder.heading("Report for the conference")
    builder.paragraph("Ms Roe ☒ agreed. Łukasz’s weight – 9.2 kg. She had a hysterectomy in 2015. The nursery is “very happy” with him.")
    builder.item("Seen on 4 May, well.")
    builder.item("His aunt has epilepsy.", level=1, marker="b)")
    builder.table([["Date", "Event"], ["4 May", "Seen"], ["5 May", "Aunt admitted"], [CellText("Both days quiet", 2)]], header_rows=1)
    builder.table([["Consent ☐ yes ☒ no", "asked twice"], ["Notes", "long " * 600]])
    builder.raw("\n\nText outside every block <i>&amp; stays</i>.")
    builder.block(BlockKind.PREFORMATTED, "a    b\n  c " + "x" * 400)
    builder.block(BlockKind.FOOTNOTE, "A footnote.")
    return builder.finish()


def test_a_document_laid_out_afresh_keeps_everything_else(make) -> None:
    """Headings, lists, tables, forms, code and stray text stay, in order, in any alphabet; what was removed is a labelled bar."""
    document = _rich()
    made = copy.make(document, make.plan(document, "had a hysterectomy in 2015", "His aunt has epilepsy.", "5 May\tAunt admitted"), QUIET)
    text = _text(made.content)
    assert (made.media_type, made.untouched, made.name) == ("application/pdf", False, "Report 1 of 1, redacted.pdf")
    assert made.proof.kept_found == made.proof.kept_words > 600
    for gone in ("hysterectomy", "epilepsy", "admitted"):
        assert gone not in text
    for stays in (
        "Łukasz’s weight – 9.2 kg",
        "☐ yes ☒ no",
        "Text outside every block <i>&amp; stays</i>.",
        "Both days quiet",
        "A footnote.",
    ):
        assert stays in text
    assert text.count("[withheld: personal details") == 3
    assert re.search(r"b\)\s*\[withheld", text), "an item keeps its bullet"


def test_a_row_gone_whole_leaves_the_columns_to_the_other_rows(make) -> None:
    """The bar across a table tells by nothing, not even by the widths of columns, what stood beneath it."""

    def widths(rows: list[list[str]], *gone: str) -> list[float]:
        builder = DocumentBuilder(Attachment(PersonalText("a.docx"), b""), "docx")
        builder.table(rows)
        document = builder.finish()
        made = layout.flowables(document, make.plan(document, *gone).removals, width=490, height=740)
        return next(each for each in made if isinstance(each, Table))._colWidths

    rows = [["Date", "Who", "What was seen"], ["4 May", "Tom", "Seen at home and well"]]
    secret = ["5 May", "His aunt", "Was admitted to a hospital far away with a long name"]
    assert widths([*rows, secret], "\t".join(secret)) == widths(rows)


def test_no_column_breaks_a_date_or_a_word(make) -> None:
    """In a chronology a long account beside them leaves dates and short words whole; a web address longer than its column is broken."""
    builder = DocumentBuilder(Attachment(PersonalText("a.docx"), b""), "docx")
    told = "Seen at home with both children, who were well, and told the nurse about the dog. " * 2
    address = "https://www.example.org/" + "a-very-long-way-to-the-leaflet/" * 4
    rows = [["Date", "What happened", "Source", "What we did", "Effect on the children"]]
    rows += [["12/03/2019", told, "Reception", told, told], ["13/03/2019", address, "Telephone", "Nothing", "They had a bad night"]]
    builder.table(rows, header_rows=1)
    document = builder.finish()
    made = copy.make(document, make.plan(document, "the dog"), QUIET)
    words = readback.by_pdfium(made.content).split()
    assert {"12/03/2019", "13/03/2019", "Reception", "Telephone", "children"} <= set(words)
    assert address in _text(made.content).replace(" ", "")


def test_a_laid_out_copy_can_be_found_and_read_aloud(make) -> None:
    """It says its language, has a neutral title and bookmarks, and holds no name of its own making."""
    document = _rich()
    made = copy.make(document, make.plan(document, "had a hysterectomy in 2015"), QUIET)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Report 1 of 1, redacted"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Report for the conference"]
    assert b"Roe" not in made.content


def test_the_husk_of_a_page_number_is_not_set(make) -> None:
    """'Page of', left of a foot whose fields are counted anew, makes no line and no page of its own; a foot that says more stays."""
    builder = DocumentBuilder(Attachment(PersonalText("x.docx"), b"not opened"), "docx")
    builder.paragraph("The twins were seen at home. Their aunt has epilepsy. They slept well, and had put on weight of their own accord.")
    builder.block(BlockKind.PAGE_FOOTER, "Page of")
    builder.block(BlockKind.PAGE_FOOTER, "Strictly confidential, page 2")
    document = builder.finish()
    text = _text(copy.make(document, make.plan(document, "Their aunt has epilepsy."), QUIET).content)
    assert "Page of" not in text
    assert "Strictly confidential, page 2" in text


def _docx(author: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("The twins were seen on Monday and had put on weight since the last visit.")
    document.core_properties.author = author
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_author_names_are_taken_out_and_the_rest_stays(make) -> None:
    """A Word file whose only secret is its author leaves as a Word file: same text, other parts byte for byte, no author."""
    content = _docx("Priya Raman")
    document = make.plain(
        "The twins were seen on Monday and had put on weight since the last visit.",
        hidden=[HiddenLayer(LayerKind.PROPERTIES, PersonalText("creator: Priya Raman"))],
    )
    document = document.__class__(
        **{**{f: getattr(document, f) for f in document.__slots__}, "attachment": Attachment(PersonalText("x"), content)}
    )
    made = copy.make(document, DocumentPlan(0, Treatment.SEND, strip_hidden=True, outgoing_name=PersonalText("Report 1 of 1.docx")))
    assert made.name == "Report 1 of 1.docx"
    with zipfile.ZipFile(io.BytesIO(made.content)) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        assert new.namelist() == old.namelist()
        assert new.read("word/document.xml") == old.read("word/document.xml")
        assert not any(b"Priya" in new.read(name) for name in new.namelist())
    assert docx.Document(io.BytesIO(made.content)).paragraphs[0].text.startswith("The twins")


def test_hidden_parts_of_a_word_file_stay_behind(make) -> None:
    """A comment or a deletion cannot come along: the copy is laid out from the face."""
    text = "The twins were seen on Monday and had put on weight since the last visit."
    document = make.plain(text, hidden=[HiddenLayer(LayerKind.COMMENT, PersonalText("ask about the miscarriage"))])
    made = copy.make(document, make.plan(document), QUIET)
    assert (made.name, made.untouched) == ("Report 1 of 1, redacted.pdf", False)
    assert text in _text(made.content)
    assert "miscarriage" not in _text(made.content)


def test_a_clean_document_leaves_byte_for_byte(make) -> None:
    """Nothing hidden, nothing to remove: the very bytes, under a neutral name with its own extension."""
    document = make.plain("All well.", name="Tom Weir.docx")
    made = copy.make(document, DocumentPlan(0, Treatment.SEND, outgoing_name=PersonalText("Report 1 of 1.docx")))
    assert (made.untouched, made.content, made.name) == (True, document.attachment.content, "Report 1 of 1.docx")
    assert made.proof.digest == document.attachment.digest


def test_a_label_never_repeats_what_it_stands_for(make) -> None:
    """Where the removed words are those of the label, a brief label is used: else the bar itself would be residue."""
    document = make.plain("Tom is well. She asked for health information about another person at the desk. He eats and sleeps well.")
    quote = "She asked for health information about another person at the desk."
    plan = make.plan(document, quote, label="[withheld: health information about another person]")
    made = copy.make(document, plan, QUIET)
    assert "[withheld: someone's health]" in _text(made.content)
    assert "another person" not in _text(made.content)


def _photograph(lines: list[str]) -> tuple[bytes, list[tuple[str, Box]]]:
    """A page photographed at 150 dots an inch, and where its words are in points."""
    picture = Image.new("L", (1240, 600), 245)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(Path(copy.__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"), 30)
    words = []
    for row, line in enumerate(lines):
        left = 80.0
        for word in line.split():
            pen.text((left, 80 + 70 * row), word, fill=20, font=font)
            box = pen.textbbox((left, 80 + 70 * row), word, font=font)
            words.append((word, Box(*(edge * 72 / 150 for edge in box))))
            left += pen.textlength(word + " ", font=font)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue(), words


def _on_nothing(page: Image.Image) -> tuple[Image.Image, dict[str, object]]:
    """The letters in black, and all else such that one sees through it."""
    letters = Image.new("RGBA", page.size, (0, 0, 0, 0))
    letters.paste((0, 0, 0, 255), mask=page.point(lambda dot: 255 - dot))
    return letters, {"format": "PNG"}


def _turned(page: Image.Image) -> tuple[Image.Image, dict[str, object]]:
    """Lying on its side, as the file says."""
    said = TiffImagePlugin.ImageFileDirectory_v2()
    said[274] = 6
    return page.rotate(90, expand=True), {"format": "TIFF", "tiffinfo": said}


def _faxed(page: Image.Image) -> tuple[Image.Image, dict[str, object]]:
    """With dots twice as high as they are wide."""
    return page.resize((page.width, page.height // 2)), {"format": "TIFF", "dpi": (204, 98)}


KEPT = {"on white": lambda page: (page, {"format": "PNG"}), "on nothing": _on_nothing, "turned": _turned, "faxed": _faxed}


@pytest.mark.parametrize("kept", KEPT)
def test_a_picture_is_burnt_and_stays_legible(kept: str, make) -> None:
    """The removed words are gone from the pixels, read by OCR; the others can be read by OCR and as text, however the file keeps them."""
    require("tesseract")
    content, words = _photograph(
        ["The twins were seen at home on Monday", "Their uncle has tuberculosis since March", "They had put on weight"]
    )
    with Image.open(io.BytesIO(content)) as page:
        target = io.BytesIO()
        picture, options = KEPT[kept](page)
        picture.save(target, **options)
        content = target.getvalue()
    builder = DocumentBuilder(Attachment(PersonalText("IMG_1.png"), content), "png")
    for number, (word, box) in enumerate(words):
        if number:
            builder.raw(" ")
        make.word(builder, word, 1, box)
    builder.add_page(Page(1, Span(0, builder.length), 1240 * 72 / 150, 600 * 72 / 150))
    document = builder.finish()
    made = copy.make(document, make.plan(document, "Their uncle has tuberculosis since March"), CopySettings())
    seen = _seen(made.content)
    assert "tuberculosis" not in seen
    assert "twins were seen" in seen
    assert "They had put on weight" in _text(made.content)
    assert any("tesseract" in check for check in made.proof.checks)


def test_ink_that_was_not_read_goes_with_the_words_around_it(make) -> None:
    """On a scan a removal's bar runs on over words that OCR made nothing of, but not over one that stays."""
    require("tesseract")
    content, words = _photograph(["Their uncle has tuberculosis since March and Tom is well today", "They had put on weight"])
    builder = DocumentBuilder(Attachment(PersonalText("IMG_1.png"), content), "png")
    for number, (word, box) in enumerate(words):
        if word == "tuberculosis":
            continue  # not read
        if number:
            builder.raw(" ")
        make.word(builder, word, 1, box)
    builder.add_page(Page(1, Span(0, builder.length), 1240 * 72 / 150, 600 * 72 / 150, source=TextSource.OCR))
    document = builder.finish()
    made = copy.make(document, make.plan(document, "Their uncle has since March", label=SHORT), CopySettings())
    unread = next(box for word, box in words if word == "tuberculosis")
    shown = pypdfium2.PdfDocument(made.content)[0].render(scale=150 / 72).to_pil().convert("L")
    covered = shown.crop(tuple(round(edge * 150 / 72) for edge in (unread.x0, unread.top, unread.x1, unread.bottom)))
    assert covered.resize((1, 1)).getpixel((0, 0)) < 60
    assert "Tom is well today" in _seen(made.content)


def test_pixels_left_standing_are_found(make) -> None:
    """A box in the wrong place leaves the text in the picture; only OCR sees it, and nothing is sent."""
    require("tesseract")
    content, words = _photograph(["The twins were seen at home on Monday", "Their uncle has tuberculosis since March"])
    builder = DocumentBuilder(Attachment(PersonalText("IMG_1.png"), content), "png")
    for number, (word, box) in enumerate(words):
        if number:
            builder.raw(" ")
        wrong = Box(box.x0, box.top + 100, box.x1, box.bottom + 100)
        make.word(builder, word, 1, wrong)
    builder.add_page(Page(1, Span(0, builder.length), 1240 * 72 / 150, 600 * 72 / 150))
    document = builder.finish()
    with pytest.raises(ResidueFound, match="can still be seen on page 1"):
        copy.make(document, make.plan(document, "uncle has tuberculosis since March"), CopySettings())


def test_verification_from_outside_refuses_the_wrong_file(make) -> None:
    """`verify_file` passes the copy under its plan, and refuses the original and the copy of a milder plan."""
    document = _rich()
    plan = make.plan(document, "had a hysterectomy in 2015", "His aunt has epilepsy.")
    milder = make.plan(document, "had a hysterectomy in 2015")
    made = copy.make(document, plan, QUIET)
    assert verify.verify_file(made.content, document, plan, QUIET).digest == made.proof.digest
    with pytest.raises(ResidueFound, match="still there"):
        verify.verify_file(copy.make(document, milder, QUIET).content, document, plan, QUIET)
    with pytest.raises(ResidueFound, match="as it came"):
        verify.verify_file(document.attachment.content, document, plan, QUIET)
    with pytest.raises(ResidueFound, match="cannot be read"):
        verify.verify_file(made.content, document, milder, QUIET)


def test_what_a_library_trips_over_holds_the_document(make) -> None:
    """Bytes that are no PDF after all: one line without content, and the document stays behind."""
    document = make.pdf(_pdf_of(["Tom is well and the family is safe today."]))
    broken = Attachment(PersonalText("x.pdf"), b"%PDF-1.4 nothing")
    document = replace(document, attachment=broken)
    with pytest.raises(ResidueFound, match="no copy could be made"):
        copy.make(document, make.plan(document, "Tom"), QUIET)


def _pdf_of(lines: list[str], pages: int = 1) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for _ in range(pages):
        for row, line in enumerate(lines):
            canvas.drawString(60, 780 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_pages_without_removals_stay_as_they_are(make) -> None:
    """Of three pages one is redacted: the other two keep their drawing, without annotations, and the order is kept."""
    content = _pdf_of(["The same words on each page, and a word to go: hysterectomy."], pages=3)
    document = make.pdf(content)
    second = document.text.index("hysterectomy", document.pages[1].span.start)
    plan = DocumentPlan(0, Treatment.REDACT, (Removal(Span(second, second + 12), SHORT, "t"),), outgoing_name=PersonalText("Report.pdf"))
    made = copy.make(document, plan, QUIET)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert [len(page.get_images()) for page in pdf.pages] == [0, 1, 0]
    opened = pypdfium2.PdfDocument(made.content)
    texts = [page.get_textpage().get_text_range() for page in opened]
    assert ["hysterectomy" in text for text in texts] == [True, False, True]


MARKED = ("alpha", "bravo’s", "charlie-delta", "4/5", "(kilo)", "foxtrot.", "Golf,", "hôtel", "india", "£20", "☒", "Juliet")
WORDS = st.lists(st.sampled_from(MARKED), min_size=12, max_size=60)
PLAIN = st.lists(st.sampled_from(("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf")), min_size=20, max_size=120)


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=5), st.integers(1, 7))
def test_random_removals_leave_no_residue_and_lose_no_word(words: list[str], cuts: list[tuple[int, int]], width: int) -> None:
    """Whatever is cut from whatever document, the copy is proved, or would have been refused: every kept word is found again."""
    builder = DocumentBuilder(Attachment(PersonalText("x.txt"), b"x"), "txt")
    rows = [words[at : at + width] for at in range(0, len(words), width)]
    builder.heading(" ".join(words[:3]))
    builder.table(rows, header_rows=1)
    builder.paragraph(" ".join(reversed(words)))
    document = builder.finish()
    spans = [Span(min(start, len(document.text)), min(start + size, len(document.text))) for start, size in cuts]
    removals = settle(document.text, [Removal(span, SHORT, "t") for span in spans])
    made = copy.make(document, DocumentPlan(0, Treatment.REDACT, removals, outgoing_name=PersonalText("D.pdf")), QUIET)
    assert made.proof.kept_found == made.proof.kept_words


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]), min_size=20, max_size=60),
    st.data(),
)
def test_random_removals_from_pages_leave_no_residue(make, words: list[str], data: st.DataObject) -> None:
    """The same for pages: unique words are cut out at random, and neither text nor objects of the copy hold them."""
    unique = [f"{word}{number}x" for number, word in enumerate(words)]
    document = make.pdf(_pdf_of([" ".join(unique[at : at + 8]) for at in range(0, len(unique), 8)]))
    gone = data.draw(st.lists(st.sampled_from(unique), min_size=1, max_size=6, unique=True))
    removals = settle(document.text, [Removal(make.span(document, word), SHORT, "t") for word in gone])
    made = copy.make(document, DocumentPlan(0, Treatment.REDACT, removals, outgoing_name=PersonalText("D.pdf")), QUIET)
    text = _text(made.content).split()
    assert not set(gone) & set(text)
    assert [word for word in text if word != SHORT and "withheld" not in word] == [word for word in unique if word not in gone]


def _characters(item) -> Iterator[LTChar]:
    if isinstance(item, LTChar):
        yield item
    elif isinstance(item, LTContainer):
        for each in item:
            yield from _characters(each)


def test_a_line_with_a_bar_in_it_is_read_as_one_line(make) -> None:
    """The text laid over a page leaves no gap where bars are, lest extractors that go by looks tear the lines of a paragraph apart."""
    lines = [
        "She left the room that she had with him on 9 September, and she is in another town with",
        "people whom nobody knows, at number 11. She feels safe there and has told me that",
        "she sleeps through the night for the first time in a year.",
    ]
    document = make.pdf(_pdf_of(lines))
    made = copy.make(document, make.plan(document, document.text[: document.text.index(" She feels")]), QUIET)
    places = [each.bbox for each in _characters(*extract_pages(io.BytesIO(made.content)))]
    for row, line in enumerate(lines):
        middle = 780 - 16 * row + 4
        letters = sorted((x0, x1) for x0, y0, x1, y1 in places if y0 < middle < y1)
        assert letters[0][0] < 70
        assert all(second[0] - first[1] < 8 for first, second in pairwise(letters)), f"a gap in line {row + 1}, {line[:9]}"


def test_a_preview_shows_both_sides(make) -> None:
    """A page before and after for each page, as PNG; a document that stays behind has no after."""
    document = _rich()
    pages = preview.side_by_side(document, make.plan(document, "had a hysterectomy in 2015"), dpi=30)
    assert pages
    assert all(page.original and page.redacted and page.redacted.startswith(b"\x89PNG") for page in pages)
    kept_back = preview.side_by_side(document, DocumentPlan(0, Treatment.WITHHOLD), dpi=30)
    assert all(page.redacted is None for page in kept_back)
