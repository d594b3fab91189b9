"""Sheets and slides: shown as printed, with hidden sheets, rows, columns, notes and comments as layers."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from needs import require
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode
from pipeline.extraction.readers import _numbers as numbers

Read = Callable[..., Document]
Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]


def test_what_a_sheet_offers_and_says_to_who_fills_it_in_is_a_layer(read_file: Read) -> None:
    """Lists to choose from, prompts and errors of cells are no part of the face."""
    book = openpyxl.Workbook()
    book.active.append(["seen"])
    rule = DataValidation(type="list", formula1='"hidchoice,other"', promptTitle="hidtitle", prompt="hidprompt", error="hiderror")
    rule.add("B1")
    book.active.add_data_validation(rule)
    buffer = io.BytesIO()
    book.save(buffer)
    document = read_file("xlsx", buffer.getvalue())
    assert "hid" not in document.text
    said = " ".join(layer.text for layer in document.hidden if layer.kind is LayerKind.CHOICES)
    assert said.split() == ['"hidchoice,other"', "hidtitle", "hidprompt", "hiderror"]


def workbook() -> bytes:
    """A sheet of results with something in every hiding place, and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Results"
    for row in (["Date", "Test", "secret"], [dt.date(2026, 3, 4), "seen", "hidcolumn"], ["x", "hidrow", "y"], [None, 12.5, None]):
        sheet.append(row)
    sheet["A1"].font = sheet["B1"].font = Font(bold=True)
    sheet["A2"].number_format = "dd/mm/yyyy"
    sheet["B4"].number_format = "0.00"
    sheet["B2"].comment = Comment("hidcomment", "hidauthor")
    sheet["D2"] = "hidwhite"
    sheet["D2"].font = Font(color="FFFFFF")
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet.oddHeader.center.text = "Practice header"
    ghost = book.create_sheet("Ghost")
    ghost["A1"] = "hidsheet"
    ghost.sheet_state = "veryHidden"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


HIDDEN = {
    "hidcolumn": LayerKind.HIDDEN_ROWS,
    "hidrow": LayerKind.HIDDEN_ROWS,
    "hidsheet": LayerKind.HIDDEN_SHEET,
    "hidcomment": LayerKind.COMMENT,
    "hidwhite": LayerKind.HIDDEN_TEXT,
}


def converted(content: bytes, target: str, folder: Path) -> bytes:
    """The workbook in another format, written by LibreOffice."""
    (folder / "book.xlsx").write_bytes(content)
    profile = (folder / "profile").as_uri()
    command = [
        require("soffice"),
        "--headless",
        f"-env:UserInstallation={profile}",
        "--convert-to",
        target,
        "--outdir",
        str(folder / "out"),
    ]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"book.{target}").read_bytes()


@pytest.mark.parametrize("sign", ["xlsx", "xls", "ods"])
def test_what_a_workbook_hides_is_in_layers(sign: str, read_file: Read, tmp_path: Path) -> None:
    """Hidden rows, columns, sheets, comments and white cells are found in their layers, and none on the face."""
    content = workbook() if sign == "xlsx" else converted(workbook(), sign, tmp_path)
    document = read_file(sign, content)
    assert "hid" not in document.text
    for word, kind in HIDDEN.items():
        assert [layer.kind for layer in document.hidden if word in layer.text] == [kind], word
    table = next(block for block in document.blocks if block.kind is BlockKind.TABLE)
    rows = [[str(cell.span.of(document.text)) for cell in row.cells] for row in table.rows]
    assert rows == [["Date", "Test"], ["04/03/2026", "seen"], ["", "12.50"]]
    assert table.rows[0].header
    assert document.blocks[0].span.of(document.text) in {"Results", "Practice header"}


def test_formulas_without_results_hold(read_file: Read) -> None:
    """A formula that no program has worked out cannot be shown, which is said."""
    book = openpyxl.Workbook()
    book.active["A1"] = '="hid"&"den"'
    saved = io.BytesIO()
    book.save(saved)
    document = read_file("xlsx", saved.getvalue())
    assert [note.code for note in document.notes] == [NoteCode.LOSSY_READER]
    assert [layer.text for layer in document.hidden if layer.kind is LayerKind.FIELD_CODE] == ['="hid"&"den"']


def test_separated_values(read_file: Read) -> None:
    """The separator is found, quoted cells keep theirs, and a head without figures is a head."""
    document = read_file("csv", 'Date;Result\r\n3/3/2026;"a; b"\r\n'.encode("utf-16"))
    assert document.text == "Date\tResult\n3/3/2026\ta; b"
    assert [row.header for row in document.blocks[0].rows] == [True, False]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.25, "0%", "25%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (7, "000", "007"),
        (3.0, "General", "3"),
        (9.5, '0.0" kg"', "9.5 kg"),
        (dt.datetime.fromisoformat("2026-03-04T09:30"), "dd/mm/yyyy hh:mm", "04/03/2026 09:30"),
        (True, "General", "TRUE"),
    ],
)
def test_numbers_are_shown_as_formatted(value: object, number_format: str, text: str) -> None:
    """Dates, decimals, per cent, leading noughts and units come out as a sheet prints them."""
    assert numbers.shown(value, number_format) == text


A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def shape(text: str, kind: str = "") -> str:
    """A shape with a paragraph."""
    place = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else ""
    return f"<p:sp><p:nvSpPr>{place}</p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def test_slides_in_order_with_notes_hidden(read_file: Read, zipped: Zipped) -> None:
    """Slides come in the order of the show, each a page; notes and hidden slides are layers."""
    ids = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in (2, 1, 3))
    rels = "".join(f'<Relationship Id="r{n}" Type="{R}/slide" Target="slides/slide{n}.xml"/>' for n in (1, 2, 3))
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{R}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation {A} xmlns:r="{R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{rels}</Relationships>",
        "ppt/slides/slide1.xml": f"<p:sld {A}>{shape('second')}</p:sld>",
        "ppt/slides/slide2.xml": f"<p:sld {A}>{shape('Title', 'title')}{shape('first')}</p:sld>",
        "ppt/slides/slide3.xml": f'<p:sld {A} show="0">{shape("hidslide")}</p:sld>',
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {A}>{shape('hidnote')}</p:notes>",
    }
    document = read_file("pptx", zipped(parts))
    assert document.text.split() == ["Title", "first", "second"]
    assert [block.page for block in document.blocks] == [1, 1, 2]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert [(layer.kind, layer.text) for layer in document.hidden] == [
        (LayerKind.HIDDEN_TEXT, "hidslide"),
        (LayerKind.SPEAKER_NOTES, "hidnote"),
    ]


def test_what_slides_draw_and_what_no_show_reaches(read_file: Read, zipped: Zipped) -> None:
    """Words of diagrams are seen; shapes beside their slide and slides that the show does not list are layers."""
    place = '<p:spPr><a:xfrm><a:off x="-9000000" y="0"/><a:ext cx="12700" cy="12700"/></a:xfrm></p:spPr><p:txBody>'
    beside = shape("hidbeside").replace("<p:txBody>", place)
    across = shape("seenacross").replace("<p:txBody>", place.replace("12700", "9500000"))
    rel = f'<Relationship Id="r1" Type="{R}/slide" Target="slides/slide1.xml"/>'
    show = '<p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/>'
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{R}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation {A} xmlns:r="{R}">{show}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{rel}</Relationships>",
        "ppt/slides/slide1.xml": f"<p:sld {A}><p:spTree>{shape('seen')}{beside}{across}</p:spTree></p:sld>",
        "ppt/slides/slide2.xml": f"<p:sld {A}>{shape('hidunlisted')}</p:sld>",
        "ppt/diagrams/data1.xml": f"<d {A}><a:t>seendrawn</a:t></d>",
    }
    document = read_file("pptx", zipped(parts))
    assert document.text.split() == ["seen", "seenacross", "seendrawn"]
    assert [(layer.kind, layer.text) for layer in document.hidden] == [
        (LayerKind.HIDDEN_TEXT, "hidbeside"),
        (LayerKind.HIDDEN_TEXT, "hidunlisted"),
    ]
