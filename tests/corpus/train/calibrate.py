"""Learns how the encoder's reading and the cues are weighed, on writers the encoder had not seen, and says what that gives.

Development only: `calibrate.py --folds FOLDER... --tokenizer FILE [--write rules/models/sensitivity]`. Every figure printed is out of fold
twice over: the encoder never saw the letter, and neither did the weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
import examples
import readings
import scoring
from labelled import Labelled

from pipeline.domain.people import About, Category
from pipeline.domain.text import Span
from pipeline.recognition.sensitivity import features
from pipeline.recognition.sensitivity.cues import Cues
from pipeline.recognition.sensitivity.model import SensitivityModel
from pipeline.recognition.sensitivity.weighing import OperatingPoints, Point, Weights

RULES = Path(__file__).resolve().parents[3] / "rules"


def label(document: Labelled, clause: Span) -> float:
    """The share of the clause that must go; -1 where reviewers may differ."""
    text = document.document.text
    places = [at for at in range(clause.start, clause.end) if not text[at].isspace()]
    share = sum(any(m.must and m.span.start <= at < m.span.end for m in document.marked) for at in places) / max(len(places), 1)
    return -1.0 if share < 0.5 and any(not m.must and m.span.overlaps(clause) for m in document.marked) else share


def fit(table: np.ndarray, share: np.ndarray, names: tuple[str, ...]) -> Weights:
    """A logistic regression in the form that is shipped."""
    use = (share >= 0) & ((share > 0.6) | (share < 0.4))
    centre, scale = table[use].mean(axis=0), table[use].std(axis=0) + 1e-3
    scale[len(features.READINGS) :] = 1.0
    centre[len(features.READINGS) :] = 0.0
    model = LogisticRegression(C=0.3, max_iter=2000).fit((table[use] - centre) / scale, share[use] > 0.5)
    return Weights(names, centre, scale, model.coef_[0], float(model.intercept_[0]))


class Shim:
    """Stands in for the encoder where its answers are already written down."""

    name = "held-out"
    categories = tuple(Category(each) for each in examples.CATEGORIES)
    about = tuple(About(each) for each in examples.ABOUT)


def main() -> None:
    """Fits, reports, and writes the weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=Path, nargs="+", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    cues = Cues.load(RULES / "lexicons" / "sensitivity")
    read = list(readings.held_out(examples.training_documents(), arguments.folds, arguments.tokenizer))
    found = [features.clauses_of(d.document.text, cut, marks, cues) for d, cut, marks in read]
    tables = [features.table(each, marks, cues) for each, (_, _, marks) in zip(found, read, strict=True)]
    shares = [np.array([label(d, clause.span) for clause in each]) for each, (d, _, _) in zip(found, read, strict=True)]
    letters = np.array([d.letter for d, _, _ in read])
    names = features.names(cues)
    everything = fit(np.vstack(tables), np.concatenate(shares), names)
    weights = {}
    for letter in sorted(set(letters)):
        others = np.flatnonzero(letters != letter)
        weights[letter] = fit(np.vstack([tables[i] for i in others]), np.concatenate([shares[i] for i in others]), names)
    p = np.concatenate([weights[d.letter].probabilities(t) if len(t) else np.zeros(0) for t, (d, _, _) in zip(tables, read, strict=True)])
    share = np.concatenate(shares)
    raw = np.vstack(tables)[:, 0]
    use = share >= 0
    print(
        f"clauses {use.sum()}, must go {(share[use] > 0.5).sum()}; average precision: encoder alone "
        f"{average_precision_score(share[use] > 0.5, raw[use]):.3f}, weighed {average_precision_score(share[use] > 0.5, p[use]):.3f}"
    )
    for low, high in zip(np.arange(0, 1, 0.1), np.arange(0.1, 1.01, 0.1), strict=True):
        inside = use & (p >= low) & (p < high)
        if inside.any():
            print(f"  said {low:.1f}-{high:.1f}: {inside.sum():6d} clauses, {np.mean(share[inside] > 0.5):.2f} must go")
    documents = [d for d, _, _ in read]
    for holds in (0.5, 0.6, 0.7, 0.8, 0.9):
        for redact in (0.1, 0.15, 0.2, 0.3, 0.4):
            points = OperatingPoints(Point(holds, redact, redact), {})
            removed = [
                readings.removals(d.document.text, cut, marks, SensitivityModel(cues, Shim(), weights[d.letter], points))
                for d, cut, marks in read
            ]
            print(f"holds {holds:.2f} redact {redact:.2f}: {scoring.count(documents, removed).line()}")
    order = np.argsort(-np.abs(everything.weight))
    print("weights:", ", ".join(f"{names[i]} {everything.weight[i]:+.2f}" for i in order[:40]))
    if arguments.write:
        rows = {"centre": everything.centre, "scale": everything.scale, "weight": everything.weight}
        shipped = {
            "names": names,
            **{key: [round(float(v), 5) for v in row] for key, row in rows.items()},
            "intercept": everything.intercept,
        }
        (arguments.write / "weights.json").write_text(json.dumps(shipped, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
