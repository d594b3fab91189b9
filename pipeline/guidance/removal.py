"""Knows a sentence that says the child should be taken into care or away from the family."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import Strict, read


class RemovalFile(Strict):
    """removal.yaml."""

    taken_away: tuple[str, ...] = Field(min_length=1)
    ought_to_be: tuple[str, ...] = Field(min_length=1)
    not_a_call: tuple[str, ...] = ()
    near: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class RemovalWords:
    """The words by which a sentence calls for a child to be taken away.

    Attributes:
        taken_away: speaks of being taken away; `ought_to_be` says that it ought to be; `not_a_call` says something else all the same.
        near: words without one of which no sentence is a call, however much it sounds like one.
    """

    taken_away: Words
    ought_to_be: Words
    not_a_call: Words
    near: Words

    @classmethod
    def load(cls, path: Path) -> RemovalWords:
        """Reads the list.

        Raises:
            RulesError: it is missing, or a pattern in it is not a regular expression.
        """
        file = read(path)
        written = file.as_model(RemovalFile)
        return cls(
            taken_away=any_of(file, ("taken_away",), written.taken_away),
            ought_to_be=any_of(file, ("ought_to_be",), written.ought_to_be, around=r"\b{}\b"),
            not_a_call=any_of(file, ("not_a_call",), written.not_a_call),
            near=any_of(file, ("near",), written.near, around=r"\b{}\b"),
        )

    def called_for(self, sentence: str) -> bool:
        """Whether a sentence calls for the child to be taken away, as opposed to telling that somebody once was."""
        plain = sentence.replace("’", "'")
        return bool(self.ought_to_be.search(plain) and self.taken_away.search(plain) and not self.not_a_call.search(plain))

    def may_call(self, sentence: str) -> bool:
        """Whether a sentence has any word of those by which one calls for it; for the second opinion to judge."""
        plain = sentence.replace("’", "'")
        return bool(self.near.search(plain)) and not self.not_a_call.search(plain)
