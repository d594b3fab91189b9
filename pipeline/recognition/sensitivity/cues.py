"""Finds the words that show what a statement is about: the readable half of the judgement, kept as data in rules/lexicons/sensitivity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Category, Statement
from pipeline.domain.text import Span


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of the lexicon.

    Attributes:
        certain: it decides by itself; otherwise it is evidence, weighed with the encoder's reading.
        strength: how often it is right by itself, 0 to 1; used where no encoder is loaded.
    """

    name: str
    category: Category
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    certain: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a cue was found."""

    cue: Cue
    span: Span


class Cues:
    """All cues, in the order of the file, and the forms of statements that always stay."""

    def __init__(self, cues: tuple[Cue, ...], stays: tuple[re.Pattern[str], ...] = ()) -> None:
        self.all = cues
        self._stays = stays

    @classmethod
    def load(cls, folder: Path) -> Cues:
        """Reads every `.yaml` of the folder.

        Raises:
            RulesError: a file or a row cannot be used, or a name stands twice.
        """
        files = [_read(path) for path in sorted(folder.glob("*.yaml"))]
        rows = [row for cues, _ in files for row in cues]
        names = [row.name for row in rows]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise RulesError(f"the cue names {sorted(doubled)} stand twice under {folder.name}; give each its own")
        return cls(tuple(rows), tuple(form for _, stays in files for form in stays))

    def stays(self, words: str) -> bool:
        """Whether the whole statement is something that every letter has, such as how it is signed."""
        return any(form.fullmatch(words.strip()) for form in self._stays)

    def find(self, text: str, statement: Statement) -> Iterator[Hit]:
        """Every hit in the statement whose `unless` is found neither in it nor in its heading."""
        around = f"{statement.heading}\n{statement.span.of(text)}"
        for cue in self.all:
            found = list(cue.pattern.finditer(text, statement.span.start, statement.span.end))
            if found and not (cue.unless is not None and cue.unless.search(around)):
                yield from (Hit(cue, Span(*match.span())) for match in found)


def _read(path: Path) -> tuple[list[Cue], list[re.Pattern[str]]]:
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [_cue(row) for row in given["cues"]], [re.compile(form) for form in given.get("stays") or ()]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise RulesError(
            f"rules/lexicons/sensitivity/{path.name} cannot be used: {type(error).__name__}; run `reportgate rules check`"
        ) from None


def _cue(row: dict[str, Any]) -> Cue:
    flags = re.NOFLAG if row.get("case") else re.IGNORECASE
    unless = re.compile(row["unless"], re.IGNORECASE) if row.get("unless") else None
    pattern = re.compile(row["pattern"], flags)
    return Cue(row["name"], Category(row["category"]), pattern, unless, bool(row["certain"]), float(row["strength"]))
