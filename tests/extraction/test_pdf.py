from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Table, XPreformatted

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode, TickState
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import pdfcheck, reading
from pipeline.extraction.options import ReadOptions

STYLES = getSampleStyleSheet()
LONG = (
    "Kimi was seen at home with her mother on Tuesday and was warm, clean and talkative, though she had not slept well since the weekend "
    "because of shouting in the flat below, and the non-accidental injury of last year was spoken about again with care."
)


def read(content: bytes, **options: object) -> Document:
    """The document of a PDF's bytes."""
    return reading.read(Attachment(PersonalText("report.pdf"), content), ReadOptions(ocr=False, **options))  # type: ignore[arg-type]  # a table of cases


def flowing(*story: Flowable, furniture: str = "") -> bytes:
    """A PDF of flowables, with a header and page number on each page where asked for."""

    def edge(page: canvas.Canvas, _: object) -> None:
        if furniture:
            page.setFont("Helvetica", 8)
            page.drawString(60, A4[1] - 30, furniture)
            page.drawCentredString(A4[0] / 2, 28, f"Page {page.getPageNumber()}")

    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build(list(story), onFirstPage=edge, onLaterPages=edge)
    return buffer.getvalue()


def drawn(paint: Callable[[canvas.Canvas], None], size: tuple[float, float] = A4) -> bytes:
    """A PDF of one painted page."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=size, invariant=1)
    page.setFont("Helvetica", 11)
    paint(page)
    page.showPage()
    page.save()
    return buffer.getvalue()


def changed(content: bytes, change: Callable[[pikepdf.Pdf], None], **save: object) -> bytes:
    """The same PDF with something done to its structure."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(buffer, **save)
    return buffer.getvalue()


def body(text: str) -> Paragraph:
    """A paragraph of running text."""
    return Paragraph(text, STYLES["BodyText"])


FORM = Table(
    [
        [body("<b>Section A</b>"), ""],
        [body("<b>Name of child</b>"), body("Kimi Tanner")],
        [body("<b>What are you worried about?</b>"), [body(LONG), body("A second paragraph of worries.")]],
        [body("<b>Views of the father</b>"), ""],
    ],
    colWidths=[130, 320],
    style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("SPAN", (0, 0), (1, 0)), ("VALIGN", (0, 0), (-1, -1), "TOP")],
)


def test_a_two_column_form_keeps_label_and_whole_value_together() -> None:
    """A value of several lines and paragraphs follows its label, blank values are blank, and a row across is a heading."""
    document = read(flowing(FORM))
    fields = {field.label.of(document.text): field.value.of(document.text) for field in document.fields}
    assert fields["Name of child"] == "Kimi Tanner"
    assert fields["What are you worried about?"] == f"{LONG}\nA second paragraph of worries."
    assert fields["Views of the father"] == ""
    assert [block.span.of(document.text) for block in document.blocks if block.kind is BlockKind.HEADING] == ["Section A"]


def test_headings_lists_and_wrapped_lines() -> None:
    """Headings are told by their type, bullets stand beside the text, and wrapped lines run on without a break."""
    story = [
        Paragraph("Health visiting report", STYLES["Title"]),
        Paragraph("What is going well", STYLES["Heading2"]),
        body(LONG),
        ListFlowable([body("Kimi goes to nursery"), body("Her mother keeps appointments")], bulletType="bullet", start="•"),
    ]
    document = read(flowing(*story))
    shape = [(block.kind, block.marker, str(block.span.of(document.text))) for block in document.blocks]
    assert shape == [
        (BlockKind.HEADING, "", "Health visiting report"),
        (BlockKind.HEADING, "", "What is going well"),
        (BlockKind.PARAGRAPH, "", LONG),
        (BlockKind.LIST_ITEM, "•", "Kimi goes to nursery"),
        (BlockKind.LIST_ITEM, "•", "Her mother keeps appointments"),
    ]


@pytest.mark.parametrize("ruling", ["GRID", "LINEBELOW"])
def test_tables_keep_rows_and_cells(ruling: str) -> None:
    """A table is read row by row whether it is ruled all over or only between rows."""
    rows = [["Date", "Contact"], ["12 July", body("Scan, both well. " * 5)], ["9 August", "Home visit"]]
    table = Table(
        [[body(f"<b>{cell}</b>") for cell in rows[0]], *rows[1:]],
        colWidths=[90, 250],
        style=[(ruling, (0, 0), (-1, -1), 0.5, colors.black)],
    )
    document = read(flowing(body("Before."), table, body("After.")))
    (found,) = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    cells = [[str(cell.span.of(document.text)) for cell in row.cells] for row in found.rows]
    assert cells == [["Date", "Contact"], ["12 July", ("Scan, both well. " * 5).strip()], ["9 August", "Home visit"]]
    assert [row.header for row in found.rows] == [True, False, False]


def test_a_printout_keeps_its_columns() -> None:
    """Lines of a printout in a typewriter face are not run together."""
    lines = "12-Aug-2026  Weight 71.5 kg   BMI 29.4\n20-Jan-2026  HbA1c 39 mmol/mol    high\n"
    document = read(flowing(XPreformatted(lines, ParagraphStyle("p", fontName="Courier", fontSize=9))))
    (block,) = document.blocks
    assert block.kind is BlockKind.PREFORMATTED
    assert block.span.of(document.text).splitlines() == lines.splitlines()


def test_a_sentence_runs_on_over_the_page_break() -> None:
    """Header and footer do not stand in the middle of a sentence that goes on on the next page."""
    first, second = LONG[:120].rsplit(" ", 1)[0], LONG[len(LONG[:120].rsplit(" ", 1)[0]) + 1 :]
    document = read(flowing(body(first), PageBreak(), body(second), furniture="Confidential to the conference"))
    assert LONG in document.text
    kinds = [block.kind for block in document.blocks]
    assert kinds.count(BlockKind.PAGE_HEADER) == kinds.count(BlockKind.PAGE_FOOTER) == 2
    assert document.page_of(document.text.index(LONG)) == 1
    assert document.page_of(document.text.index(LONG) + len(LONG) - 1) == 2


def test_an_answer_runs_on_over_the_page_break() -> None:
    """An answer that a form continues on the next page is one answer."""
    label = [body("<b>Worries</b>"), body("First part.")]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    rest = [["", body("Second part.")], [body("<b>Strengths</b>"), body("Many.")]]
    document = read(
        flowing(Table([label], [100, 300], style=grid), PageBreak(), Table(rest, [100, 300], style=grid), furniture="Confidential")
    )
    values = {field.label.of(document.text): field.value.of(document.text).split() for field in document.fields}
    assert values == {"Worries": ["First", "part.", "Second", "part."], "Strengths": ["Many."]}


TICKS = [
    ('<font name="ZapfDingbats">\u2714</font> Initial <font name="ZapfDingbats">\u2751</font> Review', [TickState.TICKED, TickState.CLEAR]),
    ("[x] Initial   [ ] Review", [TickState.TICKED, TickState.CLEAR]),
    ("Is the child on a plan? Yes / No", [TickState.UNANSWERED]),
]


@pytest.mark.parametrize(("line", "states"), TICKS)
def test_tick_boxes(line: str, states: list[TickState]) -> None:
    """Printed boxes are found with their state, and a printed choice without a mark is unanswered."""
    assert [tick.state for tick in read(flowing(body(line))).ticks] == states


@pytest.mark.parametrize(("end", "start", "read_as"), [("non-", "accidental", "non-accidental"), ("OPI-", "24/09", "OPI- 24/09")])
def test_a_hyphen_at_a_lines_end(end: str, start: str, read_as: str) -> None:
    """A word parted after its hyphen is put together, and two that only meet there are not; each has its own place."""

    def paint(page: canvas.Canvas) -> None:
        page.drawRightString(400, 700, f"The first line of this paragraph ends with {end}")
        page.drawString(
            400 - page.stringWidth(f"The first line of this paragraph ends with {end}", "Helvetica", 11), 686, f"{start} and goes on here."
        )

    document = read(drawn(paint))
    assert f"ends with {read_as} and goes" in document.text
    tops = [word.box.top for word in document.words if word.span.of(document.text) in {end, start}]
    assert tops[1] - tops[0] == pytest.approx(14, abs=1)


def corner(page: canvas.Canvas) -> None:
    """A word in the top left corner and one at the foot."""
    page.drawString(72, A4[1] - 100, "Topmost")
    page.drawString(72, 100, "Lowest")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_lie_where_they_are_shown(turn: int) -> None:
    """Boxes are measured from the top left of the page as shown, whatever its rotation and crop."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = turn
        pdf.pages[0].obj.CropBox = pikepdf.Array([20, 40, A4[0], A4[1] - 10])

    document = read(changed(drawn(corner), change))
    (page,) = document.pages
    wide, high = A4[0] - 20, A4[1] - 50
    assert (page.width, page.height) == pytest.approx((wide, high) if turn % 180 == 0 else (high, wide), abs=0.5)
    word = next(word for word in document.words if word.span.of(document.text) == "Topmost")
    left, down = 72 - 20, 100 - 10
    expected = {0: (left, down), 90: (high - down, left), 180: (wide - left, high - down), 270: (down, wide - left)}[turn]
    near = {
        0: (word.box.x0, word.box.bottom),
        90: (word.box.x0, word.box.top),
        180: (word.box.x1, word.box.top),
        270: (word.box.x1, word.box.bottom),
    }[turn]
    assert near == pytest.approx(expected, abs=4)


def hidden_page(page: canvas.Canvas) -> None:
    """Words hidden in five ways, and two lots that are seen."""
    page.drawString(72, 700, "Plainly seen words on the page.")
    text = page.beginText(72, 650)
    text.setTextRenderMode(3)
    text.textOut("invisibleword")
    text.setTextRenderMode(0)
    page.drawText(text)
    page.setFillColorRGB(1, 1, 1)
    page.drawString(72, 600, "whiteword")
    page.setFillColorRGB(0, 0, 0.4)
    page.rect(60, 540, 200, 30, fill=1)
    page.setFillColorRGB(1, 1, 1)
    page.drawString(72, 550, "lightondark")
    page.setFillColorRGB(0, 0, 0)
    page.drawString(-300, 500, "offpageword")
    page.drawString(72, 450, "coveredword")
    page.rect(60, 440, 200, 30, fill=1)
    page.setFont("Helvetica", 0.5)
    page.drawString(72, 400, "tinyword")


def test_words_nobody_sees_are_hidden_layers() -> None:
    """Invisible, white, covered, tiny and off-page text is not on the face but named; white on a dark bar is seen."""
    document = read(drawn(hidden_page))
    assert document.text.split() == ["Plainly", "seen", "words", "on", "the", "page.", "lightondark"]
    (layer,) = document.hidden
    assert layer.kind is LayerKind.INVISIBLE_TEXT
    assert set(layer.text.split()) == {"invisibleword", "whiteword", "offpageword", "coveredword", "tinyword"}


def test_annotations_form_fields_and_their_hidden_parts() -> None:
    """What a form shows is on the face with its boxes; comments beside the page are a layer."""

    def paint(page: canvas.Canvas) -> None:
        page.drawString(72, 700, "Name:")
        page.acroForm.textfield(name="name", value="Isatu Sesay", x=120, y=690, width=200, height=20)
        page.acroForm.checkbox(name="yes", checked=True, x=72, y=650)
        page.drawString(100, 655, "agreed")
        page.acroForm.checkbox(name="no", checked=False, x=72, y=620)
        page.drawString(100, 625, "refused")

    def comment(pdf: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents="commentword", T="Nurse"
        )
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))

    document = read(changed(drawn(paint), comment))
    assert [(str(f.label.of(document.text)), str(f.value.of(document.text))) for f in document.fields] == [("Name", "Isatu Sesay")]
    assert [(tick.state, tick.label and str(tick.label.of(document.text))) for tick in document.ticks] == [
        (TickState.TICKED, "agreed"),
        (TickState.CLEAR, "refused"),
    ]
    assert any(layer.kind is LayerKind.ANNOTATION and "commentword" in layer.text for layer in document.hidden)
    assert "commentword" not in document.text


def test_choices_in_a_row_each_have_the_words_after_them() -> None:
    """Where a row begins with a box, every box of it stands before its words."""

    def paint(page: canvas.Canvas) -> None:
        for place, words in ((72, "Initial"), (172, "Review"), (272, "Transfer")):
            page.acroForm.radio(name="type", value=words, selected=words == "Review", x=place, y=620)
            page.drawString(place + 28, 625, words)

    document = read(drawn(paint))
    assert [(tick.state, tick.label and str(tick.label.of(document.text))) for tick in document.ticks] == [
        (TickState.CLEAR, "Initial"),
        (TickState.TICKED, "Review"),
        (TickState.CLEAR, "Transfer"),
    ]


def plant(pdf: pikepdf.Pdf) -> None:
    """Puts something into every hidden place of a PDF."""
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = "xmpword"
    pdf.docinfo["/Title"] = "titleword"
    pdf.attachments["records.txt"] = b"embedded words"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("bookmarkword", 0))
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('scriptword')")
    link = pikepdf.Dictionary(
        Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://x.example/linkword")
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([link])
    pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=pikepdf.Array([pikepdf.Dictionary(Alt="altword")]))
    pdf.Root.AcroForm = pikepdf.Dictionary(
        XFA=pikepdf.Stream(pdf, b"<xfa:datasets><a>xfaword</a></xfa:datasets>"), Fields=pikepdf.Array([])
    )


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (LayerKind.PROPERTIES, "titleword"),
        (LayerKind.XMP, "xmpword"),
        (LayerKind.EMBEDDED_FILE, "records.txt"),
        (LayerKind.BOOKMARK, "bookmarkword"),
        (LayerKind.SCRIPT, "scriptword"),
        (LayerKind.LINK_TARGET, "linkword"),
        (LayerKind.ALT_TEXT, "altword"),
        (LayerKind.FORM_VALUE, "xfaword"),
    ],
)
def test_every_hidden_place_is_named(kind: LayerKind, word: str) -> None:
    """Each place of a PDF that paper does not show becomes a layer of its own kind."""
    document = read(changed(flowing(body(LONG)), plant))
    assert any(layer.kind is kind and word in layer.text for layer in document.hidden)
    assert word not in document.text
    assert {note.code for note in document.notes} >= {NoteCode.SCRIPTS, NoteCode.XFA_FORM}


def test_embedded_files_come_out_as_documents() -> None:
    """A file inside a PDF is handed on to be read for itself, once, under its container's name."""
    document = read(changed(flowing(body(LONG)), plant))
    assert [(str(file.name), file.content, file.container) for file in document.embedded] == [
        ("records.txt", b"embedded words", "report.pdf")
    ]


def test_switched_off_content_is_not_on_the_face() -> None:
    """A layer that viewers do not show is optional content, not text."""

    def change(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="old"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))
        page = pdf.pages[0]
        page.obj.Resources.Properties = pikepdf.Dictionary(old=group)
        page.contents_add(b"/OC /old BDC BT /F1 12 Tf 72 500 Td (switchedoff) Tj ET EMC")

    document = read(changed(drawn(corner), change))
    assert "switchedoff" not in document.text
    assert [(layer.kind, str(layer.text)) for layer in document.hidden] == [(LayerKind.OPTIONAL_CONTENT, "switchedoff")]


def test_what_an_earlier_state_of_the_file_said() -> None:
    """Words that a later save took out but left in the file are a layer."""
    first = flowing(body("The father was told of the oldsecretword in confidence."), body(LONG))
    second = flowing(body(LONG))
    document = read(first + second)  # the newest state wins, the older one is still in the bytes
    assert "oldsecretword" not in document.text
    assert any(layer.kind is LayerKind.EARLIER_REVISION and "oldsecretword" in layer.text for layer in document.hidden)


LOCK = pikepdf.Encryption(user="open sesame", owner="boss", R=4)


@pytest.mark.parametrize(
    ("lock", "password", "readable"),
    [
        (LOCK, None, False),
        (LOCK, "wrong", False),
        (LOCK, "open sesame", True),
        (pikepdf.Encryption(user="", owner="boss", R=4), None, True),
    ],
)
def test_locked_files(lock: pikepdf.Encryption, password: str | None, readable: bool) -> None:
    """A password to open holds the file until it is given; one that only forbids printing does not."""
    document = read(changed(flowing(body(LONG)), lambda _: None, encryption=lock), password=password)
    assert (document.problem is None) is readable
    assert readable == (LONG in document.text)
    assert readable or (document.problem and document.problem.reason is UnreadableReason.ENCRYPTED)


def test_a_damaged_file_is_never_mended_in_silence() -> None:
    """Cut short it is unreadable; with a broken index it is read, and a note that holds says so."""
    whole = flowing(body(LONG))
    cut = read(whole[: len(whole) // 2])
    assert cut.problem
    assert cut.problem.reason is UnreadableReason.DAMAGED
    mended = read(whole.replace(b"startxref", b"startxxxx"))
    assert LONG in mended.text
    assert any(note.code is NoteCode.REPAIRED and note.holds for note in mended.notes)


def test_too_many_pages_are_refused_at_once() -> None:
    """A file of a hundred thousand pages costs nothing."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Count = 100_000
        page = pdf.pages[0].obj
        pdf.Root.Pages.Kids = pikepdf.Array([page] * 2000)

    document = read(changed(drawn(corner), change))
    assert document.problem
    assert document.problem.reason in {UnreadableReason.TOO_LARGE, UnreadableReason.DAMAGED}


def test_a_page_that_is_a_picture_needs_ocr() -> None:
    """With OCR switched off a scan is unreadable, never empty and fine."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    document = read(drawn(lambda page: page.drawImage(ImageReader(Image.new("L", (850, 1100), 230)), 0, 0, *A4)))
    assert document.problem
    assert document.problem.reason is UnreadableReason.TOOL_MISSING


def test_every_character_of_the_face_has_a_box() -> None:
    """Words cover the face: each is the text its span gives, inside its page."""
    document = read(flowing(FORM, body(LONG), furniture="Confidential"))
    covered = {place for word in document.words for place in range(word.span.start, word.span.end)}
    assert covered == {place for place, character in enumerate(document.text) if not character.isspace()}
    page = document.pages[0]
    assert all(
        0 <= word.box.x0 < word.box.x1 <= page.width and 0 <= word.box.top < word.box.bottom <= page.height for word in document.words
    )


def test_the_second_extractor_reads_the_pages_it_is_asked_for() -> None:
    """pdfplumber gives the words of just those pages, opens what is locked with its password, and of broken bytes has no opinion."""
    content = flowing(body("Firstpageword and more."), PageBreak(), body("Secondpageword and more."))
    for file, password in ((content, None), (changed(content, lambda _: None, encryption=LOCK), "open sesame")):
        assert (pdfcheck.other_extractor(file, [1], password) or "").split() == ["Secondpageword", "and", "more."]
    assert pdfcheck.other_extractor(b"%PDF-1.4 broken", [0], None) is None


def test_words_that_two_extractors_read_differently_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something in the file is doubtful and pdfplumber reads other words, a note that holds says so."""
    content = drawn(hidden_page)
    assert NoteCode.EXTRACTORS_DISAGREE not in {note.code for note in read(content).notes}
    monkeypatch.setattr(pdfcheck, "other_extractor", lambda *_: "entirely other words about another family and its doctor in Leeds")
    assert [note.holds for note in read(content).notes if note.code is NoteCode.EXTRACTORS_DISAGREE] == [True]
