"""Learns how encoder, wording, cues and people are weighed, on writers the encoder had not seen, and says what that gives.

Development only: `calibrate.py --fold FOLDER --tokenizer FILE [--write rules/models/sensitivity]`. Every figure printed is out of fold
twice over: neither encoder nor wording ever saw the writer, and the weights that bring them together were learnt on other writers still.
"""

from __future__ import annotations

import argparse
import itertools
import pickle
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
import authored
import examples
import readings
import scoring
from labelled import Labelled

from pipeline.domain.people import About, Category, Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition import statements
from pipeline.recognition.sensitivity import clauses, features, judging, wording
from pipeline.recognition.sensitivity.cues import Cues
from pipeline.recognition.sensitivity.model import SensitivityModel
from pipeline.recognition.sensitivity.weighing import OperatingPoints, Point, Weights
from pipeline.recognition.sensitivity.wording import SLOTS, Wording

RULES = Path(__file__).resolve().parents[3] / "rules"


TREES = 250
"""How many trees make one set."""

NAMES = features.names([Category(each) for each in examples.CATEGORIES], [About(each) for each in examples.ABOUT])


class Recorded:
    """Stands in for the encoder where its answers are already written down."""

    name = "held-out"
    categories = tuple(Category(each) for each in examples.CATEGORIES)
    about = tuple(About(each) for each in examples.ABOUT)


@dataclass(frozen=True)
class Held:
    """A held-out document with what is known of its clauses."""

    document: Labelled
    cut: list[Statement]
    marks: readings.Marks
    table: np.ndarray
    share: np.ndarray


def label(document: Labelled, clause: Span) -> float:
    """The share of the clause that must go; -1 where reviewers may differ."""
    text = document.document.text
    places = [at for at in range(clause.start, clause.end) if not text[at].isspace()]
    near = [mark for mark in document.marked if mark.span.overlaps(clause)]
    share = sum(any(mark.must and mark.span.start <= at < mark.span.end for mark in near) for at in places) / max(len(places), 1)
    return -1.0 if share < 0.5 and any(not mark.must for mark in near) else share


def clear(share: np.ndarray) -> np.ndarray:
    """The clauses that are plainly to go or plainly to stay."""
    return (share >= 0) & ((share > 0.6) | (share < 0.4))


def learn_wording(documents: list[Labelled]) -> Wording:
    """A logistic regression over the words of clauses."""
    columns: list[np.ndarray] = []
    shares: list[float] = []
    for document in documents:
        cut = list(statements.split(document.document))
        text = document.document.text
        parts = [(span, number) for number, each in enumerate(cut) for span in clauses.split(text, each.span)]
        columns.extend(wording.rows(text, cut, parts))
        shares.extend(label(document, span) for span, _ in parts)
    use = clear(np.array(shares))
    rows = [row for row, used in zip(columns, use, strict=True) if used]
    wanted = np.array(shares)[use] > 0.5
    ends = np.r_[0, np.cumsum([row.size for row in rows])]
    counts = np.bincount(np.concatenate(rows), minlength=SLOTS)
    rarity = np.where(counts > 0, np.log((1 + len(rows)) / (1 + counts)) + 1, 0.0).astype(np.float32)
    data = np.concatenate([rarity[row] / max(np.linalg.norm(rarity[row]), 1e-6) for row in rows])
    matrix = scipy.sparse.csr_matrix((data, np.concatenate(rows), ends), shape=(len(rows), SLOTS))
    model = LogisticRegression(C=20, solver="liblinear", class_weight={False: 1, True: 2}).fit(matrix, wanted)
    return Wording(rarity, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def fit(held: Iterable[Held]) -> Weights:
    """Boosted trees in the form that is shipped. Small steps, and leaves of forty clauses or more: they must hold for other writers."""
    known = list(held)
    table, share = np.vstack([each.table for each in known]), np.concatenate([each.share for each in known])
    use = clear(share)
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=40, max_features=0.3, early_stopping=False, random_state=0
    ).fit(table[use].astype(np.float32), share[use] > 0.5)
    # scikit-learn has no public way to read its trees; requirements.txt pins the release this was written for
    trees = [grown.nodes for (grown,) in model._predictors]
    wide = max(tree.size for tree in trees)
    itself = np.arange(wide)

    def rows(values, outside):
        return np.array([np.r_[values(tree), np.full(wide - tree.size, outside)] for tree in trees])

    def onward(side):
        return np.array([np.r_[np.where(tree["is_leaf"], itself[: tree.size], tree[side]), itself[tree.size :]] for tree in trees])

    return Weights(
        NAMES,
        rows(lambda tree: np.where(tree["is_leaf"], 0, tree["feature_idx"]), 0).astype(np.int64),
        rows(lambda tree: tree["num_threshold"], 0.0),
        onward("left").astype(np.int64),
        onward("right").astype(np.int64),
        rows(lambda tree: np.where(tree["is_leaf"], tree["value"], 0.0), 0.0),
        float(model._baseline_prediction[0, 0]),
        int(max(tree["depth"].max() for tree in trees)),
    )


def report(held: list[Held], weights: dict[str, Weights], words: Wording, cues: Cues) -> None:
    """Prints precision, calibration, and what each operating point would give for the labelled letters."""
    held = [each for each in held if each.document.letter in weights]
    p = np.concatenate([weights[each.document.letter].probabilities(each.table) for each in held])
    share, raw = np.concatenate([each.share for each in held]), np.vstack([each.table for each in held])
    use = share >= 0
    goes = share[use] > 0.5
    precisions = {"weighed": p[use], "encoder": raw[use, 0], "wording": raw[use, NAMES.index("wording")]}
    said = ", ".join(f"{name} {average_precision_score(goes, score):.3f}" for name, score in precisions.items())
    print(f"{use.sum()} clauses, {goes.sum()} must go; average precision: {said}")
    for low in np.arange(0, 1, 0.1):
        inside = use & (p >= low) & (p < low + 0.1)
        print(f"  said {low:.1f} to {low + 0.1:.1f}: {np.mean(share[inside] > 0.5):.2f} of {inside.sum()} must go")
    weighed = [_weighed(each, weights[each.document.letter], cues, words) for each in held]
    for holds, together, redact in itertools.product((0.8, 0.9), (3, 4, 5, 6, 9), (0.1, 0.15, 0.2, 0.3)):
        model = _model(cues, words, next(iter(weights.values())), OperatingPoints(Point(holds, redact, 2), {}, together))
        removed = [_removed(each, row, model) for each, row in zip(held, weighed, strict=True)]
        counts = scoring.count([each.document for each in held], removed)
        print(f"holds {holds:.2f} together {together} redact {redact:.2f}: {counts.line()}")
    shipped = OperatingPoints.load(RULES / "models" / "sensitivity" / "operating_points.yaml")
    model = _model(cues, words, next(iter(weights.values())), shipped)
    counts = scoring.count([each.document for each in held], [_removed(each, row, model) for each, row in zip(held, weighed, strict=True)])
    print(f"as shipped: {counts.line()}")
    for table in (counts.by_category, counts.by_agency, counts.by_letter):
        print("  " + ", ".join(f"{name} {caught}/{marked}" for name, (caught, marked) in sorted(table.items())))


def _model(cues: Cues, words: Wording, weights: Weights, points: OperatingPoints) -> SensitivityModel:
    return SensitivityModel(cues, Recorded(), words, weights, points)  # type: ignore[arg-type] # a stand-in


def _weighed(held: Held, weights: Weights, cues: Cues, words: Wording) -> list[judging.Weighed]:
    """The clauses with the probabilities of weights that did not see this writer."""
    model = _model(cues, words, weights, OperatingPoints(Point(2, 2, 2), {}, 99))
    found = features.clauses_of(held.document.document.text, held.cut, held.marks, cues)
    p = weights.probabilities(held.table)
    each = [judging.weigh_clause(clause, float(one), held.marks, model) for clause, one in zip(found, p, strict=True)]
    groups = itertools.groupby(each, key=lambda one: one.clause.statement)
    return [one for _, group in groups for one in judging.evened(list(group), held.marks)]


def _removed(held: Held, weighed: list[judging.Weighed], model: SensitivityModel) -> list[Span]:
    found = judging.judged(held.document.document.text, held.cut, weighed, held.marks, model)
    return [each.span for each in found if each.verdict is Verdict.REDACT]


def main() -> None:
    """Learns, reports, and writes what is shipped where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fold", type=Path)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--kept", type=Path, help="report on what an earlier run put there with --keep")
    parser.add_argument("--keep", type=Path, help="where to put what was read, for a closer look")
    arguments = parser.parse_args()
    cues = Cues.load(RULES / "lexicons" / "sensitivity")
    if arguments.kept:
        report(*pickle.loads(arguments.kept.read_bytes()), cues)
        return
    held, words = looked_at(arguments.fold, arguments.tokenizer, cues)
    weights = {letter: fit(each for each in held if each.document.letter != letter) for letter in letters(held)}
    if arguments.write:
        known = [each for each in examples.training_documents() if each.file not in authored.unlearnt()]
        write(arguments.write, fit(held), learn_wording(_with_marks(known)))
    if arguments.keep:
        arguments.keep.write_bytes(pickle.dumps((held, weights, words)))
    report(held, weights, words, cues)


def letters(held: list[Held]) -> list[str]:
    """The labelled letters among what was held out; passages written for this project teach the trees, and are not reported on."""
    return sorted({each.document.letter for each in held} - {"0"})


def looked_at(fold: Path, tokenizer: Path, cues: Cues) -> tuple[list[Held], Wording]:
    """The held-out documents with what is known of their clauses, by an encoder and a wording that saw none of their writers."""
    documents = examples.training_documents()
    read = list(readings.held_out(documents, [fold], tokenizer))
    files = {document.file for document, *_ in read}
    words = learn_wording([document for document in _with_marks(documents) if document.file not in files])
    return [known_of(each, words, cues) for each in read], words


def known_of(read: readings.Read, words: Wording, cues: Cues) -> Held:
    """A document that was read, with what is known of its clauses."""
    document, cut, marks, named = read
    text = document.document.text
    found = features.clauses_of(text, cut, marks, cues)
    share = np.array([label(document, clause.span) for clause in found])
    return Held(document, cut, marks, features.table(text, cut, found, marks, words, named), share)


def _with_marks(documents: list[Labelled]) -> list[Labelled]:
    return [each for each in documents if each.kind != "body" or each.marked]


def write(folder: Path, weights: Weights, words: Wording) -> None:
    """What is shipped beside the encoder."""
    np.savez_compressed(
        folder / "weights.npz", names=np.array(weights.names), feature=weights.feature.astype(np.int16),
        threshold=weights.threshold.astype(np.float32), below=weights.below.astype(np.int16), above=weights.above.astype(np.int16),
        value=weights.value.astype(np.float32), start=weights.start, depth=weights.depth,
    )  # fmt: skip
    np.savez_compressed(
        folder / "wording.npz", rarity=words.rarity.astype(np.float16), weight=words.weight.astype(np.float16), intercept=words.intercept
    )


if __name__ == "__main__":
    main()
