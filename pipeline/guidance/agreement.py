"""The words by which a report tells of consent to share it, read from rules/lexicons/consent.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import Strict, read

SHARING = re.compile(r"\bshar|\breport|\bletter|\binformation", re.IGNORECASE)


class ConsentFile(Strict):
    """consent.yaml."""

    words: dict[str, str] = Field(default_factory=dict)
    tells: tuple[str, ...] = Field(min_length=1)
    to_something_else: tuple[str, ...] = ()
    bare: str
    how_given: str


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """The words by which a sentence tells of agreement to the report."""

    tells: Words
    to_something_else: Words
    bare: Words
    how_given: Words

    @classmethod
    def load(cls, path: Path) -> ConsentWords:
        """Reads the list.

        Raises:
            RulesError: it is missing, or a pattern in it is not a regular expression.
        """
        file = read(path)
        written = file.as_model(ConsentFile)
        return cls(
            tells=any_of(file, ("tells",), written.tells, words=written.words),
            to_something_else=any_of(file, ("to_something_else",), written.to_something_else, words=written.words),
            bare=any_of(file, ("bare",), (written.bare,)),
            how_given=any_of(file, ("how_given",), (written.how_given,)),
        )

    def told(self, sentence: str, *, at_an_end: bool) -> bool:
        """Whether a sentence tells of agreement to the report.

        Args:
            at_an_end: whether it stands near the head or foot of the report, where agreement without an object is about the report.
        """
        bare = self.bare.search(sentence) and (at_an_end or self.how_given.search(sentence))
        if not (bare or self.tells.search(sentence)):
            return False
        return not self.to_something_else.search(sentence) or bool(SHARING.search(sentence))
