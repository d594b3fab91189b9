"""Says what kind of document something is, by adding up the signs listed in `rules/lexicons/document_kinds.yaml`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.domain.documents import Document
from pipeline.domain.errors import RulesError
from pipeline.domain.people import DocumentKind, KindVerdict
from pipeline.recognition.layout import Layout, straighten

HEAD_LINES = 12
"""How many lines make up the head of a document: letterhead, title and the first fields."""

SHARPNESS = 1.0
"""How fast confidence grows with the lead of the winning kind; 1 makes it the softmax of the sums."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Sign(_Strict):
    id: str
    says: str
    source: str
    weights: dict[DocumentKind, float]
    pattern: str | None = None
    measure: str | None = None
    at: Literal["head", "name", "text"] = "text"
    at_least: float = 1
    below: float | None = None


class _Guard(_Strict):
    kind: DocumentKind
    becomes: DocumentKind
    says: str
    unless_measure: dict[str, float] = Field(default_factory=dict)
    unless_pattern: str


class _Table(_Strict):
    version: int
    start: dict[DocumentKind, float]
    signs: Annotated[tuple[_Sign, ...], Field(min_length=1)]
    guards: tuple[_Guard, ...] = ()


@dataclass(frozen=True)
class Sign:
    """One sign, ready to be looked for."""

    id: str
    says: str
    weights: dict[DocumentKind, float]
    pattern: re.Pattern[str] | None
    measure: str
    at: str
    at_least: float
    below: float | None

    def shows(self, seen: _Seen) -> bool:
        """Whether the document shows it."""
        if self.pattern is not None:
            return seen.count(self.pattern, self.at, int(self.at_least)) >= self.at_least
        value = seen.measure(self.measure)
        return value < self.below if self.below is not None else value >= self.at_least


@dataclass(frozen=True)
class Guard:
    """A kind that a document may only be while it holds nothing of another."""

    kind: DocumentKind
    becomes: DocumentKind
    says: str
    limits: dict[str, float]
    pattern: re.Pattern[str]

    def stops(self, seen: _Seen) -> bool:
        """Whether the document holds what the kind may not."""
        return self.pattern.search(seen.text) is not None or any(seen.measure(name) >= limit for name, limit in self.limits.items())


class _Seen:
    """A document as the signs look at it."""

    def __init__(self, document: Document) -> None:
        self.layout = Layout.of(document)
        self.text = "\n".join(line.text for line in self.layout.lines)
        self._where = {
            "text": self.text,
            "head": "\n".join(line.text for line in self.layout.lines[:HEAD_LINES]),
            "name": straighten(document.name),
        }

    def count(self, pattern: re.Pattern[str], at: str, enough: int) -> int:
        """How often the pattern is found there, counted no further than `enough`."""
        found = 0
        for _ in pattern.finditer(self._where[at]):
            found += 1
            if found >= enough:
                break
        return found

    def measure(self, name: str) -> float:
        """One of the layout's counts."""
        return float(getattr(self.layout, name))


@dataclass(frozen=True)
class KindTable:
    """All signs and guards, and where each kind starts from."""

    start: dict[DocumentKind, float]
    signs: tuple[Sign, ...]
    guards: tuple[Guard, ...]

    @classmethod
    def load(cls, path: Path) -> KindTable:
        """Reads the table.

        Raises:
            RulesError: it is missing, is no YAML, repeats a sign, or names a pattern, measure or kind that there is not.
        """
        try:
            table = _Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
            made = cls(table.start, tuple(_sign(one) for one in table.signs), tuple(_guard(one) for one in table.guards))
        except (OSError, yaml.YAMLError, re.error) as error:
            raise RulesError(f"{path.name}: cannot be read as a table of signs: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            raise RulesError(f"{path.name}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
        made.check(path.name)
        return made

    def check(self, name: str) -> None:
        """Refuses repeated signs and unknown measures.

        Raises:
            RulesError: with the sign at fault.
        """
        seen: set[str] = set()
        for sign in self.signs:
            if sign.id in seen:
                raise RulesError(f"{name}: the sign '{sign.id}' is there twice; rename or remove one")
            seen.add(sign.id)
        measures = {sign.measure for sign in self.signs if sign.pattern is None}.union(*(guard.limits for guard in self.guards))
        for measure in measures:
            if not isinstance(getattr(Layout, measure, None), property):
                raise RulesError(f"{name}: there is no measure '{measure}'; pipeline/recognition/layout.py lists them")

    def scores(self, seen: _Seen) -> tuple[dict[DocumentKind, float], list[Sign]]:
        """The sum of each kind, and the signs shown."""
        shown = [sign for sign in self.signs if sign.shows(seen)]
        sums: dict[DocumentKind, float] = {kind: self.start.get(kind, 0.0) for kind in DocumentKind if kind is not DocumentKind.UNREADABLE}
        for sign in shown:
            for kind, weight in sign.weights.items():
                sums[kind] += weight
        return sums, shown


def _sign(given: _Sign) -> Sign:
    if (given.pattern is None) == (given.measure is None):
        raise RulesError(f"document_kinds.yaml: the sign '{given.id}' needs a pattern or a measure, and not both")
    pattern = re.compile(given.pattern, re.MULTILINE) if given.pattern is not None else None
    return Sign(given.id, given.says, given.weights, pattern, given.measure or "", given.at, given.at_least, given.below)


def _guard(given: _Guard) -> Guard:
    return Guard(given.kind, given.becomes, given.says, given.unless_measure, re.compile(given.unless_pattern, re.MULTILINE))


def kind_of(document: Document, table: KindTable) -> KindVerdict:
    """What the document is, by its content and layout, with the signs that decided it, weightiest first.

    The file's name counts only where a standard fixes it (Lloyd George scans): a printout called 'CP report.pdf' is a printout.
    """
    if document.problem is not None:
        return KindVerdict(DocumentKind.UNREADABLE, 1.0, ("it could not be read in full",))
    seen = _Seen(document)
    sums, shown = table.scores(seen)
    kind = max(sums, key=lambda one: sums[one])
    for guard in table.guards:
        if guard.kind is kind and guard.stops(seen):
            return KindVerdict(guard.becomes, _confidence(sums, kind), (guard.says, *_reasons(shown, kind)))
    return KindVerdict(kind, _confidence(sums, kind), _reasons(shown, kind))


def _confidence(sums: dict[DocumentKind, float], kind: DocumentKind) -> float:
    total = sum(math.exp(SHARPNESS * (value - sums[kind])) for value in sums.values())
    return round(1.0 / total, 3)


def _reasons(shown: list[Sign], kind: DocumentKind, most: int = 5) -> tuple[str, ...]:
    speaking = sorted((sign for sign in shown if sign.weights.get(kind, 0.0) > 0), key=lambda sign: -sign.weights[kind])
    return tuple(sign.says for sign in speaking[:most])
