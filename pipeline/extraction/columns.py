"""Words as columns of numbers: a long document has a hundred thousand, and few who hold the document ever ask for one."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, overload

import numpy as np

from pipeline.domain.documents import Box, Word
from pipeline.domain.text import Span

WHOLE, REAL = "q", "d"
"""Columns of whole numbers and of fractions, eight bytes each."""
KINDS = (WHOLE, WHOLE, WHOLE, REAL, REAL, REAL, REAL, REAL)
"""What is told of a word: where its span starts and ends, its page, the edges of its box (x0, top, x1, bottom), its confidence."""

Numbers = tuple[int, int, int, float, float, float, float, float]
"""One word."""


class Columns(Sequence[Word]):
    """Words as columns of numbers, made into words when first asked for.

    Raises:
        ValueError: the columns are of different lengths, or a span is none.
    """

    __slots__ = ("_made", "columns")

    def __init__(self, *columns: bytes) -> None:
        self.columns = columns
        self._made: tuple[Word, ...] | None = None
        if len(columns) != len(KINDS) or len({len(column) for column in columns}) > 1:
            raise ValueError("the columns of words do not fit each other")
        starts, ends = (np.frombuffer(column, dtype=np.int64) for column in columns[:2])
        if len(starts) and (starts.min() < 0 or (ends < starts).any()):
            raise ValueError("a word ends before it starts")

    @classmethod
    def of(cls, words: Iterable[Numbers]) -> Columns:
        """The columns of these words, put in the order of the text."""
        columns = zip(*sorted(words), strict=True)
        made = [array(kind, column).tobytes() for kind, column in zip(KINDS, columns, strict=False)]
        return cls(*(made or [b""] * len(KINDS)))

    def _words(self) -> tuple[Word, ...]:
        if self._made is None:
            numbers = (array(kind, column) for kind, column in zip(KINDS, self.columns, strict=True))
            with without_collection():
                self._made = tuple(
                    Word(Span(start, end), page, Box(x0, top, x1, bottom), confidence)
                    for start, end, page, x0, top, x1, bottom, confidence in zip(*numbers, strict=True)
                )
        return self._made

    def __len__(self) -> int:
        return len(self.columns[0]) // 8

    @overload
    def __getitem__(self, index: int) -> Word: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...

    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        return self._words()[index]

    def __iter__(self) -> Iterator[Word]:
        return iter(self._words())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Columns):
            return self.columns == other.columns
        return isinstance(other, Sequence) and self._words() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._words())

    def __reduce__(self) -> tuple[Any, ...]:
        return Columns, self.columns


@contextmanager
def without_collection() -> Iterator[None]:
    """Lets Python's collector of rings rest: each full round of it would look at all that was made so far."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
