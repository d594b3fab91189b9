"""Turns what is known of a clause into one calibrated probability that it must go, and says from which probability on what happens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import yaml
from numpy.typing import NDArray

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Category

Row = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Weights:
    """Small decision trees learnt one upon another, on writers the encoder had not seen (rules/models/sensitivity/weights.npz).

    Attributes:
        names: what each number of a row is; must be what `features` makes.
        feature, threshold, below, above: for each tree (row) and node (column): which number is asked, up to which value to go on with the
            node `below`, else with `above`. A leaf goes on with itself.
        value: what a leaf adds to the logit.
        start: the logit before any tree has spoken.
        depth: how many questions lead to the deepest leaf.
    """

    names: tuple[str, ...]
    feature: Places
    threshold: Row
    below: Places
    above: Places
    value: Row
    start: float
    depth: int

    @classmethod
    def load(cls, path: Path, *, expected: tuple[str, ...]) -> Weights:
        """Reads the file, which must weigh exactly the `expected` numbers.

        Raises:
            RulesError: it is missing or damaged, or was learnt for other numbers.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as given:
                names = tuple(str(name) for name in given["names"])
                if names != expected:
                    raise RulesError(
                        f"rules/models/sensitivity/{path.name} was learnt for other readings; run tests/corpus/train/calibrate.py"
                    )
                feature, below, above = (given[key].astype(np.int64) for key in ("feature", "below", "above"))
                threshold, value = (given[key].astype(np.float64) for key in ("threshold", "value"))
                return cls(names, feature, threshold, below, above, value, float(given["start"]), int(given["depth"]))
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise RulesError(f"rules/models/sensitivity/{path.name} cannot be read ({type(error).__name__}); restore it") from None

    def probabilities(self, table: Row) -> Row:
        """For each row, how likely a careful reader takes the clause out: 0 to 1."""
        # every table laid out in one row, so that a node of any tree is one place in it: twice as quick as asking by tree and node
        first = np.arange(len(self.feature)) * self.feature.shape[1]
        feature, threshold, value = self.feature.ravel(), self.threshold.ravel(), self.value.ravel()
        below, above = (self.below + first[:, None]).ravel(), (self.above + first[:, None]).ravel()
        given, row = table.ravel(), (np.arange(len(table)) * table.shape[1])[:, None]
        node = np.broadcast_to(first, (len(table), len(first)))
        for _ in range(self.depth):
            node = np.where(given.take(row + feature.take(node)) <= threshold.take(node), below.take(node), above.take(node))
        logits = self.start + value.take(node).sum(axis=1)
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
