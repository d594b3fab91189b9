"""Teaches trees on reports that the shipped encoder has not learnt, and ships their mean with the trees that are there.

Development only, after `calibrate.py --write`: `unlearnt.py rules/models/sensitivity --before TREES`. The files of passages named in
`unlearnt.txt` are left out of all training of the encoder, so that the trees learn how the very encoder that is shipped reads what it
does not know. Each report counts twice, as it was written and with sentences joined (`augment.Joiner`).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
import authored
import calibrate
import labelled
import readings
from augment import Joiner

from pipeline.recognition.sensitivity.cues import Cues
from pipeline.recognition.sensitivity.encoder import Encoder
from pipeline.recognition.sensitivity.weighing import Weights
from pipeline.recognition.sensitivity.wording import Wording


def main() -> None:
    """Learns, takes the mean, and writes it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the model whose encoder has not learnt them")
    parser.add_argument("--before", type=Path, help="a weights.npz of calibrate.py (default: the one in the folder)")
    arguments = parser.parse_args()
    before = first_set(arguments.before or arguments.folder / "weights.npz")
    words = Wording.load(arguments.folder / "wording.npz")
    written = documents()
    rng, joiner = random.Random(77), Joiner()
    joined = [joiner.joined(each, rng) for each in written]
    cues = Cues.load(calibrate.RULES / "lexicons" / "sensitivity")
    read = readings.by_model([*written, *joined], Encoder.load(arguments.folder))
    learnt = calibrate.fit(calibrate.known_of(each, words, cues) for each in read)
    calibrate.write(arguments.folder, mean([before, learnt]), words)


def first_set(path: Path) -> Weights:
    """The trees of `calibrate.py`; refuses those that are a mean already, as each further run would weigh them less."""
    weights = Weights.load(path, expected=calibrate.NAMES)
    if len(weights.feature) > calibrate.TREES:
        raise SystemExit(f"{path.name} holds a mean of sets already: run calibrate.py --write first, or name one set with --before")
    return weights


def documents() -> list[labelled.Labelled]:
    """The reports no encoder learns."""
    files = authored.unlearnt()
    return [each for each in authored.read(labelled.CORPUS / "authored") if each.file in files]


def mean(several: Sequence[Weights]) -> Weights:
    """One set of trees whose logit is the mean of theirs."""
    wide = max(each.feature.shape[1] for each in several)

    def one_under_another(name: str) -> np.ndarray:
        tables = [getattr(each, name) for each in several]
        # places that no question leads to
        return np.vstack([np.pad(table, ((0, 0), (0, wide - table.shape[1]))) for table in tables])

    return replace(
        several[0],
        **{name: one_under_another(name) for name in ("feature", "threshold", "below", "above")},
        value=one_under_another("value") / len(several),
        start=float(np.mean([each.start for each in several])),
        depth=max(each.depth for each in several),
    )


if __name__ == "__main__":
    main()
