"""Text about people, and the one coordinate system that points into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class PersonalText(str):
    """Text that may name or describe a person; it never shows itself in a repr, so no traceback or log of a value can leak it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<personal text, {len(self)} characters>"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of characters in one `Document.text`.

    Raises:
        ValueError: if the range is turned round or begins before the text.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end < self.start:
            raise ValueError(f"a span must run forward from 0 or later, not {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> PersonalText:
        """The characters of `text` that the span covers."""
        return PersonalText(text[self.start : self.end])

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Span:
        """The same length, `by` characters further on."""
        return Span(self.start + by, self.end + by)


def merge(spans: Iterable[Span], *, gap: int = 0) -> tuple[Span, ...]:
    """The fewest spans that cover the same characters, in order; those at most `gap` characters apart become one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end + gap:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
