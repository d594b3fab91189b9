"""All that one evaluation found, put together once for the table, the JSON and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.evaluation.breakdown import Breakdown, Row, break_down
from pipeline.evaluation.measures import Confusion, Measure, Observed, confusions, measure, measure_removal
from pipeline.evaluation.reliability import Step, error, steps


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of one evaluation.

    Attributes:
        baselines: the measures of removal, had a plain method done the work, by its name; empty where none was asked for.
        steps: what the model said of clauses against what had to go.
    """

    cases: int
    measures: list[Measure]
    baselines: dict[str, list[Measure]]
    topics: list[Confusion]
    breakdown: Breakdown
    steps: list[Step]

    @classmethod
    def of(cls, observed: Sequence[Observed], baselines: dict[str, list[Observed]]) -> Results:
        """Counts everything."""
        return cls(
            len(observed),
            measure(observed),
            {name: measure_removal(instead) for name, instead in baselines.items()},
            confusions(observed),
            break_down(observed),
            steps([said for one in observed for said in one.said]),
        )

    def as_object(self) -> dict[str, Any]:
        """The JSON object `evaluation/1`."""
        return {
            "schema": "evaluation/1",
            "cases": self.cases,
            "measures": [_measure(one) for one in self.measures],
            "baselines": {name: [_measure(one) for one in measures] for name, measures in self.baselines.items()},
            "topics": [{**asdict(one), "f1": one.f1, "wrong": list(one.wrong)} for one in self.topics],
            "by": {name: [_row(row) for row in rows] for name, rows in self.breakdown.items()},
            "calibration": {"error": _short(error(self.steps)), "steps": [_step(step) for step in self.steps]},
        }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "name": one.name,
        "hits": round(one.hits, 4),
        "of": one.of,
        "value": _short(one.value),
        "aim": one.aim,
        "met": one.met,
        "misses": list(one.misses),
    }


def _row(row: Row) -> dict[str, Any]:
    return {**asdict(row), "recall": _short(row.recall)}


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": step.start,
        "to": step.end,
        "clauses": step.clauses,
        "said": _short(step.said),
        "gone": step.gone,
        "share": _short(step.share),
    }
