"""A rule: one thing the guidance asks of a report, as its file says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.domain.findings import Action, Topic


class Status(StrEnum):
    """How far a rule has come."""

    DRAFT = "draft"  # being written; not run
    TRIAL = "trial"  # run and shown, counts for nothing
    LIVE = "live"
    RETIRED = "retired"  # kept for the record; not run


@dataclass(frozen=True, slots=True)
class Because:
    """The guidance document (its id, such as `brent`) and the clause in it."""

    document: str
    clause: str

    def __str__(self) -> str:
        return f"{self.document}, {self.clause}"


@dataclass(frozen=True, slots=True)
class Source(Because):
    """Where a rule comes from; `requirement` says in our own words what the clause asks."""

    requirement: str = ""

    def __str__(self) -> str:
        return f"{self.document}, {self.clause}"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the sender is told when the rule fails: what to mend, why, and how; no clinical detail and no name."""

    what: str
    why: str = ""
    how: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.how) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: unique over all groups; also the name of its file.
        group: the folder it stands in.
        settings: the detector's parameters as written; `parameters` the same, checked and complete.
        sources: every clause it rests on; a pack's own documents are named first.
        weight: how much it counts on the scorecard, 0 to 20.
        action: the strongest thing its findings may ask for.
        known_misfires: plain sentences on where it is known to be wrong.
        file: for messages to whoever mends it.
    """

    id: str
    title: str
    group: str
    topic: Topic
    detector: str
    settings: dict[str, Any]
    parameters: Any
    weight: int
    action: Action
    status: Status
    sources: tuple[Source, ...]
    advice: Advice
    known_misfires: tuple[str, ...] = ()
    file: str = ""
