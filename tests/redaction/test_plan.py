"""The plan: from findings to removals that fit the words, names that tell nothing, and a reviewer's changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.documents import HiddenLayer, LayerKind
from pipeline.domain.errors import NothingChanged, UnreadableReason
from pipeline.domain.findings import Action
from pipeline.domain.mail import Problem, Route
from pipeline.domain.people import Category, DocumentKind
from pipeline.domain.plan import Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.redaction import plan as planning
from pipeline.redaction.labels import BRIEF, LABELS, SHORT, safely_labelled, weight_of
from pipeline.redaction.spans import bridged, settle

TEXT = (
    "Ms Weir brings Tom to every appointment. She had an operation in 2015. Tom is growing well (as is his sister), and "
    "the family’s home is warm. Her ex-partner’s brother was ill, and his friend too. Tom likes school and has two good friends there."
)


@pytest.mark.parametrize(
    ("asked", "removed"),
    [
        ("had an operati", "had an operation"),
        ("She had an operation in 2015", "She had an operation in 2015."),
        (" operation in ", "operation in"),
        ("as is his sister", "(as is his sister)"),
        ("partner", "ex-partner’s"),
        ("family", "family’s"),
        ("Tom likes school and has two good friends there", "Tom likes school and has two good friends there."),
    ],
)
def test_removals_are_widened_to_whole_words_and_leave_no_stray_marks(asked: str, removed: str) -> None:
    """A span from a recogniser ends anywhere; what goes is whole words, with the brackets or stop that would dangle."""
    start = TEXT.index(asked)
    (settled,) = settle(TEXT, [Removal(Span(start, start + len(asked)), "[withheld]", "r")])
    assert settled.span.of(TEXT) == removed


def test_overlapping_removals_merge_under_the_weightier_label(make) -> None:
    """Two rules on the same words make one bar, with the label that matters more, whichever rule came first."""
    document = make.plain(TEXT)
    light = make.finding(document, "had an operation in 2015", category=Category.EXCESS_DETAIL)
    heavy = make.finding(document, "operation in 2015", category=Category.THIRD_PARTY_HEALTH)
    for findings in ([light, heavy], [heavy, light]):
        (entry,) = planning.propose(make.case(document), findings).documents
        (removal,) = entry.removals
        assert removal.label == LABELS[Category.THIRD_PARTY_HEALTH]
        assert removal.span == make.span(document, "had an operation in 2015")
    assert weight_of(LABELS[Category.THIRD_PARTY_HEALTH]) > weight_of(LABELS[Category.EXCESS_DETAIL])


def test_labels_do_not_tell_what_they_stand_for() -> None:
    """Reproductive, restricted and other adult health share one label, so that the bar itself gives nothing away."""
    assert LABELS[Category.REPRODUCTIVE_OR_SEXUAL] == LABELS[Category.LEGALLY_RESTRICTED] == LABELS[Category.ADULT_HEALTH_NOT_RELEVANT]


def _unreadable(make):
    from dataclasses import replace

    return replace(make.plain(TEXT), problem=Problem(UnreadableReason.DAMAGED, "damaged"))


def test_what_could_not_be_read_is_withheld(make) -> None:
    """A document with a problem may hold anything."""
    (entry,) = planning.propose(make.case(_unreadable(make)), []).documents
    assert entry.treatment is Treatment.WITHHOLD
    assert entry.outgoing_name == ""


def test_mail_without_a_report_sends_nothing_on(make) -> None:
    """Attachments of a bounce or an invitation stay behind."""
    (entry,) = planning.propose(make.case(make.plain(TEXT), route=Route.BOUNCE_OR_AUTO_REPLY), []).documents
    assert entry.treatment is Treatment.WITHHOLD


@pytest.mark.parametrize(
    ("action", "quote", "category", "treatment"),
    [
        (Action.ADVISE, "every appointment", None, Treatment.SEND),
        (Action.REVIEW, "every appointment", None, Treatment.SEND),
        (Action.REDACT, "every appointment", None, Treatment.REDACT),
        (Action.WITHHOLD, None, Category.FORBIDDEN_ATTACHMENT, Treatment.WITHHOLD),
        (Action.REDACT, None, None, Treatment.WITHHOLD),
        (Action.REDACT, None, Category.HIDDEN_CONTENT, Treatment.SEND),
        (Action.REDACT, TEXT[:-20], None, Treatment.WITHHOLD),
    ],
)
def test_the_treatment_follows_the_findings(make, action, quote, category, treatment) -> None:
    """What each action asks for; a removal without a place, or one that leaves next to nothing, keeps the document back."""
    document = make.plain(TEXT)
    (entry,) = planning.propose(make.case(document), [make.finding(document, quote, action=action, category=category)]).documents
    assert entry.treatment is treatment


def test_a_finding_on_hidden_content_strips_it(make) -> None:
    """Told to remove something that has no place on the face, the copy leaves the file's hidden parts behind."""
    document = make.plain(TEXT)
    (entry,) = planning.propose(make.case(document), [make.finding(document, None, category=Category.HIDDEN_CONTENT)]).documents
    assert entry.strip_hidden


@pytest.mark.parametrize(
    ("layer", "strips"),
    [
        (HiddenLayer(LayerKind.PROPERTIES, PersonalText("creator: Microsoft Word")), False),
        (HiddenLayer(LayerKind.PROPERTIES, PersonalText("author: Ms Weir")), False),
        (HiddenLayer(LayerKind.PROPERTIES, PersonalText("author: Priya Raman")), True),
        (HiddenLayer(LayerKind.COMMENT, PersonalText("Tom likes school")), False),
        (HiddenLayer(LayerKind.COMMENT, PersonalText("check with solicitor")), True),
        (HiddenLayer(LayerKind.TRACKED_DELETION, PersonalText("Tom likes school")), True),
        (HiddenLayer(LayerKind.HIDDEN_TEXT, PersonalText("999 197 6361")), True),
        (HiddenLayer(LayerKind.EMBEDDED_FILE, PersonalText("a file")), True),
    ],
)
def test_hidden_layers_that_say_more_than_the_face_are_left_behind(make, layer, strips) -> None:
    """A document leaves byte for byte only where nothing it hides says more than what a reader sees."""
    (entry,) = planning.propose(make.case(make.plain(TEXT, hidden=[layer])), []).documents
    assert entry.treatment is Treatment.SEND
    assert entry.strip_hidden is strips


def test_names_are_neutral_and_numbered(make) -> None:
    """Two reports, one of them redacted, and an immunisation record; the senders' names are not used."""
    first, second = make.plain(TEXT, name="Tom Weir CP report.docx"), make.plain(TEXT, name="Weir.docx")
    third = make.plain("Immunisations of Tom Weir: MMR 1 May 2020.", name="Tom imms.rtf", format_name="rtf")
    kinds = [DocumentKind.CONFERENCE_REPORT, DocumentKind.CONFERENCE_REPORT, DocumentKind.IMMUNISATION_PRINTOUT]
    proposed = planning.propose(make.case(first, second, third, kinds=kinds), [make.finding(second, "had an operation", index=1)])
    assert [entry.outgoing_name for entry in proposed.documents] == [
        "Report 1 of 2.docx",
        "Report 2 of 2, redacted.pdf",
        "Immunisation record.rtf",
    ]


def test_a_reviewer_adds_drops_and_resizes(make) -> None:
    """Each change is a new version with the reviewer as its author; the version before stays as it was."""
    document = make.plain(TEXT)
    case = make.case(document)
    first = planning.propose(case, [])
    added = planning.add_removal(first, case, 0, Removal(make.span(document, "an operation"), "[withheld]", "reviewer"), author="pat")
    assert (added.version, added.author, added.documents[0].treatment) == (2, "pat", Treatment.REDACT)
    assert added.documents[0].outgoing_name == "Report 1 of 1, redacted.pdf"
    wide = planning.resize_removal(
        added, case, 0, make.span(document, "an operation"), make.span(document, "had an operation in 2015"), author="pat"
    )
    assert wide.documents[0].removals[0].span.of(document.text) == "had an operation in 2015"
    dropped = planning.drop_removal(wide, case, 0, wide.documents[0].removals[0].span, author="pat")
    assert (dropped.version, dropped.documents[0].treatment) == (4, Treatment.SEND)
    assert first.documents[0].treatment is Treatment.SEND
    assert planning.withhold(dropped, case, 0, "not ours", author="pat").documents[0].treatment is Treatment.WITHHOLD


@pytest.mark.parametrize(
    ("note", "enclosed", "expected"),
    [
        (DocumentKind.OTHER, DocumentKind.CONFERENCE_REPORT, Treatment.WITHHOLD),
        (DocumentKind.CONFERENCE_REPORT, DocumentKind.CONFERENCE_REPORT, Treatment.SEND),
        (DocumentKind.OTHER, DocumentKind.IMMUNISATION_PRINTOUT, Treatment.SEND),
    ],
)
def test_a_forwarded_note_stays_behind_where_it_brings_the_report(make, note, enclosed, expected) -> None:
    """As the covering note of the mail itself; one that is the report, or came without one, goes on."""
    mail, inner = make.plain(TEXT, name="forwarded.eml", format_name="text"), make.plain(TEXT, name="report.docx")
    inner = replace(inner, attachment=replace(inner.attachment, container=PersonalText("forwarded.eml")))
    first, second = planning.propose(make.case(mail, inner, kinds=[note, enclosed]), []).documents
    assert (first.treatment, second.treatment) == (expected, Treatment.SEND)


def test_a_change_to_an_enclosure_counts_for_the_mail_that_holds_it(make) -> None:
    """A forwarded mail is its enclosures' bytes once more: as soon as words go from one of them, only the mail's own text leaves."""
    mail, inner = make.plain(TEXT, name="forwarded.eml", format_name="eml"), make.plain(TEXT, name="report.docx")
    enclosed = replace(inner, attachment=replace(inner.attachment, container=PersonalText("forwarded.eml")))
    case = make.case(mail, enclosed)
    first = planning.propose(case, [])
    assert not first.documents[0].strip_hidden
    removal = Removal(make.span(enclosed, "an operation"), "[withheld]", "reviewer")
    for changed in (
        planning.add_removal(first, case, 1, removal, author="pat"),
        planning.withhold(first, case, 1, "not ours", author="pat"),
    ):
        assert changed.documents[0].strip_hidden
        assert changed.documents[0].outgoing_name.endswith(".pdf")


def test_a_change_to_what_is_not_there_is_refused(make) -> None:
    """A stale page asks for a removal that an earlier change took away; nothing happens and the reviewer is told."""
    document = make.plain(TEXT)
    case = make.case(document)
    with pytest.raises(NothingChanged, match="no removal at that place"):
        planning.drop_removal(planning.propose(case, []), case, 0, Span(0, 5), author="pat")
    with pytest.raises(NothingChanged, match="beyond the end"):
        planning.with_removals(planning.propose(case, []), case, 0, [Removal(Span(0, 99_999), "[withheld]", "r")], author="pat")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (DocumentKind.OTHER, Treatment.WITHHOLD),
        (DocumentKind.RECORD_PRINTOUT, Treatment.WITHHOLD),
        (DocumentKind.CONFERENCE_REPORT, Treatment.SEND),
    ],
)
def test_the_mails_own_text_leaves_only_as_the_report(make, kind: DocumentKind, expected: Treatment) -> None:
    """A covering note stays behind even with nothing to hide; a report written in the mail goes on."""
    document = make.plain(TEXT, name="body")
    (entry,) = planning.propose(make.case(document, kinds=[kind]), []).documents
    assert entry.treatment is expected


def _safe(label: str, gone: str) -> str:
    return safely_labelled([Removal(Span(0, 1), label, "t")], [gone])[0].label


@pytest.mark.parametrize("category", list(Category))
def test_no_label_holds_twelve_characters_of_what_went(category: Category) -> None:
    """As residue is counted from outside, spaces and all: whatever of a label's words went, the label in its place does not hold them."""
    label = LABELS[category]
    for start in range(len(label) - 11):
        run = label[start : start + 12]
        for gone in (f"He said{run}twice", f"He said {run} twice", f"x{run.upper()}x"):
            shown = _safe(label, gone)
            assert run.casefold() not in shown.casefold()
    assert _safe(label, "nothing alike") == label


def test_a_word_with_the_space_beside_it_is_a_run() -> None:
    """'gave information to' and 'health information about' share ' information', twelve characters: a brief label stands instead."""
    label = LABELS[Category.THIRD_PARTY_HEALTH]
    assert _safe(label, "Mr Najib gave information to foreign soldiers") == BRIEF[Category.THIRD_PARTY_HEALTH]
    assert _safe(label, "[withheld: someone's health] and health information about") == SHORT
    assert weight_of(BRIEF[Category.THIRD_PARTY_HEALTH]) == weight_of(label)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("She takes metformin\tletrozole\tafter breast cancer. She", ("takes metformin", "after breast cancer."), "She  She"),
        ("Her gout and her asthma are better.", ("Her gout", "her asthma"), " are better."),
        ("His aunt has gout. Tom slept. His uncle drinks.", ("His aunt has gout.", "His uncle drinks."), " Tom slept. "),
        ("Her gout, which Tom helps with, her asthma.", ("Her gout", "her asthma."), ", which Tom helps with, "),
        ("Mother: gout\nTom: well\nFather: gout", ("gout", "gout"), "Mother: \nTom: well\nFather: "),
    ],
)
def test_a_word_or_two_stranded_between_bars_go_along(text: str, gone: tuple[str, ...], left: str) -> None:
    """What stands alone between two removals of one sentence goes with them; a sentence, a line or three words of their own stay."""
    starts = [text.index(gone[0]), text.rindex(gone[1])]
    removals = [Removal(Span(start, start + len(quote)), SHORT, "t") for start, quote in zip(starts, gone, strict=True)]
    rest, position = "", 0
    for removal in bridged(text, settle(text, removals)):
        rest += text[position : removal.span.start]
        position = removal.span.end
    assert rest + text[position:] == left


def test_removals_that_stand_beside_each_other_stay_two() -> None:
    """With no word between them there is nothing to take along: each keeps its own reason, and a reviewer changes each alone."""
    text = "His aunt has lupus. She had an operation in 2015. Tom is well."
    first, second = "His aunt has lupus.", "She had an operation in 2015."
    removals = settle(text, [Removal(Span(text.index(each), text.index(each) + len(each)), each, "t") for each in (first, second)])
    assert bridged(text, removals) == removals
    assert len(removals) == 2
