"""Scores the wording of a clause by its words and pairs of words: quick, plain, and a second opinion beside the encoder's."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Statement
from pipeline.domain.text import Span

SLOTS = 2**18
"""Words are told apart by a checksum of this many values; two that fall together are rare and do little harm."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\w\s]")


def slots(clause: str, statement: str, heading: str, before: str) -> NDArray[np.int64]:
    """The slots of a clause: its words and pairs, and apart from them the words of its statement, its heading and the statement before."""
    return _row([*_clause(clause), *_words_of("s", statement), *_words_of("h", heading), *_words_of("p", before)])


def _row(found: list[int]) -> NDArray[np.int64]:
    return np.unique(np.array(found, np.int64))


def _clause(clause: str) -> list[int]:
    words = _words(clause)
    return _slots([f"c:{word}" for word in words] + [f"c:{one}_{two}" for one, two in itertools.pairwise(words)])


def _words_of(mark: str, text: str) -> list[int]:
    return _slots([f"{mark}:{word}" for word in _words(text)])


def _slots(names: list[str]) -> list[int]:
    return [zlib.crc32(name.encode()) % SLOTS for name in names]


def _words(text: str) -> list[str]:
    return ["0" if word[0].isdigit() else word for word in _TOKEN.findall(text.lower())]


def rows(text: str, statements: Sequence[Statement], clauses: Sequence[tuple[Span, int]]) -> Iterator[NDArray[np.int64]]:
    """The slots of each clause, given with the number of its statement."""
    for number, group in itertools.groupby(clauses, key=lambda clause: clause[1]):
        statement = statements[number]
        before = statements[number - 1].span.of(text) if number else ""
        around = [*_words_of("s", statement.span.of(text)), *_words_of("h", statement.heading), *_words_of("p", before)]
        yield from (_row([*_clause(span.of(text)), *around]) for span, _ in group)


@dataclass(frozen=True)
class Wording:
    """A logistic regression over the slots (rules/models/sensitivity/wording.npz): how rare each is, and what it weighs."""

    rarity: NDArray[np.float32]
    weight: NDArray[np.float32]
    intercept: float

    @classmethod
    def load(cls, path: Path) -> Wording:
        """Reads the file.

        Raises:
            RulesError: it is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                rarity, weight = stored["rarity"].astype(np.float32), stored["weight"].astype(np.float32)
                return cls(rarity, weight, float(stored["intercept"]))
        except (OSError, ValueError, KeyError) as error:
            raise RulesError(f"rules/models/sensitivity/{path.name} cannot be read ({type(error).__name__}); restore it") from None

    def score(self, row: NDArray[np.int64]) -> float:
        """How strongly the wording says that the clause must go (a logit)."""
        if not row.size:
            return self.intercept
        rarity = self.rarity[row]
        return float(rarity @ self.weight[row] / max(float(np.linalg.norm(rarity)), 1e-6)) + self.intercept
