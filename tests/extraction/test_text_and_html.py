"""Plain text and HTML: encodings, shapes guessed from lines, quoted mail, and what a page hides."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode, TickState
from pipeline.domain.errors import Unreadable
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import html, rtf, text

Read = Callable[..., Document]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_every_encoding_gives_the_same_text(encoding: str, read_file: Read) -> None:
    """Typographic quotes survive whatever encoding a surgery's computer wrote."""
    written = "Robin’s mum said “no” – twice, on 3 March and again on 9 March."
    assert read_file("text", written.encode(encoding)).text == written


def shapes(document: Document) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, str(block.span.of(document.text))) for block in document.blocks]


LINES = {
    "capitals": ("WORRIES:\nHe is thin.", [("heading", "WORRIES:"), ("paragraph", "He is thin.")]),
    "ruled": ("Worries\n-------\nHe is thin.", [("heading", "Worries"), ("paragraph", "He is thin.")]),
    "numbered question": (
        "1. What are you worried about?\nHe is thin.",
        [("heading", "1. What are you worried about?"), ("paragraph", "He is thin.")],
    ),
    "bullets": ("- one thing\n- another\n  goes on", [("list_item", "one thing"), ("list_item", "another\n  goes on")]),
    "blank lines part": ("One line\nnext line.\n\nOther.", [("paragraph", "One line\nnext line."), ("paragraph", "Other.")]),
    "printout": ("Date      Code    Term\n1/2/2026  XaBVJ   Seen", [("preformatted", "Date      Code    Term\n1/2/2026  XaBVJ   Seen")]),
    "quoted mail": ("My answer.\n> your question", [("paragraph", "My answer."), ("paragraph", "> your question")]),
    "earlier mail": (
        "Please see below.\nFrom: A B\nSent: 3 May\nOld text.",
        [("paragraph", "Please see below."), ("paragraph", "From: A B\nSent: 3 May\nOld text.")],
    ),
    "a dated line is no heading": ("12 October 2026\n\nDear all,", [("paragraph", "12 October 2026"), ("paragraph", "Dear all,")]),
}


@pytest.mark.parametrize("name", sorted(LINES))
def test_shapes_are_seen_in_lines(name: str, read_file: Read) -> None:
    """Headings, bullets, printouts and quoted mail are told apart in plain text."""
    source, expected = LINES[name]
    assert shapes(read_file("text", source.encode())) == expected


FORMS = {
    "one line": ("Name: Robin Vale", {"Name": "Robin Vale"}),
    "two on a line": ("Name: Robin Vale    Born: 3 March 2015", {"Name": "Robin Vale", "Born": "3 March 2015"}),
    "empty": ("Name: Robin\nSchool:\nGP: Dr Ash", {"Name": "Robin", "School": "", "GP": "Dr Ash"}),
    "below": ("Name: Robin\nAddress:\n1 High Road\nBrent", {"Name": "Robin", "Address": "1 High Road\nBrent"}),
    "speech is no label": ("Robin said: I am scared of him.", {}),
    "times are no labels": ("Seen at 10:30 by me.", {}),
    "links are no labels": ("https://example.nhs.uk/page", {}),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_labels_and_values(name: str, read_file: Read) -> None:
    """Labels give their values, empty ones too; speech, times and links are not labels."""
    source, expected = FORMS[name]
    document = read_file("text", source.encode())
    assert {str(one.label.of(document.text)): str(one.value.of(document.text)) for one in document.fields} == expected


TICKS = {
    "[x] Neglect": [(TickState.TICKED, "Neglect")],
    "☐ Neglect  ☑ Physical": [(TickState.CLEAR, "Neglect"), (TickState.TICKED, "Physical")],
    "Consent given? Yes ☒ No ☐": [(TickState.TICKED, "Yes"), (TickState.CLEAR, "No")],
    "Consent given? Yes / No": [(TickState.UNANSWERED, "Consent given?")],
    "Consent: YES NO (please delete as appropriate)": [(TickState.UNANSWERED, "Consent:")],
    "Seen alone: Yes/No/Not known": [(TickState.UNANSWERED, "Seen alone:")],
    "Consent given? Yes": [],
    "Yes, no concerns from us.": [],
    "[link](x) and a[ ](b)": [],
}


@pytest.mark.parametrize("line", sorted(TICKS))
def test_ticks(line: str, read_file: Read) -> None:
    """Boxes give their state and words; a printed choice with neither marked is unanswered; prose is neither."""
    document = read_file("text", line.encode())
    assert [(tick.state, tick.label and str(tick.label.of(document.text))) for tick in document.ticks] == TICKS[line]


@given(st.binary(max_size=400))
def test_plain_text_never_fails(content: bytes) -> None:
    """Any bytes at all are read as some text, with spans that lie in it."""
    document = text.read(Attachment(PersonalText("x"), content), ReadOptions())
    assert all(block.span.end <= len(document.text) for block in document.blocks)


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/=\"' abdiptrh!-&;", max_size=300).map(str.encode)))
def test_markup_never_fails_but_by_saying_so(content: bytes) -> None:
    """Whatever bytes come, HTML and RTF are read or refused as damaged; no other error comes out."""
    for reader, data in ((html, content), (rtf, b"{\\rtf1 " + content)):
        with contextlib.suppress(Unreadable):
            reader.read(Attachment(PersonalText("x"), data), ReadOptions())


HIDING = {
    '<p style="display:none">ghost</p>': LayerKind.HIDDEN_TEXT,
    "<p class=off>ghost</p>": LayerKind.HIDDEN_TEXT,
    '<span style="font-size:0">ghost</span>': LayerKind.HIDDEN_TEXT,
    '<span style="font-size:1px">ghost</span>': LayerKind.HIDDEN_TEXT,
    '<span style="color:#fefefe">ghost</span>': LayerKind.HIDDEN_TEXT,
    "<font color=white>ghost</font>": LayerKind.HIDDEN_TEXT,
    "<!-- ghost -->": LayerKind.HIDDEN_TEXT,
    "<!--[if mso]><p>ghost</p><![endif]-->": LayerKind.HIDDEN_TEXT,
    "<script>ghost</script>": LayerKind.SCRIPT,
    '<img alt="ghost">': LayerKind.ALT_TEXT,
    '<a href="https://ghost.example/">here</a>': LayerKind.LINK_TARGET,
    "<input type=hidden value=ghost>": LayerKind.FORM_VALUE,
    "<template>ghost</template>": LayerKind.HIDDEN_TEXT,
}


@pytest.mark.parametrize("markup", sorted(HIDING))
def test_what_a_page_hides_is_in_layers(markup: str, read_file: Read) -> None:
    """Hidden, tiny and white text, comments, scripts, alt text and link targets are layers, not face."""
    page = f"<html><head><style>.off {{ display: none }}</style></head><body><p>before</p>{markup}<p>after</p></body></html>"
    document = read_file("html", page.encode())
    assert "ghost" not in document.text
    assert [layer.kind for layer in document.hidden if "ghost" in layer.text] == [HIDING[markup]]
    assert "before" in document.text
    assert document.text.endswith("after")


def test_what_a_page_shows_is_not_hidden(read_file: Read) -> None:
    """White on a dark cell, sizes in em, and links whose target is printed are nothing to hide."""
    page = (
        '<table><tr><td style="background:#003087;color:white">Section</td><td style="font-size:1em">value</td></tr></table>'
        "<style>@media only screen and (max-width: 600px) { .wide { display: none } td { margin: 0 } }"
        " li:before { content: '\\2022 ' }</style>"
        '<p class="wide">everywhere</p><a href="https://www.nhs.uk/">www.nhs.uk</a> <!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]-->'
    )
    document = read_file("html", page.encode())
    assert document.hidden == ()
    assert [word for word in ("Section", "value", "everywhere") if word not in document.text] == []


def test_words_of_a_style_sheet_and_a_wrong_charset(read_file: Read) -> None:
    """What the sheet writes into the page is a layer; a page that says UTF-8 and is not is read in the charset it fits."""
    page = (
        '<html><head><meta charset="utf-8"><style>.a::before { content: "sheetword" }</style></head><body><p>Zoë’s café</p></body></html>'
    )
    document = read_file("html", page.encode("cp1252"))
    assert document.text == "Zoë’s café"
    assert [str(layer.text) for layer in document.hidden] == ["sheetword"]


def test_scripts_hold(read_file: Read) -> None:
    """A page with a script is looked at by a person."""
    document = read_file("html", b"<p onclick='x()'>text</p>")
    assert [note.code for note in document.notes] == [NoteCode.SCRIPTS]


def test_preformatted_and_quoted_parts_of_a_mail(read_file: Read) -> None:
    """A printout pasted into a mail keeps its lines, and an earlier mail begins a block of its own."""
    page = b"<pre>Date   Code\n1/2    XaBVJ</pre><p>Please see.<br>From: A<br>Sent: 3 May</p>"
    document = read_file("html", page)
    assert [block.kind for block in document.blocks] == [BlockKind.PREFORMATTED, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_the_controls_of_a_form_are_parted_from_each_other(read_file: Callable[..., Document]) -> None:
    """What is chosen and typed into a web form is on the face, each apart; what was not chosen is hidden."""
    page = '<p>Type<select><option>Initial<option selected>Review</select><textarea>As agreed</textarea><input value="Dr Quill">Signed</p>'
    document = read_file("html", page.encode())
    assert document.text == "Type Review As agreed Dr Quill Signed"
    assert [str(layer.text) for layer in document.hidden] == ["Initial"]
