"""What a detector answers, and the folder of detectors as their registry."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipeline.domain.errors import RulesError
from pipeline.domain.findings import Action, RuleOutcome
from pipeline.domain.people import About, Category
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance import detectors
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


@dataclass(frozen=True, slots=True)
class Match:
    """One thing a detector found. `document` is None where it is on the message itself, `span` None where it is on a whole document."""

    action: Action
    why: str
    document: int | None = None
    span: Span | None = None
    about: About | None = None
    category: Category | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Detection:
    """A detector's answer: what it makes of the case, what it found, and the words it rests on."""

    outcome: RuleOutcome
    matches: tuple[Match, ...] = ()
    evidence: tuple[PersonalText, ...] = ()


NOT_APPLICABLE = Detection(RuleOutcome.NOT_APPLICABLE)
NOT_ASSESSABLE = Detection(RuleOutcome.NOT_ASSESSABLE)


def passed(*evidence: str) -> Detection:
    """The rule is kept; `evidence` are the words that show it."""
    return Detection(RuleOutcome.PASS, evidence=tuple(PersonalText(words) for words in evidence))


def failed(*matches: Match, evidence: tuple[str, ...] = ()) -> Detection:
    """The rule is broken."""
    return Detection(RuleOutcome.FAIL, matches, tuple(PersonalText(words) for words in evidence))


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector of the folder: its name in rule files, its parameters, and what it does."""

    name: str
    parameters: type[Strict]
    detect: Callable[[CaseView, Strict], Detection]


@cache
def registry() -> dict[str, Detector]:
    """All detectors by name: the modules of `pipeline.guidance.detectors`.

    Raises:
        RulesError: a module there is not a detector.
    """
    found: dict[str, Detector] = {}
    for module in pkgutil.iter_modules(detectors.__path__):
        loaded = importlib.import_module(f"{detectors.__name__}.{module.name}")
        parameters, detect = getattr(loaded, "Parameters", None), getattr(loaded, "detect", None)
        if parameters is None or detect is None:
            raise RulesError(f"detectors/{module.name}.py: a detector needs Parameters and detect")
        found[module.name] = Detector(module.name, parameters, detect)
    return found
