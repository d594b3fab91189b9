"""Finds what bears on a child's care and says nothing of how: it stays, and its author is asked for the effect on the child."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.domain.errors import RulesError
from pipeline.domain.people import About, Category, Judgement, Role, Roster, Statement, Verdict

CONFIDENCE = 0.7
"""How often a question asked in this way is one that a careful reader would ask, too (read through on the training mail)."""

WHY = (
    "Names a difficulty of an adult that can matter to the child, and not what it means for the child; "
    "please say how it shows, and what it does to the child's day."
)


GIVES_WAY = frozenset({Category.ADULT_HEALTH_NOT_RELEVANT, Category.THIRD_PARTY_HEALTH, Category.EXCESS_DETAIL})
"""What the model calls a bare concern that it would take out, having learnt that bare diagnoses mostly go. Of 106 bare concerns of adults
in labelled and written reports 104 stay; of the seven to which the model objects, five: so a person looks, and nothing goes unasked."""

SURE = 0.9
"""From here on the model's removal stands: of clauses it is so sure of, 97 of 100 must go (the model's card)."""


@dataclass(frozen=True)
class BareConcerns:
    """The words of rules/lexicons/bare_concerns.yaml.

    Attributes:
        longest: statements of more words tell something beside the concern.
        told: words that say what a concern does, or that it is dealt with or not there.
    """

    longest: int
    concern: re.Pattern[str]
    told: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> BareConcerns:
        """Reads the file.

        Raises:
            RulesError: it is missing or cannot be used.
        """
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8"))
            concern, told = (re.compile(given[name], re.IGNORECASE) for name in ("concern", "told"))
            return cls(int(given["longest"]), concern, told)
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, re.error) as error:
            raise RulesError(f"rules/lexicons/{path.name} cannot be used: {type(error).__name__}; mend it") from None

    def find(self, text: str, statements: Sequence[Statement], judged: Sequence[Judgement], roster: Roster) -> Iterator[Judgement]:
        """A question for each bare concern about an adult, where nothing was found already that stands against it.

        A removal that the model proposes within the statement, and is not sure of, gives way; one by a certain cue, of another sort, of
        more than the statement, or of a line with a number in it stands.
        """
        children, headings = _names(roster), {one.heading.strip() for one in statements}
        bodies = [one for one in statements if one.span.of(text).strip() not in headings]
        for place, statement in enumerate(bodies):
            against = (each for each in judged if each.span.overlaps(statement.span) and not _gives_way(each, statement, text))
            if not self._is_bare(text, statement) or any(against):
                continue
            near = [one.span.of(text) for one in bodies[max(0, place - 1) : place + 2] if one.heading == statement.heading]
            if not any(self.told.search(words) or (children and children.search(words)) for words in near):
                yield Judgement(
                    statement.span,
                    Category.ADULT_HEALTH_NOT_RELEVANT,
                    Verdict.ASK_CONTEXT,
                    About.ADULT,
                    CONFIDENCE,
                    WHY,
                    "rule:bare_concern",
                )

    def _is_bare(self, text: str, statement: Statement) -> bool:
        words = statement.span.of(text)
        return (
            statement.about is About.ADULT
            and "?" not in words
            and len(words.split()) <= self.longest
            and self.concern.search(words) is not None
        )


def _gives_way(judged: Judgement, statement: Statement, text: str) -> bool:
    unsure = judged.source.startswith("model:") and judged.confidence < SURE and judged.category in GIVES_WAY
    return unsure and statement.span.covers(judged.span) and not any(each.isdigit() for each in statement.span.of(text))


def _names(roster: Roster) -> re.Pattern[str] | None:
    """The children's names, whole and given: who speaks of them says what it means for them."""
    people = roster.with_role(Role.SUBJECT_CHILD, Role.SIBLING)
    names = {word for person in people for name in person.names for word in (str(name), name.split()[0]) if len(word) > 2}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b", re.IGNORECASE) if names else None
