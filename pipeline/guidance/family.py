"""Finds the children of a submission, when each was born or is due, and those who care for them, each with where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.domain.conference import Carer, Child, Evidence
from pipeline.domain.people import DocumentKind, Mention, Person, Reading, Role, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance.conference_dates import Dated, dates_in
from pipeline.guidance.lexicons import Lexicons

CARERS = (Role.MOTHER, Role.FATHER, Role.PARTNER, Role.CARER)
LATEST_DUE = timedelta(days=300)
"""A baby is due at most so long after its mother knows of it."""
LINES_UP = 3
"""Lines above a date of birth in which the name it belongs to may stand, as in a form with a label a line."""
BORN = re.compile(r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bborn\b|\bbirth ?date\b|[\s(,;|]b\.)[^\d\n]{0,12}$", re.IGNORECASE)
BORN_ROW = re.compile(r"^\W*(?:d\.?\s?o\.?\s?b\.?|date of birth|born|birth ?date)\W*\t", re.IGNORECASE)
"""A row of a table with a child a column; its first cell says what it is."""
DUE = re.compile(r"\b(?:e\.?d\.?[dc]\.?|due|expected|estimated)\b[^.;\n\d]{0,30}$", re.IGNORECASE)
ADULT = re.compile(
    r"\b(?:mum|mother|mo|dad|father|fa|parents?|partner|carers?|step\w+|gran\w*|nan|spouse|husband|wife|client|patient)\b", re.IGNORECASE
)
JOINED = re.compile(r"[\s,&+/]*(?:and|\+|&|,|/)?[\s]*", re.IGNORECASE)
ALL_OF_THEM = re.compile(r"\b(?:twins?|triplets?|both|all (?:two|three|four|\d))\b", re.IGNORECASE)
UNBORN = "Unborn"
NUMBERED = re.compile(r"\s*\d+\s*(?:of|/)\s*\d+\b")
"""After a word that is no name: 'Page 2 of 3'."""


@dataclass(frozen=True, slots=True)
class _Birth:
    """A date of birth, or the day a child is due, and whose it is."""

    person: str
    day: date
    due: bool
    evidence: Evidence


def family(
    roster: Roster, readings: Sequence[Reading], subject: str, received: date, words: Lexicons
) -> tuple[tuple[Child, ...], tuple[Carer, ...]]:
    """The children the submission is about, and their carers, in the order of the roster.

    A lone word that is no first name known, and that nothing else calls a person, is passed over, and so are words of forms ('Action',
    'EPDS') and what numbers pages ('Page 2 of 3').
    """
    told = _told(readings)
    births: defaultdict[str, list[_Birth]] = defaultdict(list)
    for index, reading in told:
        for birth in _births(index, reading, roster, received):
            births[birth.person].append(birth)
    children = tuple(_child(person, _where(person, told, subject), births[person.id]) for person in roster.with_role(Role.SUBJECT_CHILD))
    carers = tuple(Carer(person.names[0], person.role, _where(person, told, subject)) for person in roster.with_role(*CARERS))
    return (
        tuple(one for one in children if one.birth_evidence or _is_somebody(one.name, one.evidence, words, readings)),
        tuple(one for one in carers if _is_somebody(one.name, one.evidence, words, readings)),
    )


def _is_somebody(name: str, where: Sequence[Evidence], words: Lexicons, readings: Sequence[Reading]) -> bool:
    """Whether a name stands in full somewhere, or in the subject line, or is a known first name or one after a title."""
    if name.startswith(UNBORN):
        return True
    first = name.casefold().split()[0].split("-")[0]
    if first in words.form_words or (where and all(_numbers_pages(one, readings) for one in where)):
        return False
    return first in words.child.first_names or any(one.document is None or " " in one.quote.strip() for one in where)


def _numbers_pages(said: Evidence, readings: Sequence[Reading]) -> bool:
    return (
        said.document is not None and said.span is not None and bool(NUMBERED.match(readings[said.document].document.text, said.span.end))
    )


def disagreements(children: Iterable[Child]) -> Iterator[str]:
    """What is said of births and does not agree."""
    if any(len(child.birth_evidence) > 1 and child.born is None and child.due is None for child in children):
        yield "A child's date of birth, or the day a baby is due, is given in more than one way."


def _told(readings: Sequence[Reading]) -> list[tuple[int, Reading]]:
    """The documents that may tell of the family, with their index, reports first."""
    kinds = (DocumentKind.CONFERENCE_REPORT, DocumentKind.OTHER, DocumentKind.MEETING_MINUTES)
    ranked = [(index, reading) for index, reading in enumerate(readings) if reading.kind.kind in kinds]
    return sorted(ranked, key=lambda one: (kinds.index(one[1].kind.kind), one[0]))


def _child(person: Person, where: tuple[Evidence, ...], births: Sequence[_Birth]) -> Child:
    days = {(birth.day, birth.due) for birth in births}
    born = {day for day, due in days if not due}
    due = {day for day, due in days if due}
    evidence = tuple({(birth.day, birth.due): birth.evidence for birth in reversed(births)}.values())
    sure = len(born) <= 1 and len(due) <= 1 and not (born and due)
    return Child(
        name=person.names[0],
        born=born.pop() if sure and born else None,
        due=due.pop() if sure and due else None,
        evidence=where,
        birth_evidence=evidence,
    )


def _where(person: Person, told: Sequence[tuple[int, Reading]], subject: str) -> tuple[Evidence, ...]:
    """The first place in each document where the person is named, and the subject line."""
    found = []
    for index, reading in told:
        mention = next((one for one in reading.mentions if one.person == person.id), None)
        if mention is not None:
            found.append(Evidence(index, mention.span, mention.span.of(reading.document.text)))
    named = next((name for name in person.names if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", subject, re.IGNORECASE)), None)
    if named is not None:
        found.append(Evidence(None, None, PersonalText(named)))
    return tuple(found)


def _births(index: int, reading: Reading, roster: Roster, received: date) -> Iterator[_Birth]:
    text = str(reading.document.text)
    known = {person.id: person for person in roster.people}
    names = [mention for mention in reading.mentions if mention.person in known]
    for dated in dates_in(text, received):
        birth = _is_birth(dated.span, text)
        due = not birth and bool(DUE.search(text[max(0, dated.span.start - 45) : dated.span.start]))
        day = _past(dated, received) if birth else dated.day
        if not (birth or due) or (due and not abs(dated.day - received) <= LATEST_DUE):
            continue
        for owner in _owners(dated.span, text, names, known):
            person = _subject(known[owner], roster)
            if person is None:
                continue
            unborn = person.names[0].startswith(UNBORN)
            if unborn is due:
                yield _Birth(person.id, day, due, Evidence(index, dated.span, dated.span.of(text)))
        if due:
            yield from (_Birth(one.id, day, due, Evidence(index, dated.span, dated.span.of(text))) for one in _only_unborn(roster))


def _is_birth(span: Span, text: str) -> bool:
    """Whether the words before a date, or the first cell of its row, call it a date of birth."""
    line = text.rfind("\n", 0, span.start) + 1
    return bool(BORN.search(text[max(0, span.start - 40) : span.start]) or BORN_ROW.match(text[line : span.start]))


def _subject(person: Person, roster: Roster) -> Person | None:
    """The subject child somebody is: itself, or the only one whose name this one writes in full ('J Vale', 'Jenna Vale')."""
    if person.role is Role.SUBJECT_CHILD:
        return person
    if person.role is not Role.UNCLEAR:
        return None
    first, last = person.names[0].partition(" ")[0], person.names[0].rpartition(" ")[2]
    same = [
        one for one in roster.with_role(Role.SUBJECT_CHILD) if re.fullmatch(rf"{re.escape(first[:1])}\.? {re.escape(last)}", one.names[0])
    ]
    return same[0] if len(same) == 1 and last else None


def _only_unborn(roster: Roster) -> tuple[Person, ...]:
    """The unborn child, where there is just one: whatever is due is that child, whose name seldom stands beside the date."""
    unborn = tuple(one for one in roster.with_role(Role.SUBJECT_CHILD) if one.names[0].startswith(UNBORN))
    return unborn if len(unborn) == 1 else ()


def _past(dated: Dated, received: date) -> date:
    """A birthday lies in the past: '85' is 1985."""
    return dated.day if dated.day <= received else dated.day.replace(year=dated.day.year - 100)


def _owners(span: Span, text: str, names: Sequence[Mention], known: dict[str, Person]) -> tuple[str, ...]:
    """Whose date stands here: of the last one named before it on its line, else on the lines above; several where they share it."""
    line = text.rfind("\n", 0, span.start) + 1
    if BORN_ROW.match(text[line : span.start]):
        return _heading_of_column(span, text, names)
    for _ in range(LINES_UP + 1):
        before = [mention for mention in names if line <= mention.span.start and mention.span.end <= span.start]
        if before:
            between = text[before[-1].span.end : span.start]
            return () if ADULT.search(between) and known[str(before[-1].person)].role is Role.SUBJECT_CHILD else _joined(before, text, span)
        if ADULT.search(text[line : span.start]):
            return ()
        if not line:
            break
        line = text.rfind("\n", 0, line - 1) + 1
    children = [person.id for person in known.values() if person.role in {Role.SUBJECT_CHILD, Role.SIBLING, Role.OTHER_CHILD}]
    return tuple(children) if len(children) == 1 else ()


def _heading_of_column(span: Span, text: str, names: Sequence[Mention]) -> tuple[str, ...]:
    """Who is named in the same column of a row above; nobody where no row above has a name there."""
    line = text.rfind("\n", 0, span.start) + 1
    column = text.count("\t", line, span.start)
    for _ in range(LINES_UP):
        if not line:
            break
        end, line = line - 1, text.rfind("\n", 0, line - 1) + 1
        above = [one for one in names if line <= one.span.start < end and text.count("\t", line, one.span.start) == column]
        if above:
            return (str(above[0].person),)
    return ()


def _joined(before: Sequence[Mention], text: str, span: Span) -> tuple[str, ...]:
    """The last one named, with those named with them where the words say that it is true of all: 'twins born on …'."""
    end = text.find("\n", span.end)
    sentence = text[before[0].span.start : end if end >= 0 else len(text)]
    group = [before[-1]]
    for mention in reversed(before[:-1]):
        if not JOINED.fullmatch(text[mention.span.end : group[0].span.start]):
            break
        group.insert(0, mention)
    if len(group) == 1:
        return (str(group[0].person),)
    return tuple(dict.fromkeys(str(mention.person) for mention in group)) if ALL_OF_THEM.search(sentence) else ()
