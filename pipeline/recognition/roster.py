"""Gathers who is spoken of in a submission, and what each is to the child.

Every time a name stands somewhere telling (after 'Mother:', before '(stepdad)', beneath 'Child', in the heading with an age) is one
sighting with a weight; sightings of one person are brought together by name, and the heaviest role wins.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pipeline.domain.people import Person, Role, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.recognition.lexicon import PeopleLexicon, Sex
from pipeline.recognition.names import PROFESSIONAL_TITLES, TITLES, Name, NameFinder
from pipeline.recognition.sightings import Sighting, Source, Witness, end_of_head

_NEXT_PRONOUN = re.compile(r"\b(?:he|his|she|her)\b", re.IGNORECASE)
_UNBORN = re.compile(
    r"\b(?i:unborn(?: bab(?:y|ies))?|ubb|ub)(?: \(?(?:of|to|for)\)?)?[ :]+(?P<name>[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,3})|"
    r"\b(?i:unborn)\b|\bEDD\b|\bbaby (?:is )?due\b|\bpre-?birth\b",
)


@dataclass
class _Draft:
    """A person in the making."""

    number: int
    names: dict[tuple[str, ...], Name] = field(default_factory=dict)
    titles: Counter[str] = field(default_factory=Counter)
    votes: defaultdict[Role, float] = field(default_factory=lambda: defaultdict(float))
    sexes: Counter[Sex] = field(default_factory=Counter)
    as_subject: float = 0.0
    """The weight of the single strongest sighting as a subject child."""

    @property
    def fullest(self) -> tuple[str, ...]:
        """The longest name seen, lower case."""
        return max(self.names, key=len)

    @property
    def role(self) -> Role:
        """The heaviest role, or unclear."""
        return max(self.votes, key=lambda role: self.votes[role]) if self.votes else Role.UNCLEAR


@dataclass(frozen=True)
class People:
    """A roster with what attribution needs besides: each person's sex where it is known."""

    roster: Roster
    sexes: dict[str, Sex]


class RosterBuilder:
    """Builds rosters with one lexicon."""

    def __init__(self, lexicon: PeopleLexicon) -> None:
        self._lexicon = lexicon
        self._finder = NameFinder(lexicon)
        self._witness = Witness(lexicon)

    def build(self, sources: Sequence[Source], author: str = "") -> People:
        """Everybody spoken of in the texts; `author` is the sender's name as the mail gives it."""
        sightings = [sighting for source in sources for sighting in self._witness.sightings(source)]
        known = frozenset(word.lower() for sighting in sightings if sighting.weight >= 1 for word in sighting.name.words if len(word) > 2)
        if author:
            sightings += [Sighting(name, Role.PROFESSIONAL, 6.0) for name in self._finder.find(author)]
        passing = [one for source in sources for one in self._passing(source, known)]
        drafts = _merge([*sightings, *passing])
        unborn = self._unborn(sources, drafts)
        return _people(drafts, unborn, self._lexicon)

    def undecided(self, text: str) -> tuple[Span, ...]:
        """Where a text may hold a name that only the language model can tell."""
        return self._finder.undecided(text)

    def _passing(self, source: Source, known: frozenset[str]) -> Iterator[Sighting]:
        """Every mention of a name; it tells a sex where a title or the next pronoun does, and no other name stands between."""
        names = list(self._finder.find(source.text, source.believed, known))
        for name, following in zip_longest(names, names[1:]):
            end = min(name.span.end + 70, following.span.start if following else name.span.end + 70)
            pronoun = _NEXT_PRONOUN.search(source.text[name.span.end : end])
            sex: Sex | None = TITLES.get(name.title) or (None if pronoun is None else "m" if pronoun[0].lower() in {"he", "his"} else "f")
            yield Sighting(name, Role.UNCLEAR, 0.0, sex)

    def _unborn(self, sources: Sequence[Source], drafts: list[_Draft]) -> PersonalText | None:
        """The unborn child, called by the mother's surname, where a head or subject speaks of one."""
        for source in sources:
            head = source.text[: end_of_head(source.text)]
            found = next((one for one in _UNBORN.finditer(head) if one["name"]), None) or _UNBORN.search(head)
            if found:
                return PersonalText(f"Unborn baby {_surname_of_unborn(found['name'], drafts)}".strip())
        return None


def _surname_of_unborn(named: str | None, drafts: list[_Draft]) -> str:
    if named:
        return named.split()[-1]
    mothers = [draft for draft in drafts if draft.role is Role.MOTHER and len(draft.fullest) > 1]
    return mothers[0].names[mothers[0].fullest].words[-1] if mothers else ""


def _merge(sightings: Iterable[Sighting]) -> list[_Draft]:
    """Brings together what is said of one person. The fullest names come first, so that a lone given name finds its owner."""
    drafts: list[_Draft] = []
    ordered = sorted(sightings, key=lambda one: (-len(one.name.words), -one.weight, one.name.span))
    for sighting in ordered:
        draft = _owner(sighting.name, drafts)
        if draft is None and _is_family_name(sighting.name, drafts):
            continue
        if draft is None:
            lone = len(sighting.name.words) == 1 and sighting.name.title and sighting.weight < 1
            if lone and _namesakes(sighting.name, drafts):
                continue  # 'Mrs Khan' where two Khans are known: nobody's for certain
            draft = _Draft(len(drafts))
            drafts.append(draft)
        draft.names.setdefault(sighting.name.key, sighting.name)
        if sighting.name.title:
            draft.titles[sighting.name.title] += 1
        if sighting.weight:
            draft.votes[sighting.role] = max(draft.votes[sighting.role], sighting.weight) + 0.01
        if sighting.role is Role.SUBJECT_CHILD:
            draft.as_subject = max(draft.as_subject, sighting.weight)
        if sighting.sex:
            draft.sexes[sighting.sex] += 1
    return drafts


def _is_family_name(name: Name, drafts: list[_Draft]) -> bool:
    """Whether a lone word is the surname of somebody fuller: said of the family, and of nobody in it for certain."""
    return len(name.words) == 1 and not name.title and any(len(draft.fullest) > 1 and draft.fullest[-1] == name.key[0] for draft in drafts)


def _owner(name: Name, drafts: list[_Draft]) -> _Draft | None:
    key = name.key
    for draft in drafts:
        if key in draft.names:
            return draft
    if len(key) > 1:
        same = [draft for draft in drafts if _short_for(key, draft.fullest)]
        return same[0] if len(same) == 1 else None
    if name.title:
        fits = [draft for draft in _namesakes(name, drafts) if _title_fits(name.title, draft)]
        return fits[0] if len(fits) == 1 else None
    given = [draft for draft in drafts if draft.fullest[0] == key[0]]
    return given[0] if given else None


def _short_for(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether one is the other with a name cut to its first letters (`Zofia B`, `J Baverstock`, `Idris A-H`), or half a surname."""
    given = short[0] == full[0] or (len(short[0]) == 1 and full[0].startswith(short[0]))
    ours, theirs = short[-1].split("-"), full[-1].split("-")
    cut = len(ours) <= len(theirs) and all(len(one) == 1 and other.startswith(one) for one, other in zip(ours, theirs, strict=False))
    return given and (cut or ours[0] == theirs[0] or ours[-1] == theirs[-1])


def _namesakes(name: Name, drafts: list[_Draft]) -> list[_Draft]:
    return [draft for draft in drafts if len(draft.fullest) > 1 and draft.fullest[-1] == name.key[-1]]


def _title_fits(title: str, draft: _Draft) -> bool:
    if title in PROFESSIONAL_TITLES:
        return bool(draft.titles.keys() & PROFESSIONAL_TITLES) or draft.role is Role.PROFESSIONAL
    sex = TITLES[title]
    if draft.role in {Role.SUBJECT_CHILD, Role.SIBLING, Role.OTHER_CHILD, Role.PROFESSIONAL}:
        return title in draft.titles
    known = draft.sexes.most_common(1)
    return not known or sex is None or known[0][0] == sex


def _people(drafts: list[_Draft], unborn: PersonalText | None, lexicon: PeopleLexicon) -> People:
    people: list[Person] = []
    sexes: dict[str, Sex] = {}
    if unborn is not None:
        people.append(Person("p0", Role.SUBJECT_CHILD, (unborn,)))
    children = _subject_children(drafts, unborn)
    for draft in sorted(drafts, key=lambda one: min(name.span.start for name in one.names.values())):
        role = draft.role
        if role is Role.SUBJECT_CHILD and draft.number not in children:
            role = Role.UNCLEAR
        ident = f"p{draft.number + 1}"
        people.append(Person(ident, role, _spellings(draft, drafts)))
        sex = draft.sexes.most_common(1)[0][0] if draft.sexes else lexicon.first_names.get(draft.fullest[0])
        if sex:
            sexes[ident] = sex
    return People(Roster(tuple(people)), sexes)


def _subject_children(drafts: list[_Draft], unborn: PersonalText | None) -> set[int]:
    """Those whom a slot or an age in the head makes a subject; only where there are none, those merely named in a title or subject line."""
    claims = {draft.number: draft.as_subject for draft in drafts if draft.role is Role.SUBJECT_CHILD}
    slotted = {number for number, weight in claims.items() if weight >= 3}
    if slotted or unborn is not None:
        return slotted
    return {number for number, weight in claims.items() if weight >= 1.5} or set(claims)


def _spellings(draft: _Draft, drafts: list[_Draft]) -> tuple[PersonalText, ...]:
    """Every way the texts call the person; the fullest first, completed with the family's surname where a list gave it once."""
    ordered = sorted(draft.names.values(), key=lambda name: -len(name.words))
    spelled = [PersonalText(name.text) for name in ordered]
    title = draft.titles.most_common(1)
    if title and len(ordered[0].words) > 1:
        spelled.append(PersonalText(f"{title[0][0].capitalize()} {ordered[0].words[-1]}"))
    elif title:
        spelled.append(PersonalText(f"{title[0][0].capitalize()} {ordered[0].text}"))
    if len(ordered[0].words) == 1 and draft.role in {Role.SUBJECT_CHILD, Role.SIBLING} and not title:
        surname = _family_surname(drafts)
        if surname:
            spelled.insert(0, PersonalText(f"{ordered[0].text} {surname}"))
    return tuple(dict.fromkeys(spelled))


def _family_surname(drafts: list[_Draft]) -> str:
    """The surname most subject children carry, else the mother's, else the father's."""
    for role in (Role.SUBJECT_CHILD, Role.MOTHER, Role.FATHER, Role.CARER):
        surnames = Counter(draft.names[draft.fullest].words[-1] for draft in drafts if draft.role is role and len(draft.fullest) > 1)
        if surnames:
            return surnames.most_common(1)[0][0]
    return ""
