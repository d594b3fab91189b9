"""Who is spoken of, and whom each statement is about."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.domain.people import About, Role
from pipeline.recognition.attribution import Attributor
from pipeline.recognition.lexicon import PeopleLexicon
from pipeline.recognition.roster import RosterBuilder
from pipeline.recognition.sightings import Source
from pipeline.recognition.statements import split

FAMILY = """Child: Ben Orr, born 2 February 2017
Mother: Tessa Orr
Father: Lee Crane, lives in Hull
Sibling: Maisie Orr, 14
Completed by: Amina Hill, health visitor"""

ROSTERS = [
    (
        FAMILY,
        {"Ben Orr": "subject_child", "Tessa Orr": "mother", "Lee Crane": "father", "Maisie Orr": "sibling", "Amina Hill": "professional"},
    ),
    (
        "Children: Alfie Orr (7), Noor Orr (4) and Ida Orr (1)",
        {"Alfie Orr": "subject_child", "Noor Orr": "subject_child", "Ida Orr": "subject_child"},
    ),
    (
        (
            "Name\tRelationship\tD.O.B.\nBen Orr\tSubject child\t02/02/2017\n"
            "Tessa Orr\tMother\t04/03/1989\nSeán O'Dowd-Hussain\tStepfather\t01/01/1985"
        ),
        {"Ben Orr": "subject_child", "Tessa Orr": "mother", "Seán O'Dowd-Hussain": "partner"},
    ),
    ("Child: Chidi Okonkwo\n\nHis aunt Ngozi collects him.", {"Chidi Okonkwo": "subject_child", "Ngozi": "relative"}),
    ("Child: Ben Orr\n\nMum's new partner, Craig, was there.", {"Ben Orr": "subject_child", "Craig": "partner"}),
    (
        "Child: Ben Orr\n\nDr Penn and PC Lunn came. The neighbour, Mrs Vale, rang.",
        {"Penn": "professional", "Lunn": "professional", "Vale": "third_party"},
    ),
    (
        "Unborn baby of: Tessa Crane, due 4 January 2027\nFather: Lee Moss",
        {"Unborn baby Crane": "subject_child", "Tessa Crane": "mother", "Lee Moss": "father"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), ROSTERS)
def test_people_and_roles(text: str, expected: dict[str, str], lexicon: PeopleLexicon) -> None:
    """Labels, tables, relations and titles give each person a role."""
    people = RosterBuilder(lexicon).build([Source(text)]).roster.people
    roles = {str(name): person.role.value for person in people for name in person.names}
    assert {name: roles.get(name) for name in expected} == expected


def test_one_person_is_met_once_under_every_name(lexicon: PeopleLexicon) -> None:
    """Given name, initial, title and full name in subject, form and text are one person."""
    sources = [Source("Report for Ben O", is_subject=True), Source(FAMILY + "\n\nBen was tired. Ms Orr and Tessa agreed.")]
    people = RosterBuilder(lexicon).build(sources).roster
    assert len(people.with_role(Role.SUBJECT_CHILD)) == 1
    mothers = people.with_role(Role.MOTHER)
    assert [len(mothers), "Tessa" in mothers[0].names] == [1, True]


def test_the_sender_is_a_professional(lexicon: PeopleLexicon) -> None:
    """Whoever sent the mail is no relative of the child."""
    people = RosterBuilder(lexicon).build([Source(FAMILY)], author="Dr Ottoline Bright").roster
    assert "Ottoline Bright" in {str(person.names[0]) for person in people.with_role(Role.PROFESSIONAL)}


STATEMENTS = [
    ("Tessa has migraine.", About.ADULT),
    ("Mum had a coil fitted in May.", About.ADULT),
    ("Ben has asthma.", About.CHILD),
    ("Maisie takes tablets for anxiety.", About.SIBLING),
    ("His maternal aunt has bipolar disorder.", About.THIRD_PARTY),
    ("His previous partner's brother is HIV positive.", About.THIRD_PARTY),
    ("The neighbour told us about the shouting.", About.THIRD_PARTY),
    ("Tessa's sister had a termination.", About.THIRD_PARTY),
    ("Tessa told me that her mother has dementia.", About.THIRD_PARTY),
    ("Ben told me that his gran is on dialysis.", About.THIRD_PARTY),
    ("I have known the family since May.", None),
]


@pytest.mark.parametrize(("sentence", "about"), STATEMENTS)
def test_whom_a_statement_is_about(sentence: str, about: About | None, lexicon: PeopleLexicon, document: Any) -> None:
    """Names, relations, chains of relations and reported speech lead to the person whose information it is."""
    assert _about(FAMILY, sentence, lexicon, document)[-1] is about


def test_a_pronoun_follows_the_person_last_spoken_of(lexicon: PeopleLexicon, document: Any) -> None:
    """'He' after a sentence on the father is the father."""
    assert _about(FAMILY, "Lee came to see me. He has gout.", lexicon, document)[-1] is About.ADULT


def _about(family: str, sentence: str, lexicon: PeopleLexicon, document: Any) -> list[About | None]:
    made = document(f"{family}\n\n{sentence}")
    people = RosterBuilder(lexicon).build([Source(str(made.text))])
    return [statement.about for statement in Attributor(lexicon, people).attribute(made, split(made))]
