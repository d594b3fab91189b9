"""A reviewer's changes by number and words: each does what it says and nothing else; what does not fit is refused without content."""

from __future__ import annotations

import pytest

from pipeline.domain.errors import NothingChanged
from pipeline.domain.people import Category, DocumentKind
from pipeline.domain.plan import Treatment
from pipeline.domain.text import PersonalText
from pipeline.redaction import plan as planning
from pipeline.redaction.edits import Change, Edit, edited, listed
from pipeline.redaction.labels import LABELS

TEXT = (
    "Ms Weir brings Tom to every appointment. She had an operation in 2015. Tom is growing well and the home is warm.\n\n"
    "Her brother Ned was ill. Tom likes school and has two good friends there. Ned lives in Hove, and Nedley is a village."
)


@pytest.fixture(name="given")
def _given(make):
    """A covering note, which stays behind, and a report of which two sentences go."""
    note, report = make.plain("Report attached."), make.plain(TEXT)
    case = make.case(note, report, kinds=[DocumentKind.OTHER])
    findings = [
        make.finding(report, "She had an operation in 2015", category=Category.ADULT_HEALTH_NOT_RELEVANT, index=1),
        make.finding(report, "Her brother Ned was ill", category=Category.THIRD_PARTY_HEALTH, index=1),
    ]
    proposed = planning.propose(case, findings)
    return planning.withhold(proposed, case, 0, "stays behind", author="gateway"), case


@pytest.mark.parametrize(
    ("edits", "taken"),
    [
        ([Edit(Change.DROP, 1)], ["Her brother Ned was ill."]),
        ([Edit(Change.DROP, 1), Edit(Change.DROP, 2)], []),
        (
            [Edit(Change.NARROW, 2, PersonalText("brother Ned"))],
            ["She had an operation in 2015.", "brother Ned"],
        ),
        (
            [Edit(Change.WIDEN, 2, PersonalText("the home is warm. Her brother"))],
            ["She had an operation in 2015.", "the home is warm.\nHer brother Ned was ill."],
        ),
        (
            [Edit(Change.WIDEN, 2, PersonalText("the home is warm."))],
            ["She had an operation in 2015.", "the home is warm.\nHer brother Ned was ill."],
        ),
        (
            [Edit(Change.ADD, 2, PersonalText("Ned"), Category.IDENTIFIER_OF_THIRD_PARTY), Edit(Change.DROP, 2)],
            ["She had an operation in 2015.", "Ned", "Ned"],
        ),
    ],
)
def test_each_change_does_what_it_says(given, edits, taken) -> None:
    """Numbers speak of the plan as given; words match across line breaks, whole words only, wherever they stand."""
    plan, case = given
    assert [" ".join(one.words.split()) for one in listed(plan, case)] == ["She had an operation in 2015.", "Her brother Ned was ill."]
    changed = edited(plan, case, edits, author="nurse.7")
    assert [" ".join(one.words.split()) for one in listed(changed, case)] == [" ".join(words.split()) for words in taken]
    assert changed.author == "nurse.7"
    assert changed.documents[0] == plan.documents[0]
    assert changed.documents[1].treatment is (Treatment.REDACT if taken else Treatment.SEND)


def test_what_is_added_carries_the_label_of_its_category(given) -> None:
    """A reader is told why it went, and the record that a reviewer asked for it."""
    plan, case = given
    changed = edited(plan, case, [Edit(Change.ADD, 2, PersonalText("Hove"), Category.RISK_INCREASING_DETAIL)], author="nurse.7")
    (added,) = [one.removal for one in listed(changed, case) if one.words == "Hove"]
    assert (added.label, added.rule) == (LABELS[Category.RISK_INCREASING_DETAIL], "reviewer")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (Edit(Change.DROP, 9), "no removal 9"),
        (Edit(Change.DROP, 0), "no removal 0"),
        (Edit(Change.ADD, 9, PersonalText("Hove"), Category.EXCESS_DETAIL), "no document 9"),
        (Edit(Change.ADD, 2, PersonalText("words nobody wrote"), Category.EXCESS_DETAIL), "does not hold the words"),
        (Edit(Change.ADD, 2, PersonalText(" "), Category.EXCESS_DETAIL), "name the words"),
        (Edit(Change.ADD, 1, PersonalText("attached"), Category.EXCESS_DETAIL), "stays behind"),
        (Edit(Change.ADD, 2, PersonalText("an operation"), Category.ADULT_HEALTH_NOT_RELEVANT), "says that already"),
        (Edit(Change.ADD, 2, PersonalText(TEXT), Category.EXCESS_DETAIL), "next to nothing"),
        (Edit(Change.NARROW, 1, PersonalText("likes school")), "do not lie within"),
        (Edit(Change.WIDEN, 1, PersonalText("likes school")), "do not touch it"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line_without_the_words(given, edit, told) -> None:
    """A wrong number or wording changes nothing, and no message repeats what stands in a report."""
    plan, case = given
    with pytest.raises(NothingChanged, match=told) as refused:
        edited(plan, case, [edit], author="nurse.7")
    assert not edit.words.strip() or edit.words not in str(refused.value)
