"""Finds where a text says what a label quotes, whatever its white space, quotation marks and misread letters."""

from __future__ import annotations

from rapidfuzz import fuzz

from pipeline.domain.text import Span
from pipeline.evaluation.readback import fold

NEARLY = 85.0
"""How alike, of 100, a place must be to a quote that is nowhere word for word: a scan misreads a letter here and there."""


class Places:
    """One text, folded once, with the way back to its characters."""

    def __init__(self, text: str) -> None:
        pieces = [fold(character) for character in text]
        self._folded = "".join(pieces)
        self._back = [place for place, piece in enumerate(pieces) for _ in piece]

    def of(self, quote: str) -> Span | None:
        """Where the quote stands; None where the text does not say it."""
        wanted = fold(quote)
        if not wanted or not self._folded:
            return None
        start = self._folded.find(wanted)
        if start >= 0:
            return self._span(start, start + len(wanted))
        near = fuzz.partial_ratio_alignment(wanted, self._folded, score_cutoff=NEARLY)
        return self._span(near.dest_start, near.dest_end) if near is not None and near.dest_end > near.dest_start else None

    def _span(self, start: int, end: int) -> Span:
        return Span(self._back[start], self._back[end - 1] + 1)
