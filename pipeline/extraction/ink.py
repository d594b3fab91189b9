"""What is printed on a page, as plain values: words, ruled lines, shaded areas and pictures, before any reading order.

All places are in points from the top left corner of the page as shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.domain.documents import Box, LayerKind


@dataclass(slots=True)
class Token:
    """A printed word.

    Attributes:
        base: where its baseline runs, from the top of the page.
        size: of its type, in points.
        glued: printed directly after the word before it, without a gap.
        confidence: 1 for text that was not guessed from pixels.
        printed: where it stands on the page, if the place above is that on a page made straight for reading.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    bold: bool = False
    mono: bool = False
    glued: bool = False
    confidence: float = 1.0
    order: int = 0
    printed: Box | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Where it is printed (x0, top, x1, bottom), the right way round whatever the page's rotation did."""
        if self.printed is not None:
            return self.printed.x0, self.printed.top, self.printed.x1, self.printed.bottom
        return min(self.x0, self.x1), min(self.top, self.bottom), max(self.x0, self.x1), max(self.top, self.bottom)


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: at `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle or a picture.

    Attributes:
        order: its place in the order of painting.
        light: how bright it is, 0 to 1.
        tint: the colour of its filling, red, green and blue to 255 each.
        solid: whether it hides whatever is below it within its bounds.
    """

    box: Box
    order: int
    light: float = 0.5
    tint: tuple[int, int, int] | None = None
    solid: bool = True


@dataclass(slots=True)
class PageInk:
    """One page.

    Attributes:
        hidden: words that are in the file but not seen on the page, with the kind of hiding.
        garbled: share of characters that have no meaning as text (no mapping from glyph to letter).
        drawings: how many lines and shapes are drawn on it.
        glyphs: the letters on it by their fonts, where those are watched (`pipeline.extraction.likeness`).
        suspects: words with a letter that looked like another, with that letter.
    """

    number: int
    width: float
    height: float
    tokens: list[Token] = field(default_factory=list)
    hidden: list[tuple[LayerKind, str]] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    fills: list[Area] = field(default_factory=list)
    pictures: list[Area] = field(default_factory=list)
    garbled: float = 0.0
    drawings: int = 0
    glyphs: set[tuple[int, str]] = field(default_factory=set)
    suspects: list[tuple[Token, tuple[int, str]]] = field(default_factory=list)

    @property
    def pictured(self) -> float:
        """The share of the page that its largest picture covers, 0 to 1."""
        return max((self.share(picture.box) for picture in self.pictures), default=0.0)

    def share(self, box: Box) -> float:
        """The share of the page that a box covers, 0 to 1."""
        wide = max(0.0, min(box.x1, self.width) - max(box.x0, 0.0))
        high = max(0.0, min(box.bottom, self.height) - max(box.top, 0.0))
        return wide * high / max(self.width * self.height, 1.0)
