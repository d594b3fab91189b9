"""Averages the weights of models that went on from one another: the mean did better on unseen letters than either.

Development only: `average.py FOLD_1/model.pt FOLD_2/model.pt --out MEAN/model.pt`. Models that did not come from the same run of the
encoder cannot be averaged: their weights mean different things.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Writes the mean of the weights of all models named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    all_weights = [torch.load(each, weights_only=True) for each in arguments.models]
    mean = {
        name: torch.stack([each[name] for each in all_weights]).mean(0) if first.is_floating_point() else first
        for name, first in all_weights[0].items()
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(mean, arguments.out)


if __name__ == "__main__":
    main()
