"""Statements: what a face is cut into, and under which heading each stands."""

from __future__ import annotations

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import DocumentBuilder
from pipeline.recognition import statements


def _builder() -> DocumentBuilder:
    return DocumentBuilder(Attachment(PersonalText("report.docx"), b""), "docx")


def _texts(document: Document) -> list[str]:
    return [str(each.span.of(document.text)) for each in statements.split(document)]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("He is well. She is not.", ["He is well.", "She is not."]),
        ("Seen by Dr. Rao at 4 p.m. on Monday. No change.", ["Seen by Dr. Rao at 4 p.m. on Monday.", "No change."]),
        ("Weight 10.8 kg. Seen 10.8.26 with mum.", ["Weight 10.8 kg.", "Seen 10.8.26 with mum."]),
        ('She said "I am scared." Then she left!', ['She said "I am scared."', "Then she left!"]),
        ("Lives with M. Tolhurst, 17. Happy.", ["Lives with M. Tolhurst, 17.", "Happy."]),
        ("no full stop at the end", ["no full stop at the end"]),
        (
            "He was seen at home on Monday evening by the\nnurse and again on Friday. She cried.",
            ["He was seen at home on Monday evening by the\nnurse and again on Friday.", "She cried."],
        ),
        ("Mum: tired, on tablets. Sleeps late.\nDad: works nights.", ["Mum: tired, on tablets.", "Sleeps late.", "Dad: works nights."]),
        ("- wets the bed\n- will not eat", ["- wets the bed", "- will not eat"]),
    ],
)
def test_a_paragraph_is_cut_into_sentences_and_lines(paragraph: str, expected: list[str]) -> None:
    """Full stops of abbreviations, dates and figures do not end a sentence; a line the author broke does, one the page broke does not."""
    builder = _builder()
    builder.paragraph(paragraph)
    assert _texts(builder.finish()) == expected


def test_a_statement_knows_its_heading() -> None:
    """A sentence stands under the last heading, a labelled line under its label, a cell under its column or beside its row's label."""
    builder = _builder()
    builder.heading("Parents")
    builder.paragraph("She copes.")
    builder.paragraph("Father: away. Rings on Sundays.")
    builder.table([["Worries", "He drinks. She hides."]])
    builder.table([["Date", "What happened"], ["1 May", "A fall."]], header_rows=1)
    document = builder.finish()
    found = {str(each.span.of(document.text)): str(each.heading) for each in statements.split(document)}
    assert found["She copes."] == "Parents"
    assert found["Rings on Sundays."] == "Father"
    assert found["She hides."] == "Worries"
    assert found["A fall."] == "What happened"


def test_no_word_is_left_out_and_none_is_in_two_statements() -> None:
    """What is not in a statement is never judged: every word of every block belongs to exactly one."""
    builder = _builder()
    builder.heading("Report")
    builder.paragraph("One. Two? Three!\nFour: five; six (seven. Eight) nine…\n\n ten")
    builder.item("eleven. Twelve")
    builder.table([["a", "", "b. C d\ne"], ["", "f"]])
    document = builder.finish()
    cut = statements.split(document)
    covered = [place for each in cut for place in range(each.span.start, each.span.end)]
    assert len(covered) == len(set(covered))
    assert {place for place, character in enumerate(document.text) if not character.isspace()} <= set(covered)
    assert list(cut) == sorted(cut, key=lambda each: each.span)


def test_text_without_blocks_is_still_cut() -> None:
    """A reader that knows no blocks hides nothing from judgement."""
    document = Document(Attachment(PersonalText("x.txt"), b""), "txt", PersonalText("One. Two.\n\nThree."))
    assert _texts(document) == ["One.", "Two.", "Three."]
    assert statements.split(Document(Attachment(PersonalText("x.txt"), b""), "txt")) == ()


def test_spans_are_whole_sentences_with_their_full_stop() -> None:
    """What is taken out includes its full stop, so that no stray mark stays behind."""
    builder = _builder()
    builder.paragraph("Keep this. Take this out.  Keep that.")
    assert statements.split(builder.finish())[1].span == Span(11, 25)
