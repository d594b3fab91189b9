"""The words by which a report tells who wrote it, who agreed to it and who has seen it, read from rules/lexicons/particulars.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.domain.conference import Consent, Sight, Whose
from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import RulesFile, Strict, read

WHOLE = r"\b(?:{})\b"


class ConsentMeaningsFile(Strict):
    """What is said of agreement, in the order tried."""

    shared_without: tuple[str, ...] = Field(min_length=1)
    not_asked: tuple[str, ...] = Field(min_length=1)
    refused: tuple[str, ...] = Field(min_length=1)
    given: tuple[str, ...] = Field(min_length=1)
    asked: tuple[str, ...] = Field(min_length=1)


class SightMeaningsFile(Strict):
    """What is said of the report's being known, in the order tried."""

    not_yet: tuple[str, ...] = Field(min_length=1)
    seen: tuple[str, ...] = Field(min_length=1)


class WhoseFile(Strict):
    """Words for people."""

    parents: str
    mother: str
    father: str
    child: str


class ParticularsFile(Strict):
    """particulars.yaml."""

    author: tuple[str, ...] = Field(min_length=1)
    job: str
    consent: ConsentMeaningsFile
    about: str
    shown_title: str
    yes: str
    no: str
    of_showing: str
    author_saw: str
    seen: SightMeaningsFile
    whose: WhoseFile


@dataclass(frozen=True, slots=True)
class ParticularsWords:
    """The words of particulars.yaml.

    Attributes:
        author: a line that begins with a label before the author's name.
        job: words of a job.
        consent, seen: meanings in the order tried.
        about: what makes a sentence one about the report.
        shown_title: a title that asks whether the report was shown; `yes` and `no` are the answers under it.
        of_showing: a sentence on who knows the report.
        author_saw: what the author saw, which is no sight of the report.
        whose: words for people, in the order tried.
    """

    author: Words
    job: Words
    consent: tuple[tuple[Consent, Words], ...]
    seen: tuple[tuple[Sight, Words], ...]
    about: Words
    shown_title: Words
    yes: Words
    no: Words
    of_showing: Words
    author_saw: Words
    whose: tuple[tuple[Whose, Words], ...]

    @classmethod
    def load(cls, path: Path) -> ParticularsWords:
        """Reads the list.

        Raises:
            RulesError: it is missing, or a pattern in it is not a regular expression.
        """
        file = read(path)
        written = file.as_model(ParticularsFile)
        consent, seen, whose = written.consent.model_dump(), written.seen.model_dump(), written.whose.model_dump()
        return cls(
            author=any_of(file, ("author",), written.author, around=r"^[\W\d]{0,6}(?:{})\s*(?::|\t|\n|-|–|(?<=by)\s|$)"),
            job=any_of(file, ("job",), (written.job,)),
            consent=tuple((Consent(name), _listed(file, ("consent", name), patterns)) for name, patterns in consent.items()),
            seen=tuple((Sight(name), _listed(file, ("seen", name), patterns)) for name, patterns in seen.items()),
            about=any_of(file, ("about",), (written.about,)),
            shown_title=any_of(file, ("shown_title",), (written.shown_title,)),
            yes=any_of(file, ("yes",), (written.yes,)),
            no=any_of(file, ("no",), (written.no,)),
            of_showing=any_of(file, ("of_showing",), (written.of_showing,)),
            author_saw=any_of(file, ("author_saw",), (written.author_saw,)),
            whose=tuple((Whose(name), any_of(file, ("whose", name), (pattern,), around=WHOLE)) for name, pattern in whose.items()),
        )


def _listed(file: RulesFile, at: tuple[str, str], patterns: tuple[str, ...]) -> Words:
    return any_of(file, at, patterns)
