"""Learns which part of a report a sentence belongs to, for rules/models/topics, and measures it on writers it has not seen.

Needs scikit-learn. `topics.py` prints the figures by leaving out writers; `topics.py --write` learns from all of them and writes the model.
What is learnt from are reports with titles: a sentence belongs to the part whose title it stands under. What is measured is whether a
report without that title is judged rightly, in two ways: reports with their titles taken out (the part is there) and with the whole
section taken out (it is not); and the reports that never had the title, by their labels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pipeline.guidance import library
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.opinion import SLOTS, Bounds, Opinion, PartModel
from pipeline.guidance.view import CaseView

TESTS = Path(__file__).resolve().parents[2]
RULES = TESTS.parent / "rules"
sys.path.insert(0, str(TESTS))

import plain_documents  # noqa: E402 - found by the path above

TOPIC = {
    "strengths": "strengths_stated",
    "needs": "needs_to_happen",
    "if_nothing_changes": "if_nothing_changes",
    "consent": "consent_recorded",
}
BOUNDS = {
    "strengths": Bounds(2, -1.0, 1.0),
    "needs": Bounds(1, -0.5, 1.5),
    "if_nothing_changes": Bounds(1, -1.0, 1.0),
    "consent": Bounds(1, -2.0, 1.5),
}
"""Chosen on what the folds printed, for both ways of measuring together."""
GROUPS = 5
"""Folds; each leaves out a fifth of the writers."""


@dataclass(frozen=True)
class Sample:
    """A report as sentences, each with the part it stands under; `has` are the parts that have titles."""

    letter: str
    labels: dict[str, str]
    sentences: tuple[str, ...] = field(repr=False)
    parts: tuple[str, ...]
    has: frozenset[str]

    def without(self, part: str) -> tuple[str, ...]:
        """The sentences that do not stand under the part's title."""
        return tuple(sentence for sentence, stands in zip(self.sentences, self.parts, strict=True) if stands != part)


def samples(lexicons: Lexicons) -> Iterator[Sample]:
    """Every labelled training report, with dev left out."""
    for labels, case in plain_documents.labelled(TESTS / "corpus" / "training"):
        for report in CaseView(case, lexicons).reports:
            kept = [(str(told.span.of(report.text)), told.part) for told in report.told]
            if kept:
                yield Sample(
                    labels["id"][0],
                    labels["topics"],
                    tuple(words for words, _ in kept),
                    tuple(part for _, part in kept),
                    frozenset(section.slot for section in report.sections),
                )


def learn(given: Sequence[Sample]) -> PartModel:
    """A model of all parts."""
    blank = PartModel(np.zeros(0, np.float32), {}, {}, {})
    rows = [row for sample in given for row in blank.rows(sample.sentences)]
    counts = np.bincount(np.concatenate(rows), minlength=SLOTS)
    rarity = np.where(counts > 1, np.log((1 + len(rows)) / (1 + counts)), 0.0).astype(np.float32)
    weights, intercepts = {}, {}
    for part, topic in TOPIC.items():
        teaches = [part in sample.has or sample.labels.get(topic) == "fail" for sample in given for _ in sample.sentences]
        stands = [one == part for sample in given for one in sample.parts]
        weights[part], intercepts[part] = _fit(rows, np.array(teaches), np.array(stands), rarity)
    return PartModel(rarity, weights, intercepts, BOUNDS)


def _fit(
    rows: list[NDArray[np.int64]], use: NDArray[np.bool_], stands: NDArray[np.bool_], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.float32], float]:
    chosen = [(row, stands[number]) for number, row in enumerate(rows) if use[number] and row.size]
    data = np.concatenate([rarity[row] / max(np.linalg.norm(rarity[row]), 1e-6) for row, _ in chosen])
    ends = np.r_[0, np.cumsum([row.size for row, _ in chosen])]
    matrix = scipy.sparse.csr_matrix((data, np.concatenate([row for row, _ in chosen]), ends), shape=(len(chosen), SLOTS))
    model = LogisticRegression(C=8, solver="liblinear").fit(matrix, np.array([belongs for _, belongs in chosen]))
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


# --- measuring


def pattern(part: str, sentences: Sequence[str], lexicons: Lexicons) -> bool:
    """Whether the patterns alone find the part."""
    plain = [sentence.replace("’", "'") for sentence in sentences]
    if part == "consent":
        return any(lexicons.consent.told(words, at_an_end=not 0.25 < n / len(plain) < 0.75) for n, words in enumerate(plain))
    words = lexicons.slot(part)
    kept = [sentence for sentence in plain if not lexicons.removal.called_for(sentence)]
    return (
        any(words.in_prose.search(sentence) for sentence in kept)
        or sum(bool(words.signs.search(sentence)) for sentence in kept) >= words.signs_needed
    )


@dataclass(frozen=True)
class Trial:
    """One report to be judged: what the model says, what the patterns say, and whether the part is missing."""

    opinion: Opinion | None
    pattern: bool
    missing: bool


def trials(part: str, held: Sequence[Sample], model: PartModel, lexicons: Lexicons) -> tuple[list[Trial], list[Trial]]:
    """The made trials (titles or section taken out) and the real ones (no such title, judged by their labels)."""

    def trial(sentences: Sequence[str], *, missing: bool) -> Trial:
        return Trial(model.opinions(model.rows(sentences)).get(part), pattern(part, sentences, lexicons), missing)

    made, real = [], []
    for sample in held:
        label = sample.labels.get(TOPIC[part])
        if part in sample.has and label == "pass" and sample.without(part):
            made += [trial(sample.sentences, missing=False), trial(sample.without(part), missing=True)]
        elif part not in sample.has and label in ("pass", "fail"):
            real.append(trial(sample.sentences, missing=label == "fail"))
    return made, real


def _line(name: str, found: Sequence[Trial]) -> str:
    ways = {
        "patterns": lambda one: one.pattern,
        "model": lambda one: one.opinion is not None and one.opinion.strength >= 0.3,
        "both": lambda one: one.pattern if one.opinion is None or one.opinion.settled is None else one.opinion.settled,
    }
    said = []
    for way, there in ways.items():
        right = sum(one.missing and not there(one) for one in found)
        wrong = sum(one.missing == there(one) for one in found)
        said.append(f"{way} {2 * right / max(1, 2 * right + wrong):.2f}")
    return f"  {name:8} {sum(one.missing for one in found):3} of {len(found):3} missing; F1 of missing: {', '.join(said)}"


def measure(given: Sequence[Sample], lexicons: Lexicons) -> None:
    """Prints, by part, how patterns, model and both do on writers the model has not seen."""
    letters = sorted({sample.letter for sample in given})
    found: dict[str, tuple[list[Trial], list[Trial]]] = {part: ([], []) for part in TOPIC}
    for number in range(GROUPS):
        out = letters[number::GROUPS]
        model = learn([sample for sample in given if sample.letter not in out])
        held = [sample for sample in given if sample.letter in out]
        for part in TOPIC:
            made, real = trials(part, held, model, lexicons)
            found[part][0].extend(made)
            found[part][1].extend(real)
    for part, (made, real) in found.items():
        print(part)
        print(_line("made", made))
        print(_line("real", real))


def write(model: PartModel, folder: Path) -> None:
    """Writes the model and its card."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "parts.npz",
        rarity=model.rarity.astype(np.float16),
        intercepts=np.array([model.intercepts[part] for part in TOPIC], np.float32),
        **{part: np.where(model.rarity > 0, weights, 0).astype(np.float16) for part, weights in model.weights.items()},  # type: ignore[arg-type] # its stub knows no mapping
    )
    digest = hashlib.sha256((folder / "parts.npz").read_bytes()).hexdigest()
    bounds = {part: {name: getattr(bound, name) for name in ("best_of", "absent_below", "present_from")} for part, bound in BOUNDS.items()}
    card = {"name": "parts-of-a-report-1", "sha256": digest, "parts": bounds}
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measures, or writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="learn from all writers and write rules/models/topics")
    chosen = parser.parse_args()
    if not (RULES / "models" / "topics" / "model.json").exists():  # the rules cannot be read without one
        blank = np.zeros(SLOTS, np.float32)
        write(PartModel(blank, dict.fromkeys(TOPIC, blank), dict.fromkeys(TOPIC, 0.0), BOUNDS), RULES / "models" / "topics")
    lexicons = library.load(RULES).lexicons
    given = list(samples(lexicons))
    if chosen.write:
        write(learn(given), RULES / "models" / "topics")
    else:
        measure(given, lexicons)


if __name__ == "__main__":
    main()
