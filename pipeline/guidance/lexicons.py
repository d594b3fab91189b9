"""The word lists the guidance needs, read once when the rules are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.domain.errors import RulesError
from pipeline.guidance.strict import Location, RulesFile, Strict, read

NEVER = re.compile(r"(?!)")


class SlotFile(Strict):
    """One part of a report in sections.yaml."""

    titles: tuple[str, ...] = Field(min_length=1)
    never: tuple[str, ...] = Field(default=(), alias="not")
    in_prose: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    signs_needed: int = Field(default=1, ge=1)


@dataclass(frozen=True, slots=True)
class SlotWords:
    """The words by which one part of a report is known.

    Attributes:
        titles: words of its titles; `never` those of titles that only look like it.
        in_prose: words by which one sentence is enough.
        signs: words that carry the part only together: so many sentences must have one as `signs_needed` says.
    """

    name: str
    titles: re.Pattern[str]
    never: re.Pattern[str] | None
    in_prose: re.Pattern[str] | None
    signs: re.Pattern[str] | None
    signs_needed: int

    def names(self, title: str) -> bool:
        """Whether a plain title stands for this part."""
        return bool(self.titles.search(title)) and not (self.never and self.never.search(title))


class PlainLanguageFile(Strict):
    """plain_language.yaml."""

    shorthand: dict[str, str]
    mild: tuple[str, ...]
    clinical: dict[str, str]
    known: tuple[str, ...]
    everyday: tuple[str, ...]
    drugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Words a parent or teacher would not know, and those that look like it and are not.

    Attributes:
        shorthand: abbreviation to plain wording; `mild` are those that can be guessed.
        clinical: term, in small letters, to plain wording.
        known: abbreviations everybody at a conference knows.
        drugs: names of medicines, in small letters.
        phrases: the clinical terms of more than one word.
        everyday: words built like clinical ones that everybody knows, in small letters.
    """

    shorthand: dict[str, str]
    mild: frozenset[str]
    clinical: dict[str, str]
    known: frozenset[str]
    everyday: frozenset[str]
    drugs: frozenset[str]
    phrases: re.Pattern[str]


class ChildVoiceFile(Strict):
    """child_voice.yaml: patterns, each read as whole words."""

    adults: tuple[str, ...] = Field(min_length=1)
    children: tuple[str, ...] = Field(min_length=1)
    experience: tuple[str, ...] = Field(min_length=1)
    effect: tuple[str, ...] = Field(min_length=1)
    not_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildWords:
    """The words by which a sentence is about the child.

    Attributes:
        adults: those who are not the child; `children` those who are.
        experience: what a child does, feels or says; `effect` what things do to the child.
        first_names: first names, in small letters, without those that more often are other words.
    """

    adults: re.Pattern[str]
    children: re.Pattern[str]
    experience: re.Pattern[str]
    effect: re.Pattern[str]
    first_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The word lists.

    Attributes:
        slots: the parts of a report, in the order in which titles are tried.
        plain: words that need explaining.
        child: words about the child.
    """

    slots: tuple[SlotWords, ...]
    plain: PlainWords
    child: ChildWords

    def slot(self, name: str) -> SlotWords:
        """The words of one part."""
        return next(slot for slot in self.slots if slot.name == name)


def load(folder: Path) -> Lexicons:
    """Reads the word lists.

    Raises:
        RulesError: a list is missing, or a pattern in it is not a regular expression.
    """
    return Lexicons(_slots(folder / "sections.yaml"), _plain(folder / "plain_language.yaml"), _child(folder / "child_voice.yaml"))


def _child(path: Path) -> ChildWords:
    file = read(path)
    written = file.as_model(ChildVoiceFile)
    return ChildWords(
        adults=_whole(file, "adults", written.adults),
        children=_whole(file, "children", written.children),
        experience=_whole(file, "experience", written.experience),
        effect=_whole(file, "effect", written.effect),
        first_names=_first_names(path.with_name("first_names.csv")) - set(written.not_names),
    )


def _first_names(path: Path) -> frozenset[str]:
    try:
        return frozenset(line.partition(",")[0] for line in path.read_text(encoding="utf-8").splitlines())
    except OSError:
        raise RulesError(f"{path.parent.name}/{path.name}: cannot be read") from None


def _whole(file: RulesFile, name: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns, as whole words."""
    return _pattern(file, (name,), tuple(rf"\b(?:{pattern})\b" for pattern in patterns)) or NEVER


def _plain(path: Path) -> PlainWords:
    written = read(path).as_model(PlainLanguageFile)
    return PlainWords(
        shorthand=written.shorthand,
        mild=frozenset(written.mild),
        clinical={term.casefold(): plain for term, plain in written.clinical.items()},
        known=frozenset(written.known),
        everyday=frozenset(word.casefold() for word in written.everyday),
        drugs=frozenset(drug.casefold() for drug in written.drugs),
        phrases=_words(term for term in written.clinical if " " in term),
    )


def _words(terms: Iterable[str]) -> re.Pattern[str]:
    """Any of the terms, which are of several words, the longest first."""
    ranked = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, ranked)) + r")\b", re.IGNORECASE)


def _slots(path: Path) -> tuple[SlotWords, ...]:
    file = read(path)
    parts = {name: file.part(SlotFile, part, (name,)) for name, part in file.value.items()}
    return tuple(
        SlotWords(
            name=name,
            titles=_pattern(file, (name, "titles"), part.titles) or NEVER,
            never=_pattern(file, (name, "not"), part.never),
            in_prose=_pattern(file, (name, "in_prose"), part.in_prose),
            signs=_pattern(file, (name, "signs"), tuple(rf"\b(?:{sign})\b" for sign in part.signs)),
            signs_needed=part.signs_needed,
        )
        for name, part in parts.items()
    )


def _pattern(file: RulesFile, at: Location, patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    except re.error:
        raise file.refuse(f"{at[-1]}: holds something that is not a regular expression", at) from None
