"""A second opinion on which part of a report a sentence belongs to, learnt from the wording of reports that have titles.

Used where a report has no title for a part: patterns find what they know, this finds what is worded otherwise, and doubts a pattern
that fired on something else. The sentence that carries the part is shown as the evidence, as for any rule.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zlib
from collections.abc import Iterable, Sequence
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
FEWEST = 3
"""Words; a shorter line says too little to be judged."""
USUAL = 40
"""Sentences of a usual report. The more there are, the likelier it is that one sounds like the part by chance, so that a longer report must
sound more like it than a short one."""
SHORT = 8
"""Sentences; a report of fewer is read as if it had so many."""
ENOUGH = 4
"""Sentences; a shorter text is too little to doubt the words that say it plainly."""
STEM = 4
"""Letters; the beginning of a word longer than that counts beside the word, so that 'flinches' says something of 'flinching'."""

_PAIR = np.uint64(2654435761)
"""Knuth's multiplier, which keeps a pair of words apart from its words and from the pair the other way round."""
_TOKEN = re.compile(r"[a-z~]+(?:'[a-z]+)?|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Sight:
    """A sentence as it is judged: whom it is about, and its words with the names put aside.

    Attributes:
        words: the children's names as `~k`, other people's first names as `~a`.
        on_child: whether the sentence is about the child; `named` whether a child is spoken of in it at all.
        signs: `e` where it has words of what a child does, feels or says, `x` of what things do to a child, `q` where somebody is quoted.
    """

    words: str
    on_child: bool = False
    named: bool = False
    signs: str = ""


def words_of(sight: Sight) -> list[str]:
    """The words of a sentence in order, between marks of where it begins and ends; a number is a number."""
    return ["<", *("0" if word[0].isdigit() else word for word in _TOKEN.findall(sight.words.lower())), ">"]


def signs_of(sight: Sight, words: Sequence[str], place: float) -> list[str]:
    """What else tells of a sentence: how its words begin, whom it is about, and its place in the report (0 to 1)."""
    about = f"{int(sight.on_child)}{int(sight.named)}"
    signs = [f"p:{word[:STEM]}" for word in words if len(word) > STEM]
    signs += [f"@{int(place * PLACES)}", f"@{about}"]
    return signs + [f"rx{sign}{which}" for sign in sight.signs for which in ("", about)]


def slots(sights: Sequence[tuple[Sight, float]]) -> list[NDArray[np.int64]]:
    """The slots of each sentence, of which there is one at least: its words, pairs of words, and what else tells of it."""
    words = [words_of(sight) for sight, _ in sights]
    signs = [signs_of(sight, own, place) for (sight, place), own in zip(sights, words, strict=True)]
    numbers = np.arange(len(sights), dtype=np.uint64)
    alone, beside = _codes(words), _codes(signs)
    whose, whose_sign = (np.repeat(numbers, list(map(len, listed))) for listed in (words, signs))
    within = whose[:-1] == whose[1:]
    pairs = (alone[:-1] * _PAIR + alone[1:])[within]
    found = np.concatenate((alone, pairs, beside)) % np.uint64(SLOTS)
    every = np.unique(np.concatenate((whose, whose[:-1][within], whose_sign)) * np.uint64(SLOTS) + found)
    return np.split((every % np.uint64(SLOTS)).astype(np.int64), np.searchsorted(every, numbers[1:] * np.uint64(SLOTS)))


def _codes(names: Iterable[Iterable[str]]) -> NDArray[np.uint64]:
    """The checksums of all names, in order."""
    flat = [name for listed in names for name in listed]
    known = {name: zlib.crc32(name.encode()) for name in set(flat)}
    return np.array([known[name] for name in flat], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a report's best sentences are read for one part.

    Attributes:
        best_of: so many of the best sentences are averaged.
        lean: how much more a report must sound like the part that is e times as long as the usual one.
        absent_below: below it the part is not there, whatever a pattern found; `present_from` and above it is, without one.
    """

    best_of: int
    lean: float
    absent_below: float
    present_from: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the sentences of a report say of one part.

    Attributes:
        strength: the mean of the best sentences (a logit), made equal for length; `best` the numbers of the best, the very best first.
        may_doubt: whether there are enough sentences to doubt a pattern that found the part.
    """

    strength: float
    best: tuple[int, ...]
    bounds: Bounds
    may_doubt: bool = True

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

    def rows(self, sights: Sequence[Sight]) -> tuple[NDArray[np.int64], ...]:
        """The slots of each sentence of a report, in order; none for one too short to be judged."""
        none = np.empty(0, dtype=np.int64)
        judged = [number for number, sight in enumerate(sights) if len(sight.words.split()) >= FEWEST]
        found = dict(zip(judged, slots([(sights[number], number / len(sights)) for number in judged]) if judged else (), strict=True))
        return tuple(found.get(number, none) for number in range(len(sights)))

    def scores(self, rows: Sequence[NDArray[np.int64]]) -> dict[str, NDArray[np.float64]]:
        """For each part how much each sentence sounds like it (a logit); nothing sounds like one too short to be judged."""
        numbers = [number for number, row in enumerate(rows) if row.size]
        found = {part: np.full(len(rows), -np.inf) for part in self.weights}
        if not numbers:
            return found
        judged = [rows[number] for number in numbers]
        every, starts = np.concatenate(judged), np.cumsum([0, *(row.size for row in judged[:-1])])
        rarity = self.rarity[every]
        lengths = np.maximum(np.sqrt(np.add.reduceat(rarity * rarity, starts)), 1e-6)
        for part, weights in self.weights.items():
            found[part][numbers] = np.add.reduceat(rarity * weights[every], starts) / lengths + self.intercepts[part]
        return found

    def opinion(self, part: str, scores: NDArray[np.float64]) -> Opinion | None:
        """What a report's sentences say of a part; nothing where there is no sentence to judge."""
        judged = int(np.isfinite(scores).sum())
        if not judged:
            return None
        bounds = self.bounds[part]
        best = np.argsort(-scores, kind="stable")[: min(judged, bounds.best_of)]
        length = math.log(USUAL / max(judged, SHORT))
        return Opinion(float(scores[best].mean()) + bounds.lean * length, tuple(map(int, best)), bounds, may_doubt=judged >= ENOUGH)
