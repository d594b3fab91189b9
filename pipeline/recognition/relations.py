"""Reads what a text says somebody is to somebody: 'his aunt', 'Mum's new partner', 'his previous partner's brother'."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.domain.people import Role
from pipeline.recognition.lexicon import Kin, PeopleLexicon, Sex
from pipeline.recognition.names import Name

_FAMILY = frozenset(
    {
        Role.MOTHER,
        Role.FATHER,
        Role.PARTNER,
        Role.CARER,
        Role.GRANDPARENT,
        Role.RELATIVE,
        Role.EX_PARTNER,
        Role.THIRD_PARTY,
        Role.PROFESSIONAL,
    }
)
"""Roles whose relations are an adult's relations."""

ADJECTIVE = (
    r"(?:new|current|other|own|late|elder|older|younger|eldest|youngest|oldest|middle|little|big|twin|half|step|birth|biological|"
    r"adoptive|maternal|paternal|mat|pat|first|second|third|"
    r"former|previous|ex|estranged|best|close|family|next[- ]door|upstairs|allocated|named|community|primary|key|lead|two|three|"
    r"four|adult|baby|teenage|grown-up|special|foster|\d{1,2}[- ]year[- ]old)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A role that the words beside a name give it."""

    role: Role
    weight: float
    sex: Sex | None


class Relations:
    """Reads relations with one lexicon."""

    def __init__(self, lexicon: PeopleLexicon) -> None:
        self._lexicon = lexicon
        kin = lexicon.kin_pattern
        chain = (
            rf"(?P<chain>(?:(?:his|her|their|the|my|our|a|an|another|one of his|one of her|one of their|"
            rf"[\w'’-]+['’]s?)\s+)?(?:(?:{ADJECTIVE}|{kin})(?:['’]s?)?[\s-]+){{0,4}})"
        )
        self._word = re.compile(rf"\b(?:{kin})\b")
        self._before = re.compile(rf"(?<![\w'’-]){chain}(?P<kin>{kin})(?:,| is| was|:| called| named| \(|,? who is)?\s*$", re.IGNORECASE)
        self._after = re.compile(
            rf"^(?:['’]s)?(?P<open>\s*[,(–-]\s*|\s+(?:is|was)\s+)(?:\d{{1,2}},? )?{chain}(?P<kin>{kin})\b(?!['’])", re.IGNORECASE
        )

    def kin(self, word: str) -> Kin | None:
        """What a word for a relation says, None where it is none."""
        return self._lexicon.kin.get(re.sub(r"\s+", " ", word.lower()))

    def reader(self, text: str) -> Callable[[Name], Told | None]:
        """`beside` for one text, quick where no word for a relation is near: those are looked up once for the whole text."""
        places = [match.span() for match in self._word.finditer(text.lower())]
        starts = [start for start, _ in places]

        def read(name: Name) -> Told | None:
            near = bisect_left(starts, name.span.start - 60)
            return self.beside(text, name) if near < len(starts) and starts[near] < name.span.end + 60 else None

        return read

    def beside(self, text: str, name: Name) -> Told | None:
        """The role that the words right before or right after the name give it."""
        line_start = text.rfind("\n", 0, name.span.start) + 1
        before = text[max(line_start, name.span.start - 60) : name.span.start]
        found = self._before.search(before)
        if found:
            return self._told(found["chain"], found["kin"], 2.5, "")
        after = text[name.span.end : name.span.end + 60].split("\n", maxsplit=1)[0]
        found = self._after.match(after)
        if found:
            return self._told(found["chain"], found["kin"], 2.5 if "(" in found["open"] else 1.8, found["open"])
        return None

    def _told(self, chain: str, word: str, weight: float, opening: str) -> Told | None:
        kin = self.kin(word)
        if kin is None:
            return None
        if opening.strip() in {"is", "was"} and not re.match(r"\s*(?:his|her|their|the|my)", chain, re.IGNORECASE):
            return None
        return Told(self.role_of(chain, kin), weight, kin.sex)

    def role_of(self, chain: str, kin: Kin, possessor: Role | None = None) -> Role:
        """The role of the last in a chain such as `his previous partner's` + brother.

        Args:
            chain: the words before it.
            kin: what the last word says.
            possessor: the role of whoever owns the chain, where that is known.
        """
        low = chain.lower().replace("’", "'")
        if re.search(r"\b(?:ex|former|previous)\b", low) and kin.of_adult is Role.PARTNER:
            return Role.EX_PARTNER
        owner = possessor or self._owner(low)
        if owner is None or owner in {Role.SUBJECT_CHILD, Role.SIBLING, Role.OTHER_CHILD}:
            return kin.of_child if owner is not Role.OTHER_CHILD else Role.THIRD_PARTY
        if owner in {Role.EX_PARTNER, Role.RELATIVE, Role.THIRD_PARTY, Role.GRANDPARENT}:
            return Role.THIRD_PARTY if owner is not Role.GRANDPARENT else Role.RELATIVE
        return kin.of_adult

    def _owner(self, chain: str) -> Role | None:
        """Whose relation it is, where the chain says so: the last possessive before the final word."""
        owned = re.findall(rf"({self._lexicon.kin_pattern})'s?\b", chain)
        if owned:
            kin = self.kin(owned[-1])
            return kin.of_child if kin else None
        return None

    @property
    def family(self) -> frozenset[Role]:
        """Roles whose relations are an adult's relations."""
        return _FAMILY
