"""The word lists the guidance needs, read once when the rules are loaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.domain.errors import RulesError
from pipeline.guidance.agencies import AgencyWords
from pipeline.guidance.agreement import ConsentWords
from pipeline.guidance.answers import AnswerWords
from pipeline.guidance.conference_signs import ConferenceSigns
from pipeline.guidance.form_words import form_words
from pipeline.guidance.opinion import PartModel
from pipeline.guidance.particulars_words import ParticularsWords
from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.removal import RemovalWords
from pipeline.guidance.strict import Strict, read

WHOLE = r"\b{}\b"
"""A pattern read as whole words."""


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
    titles: Words
    never: Words
    in_prose: Words
    signs: Words
    signs_needed: int

    def names(self, title: str) -> bool:
        """Whether a plain title stands for this part."""
        return bool(self.titles.search(title)) and not self.never.search(title)


class PlainLanguageFile(Strict):
    """plain_language.yaml."""

    figures: tuple[str, ...] = Field(min_length=1)
    built_like_clinical: tuple[str, ...] = Field(min_length=1)
    meaning_after: tuple[str, ...] = Field(min_length=1)
    meaning_before: tuple[str, ...] = Field(min_length=1)
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
        figures: clinical figures; `built_like_clinical` words built from Latin and Greek as doctors do.
        meaning_after: what stands after a word whose meaning is given; `meaning_before` before one that is itself the explanation.
    """

    shorthand: dict[str, str]
    mild: frozenset[str]
    clinical: dict[str, str]
    known: frozenset[str]
    everyday: frozenset[str]
    drugs: frozenset[str]
    phrases: Words
    figures: Words
    built_like_clinical: Words
    meaning_after: Words
    meaning_before: Words


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

    adults: Words
    children: Words
    experience: Words
    effect: Words
    first_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The word lists.

    Attributes:
        slots: the parts of a report, in the order in which titles are tried.
        titles: words of the titles of any part.
        plain: words that need explaining.
        child: words about the child.
        answers: words by which an answer is told from a blank.
        consent: words that tell of agreement to the report.
        removal: words that call for a child to be taken away.
        agencies: what services call themselves.
        conference: signs of the day and type of the conference.
        particulars: how a report tells who wrote it, who agreed to it and who has seen it.
        form_words: words of forms and reports that are nobody's name.
        part_model: the second opinion on the part a sentence belongs to.
        digest: changes with any of the lists or the model.
    """

    slots: tuple[SlotWords, ...]
    titles: Words
    plain: PlainWords
    child: ChildWords
    answers: AnswerWords
    consent: ConsentWords
    removal: RemovalWords
    agencies: AgencyWords
    conference: ConferenceSigns
    particulars: ParticularsWords
    form_words: frozenset[str]
    part_model: PartModel
    digest: str

    def slot(self, name: str) -> SlotWords:
        """The words of one part."""
        return next(slot for slot in self.slots if slot.name == name)


def load(rules_dir: Path) -> Lexicons:
    """Reads the word lists and the model beside them.

    Raises:
        RulesError: a list or the model is missing, or a pattern is not a regular expression.
    """
    folder = rules_dir / "lexicons"
    model = PartModel.load(rules_dir / "models" / "topics")
    slots = _slots(folder / "sections.yaml")
    return Lexicons(
        slots=slots,
        titles=Words.all_of([slot.titles for slot in slots]),
        plain=_plain(folder / "plain_language.yaml"),
        child=_child(folder / "child_voice.yaml"),
        answers=AnswerWords.load(folder / "answers.yaml"),
        consent=ConsentWords.load(folder / "consent.yaml"),
        removal=RemovalWords.load(folder / "removal.yaml"),
        agencies=AgencyWords.load(folder / "agencies.yaml"),
        conference=ConferenceSigns.load(folder / "conference_signs.yaml"),
        particulars=ParticularsWords.load(folder / "particulars.yaml"),
        form_words=form_words((folder / f"{name}.yaml" for name in (*LISTS, *OTHER_LISTS)), _first_names(folder / "first_names.csv")),
        part_model=model,
        digest=_digest(folder, model),
    )


LISTS = ("sections", "plain_language", "child_voice", "answers", "consent", "removal", "agencies", "conference_signs", "particulars")


OTHER_LISTS = ("document_kinds", "record_signs", "sensitivity/cues")
"""Lists that are read for their words alone."""


def _digest(folder: Path, model: PartModel) -> str:
    """A checksum of everything that was read."""
    read_from = [*(folder / f"{name}.yaml" for name in (*LISTS, *OTHER_LISTS)), folder / "first_names.csv"]
    return hashlib.sha256(b"\0".join([*(path.read_bytes() for path in read_from), model.digest.encode()])).hexdigest()


def _child(path: Path) -> ChildWords:
    file = read(path)
    written = file.as_model(ChildVoiceFile)
    return ChildWords(
        adults=any_of(file, ("adults",), written.adults, around=WHOLE),
        children=any_of(file, ("children",), written.children, around=WHOLE),
        experience=any_of(file, ("experience",), written.experience, around=WHOLE),
        effect=any_of(file, ("effect",), written.effect, around=WHOLE),
        first_names=_first_names(path.with_name("first_names.csv")) - set(written.not_names),
    )


def _first_names(path: Path) -> frozenset[str]:
    try:
        return frozenset(line.partition(",")[0] for line in path.read_text(encoding="utf-8").splitlines())
    except OSError:
        raise RulesError(f"{path.parent.name}/{path.name}: cannot be read") from None


def _plain(path: Path) -> PlainWords:
    file = read(path)
    written = file.as_model(PlainLanguageFile)
    return PlainWords(
        shorthand=written.shorthand,
        mild=frozenset(written.mild),
        clinical={term.casefold(): plain for term, plain in written.clinical.items()},
        known=frozenset(written.known),
        everyday=frozenset(word.casefold() for word in written.everyday),
        drugs=frozenset(drug.casefold() for drug in written.drugs),
        phrases=_words(term for term in written.clinical if " " in term),
        figures=any_of(file, ("figures",), written.figures, capitals=True),
        built_like_clinical=any_of(file, ("built_like_clinical",), written.built_like_clinical),
        meaning_after=any_of(file, ("meaning_after",), written.meaning_after, around=r"^[\"'”’]?\s*{}"),
        meaning_before=any_of(file, ("meaning_before",), written.meaning_before, around="{}$"),
    )


def _words(terms: Iterable[str]) -> Words:
    """Any of the terms, which are of several words, the longest first."""
    ranked = sorted(terms, key=lambda term: (-len(term), term))
    return Words.of([rf"\b{re.escape(term)}\b" for term in ranked])


def _slots(path: Path) -> tuple[SlotWords, ...]:
    file = read(path)
    parts = {name: file.part(SlotFile, part, (name,)) for name, part in file.value.items()}
    return tuple(
        SlotWords(
            name=name,
            titles=any_of(file, (name, "titles"), part.titles),
            never=any_of(file, (name, "not"), part.never),
            in_prose=any_of(file, (name, "in_prose"), part.in_prose),
            signs=any_of(file, (name, "signs"), part.signs, around=WHOLE),
            signs_needed=part.signs_needed,
        )
        for name, part in parts.items()
    )
