"""Words that their writer blacked out with a word processor's own means are hidden in every format; what only looks like it is seen."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import openpyxl
import pikepdf
import pytest
from hiding_places import paragraph, parts_of, run, table
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color as CellColour
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from pipeline.domain.documents import Document, LayerKind, NoteCode

Read = Callable[..., Document]
Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]

FILL = "This is a page of running text about how the child is doing at school."
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
DARK = '<w:shd w:val="clear" w:fill="000000"/>'


def docx(zipped: Zipped) -> bytes:
    """Black marker pen, with and without a colour of the letters; black shading of words and of a cell; what those leave to be seen."""
    words = [
        run("gonepen ", '<w:highlight w:val="black"/>'),
        run("gonepenblack ", '<w:color w:val="000000"/><w:highlight w:val="black"/>'),
        run("goneshade ", f'<w:color w:val="0A0A0A"/>{DARK}'),
        run("seenwhite ", f'<w:color w:val="FFFFFF"/>{DARK}'),
        run("seenautomatic ", DARK),
        run("seenyellow ", '<w:highlight w:val="yellow"/>'),
    ]
    cell = f"<w:tcPr>{DARK}</w:tcPr>" + paragraph(run("gonecell", '<w:color w:val="000000"/>'))
    return zipped(parts_of(paragraph(*words) + table((cell, paragraph(run("seencell"))))))


def rtf(_: Zipped) -> bytes:
    """The same in RTF."""
    return (
        rb"{\rtf1\ansi{\colortbl;\red0\green0\blue0;\red255\green255\blue255;\red255\green255\blue0;}{\highlight1 gonepen} "
        rb"{\cf1\highlight1 gonepenblack} {\cf1\chcbpat1 goneshade} {\cf2\chcbpat1 seenwhite} {\chcbpat1 seenautomatic} "
        rb"{\highlight3 seenyellow} {\highlight1 {\highlight0 seencell}} {\cf1\cb1 gonecell}\par}"
    )


def odt(zipped: Zipped) -> bytes:
    """The same in OpenDocument."""
    looks = {
        "gonepen": ("#000000", "#000000"),
        "gonepenblack": ("#050505", "#000000"),
        "goneshade": ("#00ff00", "#00ff00"),
        "gonecell": ("#000000", "#000000"),
        "seenwhite": ("#ffffff", "#000000"),
        "seenyellow": ("#000000", "#ffff00"),
        "seencell": ("#000000", "transparent"),
        "seenautomatic": ("", "#000000"),
    }
    made = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {f"fo:color={chr(34)}{ink}{chr(34)}" if ink else ""} '
        f'fo:background-color="{ground}"/></style:style>'
        for name, (ink, ground) in looks.items()
    )
    spans = "".join(f'<text:span text:style-name="{name}">{name} </text:span>' for name in looks)
    body = f"<office:body><office:text><text:p>{spans}</text:p></office:text></office:body>"
    content = f"<office:document-content {NAMES}><office:automatic-styles>{made}</office:automatic-styles>{body}</office:document-content>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "META-INF/manifest.xml": manifest})


def html(_: Zipped) -> bytes:
    """The same in a mail; Outlook's marker pen is a background, and letters without a colour are black."""
    return b"""<html><head><style>.bar { background: #000; color: rgb(0, 0, 0) }</style></head><body>
    <p><span style="background:black;mso-highlight:black">gonepen</span> <span style="background-color:#000000;color:black">gonepenblack
    </span> <font style="background:#0f0;color:#00ff00">goneshade</font> <span style="background:black;color:white">seenwhite</span>
    <span style="background:yellow">seenyellow</span></p><table><tr><td class="bar">gonecell</td><td style="background:#000"><div
    style="color:white">seencell</div></td><td>seenautomatic</td></tr></table></body></html>"""


def xlsx(_: Zipped) -> bytes:
    """The same in a workbook, where letters without a colour are black, and the theme's second colour is, too."""
    book = openpyxl.Workbook()
    dark, ink = PatternFill("solid", fgColor="FF000000"), PatternFill("solid", fgColor=CellColour(theme=1))
    looks = {
        "gonepen": (None, dark),
        "gonepenblack": (Font(color="FF000000"), dark),
        "goneshade": (Font(color=CellColour(theme=1)), ink),
        "gonecell": (Font(color="FF00B050"), PatternFill("solid", fgColor="FF00B050")),
        "seenwhite": (Font(color="FFFFFFFF"), dark),
        "seenautomatic": (None, None),
        "seencell": (Font(color="FF000000"), PatternFill("solid", fgColor="FFC0C0C0")),
        "seenyellow": (None, PatternFill("solid", fgColor="FFFFFF00")),
    }
    for number, (word, (font, fill)) in enumerate(looks.items(), 1):
        cell = book.active.cell(number, 1, word)
        if font is not None:
            cell.font = font
        if fill is not None:
            cell.fill = fill
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf(_: Zipped) -> bytes:
    """The same as a word processor exports it: the bar first, the words on it."""
    looks = {
        "gonepen": (black, black),
        "gonepenblack": (Color(0.03, 0.03, 0.03), black),
        "goneshade": (Color(0, 0.7, 0.3), Color(0, 0.7, 0.3)),
        "gonecell": (black, black),
        "seenwhite": (white, black),
        "seenyellow": (black, Color(1, 1, 0)),
        "seencell": (black, None),
        "seenautomatic": (Color(1, 0, 0), Color(0, 0, 1)),
    }

    def paint(page: canvas.Canvas) -> None:
        for number, (word, (ink, ground)) in enumerate(looks.items()):
            if ground:
                page.setFillColor(ground)
                page.rect(72, 700 - 30 * number, 200, 20, fill=1, stroke=0)
            page.setFillColor(ink)
            page.drawString(74, 705 - 30 * number, word)

    return painted(paint)


def painted(paint: Callable[[canvas.Canvas], None]) -> bytes:
    """A PDF of one page of text with something painted on it."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595, 842), invariant=1)
    page.setFont("Helvetica", 11)
    page.drawString(72, 780, FILL)
    paint(page)
    page.showPage()
    page.save()
    return buffer.getvalue()


MADE = {"docx": docx, "rtf": rtf, "odt": odt, "html": html, "xlsx": xlsx, "pdf": pdf}
GONE = {"gonepen", "gonepenblack", "goneshade", "gonecell"}
SEEN = {"seenwhite", "seenyellow", "seencell", "seenautomatic"}


@pytest.mark.parametrize("sign", MADE)
def test_words_in_the_colour_of_their_ground_are_hidden(sign: str, zipped: Zipped, read_file: Read) -> None:
    """What was blacked out is a hidden layer and not on the face; letters that differ from what is behind them are on the face."""
    document = read_file(sign, MADE[sign](zipped))
    face = {word for word in document.text.split() if word.startswith(("gone", "seen"))}
    assert face == SEEN
    kinds = {LayerKind.HIDDEN_TEXT, LayerKind.INVISIBLE_TEXT}
    assert {word for layer in document.hidden if layer.kind in kinds for word in layer.text.split()} >= GONE


def highlight(page: canvas.Canvas) -> None:
    """A highlighter's mark drawn over a word, as programs for notes on PDFs do."""
    page.drawString(74, 695, "theword")
    page.setFillColor(Color(1, 1, 0, alpha=0.4))
    page.rect(72, 690, 200, 20, fill=1, stroke=0)


def signature(page: canvas.Canvas) -> None:
    """A picture of a signature, transparent but for its strokes, laid over a word."""
    page.drawString(74, 695, "theword")
    stroke = Image.new("RGBA", (400, 60), (0, 0, 0, 0))
    ImageDraw.Draw(stroke).line((0, 0, 400, 60), fill=(0, 0, 200, 255), width=3)
    page.drawImage(ImageReader(stroke), 72, 685, 200, 30, mask="auto")


def frame(page: canvas.Canvas) -> None:
    """A frame around the page, drawn last, as a filled shape with a hole."""
    page.drawString(74, 695, "theword")
    shape = page.beginPath()
    shape.rect(40, 40, 515, 760)
    shape.rect(42, 42, 511, 756)
    page.drawPath(shape, stroke=0, fill=1, fillMode=0)


def curved_bar(page: canvas.Canvas) -> None:
    """A bar with round corners drawn over a word."""
    page.drawString(74, 695, "theword")
    page.roundRect(72, 690, 200, 20, 4, fill=1, stroke=0)


def photograph(page: canvas.Canvas) -> None:
    """A picture without transparent parts laid over a word."""
    page.drawString(74, 695, "theword")
    page.drawImage(ImageReader(Image.effect_noise((400, 60), 90)), 72, 685, 200, 30)


def retyped(page: canvas.Canvas) -> None:
    """A word painted white, and another written in its place."""
    page.drawString(74, 695, "theword")
    page.setFillColor(white)
    page.rect(72, 690, 200, 20, fill=1, stroke=0)
    page.setFillColor(black)
    page.drawString(74, 695, "another")


def faint(page: canvas.Canvas) -> None:
    """A word so transparent that nobody sees it."""
    page.setFillColor(Color(0, 0, 0, alpha=0.02))
    page.drawString(74, 695, "theword")


@pytest.mark.parametrize(
    ("paint", "seen"),
    [(highlight, True), (signature, True), (frame, True), (curved_bar, False), (photograph, False), (retyped, False), (faint, False)],
)
def test_a_word_under_something_is_seen_where_it_shines_through(
    paint: Callable[[canvas.Canvas], None], read_file: Read, *, seen: bool
) -> None:
    """Marks and signatures one sees through hide nothing, nor does a frame; bars, pictures and paint do, whatever is on them."""
    document = read_file("pdf", painted(paint))
    hidden = " ".join(layer.text for layer in document.hidden if layer.kind is LayerKind.INVISIBLE_TEXT)
    assert ("theword" in document.text, "theword" in hidden) == (seen, not seen)


def test_a_redaction_that_was_marked_and_not_made_holds(read_file: Read) -> None:
    """Words somebody marked in Acrobat to be taken out are still on the page: a person looks before they go on."""
    with pikepdf.open(io.BytesIO(painted(lambda page: page.drawString(74, 695, "theword")))) as marked:
        mark = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Redact, "/Rect": [70, 690, 130, 706], "/OverlayText": "instead"}
        marked.pages[0].Annots = pikepdf.Array([marked.make_indirect(pikepdf.Dictionary(mark))])
        buffer = io.BytesIO()
        marked.save(buffer)
    document = read_file("pdf", buffer.getvalue())
    assert [(note.code, note.page, note.holds) for note in document.notes] == [(NoteCode.MARKED_FOR_REMOVAL, 1, True)]
    assert [(layer.kind, str(layer.text)) for layer in document.hidden] == [(LayerKind.ANNOTATION, "instead")]
