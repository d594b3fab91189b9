"""Reads one text for what it tells of the people named in it: labels of forms, relations beside names, titles, and places in the head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.domain.people import Role
from pipeline.domain.text import Span
from pipeline.recognition.lexicon import PeopleLexicon, Sex
from pipeline.recognition.names import PROFESSIONAL_TITLES, TITLES, Name, NameFinder
from pipeline.recognition.relations import Relations, Told

_LISTED_ROLES = frozenset({Role.SUBJECT_CHILD, Role.SIBLING, Role.OTHER_CHILD})
"""Roles that hold for every name of a list when they hold for its last."""

HEAD = 14
"""How many lines of a text count as its head."""

_LABEL = re.compile(
    r"^[\W\d_]{0,4}(?P<label>[A-Za-z][A-Za-z'’()/ -]{0,48}?)(?: ?\d| [a-d])?[ ]?(?:[:\t]| - | – |\?)[ \t]*(?P<value>\S.*)?$"
)
_NAME_COLUMNS = frozenset({"name", "names", "full name", "who", "person", "household member", "family member"})
_OTHER_COLUMNS = frozenset(
    {
        "birth",
        "dob",
        "d.o.b",
        "d.o.b.",
        "born",
        "age",
        "relationship",
        "relation",
        "nhs",
        "school",
        "role",
        "lives",
        "year",
        "address",
        "gp",
        "number",
        "date",
        "term",
        "sex",
        "gender",
        "class",
    }
)
"""Words that headings beside the names have in the tables of families."""
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms))(?<!\bMrs)\. (?=[A-Z])")
_ENDS_CHILDREN = re.compile(r"\b(?:lives?|living|registered|who|school|mother|father|mum|dad)\b")
_SURE_SLOTS = frozenset({Role.SUBJECT_CHILD, Role.MOTHER, Role.FATHER, Role.SIBLING, Role.CARER, Role.PARTNER, Role.GRANDPARENT})
"""Slots that hold names and little else."""
_AGE = re.compile(
    r"^[\s,(:–-]{0,4}(?:(?:aged?|now|is|only|nearly|almost|girl|boy|,|a|who) ){0,3}(?:\d{1,2}(?!\d|[./-]\d|:)|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)\b"
    r"(?: ?(?:y|yrs?|years?|months?|mths?|weeks?|wks?|days?|m))?",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"^[\s,(:–-]{0,4}(?:\([^)]{0,20}\) ?)?(?:(?:a (?:girl|boy)|twins|twin (?:girls|boys|sisters|brothers)|both),? )?(?:d\.?o\.?b\.?|"
    r"date of birth|born|b\.|nhs|year \d|y\d\b|yr \d|reception|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2} \w{3,9} 20\d\d)",
    re.IGNORECASE,
)
_BABY_OF = re.compile(r"\b(?:baby|child|bump|twins|pregnancy|babies) of:?\s*$", re.IGNORECASE)
_TITLE_BEFORE = re.compile(r"\b(?:report|re|about|on|for|conference|concerning|regarding|child|and|&|,)\W*(?:on|about|for|re)?$|[:,–-]$")
_ALSO = re.compile(r"(?:\band|&|,) (?:his|her|their) (?:\w+[- ]){0,2}(?:brother|sister|sibling|twin),? ?$", re.IGNORECASE)
"""`X, born …, and her brother Y, born …`: both are subjects."""
_LISTED = re.compile(r"^(?:[\s,;]*\((?:[^()]{1,40})\))?(?:,? (?:\d{1,2}|aged \w+)(?: \w+)?)?\s*(?:,|;|&|\+|/|and|\n|, and)+\s*$")
"""What stands between the names of a list."""
_ADULT_YEARS = re.compile(r"\b(?:19\d\d|200[0-7])\b|[./-](?:[4-9]\d|0[0-7])\b")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name where it tells something: the role it speaks for, how strongly, and the sex if it tells."""

    name: Name
    role: Role
    weight: float
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One text of a submission: subject, body or document. `believed` is what the language model takes for people."""

    text: str
    believed: tuple[Span, ...] = ()
    is_subject: bool = False


class Witness:
    """Reads texts with one lexicon."""

    def __init__(self, lexicon: PeopleLexicon) -> None:
        self._lexicon = lexicon
        self._finder = NameFinder(lexicon)
        self._relations = Relations(lexicon)

    def sightings(self, source: Source) -> Iterator[Sighting]:
        """Every name of the text where it tells something."""
        text = source.text
        slotted = {name.span: (name, role) for name, role in self._labelled(text, source.believed)}
        slots = {span: role for span, (_, role) in slotted.items()}
        free = {name.span: name for name in self._finder.find(text, source.believed)}
        head_end = end_of_head(text)
        free |= {name.span: name for name in self._aged_in_head(text[:head_end])}
        names = sorted((free | {span: name for span, (name, _) in slotted.items()}).values(), key=lambda name: name.span)
        beside = self._relations.reader(text)
        previous: tuple[Name, Sighting] | None = None
        for name in reversed(names):
            made = list(self._of_name(text, name, slots.get(name.span), beside(name), source, head_end))
            if previous is not None and _joins(made, previous[1]) and _LISTED.match(text[name.span.end : previous[0].span.start]):
                made = [Sighting(name, previous[1].role, previous[1].weight)]
            heavy = max(made, key=lambda one: one.weight, default=None)
            previous = (name, heavy) if heavy is not None and heavy.role in _LISTED_ROLES and heavy.weight else None
            yield from made
        yield from self._parents(text, names, beside)

    @staticmethod
    def _parents(text: str, names: list[Name], beside: Callable[[Name], Told | None]) -> Iterator[Sighting]:
        """`The parents, A and B`: what is said of the first holds for the second."""
        for first, second in pairwise(names):
            between = text[first.span.end : second.span.start]
            if len(between) < 30 and _LISTED.match(between) and (told := beside(first)) is not None and told.role is Role.CARER:
                yield Sighting(second, Role.CARER, told.weight)

    def _aged_in_head(self, head: str) -> Iterator[Name]:
        """Names on a line of their own in the head with an age or birth behind them, whatever they look like."""
        start = 0
        for line in head.split("\n"):
            for name in self._finder.listed(line[:90]):
                after = line[name.span.end :]
                if _BIRTH.match(after) or _AGE.match(after):
                    yield Name(name.span.shifted(start), name.title, name.words)
            start += len(line) + 1

    def _of_name(self, text: str, name: Name, slot: Role | None, told: Told | None, source: Source, head_end: int) -> Iterator[Sighting]:
        """What one place says of one name."""
        if told is not None and told.role is Role.SIBLING and name.span.start < head_end and _is_also_subject(text, name):
            yield Sighting(name, Role.SUBJECT_CHILD, 2.0, told.sex)
            return
        if told is not None and slot is Role.SUBJECT_CHILD and told.role in _LISTED_ROLES:
            told = None  # 'Pupil: …' is a label, no relation
        if told is not None:
            yield Sighting(name, told.role, told.weight, told.sex)
        if slot is not None and slot is not Role.UNCLEAR and not (told is not None and slot is not Role.PROFESSIONAL):
            yield Sighting(name, slot, 3.0 if slot is not Role.SUBJECT_CHILD or not self._adult_here(text, name) else 0.0)
        if name.title:
            yield from self._by_title(name)
        if told is None and slot is None and not name.title and (source.is_subject or name.span.start < head_end):
            yield from self._by_place(text, name, source)
        if _BABY_OF.search(text[max(0, name.span.start - 24) : name.span.start]):
            yield Sighting(name, Role.MOTHER, 4.0, "f")

    def _by_title(self, name: Name) -> Iterator[Sighting]:
        if name.title in PROFESSIONAL_TITLES:
            yield Sighting(name, Role.PROFESSIONAL, 2.0, TITLES[name.title])
        else:
            yield Sighting(name, Role.UNCLEAR, 0.0, TITLES[name.title])

    def _by_place(self, text: str, name: Name, source: Source) -> Iterator[Sighting]:
        after = text[name.span.end : name.span.end + 45]
        if self._adult_here(text, name):
            return
        if _BIRTH.match(after) or _AGE.match(after):
            yield Sighting(name, Role.SUBJECT_CHILD, 2.0)
        elif source.is_subject:
            yield Sighting(name, Role.SUBJECT_CHILD, 0.6)
        else:
            line = _line_at(text, name.span.start)
            before = text[text.rfind("\n", 0, name.span.start) + 1 : name.span.start].strip(" #*:").lower()
            if len(line.split()) <= 14 and (not before or _TITLE_BEFORE.search(before)):
                yield Sighting(name, Role.SUBJECT_CHILD, 0.5)

    @staticmethod
    def _adult_here(text: str, name: Name) -> bool:
        """Whether an adult's age or year of birth stands beside the name."""
        after = text[name.span.end : name.span.end + 40].split("\n", maxsplit=1)[0]
        age = re.match(r"^[\s,(]{1,3}(?:(?:is|now|aged?|who is) ){0,2}(\d{2})\b(?! ?(?:months?|mths?|weeks?|wks?|days?|m\b|[./-]))", after)
        if age:
            return int(age[1]) >= 18
        birth = re.match(r"^[\s,(]{0,3}(?:d\.?o\.?b\.?|born|b\.|date of birth)?[ :]{0,2}[^\n;)]{0,14}", after, re.IGNORECASE)
        return bool(
            birth and re.search(r"\d", birth[0]) and _ADULT_YEARS.search(birth[0]) and not re.search(r"\b20(?:0[89]|[12]\d)\b", birth[0])
        )

    def _labelled(self, text: str, believed: tuple[Span, ...]) -> Iterator[tuple[Name, Role]]:
        """Names in a form's slots: behind a label on its line, or beneath a label that stands alone."""
        pending: Role | None = None
        columns: tuple[Role | None, ...] = ()
        start = 0
        for line in text.split("\n"):
            cells = line.split("\t")
            if len(cells) > 1 and len(columns) == len(cells):
                yield from self._in_row(cells, start, columns, believed)
                start += len(line) + 1
                continue
            columns = self._columns(cells) if len(cells) > 1 else ()
            found = _LABEL.match(line)
            role = self._role_of(found["label"]) if found else None
            if found and role is not None:
                pending = role if not found["value"] else None
                if found["value"]:
                    yield from self._in_value(line, start, found.start("value"), role, believed)
            elif line.strip():
                bare = self._role_of(line)
                if pending is not None and bare is None:
                    yield from self._in_value(line, start, 0, pending, believed)
                    pending = pending if len(line) < 60 and pending is Role.SUBJECT_CHILD else None
                else:
                    pending = bare
            start += len(line) + 1

    def _columns(self, cells: list[str]) -> tuple[Role | None, ...]:
        """The roles a table's header row gives its columns; empty where the line is no header of two labels or more."""
        roles = tuple(Role.UNCLEAR if cell.strip().lower() in _NAME_COLUMNS else self._role_of(cell) for cell in cells)
        is_header = len(cells) > 1 and all(cell.strip() and len(cell) < 40 and not re.search(r"\d", cell) for cell in cells)
        return roles if is_header and any(roles) and not _OTHER_COLUMNS.isdisjoint(line_words(cells)) else ()

    def _in_row(
        self, cells: list[str], start: int, columns: tuple[Role | None, ...], believed: tuple[Span, ...]
    ) -> Iterator[tuple[Name, Role]]:
        """The names of a row under headings such as `Name | Relationship | D.O.B.`; a cell that says the relation gives the role."""
        kin = next((one for cell in cells if (one := self._relations.kin(re.sub(r"\W+$|^\W+", "", cell))) is not None), None)
        told = next((role for cell in cells if re.search(r"\bsubject\b", cell, re.IGNORECASE) for role in (Role.SUBJECT_CHILD,)), None)
        for cell, role in zip(cells, columns, strict=True):
            if role is not None:
                by_kin = kin.of_child if kin is not None and role in {Role.UNCLEAR, Role.CARER} else None
                yield from self._in_value(cell, start, 0, told or by_kin or role, believed)
            start += len(cell) + 1

    def _role_of(self, label: str) -> Role | None:
        bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", label.replace("’", "'").lower())
        bare = re.sub(r"\s*\([^)]*$", "", re.sub(r"\s+", " ", bare))
        return self._lexicon.labels.get(bare)

    def _in_value(self, line: str, start: int, offset: int, role: Role, believed: tuple[Span, ...]) -> Iterator[tuple[Name, Role]]:
        value = line[offset:]
        shifted = tuple(
            span.shifted(-start - offset) for span in believed if start + offset <= span.start and span.end <= start + len(line)
        )
        stop = _ENDS_CHILDREN.search(value)
        limit = stop.start() if stop and role is Role.SUBJECT_CHILD else len(value)
        found = {
            name.span: name for name in [*self._finder.find(value, shifted), *(self._finder.listed(value) if role in _SURE_SLOTS else ())]
        }
        for name in sorted(found.values(), key=lambda one: one.span):
            follows_sentence = _SENTENCE_END.search(value[: name.span.start]) is not None
            after = value[name.span.end :]
            if name.span.start < limit and not (
                follows_sentence and not (role is Role.SUBJECT_CHILD and (_BIRTH.match(after) or _AGE.match(after)))
            ):
                yield Name(name.span.shifted(start + offset), name.title, name.words), role


def _is_also_subject(text: str, name: Name) -> bool:
    """Whether a sibling is listed beside the child in the head with an age or birth: `X, born …, and her brother Y, born …`."""
    after = text[name.span.end : name.span.end + 45]
    before = text[max(0, name.span.start - 30) : name.span.start]
    return _ALSO.search(before) is not None and (_BIRTH.match(after) or _AGE.match(after)) is not None


def line_words(cells: Iterable[str]) -> frozenset[str]:
    """The words of a row in lower case."""
    return frozenset(word.strip("():,") for cell in cells for word in re.split(r"[\s/]+", cell.lower()))


def _joins(made: list[Sighting], last: Sighting) -> bool:
    """Whether a name of a list may take the role of the list's last: nothing heavier or other is said of it."""
    return all(one.weight < last.weight and one.role in {last.role, Role.UNCLEAR} for one in made)


def _line_at(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]


def end_of_head(text: str) -> int:
    """Where the first lines of a text end, blank ones not counted."""
    position = -1
    for _ in range(HEAD):
        following = text.find("\n", position + 1)
        while following >= 0 and not text[position + 1 : following].strip():
            position, following = following, text.find("\n", following + 1)
        if following < 0:
            return len(text)
        position = following
    return position
