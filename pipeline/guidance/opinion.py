"""A second opinion on which part of a report a sentence belongs to, learnt from the wording of reports that have titles.

Used where a report has no title for a part: patterns find what they know, this finds what is worded otherwise, and doubts a pattern
that fired on something else. The sentence that carries the part is shown as the evidence, as for any rule.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import RulesError

SLOTS = 2**16
"""Words are told apart by a checksum of this many values; two that fall together are rare and do little harm."""
PLACES = 5
"""A report is cut into so many stretches; needs and outlook stand near its end, involvement near its head."""
ENOUGH = 8
"""Sentences; a shorter text is too little to doubt the words that say it plainly."""
FEWEST = 3
"""Words; a shorter line says too little to be judged."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\w\s]")


def slots(sentence: str, place: float) -> NDArray[np.int64]:
    """The slots of a sentence's words, pairs of words and place in the report (0 to 1)."""
    words = ["<", *("0" if word[0].isdigit() else word for word in _TOKEN.findall(sentence.lower().replace("’", "'"))), ">"]
    names = [f"w:{word}" for word in words] + [f"{one}_{two}" for one, two in itertools.pairwise(words)] + [f"@{int(place * PLACES)}"]
    return np.array(sorted({zlib.crc32(name.encode()) % SLOTS for name in names}), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a report's best sentences are read for one part.

    Attributes:
        best_of: so many of the best sentences are averaged.
        absent_below: below it the part is not there, whatever a pattern found; `present_from` and above it is, without one.
    """

    best_of: int
    absent_below: float
    present_from: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the sentences of a report say of one part.

    Attributes:
        strength: the mean of the best sentences (a logit); `best` the number of the very best.
        may_doubt: whether there are enough sentences to doubt a pattern that found the part.
    """

    strength: float
    best: int
    bounds: Bounds
    may_doubt: bool

    @property
    def settled(self) -> bool | None:
        """Whether the part is there, whatever a pattern finds; None where a pattern is to say."""
        if self.strength >= self.bounds.present_from:
            return True
        return False if self.may_doubt and self.strength < self.bounds.absent_below else None


@dataclass(frozen=True)
class PartModel:
    """A logistic regression for each part over the slots of a sentence (rules/models/topics)."""

    rarity: NDArray[np.float32]
    weights: dict[str, NDArray[np.float32]]
    intercepts: dict[str, float]
    bounds: dict[str, Bounds]
    digest: str = ""

    @classmethod
    def load(cls, folder: Path) -> PartModel:
        """Reads the model and proves that it is the one its card names.

        Raises:
            RulesError: a file is missing or damaged, or is not the one the card names.
        """
        try:
            card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            content = (folder / "parts.npz").read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if digest != card["sha256"]:
                raise RulesError("models/topics/parts.npz is not the file that model.json names; restore both together")
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                return cls._of(stored, card, digest)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RulesError(f"models/topics cannot be read ({type(error).__name__}); restore model.json and parts.npz") from None

    @classmethod
    def _of(cls, stored: Any, card: dict[str, Any], digest: str) -> PartModel:
        parts = {name: Bounds(**bounds) for name, bounds in card["parts"].items()}
        return cls(
            rarity=stored["rarity"].astype(np.float32),
            weights={name: stored[name].astype(np.float32) for name in parts},
            intercepts={name: float(stored["intercepts"][number]) for number, name in enumerate(parts)},
            bounds=parts,
            digest=digest + repr(parts),
        )

    def rows(self, sentences: Sequence[str]) -> tuple[NDArray[np.int64], ...]:
        """The slots of each sentence of a report, in order; none for one too short to be judged."""
        none = np.empty(0, dtype=np.int64)
        return tuple(
            slots(sentence, number / len(sentences)) if len(sentence.split()) >= FEWEST else none
            for number, sentence in enumerate(sentences)
        )

    def opinions(self, rows: Sequence[NDArray[np.int64]]) -> dict[str, Opinion]:
        """What a report's sentences say of each part that was learnt; empty where there is nothing to judge."""
        numbers = [number for number, row in enumerate(rows) if row.size]
        if not numbers:
            return {}
        judged = [rows[number] for number in numbers]
        every, starts = np.concatenate(judged), np.cumsum([0, *(row.size for row in judged[:-1])])
        rarity = self.rarity[every]
        lengths = np.maximum(np.sqrt(np.add.reduceat(rarity * rarity, starts)), 1e-6)
        return {
            part: self._opinion(part, np.add.reduceat(rarity * weights[every], starts) / lengths, numbers)
            for part, weights in self.weights.items()
        }

    def _opinion(self, part: str, scores: NDArray[np.floating], numbers: list[int]) -> Opinion:
        bounds = self.bounds[part]
        best = np.argsort(-scores, kind="stable")[: bounds.best_of]
        strength = float(scores[best].mean()) + self.intercepts[part]
        return Opinion(strength, numbers[int(best[0])], bounds, may_doubt=len(numbers) >= ENOUGH)
