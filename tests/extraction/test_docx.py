"""Word files: every place where words can hide, found in its own layer; what is seen on paper, found on the face."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping

import pytest
from hiding_places import LAYERS, SEEN, W, full_parts, paragraph, parts_of, rel, run, table
from PIL import Image

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode

Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]
Read = Callable[..., Document]


@pytest.fixture(scope="module")
def full(zipped: Zipped, read_file: Read) -> Document:
    """A Word file with something in every hiding place."""
    return read_file("docx", zipped(full_parts()))


def test_nothing_hidden_is_on_the_face_and_all_of_it_is_in_its_layer(full: Document) -> None:
    """Each planted word stands in the layer of its kind, and none on the face."""
    assert "hid" not in full.text
    for kind, words in LAYERS.items():
        held = " ".join(layer.text for layer in full.hidden if layer.kind is kind)
        assert [word for word in words if word not in held] == [], kind


def test_what_paper_shows_is_on_the_face_once(full: Document) -> None:
    """Insertions, controls, field results, text boxes, nested tables, headers and notes are read, each once."""
    assert [word for word in SEEN if full.text.count(word) != 1] == []
    kinds = {block.kind: block.span.of(full.text) for block in full.blocks}
    assert kinds[BlockKind.PAGE_HEADER] == "seenheader"
    assert kinds[BlockKind.PAGE_FOOTER] == "seenfooter"
    assert kinds[BlockKind.FOOTNOTE] == "seenfootnote"


def test_macros_and_objects_that_cannot_be_opened_hold(full: Document) -> None:
    """Macros and unopened objects are notes that keep the file from being released unseen."""
    assert {note.code for note in full.notes if note.holds} == {NoteCode.MACROS, NoteCode.EMBEDDED_FILE_UNREAD}
    assert [attachment.name for attachment in full.embedded] == ["afchunk1.htm"]


def test_embedded_files_come_out_as_documents_of_their_own(zipped: Zipped, read_file: Read) -> None:
    """A file inside an OLE package and pictures are handed on, one no larger than a logo is marked as small; a bullet is not."""
    big, logo, bullet = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.new("L", (20, 20), 200).save(bullet, "PNG")
    Image.new("L", (1200, 1600), 200).save(big, "PNG")
    Image.new("L", (160, 60), 200).save(logo, "PNG")
    inner = zipped(parts_of(paragraph(run("inside"))))
    more = {
        "word/media/image1.png": big.getvalue(),
        "word/media/image2.png": logo.getvalue(),
        "word/media/image3.png": bullet.getvalue(),
        "word/embeddings/file.docx": inner,
    }
    document = read_file("docx", zipped(parts_of(paragraph(run("text")), "", more)))
    found = sorted((str(attachment.name), attachment.small) for attachment in document.embedded)
    assert found == [("file.docx", False), ("image1.png", False), ("image2.png", True)]


def test_text_that_word_fetches_from_a_file_inside_is_read_and_holds(zipped: Zipped, read_file: Read) -> None:
    """An 'altChunk' is shown by Word as part of the text: it is handed on to be read, and a note says that it is not in its place."""
    chunk = rel("c1", "aFChunk", "afchunk1.html")
    document = read_file(
        "docx", zipped(parts_of(paragraph(run("before")) + '<w:altChunk r:id="c1"/>', chunk, {"word/afchunk1.html": "<p>in it</p>"}))
    )
    assert [(str(file.name), file.content) for file in document.embedded] == [("afchunk1.html", b"<p>in it</p>")]
    assert [note.code for note in document.notes if note.holds] == [NoteCode.LOSSY_READER]


def control(checked: str) -> str:
    """A tick box as Word's content control; its glyph is always a crossed box."""
    box = f'<w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox>'
    return f"<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent><w:r><w:t>\u2612</w:t></w:r></w:sdtContent></w:sdt>"


def old_box(state: str) -> str:
    """A tick box as an old form field."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar></w:r>'
    return f'{begin}<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'


WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
BOXES = {
    "control": (control("1"), "ticked"),
    "control whose glyph lies": (control("0"), "clear"),
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "ticked"),
    "empty symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "clear"),
    "old field": (old_box("<w:checked/>"), "ticked"),
    "old field by default": (old_box('<w:default w:val="1"/>'), "ticked"),
    "old field left alone": (old_box('<w:default w:val="0"/>'), "clear"),
    "typed": (run("[ ]"), "clear"),
    "letter in Wingdings": (run("\u00fe", WINGDINGS), "ticked"),
    "private letter in Wingdings": (run("\uf0fe", WINGDINGS), "ticked"),
    "empty letter in Wingdings": (run("\u00a8", WINGDINGS), "clear"),
    "letter in Wingdings 2": (run("P", WINGDINGS.replace("gs", "gs 2")), "ticked"),
}


@pytest.mark.parametrize("name", sorted(BOXES))
def test_every_kind_of_tick_box_is_read(name: str, zipped: Zipped, read_file: Read) -> None:
    """Controls, symbols, old form fields and typed boxes give a tick with the words beside it."""
    box, state = BOXES[name]
    document = read_file("docx", zipped(parts_of(paragraph(box, run(" Seen alone")))))
    assert [(tick.state.value, tick.label and tick.label.of(document.text)) for tick in document.ticks] == [(state, "Seen alone")]


def test_a_drawing_that_is_not_to_be_shown_hides_its_words(zipped: Zipped, read_file: Read) -> None:
    """Text boxes that Word's or an older program's mark keeps from being shown are hidden content."""
    box = f"<w:txbxContent>{paragraph(run('hidbox'))}</w:txbxContent>"
    new = f'<w:drawing><wp:inline><wp:docPr id="3" name="Text Box 3" hidden="1"/><wps:txbx>{box}</wps:txbx></wp:inline></w:drawing>'
    old = f'<w:pict><v:shape style="width:9pt;visibility:hidden"><v:textbox>{box}</v:textbox></v:shape></w:pict>'
    document = read_file("docx", zipped(parts_of(paragraph(run("seen"), f"<w:r>{new}</w:r>", f"<w:r>{old}</w:r>"))))
    assert document.text == "seen"
    assert [str(layer.text) for layer in document.hidden if layer.kind is LayerKind.HIDDEN_TEXT] == ["hidbox", "hidbox"]


def test_white_text_on_a_dark_cell_is_seen(zipped: Zipped, read_file: Read) -> None:
    """Forms print white headings on dark cells; those are on the face."""
    cell = '<w:tcPr><w:shd w:fill="1F3864"/></w:tcPr>' + paragraph(run("Section", '<w:color w:val="FFFFFF"/>'))
    document = read_file("docx", zipped(parts_of(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>")))
    assert document.text == "Section"
    assert document.hidden == ()


def test_unfilled_controls_are_empty_and_other_texts_in_them_are_not(zipped: Zipped, read_file: Read) -> None:
    """A control that still says what to do gives an empty field; one that hides words behind that mark is read."""
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = table(
        (paragraph(run("School:", "<w:b/>")), prompt.format(paragraph(run("Click or tap here to enter text.")))),
        (paragraph(run("Carer:", "<w:b/>")), prompt.format(paragraph(run("Jo Vale")))),
    )
    document = read_file("docx", zipped(parts_of(body)))
    fields = [(field.label.of(document.text), field.value.of(document.text)) for field in document.fields]
    assert fields == [("School", ""), ("Carer", "Jo Vale")]


def test_automatic_numbers_and_bullets_are_markers(zipped: Zipped, read_file: Read) -> None:
    """List numbers are counted as Word prints them and stand beside the text."""
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
    abstract = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
    numbering = f'<w:numbering {W}>{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = paragraph(run("went to the clinic with mum"), look=item) + paragraph(run("was not weighed this time"), look=item)
    document = read_file("docx", zipped(parts_of(body, "", {"word/numbering.xml": numbering})))
    assert [(block.kind, block.marker) for block in document.blocks] == [(BlockKind.LIST_ITEM, "a)"), (BlockKind.LIST_ITEM, "b)")]


def test_pages_are_counted_where_the_file_marks_them(zipped: Zipped, read_file: Read) -> None:
    """Rendered breaks part the text into pages; without any mark there are none."""
    body = paragraph(run("first page")) + paragraph("<w:r><w:lastRenderedPageBreak/></w:r>", run("second page"))
    document = read_file("docx", zipped(parts_of(body)))
    assert [page.span.of(document.text).strip() for page in document.pages] == ["first page", "second page"]
    assert [block.page for block in document.blocks] == [1, 2]
    assert read_file("docx", zipped(parts_of(paragraph(run("one"))))).pages == ()


def test_monospaced_lines_are_one_printout(zipped: Zipped, read_file: Read) -> None:
    """Lines set in a typewriter face one after another keep their lines in one block."""
    mono = '<w:rFonts w:ascii="Courier New"/>'
    document = read_file("docx", zipped(parts_of(paragraph(run("Date  Code", mono)) + paragraph(run("1.2   XaBVJ", mono)))))
    assert [(block.kind, block.span.of(document.text)) for block in document.blocks] == [
        (BlockKind.PREFORMATTED, "Date  Code\n1.2   XaBVJ")
    ]


def test_files_in_old_packages_keep_their_name(zipped: Zipped, read_file: Read) -> None:
    """The layout of an OLE 1.0 package is read: label, path, bytes."""
    from pipeline.extraction.readers import _ole as ole

    names = b"notes.txt\x00C:\\x\\notes.txt\x00"
    body = b"\x02\x00" + names + b"\x00\x00\x03\x00" + struct.pack("<I", 4) + b"tmp\x00" + struct.pack("<I", 5)
    inner = ole.native(struct.pack("<I", len(body) + 5) + body + b"hello")
    assert inner == ole.Inner("notes.txt", b"hello")
    assert ole.native(b"\x00" * 5) is None


def margin(word: str) -> str:
    """A page header of one word."""
    return f"<w:hdr {W}>{paragraph(run(word))}</w:hdr>"


def ending(*references: str, more: str = "") -> str:
    """The mark of a section's end with the page headers it refers to, by kind and relationship."""
    named = "".join('<w:headerReference w:type="{}" r:id="{}"/>'.format(*one.split(":")) for one in references)
    return f"<w:sectPr>{named}{more}</w:sectPr>"


MARGINS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "the usual one": (ending("default:rA"), "", ["alpha"], ["beta"]),
    "one for the first page that is switched off": (ending("default:rA", "first:rB"), "", ["alpha"], ["beta"]),
    "one for the first page": (ending("default:rA", "first:rB", more="<w:titlePg/>"), "", ["beta", "alpha"], []),
    "one for even pages that is switched off": (ending("default:rA", "even:rB"), "", ["alpha"], ["beta"]),
    "one for even pages": (ending("default:rA", "even:rB"), "<w:evenAndOddHeaders/>", ["alpha", "beta"], []),
    "one taken from the section before": (
        paragraph(look=ending("default:rA", "first:rB")) + paragraph(run("later")) + ending(more="<w:titlePg/>"),
        "",
        ["alpha", "beta"],
        [],
    ),
    "one inside a control": (
        f"<w:sdt><w:sdtContent>{paragraph(look=ending('default:rA'))}</w:sdtContent></w:sdt>",
        "",
        ["alpha"],
        ["beta"],
    ),
    "a link that leads nowhere": (ending("default:rNone"), "", [], ["alpha", "beta"]),
    "a switch of an unknown kind": (ending("default:rA", more='<w:titlePg w:val="perhaps"/>'), "", [], ["alpha", "beta"]),
}


@pytest.mark.parametrize("name", MARGINS)
def test_page_headers_are_those_that_some_page_shows(name: str, zipped: Zipped, read_file: Read) -> None:
    """What python-docx finds a section to show is on the face, first page's and even pages' too; the rest is hidden, never lost."""
    body, settings, shown, hidden = MARGINS[name]
    links = rel("rA", "header", "header1.xml") + rel("rB", "header", "header2.xml") + rel("rS", "settings", "settings.xml")
    more = {"word/header1.xml": margin("alpha"), "word/header2.xml": margin("beta")}
    more["word/settings.xml"] = f"<w:settings {W}>{settings}</w:settings>"
    document = read_file("docx", zipped(parts_of(paragraph(run("text")) + body, links, more)))
    heads = [block.span.of(document.text) for block in document.blocks if block.kind is BlockKind.PAGE_HEADER]
    assert heads == shown
    assert [str(layer.text) for layer in document.hidden] == hidden


@pytest.mark.parametrize(("kind", "pages"), [("nextPage", 2), ("continuous", 0), ("oddPage", 2), ("sideways", 0)])
def test_a_section_says_of_itself_where_it_begins(kind: str, pages: int, zipped: Zipped, read_file: Read) -> None:
    """A new page begins where the section that follows asks for one, whatever the one before it says."""
    body = paragraph(run("one"), look=ending()) + paragraph(run("two")) + ending(more=f'<w:type w:val="{kind}"/>')
    assert len(read_file("docx", zipped(parts_of(body))).pages) == pages


def test_strict_files_read_like_others(zipped: Zipped, read_file: Read) -> None:
    """The strict variant's other names make no difference."""
    paper = '<w:pgSz w:w="16838" w:h="11906"/><w:type w:val="nextPage"/>'
    parts = parts_of(
        paragraph(run("one"), look=ending()) + paragraph(run("two")) + ending("default:rA", more=paper),
        rel("rA", "header", "header1.xml"),
        {"word/header1.xml": margin("alpha")},
    )
    strict = {
        name: str(part)
        .replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
        for name, part in parts.items()
    }
    usual, other = read_file("docx", zipped(parts)), read_file("docx", zipped(strict))
    assert usual.text == other.text == "alpha\n\none\n\ntwo"
    assert usual.pages == other.pages
    assert [(round(page.width), round(page.height)) for page in other.pages] == [(842, 595)] * 2


def test_words_that_the_sweep_lost_hold(zipped: Zipped, read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """python-docx reads the same file by itself; what it finds and the sweep did not is a note that holds."""
    from pipeline.extraction.readers import _word_body

    content = zipped(parts_of(paragraph(run("1. kept ")) + table((paragraph(run("lost")),))))
    assert read_file("docx", content).notes == ()
    monkeypatch.setattr(_word_body.Story, "_table", lambda *_: _word_body.Grid(()))
    document = read_file("docx", content)
    assert [(note.code, note.holds) for note in document.notes] == [(NoteCode.EXTRACTORS_DISAGREE, True)]


def test_a_cell_that_claims_a_billion_columns_costs_nothing(zipped: Zipped, read_file: Read) -> None:
    """No reader believes the number of columns or rows that a cell says it spans."""
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/><w:vMerge/></w:tcPr>{paragraph(run("wide"))}</w:tc>'
    document = read_file("docx", zipped(parts_of(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")))
    assert "wide" in document.text
    assert document.notes == ()
