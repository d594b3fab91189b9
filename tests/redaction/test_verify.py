"""The proof is not blind: a good copy passes, and the same copy spoiled in any one way does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.documents import Block, BlockKind, Document, LayerKind
from pipeline.domain.errors import ResidueFound
from pipeline.domain.mail import Attachment
from pipeline.domain.plan import CleanDocument, DocumentPlan, Removal
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import DocumentBuilder
from pipeline.redaction import copy, readback, verify
from pipeline.redaction.labels import SHORT
from pipeline.redaction.residue import residue_of
from pipeline.redaction.settings import CopySettings

QUIET = CopySettings(ocr_proof=False)
GONE = "tuberculosis since March"
HIDDEN = "ask the solicitor about the adoption"
LINES = (
    "Report on the twins",
    "The health visitor saw the twins at home on Monday.",
    f"Their uncle has {GONE}.",
    "They slept well and had put on weight.",
)
Spoil = Callable[[pikepdf.Pdf], None]


def _given(make) -> tuple[Document, DocumentPlan]:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for page in range(2):
        for row, line in enumerate(LINES):
            canvas.drawString(60, 780 - 30 * row, line.replace(GONE, GONE if page == 0 else "a dog"))
        canvas.showPage()
    canvas.save()
    document = make.pdf(target.getvalue(), hidden=[(LayerKind.ANNOTATION, HIDDEN)])
    heading = Block(BlockKind.HEADING, Span(0, len(LINES[0])), page=1, level=1)
    return replace(document, blocks=(heading,)), make.plan(document, GONE)


@pytest.fixture(scope="module", name="good")
def _good(make) -> tuple[Document, DocumentPlan, CleanDocument]:
    document, plan = _given(make)
    return document, plan, copy.make(document, plan, QUIET)


def _note(pdf: pikepdf.Pdf, text: str) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=pikepdf.String(text))
    pdf.pages[1].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = f"Uncle: {GONE}"


def _author(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Subject"] = HIDDEN.encode("utf-16-be")


def _annotation(pdf: pikepdf.Pdf) -> None:
    _note(pdf, HIDDEN)


def _removed_annotation(pdf: pikepdf.Pdf) -> None:
    _note(pdf, GONE)


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["note.txt"] = GONE.encode()


def _attachment_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{GONE}.txt"] = b"x"


def _bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(GONE, 0))


def _xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        meta["dc:description"] = HIDDEN


def _word_put_back(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].contents_add(b"BT /F1 8 Tf 3 Tr 20 20 Td (tuberculosis) Tj ET\n")


def _outside_the_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].contents_add(b"BT /F1 8 Tf -900 -900 Td [(tub) 10 (erculosis sin) 5 (ce March)] TJ ET\n")


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{GONE}')"))


def _page_lost(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1]


def _pages_turned_round(pdf: pikepdf.Pdf) -> None:
    pdf.pages.reverse()


SPOILED: tuple[Spoil, ...] = (
    _title,
    _author,
    _annotation,
    _removed_annotation,
    _attachment,
    _attachment_name,
    _bookmark,
    _xmp,
    _word_put_back,
    _outside_the_page,
    _script,
    _page_lost,
    _pages_turned_round,
)


def _changed(content: bytes, spoil: Spoil) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        spoil(pdf)
        pdf.save(target)
    return target.getvalue()


def test_the_copy_passes_however_it_is_packed(good) -> None:
    """What is proved is the content: the same file saved anew still passes, and so each refusal below is for what was done to it."""
    document, plan, made = good
    assert verify.verify_file(made.content, document, plan, QUIET).digest == made.proof.digest
    assert verify.verify_file(_changed(made.content, lambda pdf: None), document, plan, QUIET).removed == 1


@pytest.mark.parametrize("spoil", SPOILED, ids=[spoil.__name__.strip("_") for spoil in SPOILED])
def test_a_copy_spoiled_in_one_way_is_refused(good, spoil: Spoil) -> None:
    """One thing left behind or lost anywhere in the file is found, also what only a hidden layer of the original said."""
    document, plan, made = good
    with pytest.raises(ResidueFound):
        verify.verify_file(_changed(made.content, spoil), document, plan, QUIET)


def test_a_bar_forgotten_over_one_word_is_found(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the bars not drawn, text and objects are clean; only OCR of what leaves sees the words, and the copy is refused."""
    from pipeline.redaction.renderers import pdf as renderer

    document, _ = _given(make)
    plan = make.plan(document, GONE, label=SHORT)  # a longer one would stand in white over the words and spoil them for OCR
    monkeypatch.setattr(renderer, "burnt", lambda picture, work, scale: (picture, work))
    with pytest.raises(ResidueFound, match="can still be seen on page 1"):
        copy.make(document, plan, CopySettings())


def test_words_of_the_files_grammar_are_not_read_with_what_stands_beside_them(make) -> None:
    """'/Title (Health visitor' does not hold the 'e Health Visi' of an author's name, nor '(worried about) endobj' a 'worried about E'."""
    builder = DocumentBuilder(Attachment(PersonalText("x.rtf"), b"x"), "rtf")
    builder.heading("Health visitor's report")
    builder.paragraph("The twins were seen at home on Monday and were well, and had put on weight.")
    builder.heading("What I am worried about")
    builder.paragraph("Their mother is worried about Ellie's uncle. They slept well.")
    builder.hide(LayerKind.PROPERTIES, "Tremlett, Josie (Health Visiting, City South)", "author")
    document = builder.finish()
    made = copy.make(document, make.plan(document, "is worried about Ellie's uncle."), QUIET)
    assert made.proof.kept_found == made.proof.kept_words


@pytest.mark.parametrize(
    "text", [b"/Note (tuberculosis since March) /F 1", b"[(tuber) -20 (culosis since March)] TJ", b"/tuberculosis#20since Do"]
)
def test_what_is_removed_is_found_beside_grammar_and_across_kerning(text: bytes) -> None:
    """Setting strings apart from grammar blinds nobody: a removed text in one, or cut up by kerning, is found."""
    residue = residue_of(f"The uncle has {GONE}.", make_removals(GONE), ())
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(text)
    target = io.BytesIO()
    pdf.save(target)
    assert residue.in_bytes(readback.by_objects(target.getvalue()))


def make_removals(words: str) -> tuple[Removal, ...]:
    """The removal of these words from 'The uncle has ...'."""
    return (Removal(Span(14, 14 + len(words)), "[withheld]", "t"),)


def test_a_picture_copy_has_bookmarks_of_its_own(good) -> None:
    """Headings can be found again from the side of the page, and the file says its title and language."""
    made = good[2]
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == [LINES[0]]
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Report 1 of 1, redacted"
