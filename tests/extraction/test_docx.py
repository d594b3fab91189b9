"""Word files: every place where words can hide, found in its own layer; what is seen on paper, found on the face."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode

Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]
Read = Callable[..., Document]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, look: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, look: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table whose cells hold blocks."""
    return "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows) + "</w:tbl>"


def parts_of(body: str, rels: str = "", more: Mapping[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """The parts of a Word file with that body."""
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships>{rels}</Relationships>",
        **(more or {}),
    }


def rel(key: str, kind: str, target: str, mode: str = "") -> str:
    """A relationship."""
    return f'<Relationship Id="{key}" Type="{RELS}/{kind}" Target="{target}" {mode}/>'


BOX = f"<w:txbxContent>{paragraph(run('seenbox'))}</w:txbxContent>"
TEXT_BOX = (
    f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:inline><wps:txbx>{BOX}</wps:txbx></wp:inline></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDETEXT "hidcode.docx" </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("seenresult")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
BODY = "".join(
    [
        paragraph(run("seenbody "), f'<w:ins w:author="hidinserter">{run("seeninserted")}</w:ins>'),
        paragraph('<w:del w:author="B"><w:r><w:delText>hiddeleted</w:delText></w:r></w:del>', run("after")),
        paragraph('<w:moveFrom w:author="B"><w:r><w:t>hidmoved</w:t></w:r></w:moveFrom>', run("x")),
        paragraph(run("hidvanish", "<w:vanish/>"), run("hidstyled", '<w:rStyle w:val="Ghost"/>')),
        paragraph(run("hidwhite", '<w:color w:val="FFFFFF"/>'), run("hidtiny", '<w:sz w:val="2"/>')),
        paragraph(FIELD),
        f"<w:sdt><w:sdtPr><w:alias w:val='hidalias'/></w:sdtPr><w:sdtContent>{paragraph(run('seencontrol'))}</w:sdtContent></w:sdt>",
        paragraph(TEXT_BOX),
        table(
            (paragraph(run("seencell")), table((paragraph(run("seennested")), paragraph(run("second")))) + paragraph()),
            (paragraph(run("seenlast")), paragraph(run("end"))),
        ),
        paragraph(f'<w:hyperlink r:id="rL">{run("seenlink")}</w:hyperlink>', '<w:bookmarkStart w:id="1" w:name="hidbookmark"/>'),
        paragraph('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="hidalt"/></wp:inline></w:drawing></w:r>'),
        paragraph(run("seennote"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>hidrow</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        '<w:sectPr><w:headerReference w:type="default" r:id="rH"/><w:footerReference w:type="default" r:id="rF"/></w:sectPr>',
    ]
)
STYLES = (
    f'<w:styles {W}><w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)
PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
MORE: dict[str, str | bytes] = {
    "word/styles.xml": STYLES,
    "word/header1.xml": f"<w:hdr {W}>{paragraph(run('seenheader'))}</w:hdr>",
    "word/header9.xml": f"<w:hdr {W}>{paragraph(run('hidunusedheader'))}</w:hdr>",
    "word/footer1.xml": f"<w:ftr {W}>{paragraph(run('seenfooter'))}</w:ftr>",
    "word/footnotes.xml": (
        f'<w:footnotes {W}><w:footnote w:id="2">{paragraph(run("seenfootnote"))}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph(run("hidorphan"))}</w:footnote></w:footnotes>'
    ),
    "word/comments.xml": f'<w:comments {W}><w:comment w:author="hidcommenter">{paragraph(run("hidcomment"))}</w:comment></w:comments>',
    "word/people.xml": f'<w:people {W}><w:person w:author="hidperson"/></w:people>',
    "word/settings.xml": f'<w:settings {W}><w:docVars><w:docVar w:name="v" w:val="hidvariable"/></w:docVars></w:settings>',
    "word/glossary/document.xml": f"<w:glossaryDocument {W}>{paragraph(run('hidblock'))}</w:glossaryDocument>",
    "word/odd.xml": "<root><t>hidstrange</t></root>",
    "customXml/item1.xml": "<case><child>hidcustom</child></case>",
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PROPERTIES}"><cp:lastModifiedBy>hidauthor</cp:lastModifiedBy></cp:coreProperties>',
    "docProps/app.xml": "<Properties><Company>hidcompany</Company><Pages>3</Pages></Properties>",
    "docProps/custom.xml": '<Properties><property name="Ref"><lpwstr>hidproperty</lpwstr></property></Properties>',
    "word/vbaProject.bin": b"hidmacro code of a module",
    "word/embeddings/object.bin": b"\x01\x02hidobject words",
    "word/afchunk1.htm": b"<p>chunk</p>",
}
LAYERS = {
    LayerKind.TRACKED_INSERTION: ["seeninserted", "hidinserter"],
    LayerKind.TRACKED_DELETION: ["hiddeleted", "hidmoved"],
    LayerKind.HIDDEN_TEXT: ["hidvanish", "hidstyled", "hidwhite", "hidtiny", "hidunusedheader", "hidorphan", "hidblock"],
    LayerKind.FIELD_CODE: ["hidcode"],
    LayerKind.COMMENT: ["hidcomment", "hidcommenter"],
    LayerKind.ALT_TEXT: ["hidalt"],
    LayerKind.BOOKMARK: ["hidbookmark"],
    LayerKind.PROPERTIES: ["hidauthor", "hidcompany", "hidproperty", "hidvariable", "hidperson"],
    LayerKind.CUSTOM_XML: ["hidcustom"],
    LayerKind.LINK_TARGET: ["hidlink"],
    LayerKind.OTHER: ["hidalias", "hidstrange"],
    LayerKind.HIDDEN_ROWS: ["hidrow"],
    LayerKind.MACRO: ["hidmacro"],
    LayerKind.EMBEDDED_OBJECT: ["hidobject"],
}
SEEN = [
    "seenbody",
    "seeninserted",
    "seenresult",
    "seencontrol",
    "seenbox",
    "seencell",
    "seennested",
    "seenlast",
    "seenlink",
    "seennote",
    "seenheader",
    "seenfooter",
    "seenfootnote",
]


@pytest.fixture(scope="module")
def full(zipped: Zipped, read_file: Read) -> Document:
    """A Word file with something in every hiding place."""
    rels = rel("rH", "header", "header1.xml") + rel("rF", "footer", "footer1.xml")
    rels += rel("rL", "hyperlink", "https://hidlink.example/x", 'TargetMode="External"')
    return read_file("docx", zipped(parts_of(BODY, rels, MORE)))


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
    """A file inside an OLE package, and a picture large enough to hold a page, are handed on; a logo is not."""
    big, logo = io.BytesIO(), io.BytesIO()
    Image.new("L", (1200, 1600), 200).save(big, "PNG")
    Image.new("L", (160, 60), 200).save(logo, "PNG")
    inner = zipped(parts_of(paragraph(run("inside"))))
    more = {"word/media/image1.png": big.getvalue(), "word/media/image2.png": logo.getvalue(), "word/embeddings/file.docx": inner}
    document = read_file("docx", zipped(parts_of(paragraph(run("text")), "", more)))
    assert sorted(attachment.name for attachment in document.embedded) == ["file.docx", "image1.png"]


def control(checked: str) -> str:
    """A tick box as Word's content control; its glyph is always a crossed box."""
    box = f'<w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox>'
    return f"<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent><w:r><w:t>\u2612</w:t></w:r></w:sdtContent></w:sdt>"


def old_box(state: str) -> str:
    """A tick box as an old form field."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar></w:r>'
    return f'{begin}<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'


BOXES = {
    "control": (control("1"), "ticked"),
    "control whose glyph lies": (control("0"), "clear"),
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "ticked"),
    "empty symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "clear"),
    "old field": (old_box("<w:checked/>"), "ticked"),
    "old field by default": (old_box('<w:default w:val="1"/>'), "ticked"),
    "old field left alone": (old_box('<w:default w:val="0"/>'), "clear"),
    "typed": (run("[ ]"), "clear"),
}


@pytest.mark.parametrize("name", sorted(BOXES))
def test_every_kind_of_tick_box_is_read(name: str, zipped: Zipped, read_file: Read) -> None:
    """Controls, symbols, old form fields and typed boxes give a tick with the words beside it."""
    box, state = BOXES[name]
    document = read_file("docx", zipped(parts_of(paragraph(box, run(" Seen alone")))))
    assert [(tick.state.value, tick.label and tick.label.of(document.text)) for tick in document.ticks] == [(state, "Seen alone")]


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
