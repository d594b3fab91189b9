"""The words by which people are spoken of, read from `rules/lexicons/people.yaml` and `first_names.csv`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Role

Sex = Literal["f", "m"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Kin(_Strict):
    words: tuple[str, ...]
    of_child: Role
    of_adult: Role
    sex: Sex | None = None


class _People(_Strict):
    version: int
    labels: dict[Role, tuple[str, ...]]
    kin: tuple[_Kin, ...]
    everyday_names: frozenset[str]
    not_names: frozenset[str]
    also_surnames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Kin:
    """What a word for a relation says: the role of the child's, the role of a parent's, and the sex where it tells."""

    of_child: Role
    of_adult: Role
    sex: Sex | None


@dataclass(frozen=True)
class PeopleLexicon:
    """The words, ready to be looked up.

    Attributes:
        labels: a form's label, lower case, to the role of who stands there.
        kin: a word for a relation, lower case, to what it says.
        kin_pattern: matches any of those words, the longest first.
        first_names: given names, lower case, to the sex most often meant, None where that is unknown.
    """

    labels: dict[str, Role]
    kin: dict[str, Kin]
    kin_pattern: str
    first_names: dict[str, Sex | None] = field(repr=False)
    everyday_names: frozenset[str] = field(repr=False)
    not_names: frozenset[str] = field(repr=False)
    also_surnames: frozenset[str] = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> PeopleLexicon:
        """Reads both files.

        Raises:
            RulesError: one is missing or cannot be used; says which.
        """
        try:
            people = _People.model_validate(yaml.safe_load((folder / "people.yaml").read_text(encoding="utf-8")))
            names = _first_names((folder / "first_names.csv").read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise RulesError(f"the lexicon of people cannot be read: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            raise RulesError(f"people.yaml: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
        kin = {word: Kin(one.of_child, one.of_adult, one.sex) for one in people.kin for word in one.words}
        pattern = "|".join(re.escape(word) for word in sorted(kin, key=len, reverse=True))
        labels = {label: role for role, words in people.labels.items() for label in words}
        return cls(labels, kin, pattern, names, people.everyday_names, people.not_names, people.also_surnames)


def _first_names(text: str) -> dict[str, Sex | None]:
    found: dict[str, Sex | None] = {}
    for line in text.splitlines():
        name, _, sex = line.partition(",")
        found[name] = "f" if sex == "f" else "m" if sex == "m" else None
    return found
