"""Takes removals from spans of text to boxes on pages: what is burnt out, what is kept, and where the kept words are laid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.domain.documents import Box, Document, TextSource, Word
from pipeline.domain.plan import Removal
from pipeline.domain.text import PersonalText, Span, merge
from pipeline.redaction.closing import Closing, closings, to_the_end
from pipeline.redaction.typefaces import BOLD
from pipeline.redaction.typefaces import width as width_of

PAD_ACROSS = 1.6
"""Points a bar reaches beyond the words it covers: the edge of a slanted letter must not look out."""
PAD_DOWN = 1.2
_READABLE = 6.5
_SLANT = 1.35
"""A bar may be so many times as high as its highest word; a slanting line's would reach into the next line."""
_SAME_LINE = 0.5
"""Two words are on one line where they share this much of the lower one's height."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle to be burnt into a page."""

    box: Box


@dataclass(frozen=True, slots=True)
class Piece:
    """A kept word, the label in a removal's place, or nothing but the room of a further bar, and where it is laid."""

    text: PersonalText
    box: Box
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class PageWork:
    """What is done to one page: the bars, and the kept words and labels in reading order."""

    number: int
    width: float
    height: float
    bars: tuple[Bar, ...]
    pieces: tuple[Piece, ...]
    closings: tuple[Closing, ...] = ()

    def moved(self, places: Mapping[Box, Box]) -> PageWork:
        """The same work with what stood in one place now in another."""
        bars = tuple(replace(bar, box=places.get(bar.box, bar.box)) for bar in self.bars)
        return replace(self, bars=bars, pieces=tuple(replace(each, box=places.get(each.box, each.box)) for each in self.pieces))


def on_words(document: Document, removals: Sequence[Removal]) -> tuple[Removal, ...]:
    """The removals widened to all of each printed word they touch, since a box cannot be cut between two letters of unknown width."""
    widened: list[Removal] = []
    for removal in removals:
        touched = [word.span for word in document.words if word.span.overlaps(removal.span)]
        span = Span(min([removal.span.start, *(each.start for each in touched)]), max([removal.span.end, *(each.end for each in touched)]))
        if widened and span.start < widened[-1].span.end:
            span = Span(widened[-1].span.end, max(span.end, widened[-1].span.end))
        if len(span):
            widened.append(replace(removal, span=span))
    return tuple(widened)


def placed(document: Document, removals: Sequence[Removal]) -> bool:
    """Whether every letter of the face, removed or kept, lies in a word whose place is known: else the page cannot be trusted."""
    covered = merge(word.span for word in document.words)
    position = 0
    lost = 0
    for span in (*covered, Span(len(document.text), len(document.text))):
        gap = Span(position, max(position, span.start))
        letters = sum(character.isalnum() for character in gap.of(document.text))
        if letters and any(removal.span.overlaps(gap) for removal in removals):
            return False
        lost += letters
        position = max(position, span.end)
    return lost <= len(document.text) // 500


def work(document: Document, removals: Sequence[Removal]) -> tuple[PageWork, ...]:
    """The work on every page."""
    scanned = frozenset(page.number for page in document.pages if page.source is not TextSource.NATIVE)
    return tuple(_of_page(document, removals, page.number, (page.width, page.height), scanned) for page in document.pages)


def _of_page(document: Document, removals: Sequence[Removal], number: int, size: tuple[float, float], scanned: Collection[int]) -> PageWork:
    width, height = size
    words = [word for word in document.words if word.page == number]
    taken: dict[int, list[Word]] = {}
    kept: list[Word] = []
    for word in words:
        index = next((index for index, removal in enumerate(removals) if removal.span.overlaps(word.span)), None)
        if index is None:
            kept.append(word)
        else:
            taken.setdefault(index, []).append(word)
    end = max((word.box.x1 for word in words), default=0.0) + PAD_ACROSS
    bars: list[Bar] = []
    places: list[tuple[int, Piece]] = [(word.span.start, Piece(word.span.of(document.text), word.box)) for word in kept]
    for index, gone in taken.items():
        joined = lines(word.box for word in gone)
        if number in scanned:
            joined = over_gaps(joined, kept)
        boxes = [to_the_end(_padded(box, kept, width, height), kept, end) for box in joined]
        bars += [Bar(box) for box in boxes]
        label = removals[index].label
        labelled = _label_place(boxes, label)
        # Each line of a removal has its place in reading order, so that a bar is a gap in a line for whoever lifts the text off the page.
        starts = [min(word.span.start for word in gone if _within(word.box, box)) for box in joined]
        texts = (label if box is labelled else "" for box in boxes)
        places += [(start, Piece(PersonalText(text), box, is_label=True)) for start, text, box in zip(starts, texts, boxes, strict=True)]
    pieces = tuple(piece for _, piece in sorted(places, key=lambda each: each[0]))
    return PageWork(number, width, height, tuple(bars), pieces, closings([bar.box for bar in bars], kept, width))


def _within(inner: Box, outer: Box) -> bool:
    return outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.top <= inner.top and inner.bottom <= outer.bottom


def _label_place(boxes: Sequence[Box], label: str) -> Box:
    """The first of a removal's bars with room for its label in readable letters, else the widest."""
    needed = width_of(label, BOLD, _READABLE)
    roomy = (box for box in boxes if box.x1 - box.x0 >= needed)
    return next(roomy, max(boxes, key=lambda box: box.x1 - box.x0))


def lines(boxes: Iterable[Box]) -> list[Box]:
    """Boxes of words in reading order joined into one box a line; a line that slants, as scans do, into a flight of steps."""
    joined: list[Box] = []
    high = 0.0
    for box in boxes:
        whole = _around(joined[-1], box) if joined and _same_line(joined[-1], box) else None
        if whole is not None and whole.bottom - whole.top <= _SLANT * max(high, box.bottom - box.top):
            joined[-1], high = whole, max(high, box.bottom - box.top)
        else:
            joined.append(box)
            high = box.bottom - box.top
    return joined


def over_gaps(boxes: Sequence[Box], kept: Sequence[Word]) -> list[Box]:
    """A removal's boxes on a scan, joined along a line where no kept word stands between: ink that OCR made nothing of goes with them."""
    joined: list[Box] = []
    for box in boxes:
        last = joined[-1] if joined else None
        if last is not None and _level(last, box) and last.x1 <= box.x0 and not any(_between(last, box, word.box) for word in kept):
            joined[-1] = _around(last, box)
        else:
            joined.append(box)
    return joined


def _level(first: Box, second: Box) -> bool:
    whole = _around(first, second)
    high = max(first.bottom - first.top, second.bottom - second.top)
    return whole.bottom - whole.top <= _SLANT * high


def _between(first: Box, second: Box, word: Box) -> bool:
    gap = Box(first.x1, min(first.top, second.top), second.x0, max(first.bottom, second.bottom))
    return word.x0 < gap.x1 and word.x1 > gap.x0 and word.top < gap.bottom and word.bottom > gap.top


def _around(first: Box, second: Box) -> Box:
    return Box(min(first.x0, second.x0), min(first.top, second.top), max(first.x1, second.x1), max(first.bottom, second.bottom))


def _same_line(first: Box, second: Box) -> bool:
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    lower = min(first.bottom - first.top, second.bottom - second.top)
    # The next word of a line stands at most a wide gap to the right; a table's next column is a line of its own.
    return shared > _SAME_LINE * lower and -2.0 <= second.x0 - first.x1 < 3.0 * max(lower, 1.0)


def _padded(box: Box, kept: Sequence[Word], width: float, height: float) -> Box:
    """The box with its margin, drawn back from kept words' boxes but never into its own."""
    x0, top, x1, bottom = box.x0 - PAD_ACROSS, box.top - PAD_DOWN, box.x1 + PAD_ACROSS, box.bottom + PAD_DOWN
    for other in (word.box for word in kept):
        if other.bottom > box.top and other.top < box.bottom:  # beside it
            if box.x1 <= other.x0 < x1:
                x1 = max(box.x1, (box.x1 + other.x0) / 2)
            if x0 < other.x1 <= box.x0:
                x0 = min(box.x0, (box.x0 + other.x1) / 2)
        if other.x1 > box.x0 and other.x0 < box.x1:  # above or below it
            if box.bottom <= other.top < bottom:
                bottom = max(box.bottom, other.top)
            if top < other.bottom <= box.top:
                top = min(box.top, other.bottom)
    return Box(max(0.0, x0), max(0.0, top), min(width, x1), min(height, bottom))
