"""What the words around a date, or in a head line, say of the conference: the signs of rules/lexicons/conference_signs.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from pipeline.domain.conference import ConferenceType
from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import RulesFile, Strict, read


class DaySignFile(Strict):
    """A sign of the day: words before a date or words after it."""

    before: str = ""
    after: str = ""
    points: float

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.before) == bool(self.after):
            raise ValueError("give either before or after")
        return self


class TypeSignFile(Strict):
    """A sign of the type."""

    says: ConferenceType
    words: str
    points: float


class EarlierSignFile(Strict):
    """Words before the day of a conference that is over; `says` its type where the words do."""

    says: ConferenceType | None = None
    words: str


class ConferenceSignsFile(Strict):
    """conference_signs.yaml."""

    words: dict[str, str] = Field(default_factory=dict)
    day: tuple[DaySignFile, ...] = Field(min_length=1)
    type: tuple[TypeSignFile, ...] = Field(min_length=1)
    type_in_subject: tuple[TypeSignFile, ...] = ()
    bygone: tuple[str, ...] = ()
    earlier: tuple[EarlierSignFile, ...] = ()
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DaySign:
    """Words around a date, and what they count for its being the day of the conference."""

    before: bool
    pattern: Words
    points: float


@dataclass(frozen=True, slots=True)
class TypeSign:
    """Words that speak for a type of conference, and what they count."""

    pattern: Words
    type: ConferenceType
    points: float


@dataclass(frozen=True, slots=True)
class ConferenceSigns:
    """The signs of a conference.

    Attributes:
        in_subject: signs of the type that count in the subject line only.
        bygone: conferences that are over, of which these are the minutes.
        earlier: words before the day of a conference that is over, with its type where they say it; the first that fits counts.
        follows: what a first conference cannot have behind it: a plan, a core group, a conference before.
    """

    day: tuple[DaySign, ...]
    type: tuple[TypeSign, ...]
    in_subject: tuple[TypeSign, ...]
    bygone: Words
    follows: Words
    earlier: tuple[tuple[ConferenceType | None, Words], ...] = ()

    @classmethod
    def load(cls, path: Path) -> ConferenceSigns:
        """Reads the list.

        Raises:
            RulesError: it is missing, or a pattern in it is not a regular expression.
        """
        file = read(path)
        written = file.as_model(ConferenceSignsFile)
        return cls(
            day=tuple(
                DaySign(bool(sign.before), any_of(file, ("day", number), (sign.before or sign.after,), words=written.words), sign.points)
                for number, sign in enumerate(written.day)
            ),
            type=_types(file, "type", written.type, written.words),
            in_subject=_types(file, "type_in_subject", written.type_in_subject, written.words),
            bygone=any_of(file, ("bygone",), written.bygone),
            follows=any_of(file, ("follows",), written.follows, words=written.words),
            earlier=tuple(
                (sign.says, any_of(file, ("earlier", number), (sign.words,), words=written.words))
                for number, sign in enumerate(written.earlier)
            ),
        )

    def earlier_type(self, before: str) -> tuple[bool, ConferenceType | None]:
        """Whether the words before a date name a conference that is over, and its type where they say it."""
        return next(((True, kind) for kind, words in self.earlier if words.search(before)), (False, None))

    def day_points(self, before: str, after: str) -> float:
        """What the words around a date count, in all, for its being the day of the conference."""
        return sum(sign.points for sign in self.day if sign.pattern.search(before if sign.before else after))


def _types(file: RulesFile, name: str, written: tuple[TypeSignFile, ...], words: dict[str, str]) -> tuple[TypeSign, ...]:
    return tuple(
        TypeSign(any_of(file, (name, number), (sign.words,), words=words), sign.says, sign.points) for number, sign in enumerate(written)
    )
