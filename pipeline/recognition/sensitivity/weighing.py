"""Turns what is known of a clause into one calibrated probability that it must go, and says from which probability on what happens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Category

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """A logistic regression learnt on writers the encoder had not seen (rules/models/sensitivity/weights.json).

    Attributes:
        names: what each number of a row is; must be what `features` makes.
    """

    names: tuple[str, ...]
    centre: Row
    scale: Row
    weight: Row
    intercept: float

    @classmethod
    def load(cls, path: Path, *, expected: tuple[str, ...]) -> Weights:
        """Reads the file, which must weigh exactly the `expected` numbers.

        Raises:
            RulesError: it is missing or damaged, or was learnt for other numbers.
        """
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            if tuple(given["names"]) != expected:
                raise RulesError("rules/models/sensitivity/weights.json was learnt for other readings; run tests/corpus/train/calibrate.py")
            rows = {key: np.array(given[key], np.float64) for key in ("centre", "scale", "weight")}
            return cls(tuple(given["names"]), rows["centre"], rows["scale"], rows["weight"], float(given["intercept"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RulesError(f"rules/models/sensitivity/{path.name} cannot be read ({type(error).__name__}); restore it") from None

    def probabilities(self, table: Row) -> Row:
        """For each row, how likely a careful reader takes the clause out: 0 to 1."""
        logits = ((table - self.centre) / self.scale) @ self.weight + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), np.float64)


@dataclass(frozen=True, slots=True)
class Point:
    """From which probability on what happens to a clause of one category.

    Attributes:
        holds: a document with one such clause is held for it alone.
        redact: taken out of a document that is held.
        ask: pointed out to the reviewer of a document that is held.
    """

    holds: float
    redact: float
    ask: float


@dataclass(frozen=True)
class OperatingPoints:
    """The points of every category (rules/models/sensitivity/operating_points.yaml); what is not said there has the default.

    Attributes:
        together: a document is held, too, where so many clauses are expected to go: the sum of the probabilities from `counted` on.
    """

    default: Point
    by_category: dict[Category, Point]
    together: float
    counted: float = 0.1

    @classmethod
    def load(cls, path: Path) -> OperatingPoints:
        """Reads the file.

        Raises:
            RulesError: it cannot be used.
        """
        try:
            given: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            base = given["default"]
            rows = {Category(name): Point(**{**base, **row}) for name, row in (given.get("categories") or {}).items()}
            return cls(Point(**base), rows, float(given["together"]), float(given["counted"]))
        except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError) as error:
            raise RulesError(f"rules/models/sensitivity/{path.name} cannot be used ({type(error).__name__}); mend it") from None

    def of(self, category: Category) -> Point:
        """The point of a category."""
        return self.by_category.get(category, self.default)
