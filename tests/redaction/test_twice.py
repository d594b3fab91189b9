"""What is taken out in one place goes wherever else the same words stand, and nothing that only resembles it does."""

from __future__ import annotations

import pytest

from pipeline.domain.people import Category, DocumentKind
from pipeline.domain.plan import Treatment
from pipeline.redaction.labels import label_of
from pipeline.redaction.plan import propose

HEALTH = "Her brother Dean Ashworth was treated for hepatitis in Leeds"
REPORT = (
    "Health of the family\n\nThe twins were seen at home and are well. {said}. They go to nursery every day and like it there.\n\n"
    "Summary\n\n{again}\n\nBoth parents came to the visit and spoke warmly of the children throughout."
)


@pytest.mark.parametrize(
    ("said", "again", "category", "gone", "stays"),
    [
        (HEALTH, f"Note: {HEALTH}, we heard.", Category.THIRD_PARTY_HEALTH, "hepatitis", "we heard"),
        (HEALTH, "HER BROTHER DEAN\nASHWORTH WAS TREATED FOR HEPATITIS", Category.THIRD_PARTY_HEALTH, "HEPATITIS", "Summary"),
        (
            HEALTH,
            "Brother Dean Ashworth was treated for hepatitis, the mother says",
            Category.THIRD_PARTY_HEALTH,
            "hepatitis",
            "the mother says",
        ),
        ("Dean Ashworth, 4 Mill Lane", "Visitors: Dean Ashworth, 4 Mill Lane", Category.IDENTIFIER_OF_THIRD_PARTY, "Mill Lane", "Visitors"),
        ("07700900145", "Call 07700900145 first", Category.RISK_INCREASING_DETAIL, "07700900145", "first"),
        (HEALTH, "Her brother was treated in Leeds", Category.THIRD_PARTY_HEALTH, None, "Her brother was treated in Leeds"),
        ("Dean", "Dean is the dog", Category.IDENTIFIER_OF_THIRD_PARTY, None, "Dean is the dog"),
        (HEALTH, f"Note: {HEALTH}.", Category.PASTED_RECORD, None, "hepatitis"),
    ],
    ids=["word for word", "set otherwise", "a part of it", "an address", "a number", "other words", "a first name", "a piece of record"],
)
def test_it_goes_where_it_is_said_again(make, said: str, again: str, category: Category, gone: str | None, stays: str) -> None:
    """The same words, however set, go under the same label and rule; fewer words, first names and what was a piece of record stay."""
    document = make.plain(REPORT.format(said=said, again=again))
    (plan,) = propose(make.case(document), [make.finding(document, said, category=category)]).documents
    first, *others = plan.removals
    assert {(each.label, each.rule) for each in plan.removals} == {(label_of(category), first.rule)}
    taken = "\n".join(each.span.of(document.text) for each in others)
    assert (gone in taken) if gone else not others
    assert stays not in taken


def test_it_goes_from_every_document_of_the_mail(make) -> None:
    """Found in the note that stays behind, it goes from the report in which nothing was found; a document without it is sent whole."""
    note = make.plain(f"Dear all, {HEALTH}. Please find the report attached.", name="note.txt", format_name="txt")
    report = make.plain(REPORT.format(said=HEALTH, again="Nothing more."))
    other = make.plain(REPORT.format(said="All is well", again="Nothing more."), name="other.docx")
    case = make.case(note, report, other, kinds=(DocumentKind.OTHER,))
    plan = propose(case, [make.finding(note, HEALTH, category=Category.THIRD_PARTY_HEALTH)])
    assert [each.span.of(report.text) for each in plan.documents[1].removals] == [HEALTH]
    assert plan.documents[2].treatment is Treatment.SEND
