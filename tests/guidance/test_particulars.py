"""Whom a submission is about, who wrote it, and what the family knows of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.domain.conference import Author, Consent, Sight, Whose
from pipeline.domain.documents import Block, BlockKind, Document
from pipeline.domain.mail import Address, Agency, Attachment, AuthenticationResult, Submission
from pipeline.domain.people import DocumentKind, KindVerdict, Mention, Person, Reading, Role, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance import lexicons, sharing
from pipeline.guidance.authorship import author_of
from pipeline.guidance.family import disagreements, family
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.particulars import particulars
from pipeline.guidance.view import ReportView

RECEIVED = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
FAMILY = {
    "Nell Archer": Role.SUBJECT_CHILD,
    "Tam Archer": Role.SUBJECT_CHILD,
    "Gwen Archer": Role.MOTHER,
    "Ray Archer": Role.FATHER,
    "Dr Ada Finch": Role.PROFESSIONAL,
}


@pytest.fixture(scope="module")
def words(rules_dir: Path) -> Lexicons:
    """The word lists that are shipped."""
    return lexicons.load(rules_dir)


def _roster(people: dict[str, Role]) -> Roster:
    return Roster(tuple(Person(f"p{n}", role, (PersonalText(name),)) for n, (name, role) in enumerate(people.items())))


def _reading(text: str, people: dict[str, Role]) -> Reading:
    """A report in which every name, in full or its first word alone, is a mention."""
    mentions = []
    for number, name in enumerate(people):
        first = name.split()[-2]
        found = re.finditer(rf"\b(?:{re.escape(name)}|{re.escape(first)})\b", text)
        mentions += [Mention(Span(*match.span()), "PERSON", 1.0, "test", f"p{number}") for match in found]
    lines = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    document = Document(
        Attachment(PersonalText("report.docx"), b""),
        format="docx",
        text=PersonalText(text),
        blocks=tuple(Block(BlockKind.PARAGRAPH, span) for span in lines),
    )
    return Reading(document, KindVerdict(DocumentKind.CONFERENCE_REPORT, 1.0), tuple(sorted(mentions, key=lambda one: one.span)))


def _submission(name: str = "", subject: str = "") -> Submission:
    return Submission(
        raw=b"",
        message_id="<one@nhs.net>",
        sender=Address("ada.finch@nhs.net", PersonalText(name)),
        recipients=(),
        subject=PersonalText(subject),
        received=RECEIVED,
        sent=RECEIVED,
        body=None,
        attachments=(),
        authentication=AuthenticationResult.PASS,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nell Archer, born 3 March 2019", {"Nell": date(2019, 3, 3)}),
        ("Child: Nell Archer\nDOB: 03/03/2019\nConference: 19/10/2026", {"Nell": date(2019, 3, 3)}),
        ("Nell Archer (d.o.b. 3.3.19) and Tam Archer (d.o.b. 4.4.21)", {"Nell": date(2019, 3, 3), "Tam": date(2021, 4, 4)}),
        ("Nell Archer and Tam Archer, twins, born 3 March 2019", {"Nell": date(2019, 3, 3), "Tam": date(2019, 3, 3)}),
        ("Nell Archer and Tam Archer, born 3 March 2019", {}),
        ("\tNell Archer\tTam Archer\nBorn\t3 March 2019\t4 April 2021", {"Nell": date(2019, 3, 3), "Tam": date(2021, 4, 4)}),
        ("Nell Archer. Her mother Gwen Archer, born 2.2.85", {}),
        ("Child: Nell Archer, seen 3 March 2019", {}),
        ("Nell Archer dob 3/3/19. ICPC 19/10/26", {"Nell": date(2019, 3, 3)}),
        ("Nell Archer, born 3 March 2019\nNell Archer, born 3 May 2019", {}),
    ],
)
def test_gives_each_child_its_own_birthday(words: Lexicons, text: str, expected: dict[str, date]) -> None:
    """A date belongs to the child named before it, in a line, a form or a column; an adult's, or one that may be another's, is nobody's."""
    children, _ = family(_roster(FAMILY), [_reading(text, FAMILY)], "", RECEIVED.date(), words)

    assert {str(child.name).split()[0]: child.born for child in children if child.born} == expected
    assert all(evidence.span and evidence.span.of(text) == evidence.quote for child in children for evidence in child.birth_evidence)


def test_two_birthdays_of_one_child_are_a_conflict(words: Lexicons) -> None:
    """Both places are shown and neither is believed."""
    text = "Nell Archer, born 3 March 2019\nNell Archer, born 3 May 2019"
    children, _ = family(_roster(FAMILY), [_reading(text, FAMILY)], "", RECEIVED.date(), words)

    assert [evidence.quote for evidence in children[0].birth_evidence] == ["3 May 2019", "3 March 2019"]
    assert list(disagreements(children))


def test_knows_when_an_unborn_child_is_due(words: Lexicons) -> None:
    """The day a baby is due belongs to the unborn child, whose name seldom stands beside it."""
    people = {"Unborn baby Archer": Role.SUBJECT_CHILD, "Gwen Archer": Role.MOTHER}
    children, carers = family(_roster(people), [_reading("Gwen Archer, EDD 19 January 2027", people)], "", RECEIVED.date(), words)

    assert (children[0].due, children[0].born) == (date(2027, 1, 19), None)
    assert [(carer.name, carer.role) for carer in carers] == [("Gwen Archer", Role.MOTHER)]


@pytest.mark.parametrize("word", ["Action", "EPDS", "Visit", "Vit", "Cousin", "Registered", "Movicol"])
def test_words_of_forms_are_no_children(words: Lexicons, word: str) -> None:
    """A word of the word lists that is no given name, taken for a child's name elsewhere, is passed over."""
    people = {f"{word} Archer": Role.SUBJECT_CHILD, "Nell Archer": Role.SUBJECT_CHILD}
    children, _ = family(_roster(people), [_reading(f"{word} by Nell Archer", people)], "", RECEIVED.date(), words)

    assert [str(child.name) for child in children] == ["Nell Archer"]


def test_what_numbers_pages_is_no_child(words: Lexicons) -> None:
    """'Page 1 of 2' is nobody; a child of that name who is spoken of is somebody."""
    people = {"Page Archer": Role.SUBJECT_CHILD, "Nell Archer": Role.SUBJECT_CHILD}
    children, _ = family(_roster(people), [_reading("Page 1 of 2\nNell Archer", people)], "", RECEIVED.date(), words)
    told, _ = family(_roster(people), [_reading("Page Archer and Nell Archer", people)], "", RECEIVED.date(), words)

    assert [str(child.name) for child in children] == ["Nell Archer"]
    assert len(told) == 2


AGREEMENT = [
    ("Consent: Gwen agreed by phone on 9 October.", [(Whose.MOTHER, Consent.GIVEN)], Consent.GIVEN),
    ("Consent: mum said no to the report.", [(Whose.MOTHER, Consent.REFUSED)], Consent.REFUSED),
    (
        "Consent: Gwen agreed, Ray was not asked.",
        [(Whose.MOTHER, Consent.GIVEN), (Whose.FATHER, Consent.NOT_ASKED)],
        Consent.UNCLEAR,
    ),
    (
        "Mr Archer does not agree to this report being shared; I am sharing it without his agreement.",
        [(Whose.UNCLEAR, Consent.REFUSED), (Whose.UNCLEAR, Consent.SHARED_WITHOUT)],
        Consent.SHARED_WITHOUT,
    ),
    ("Consent: both parents were told that I am writing.", [(Whose.PARENTS, Consent.ASKED)], Consent.ASKED),
    ("Ray does not object to this report being shared.", [(Whose.FATHER, Consent.GIVEN)], Consent.GIVEN),
    ("The baby feeds well. Her weight is on the 25th line.", [], Consent.UNCLEAR),
    ("Gwen agreed to the operation in May.", [], Consent.UNCLEAR),
]


@pytest.mark.parametrize(("text", "said", "whole"), AGREEMENT, ids=[text[:40] for text, _, _ in AGREEMENT])
def test_reads_agreement(words: Lexicons, text: str, said: list[tuple[Whose, Consent]], whole: Consent) -> None:
    """Who agreed, refused or was not asked is told piece by piece, and in a word only where all say the same."""
    report = ReportView(0, _reading(text, FAMILY), words)
    agreements, _ = sharing.told(report, _roster(FAMILY))

    assert [(one.whose, one.outcome) for one in agreements] == said
    assert sharing.consent(agreements) is whole
    assert all(one.evidence.span and one.evidence.span.of(text) == one.evidence.quote for one in agreements)


SIGHT = [
    ("Report seen by parents: Yes, 9 October 2026", Sight.SEEN),
    ("Report seen by parents: No", Sight.NOT_YET),
    ("Gwen has read this report and is happy for it to be shared.", Sight.SEEN),
    ("The report has not been shared with Gwen because it would not be safe.", Sight.NOT_YET),
    ("I have seen him at home three times.", Sight.UNCLEAR),
]


@pytest.mark.parametrize(("text", "expected"), SIGHT, ids=[text[:40] for text, _ in SIGHT])
def test_reads_who_has_seen_the_report(words: Lexicons, text: str, expected: Sight) -> None:
    """A label with its answer and a sentence both tell; what the author saw does not."""
    _, sightings = sharing.told(ReportView(0, _reading(text, FAMILY), words), _roster(FAMILY))

    assert sharing.sight(sightings) is expected


@pytest.mark.parametrize(
    ("text", "sender", "expected"),
    [
        ("Report by: Dr Ada Finch, community paediatrician\nNell is well.", "", ("Dr Ada Finch", "community paediatrician")),
        ("Completed by\nDr Ada Finch\nHealth visitor", "", ("Dr Ada Finch", "Health visitor")),
        ("Nell is well.\n\nYours sincerely\nDr Ada Finch\nConsultant", "", ("Dr Ada Finch", "Consultant")),
        ("Nell is well.", "FINCH, Ada (ELM ROAD SURGERY)", ("Ada FINCH", "")),
        ("Nell is well.", "Elm Road Surgery", None),
    ],
)
def test_finds_the_author(words: Lexicons, text: str, sender: str, expected: tuple[str, str] | None) -> None:
    """The report's own word comes first, then the sender's name; a shared mailbox is nobody."""
    author: Author | None = author_of(_submission(sender), [_reading(text, FAMILY)], _roster(FAMILY), words)

    assert (author and (author.name, author.role)) == expected


def test_all_particulars_come_with_their_place(words: Lexicons) -> None:
    """Agency, names, author and agreement each show the words they rest on."""
    text = "GP report\nNell Archer\nMother: Gwen Archer\nReport by: Dr Ada Finch, GP\nConsent: Gwen agreed on 9 October."
    told = particulars(_submission(subject="Nell Archer"), [_reading(text, FAMILY)], _roster(FAMILY), Agency.GP, words)

    assert told.agency_evidence[0].quote == "GP"
    assert [evidence.document for evidence in told.children[0].evidence] == [0, None]
    assert (told.consent, told.author and told.author.name) == (Consent.GIVEN, "Dr Ada Finch")
    assert "Archer" not in repr(told)
