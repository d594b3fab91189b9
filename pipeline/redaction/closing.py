"""Closes the width of what went: bars get one of a few widths and the rest of the line moves up to them, so that no length tells a name.

A bar with nothing after it on its line reaches to the end of the print. One between words that stay gets a width of whole steps, and
the words after it are moved, in the picture and in the text laid over it. Where a rule, a frame or another column is in the way the line
stays as it is printed: moving half a picture would be worse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PIL import Image

from pipeline.domain.documents import Box, Word

STEP = 80.0
"""Points: the widths of bars are whole steps of it. Most names are shorter, so that they all look alike."""
EDGE = 14.0
"""Points left free at the edge of the page."""
_AFTER = 2.5
"""Points more between a bar and the next word than there were, lest its first letter be taken for a part of the bar."""
_GAP = 3.0
"""Words of one line stand at most so many times their height apart."""
_SLACK = 0.8
"""Points of its surroundings that a word takes along: the edges of slanted letters."""
_DARKER = 48
_STRAY = 0.002
"""The share of pixels between the words of a line that may differ from its ground: specks of a scan, but no rule or frame."""


Ground = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """One line to be closed: the strip of the page it takes up, what stands in it, and where each of those goes."""

    strip: Box
    words: tuple[Box, ...]
    moves: tuple[tuple[Box, Box], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a line that is covered by one bar, or kept words in a row."""

    bar: Box | None
    words: tuple[Box, ...]

    @property
    def x0(self) -> float:
        return self.bar.x0 if self.bar else self.words[0].x0

    @property
    def x1(self) -> float:
        return self.bar.x1 if self.bar else self.words[-1].x1


def to_the_end(bar: Box, kept: Sequence[Word], end: float) -> Box:
    """The bar as far as the print reaches where nothing that stays follows it on its line, else whole steps if there is room for them."""
    after = [word.box.x0 for word in kept if word.box.x0 >= bar.x1 - 0.5 and word.box.top < bar.bottom and word.box.bottom > bar.top]
    if not after:
        return replace(bar, x1=max(bar.x1, end))
    wide = bar.x0 + math.ceil((bar.x1 - bar.x0) / STEP) * STEP
    return replace(bar, x1=max(bar.x1, wide)) if wide < min(after) - 2.0 else bar


def closings(bars: Sequence[Box], kept: Sequence[Word], width: float) -> tuple[Closing, ...]:
    """The lines of a page in which words that stay follow a bar closely; none for lines that are not level."""
    made: list[Closing] = []
    done: set[Box] = set()
    for bar in sorted(bars, key=lambda each: each.x0):
        if bar in done:
            continue
        line = _line(bar, bars, kept)
        done.update(each.bar for each in line if each.bar)
        closing = _closing(line, _room(line, bars, kept, width))
        if closing is not None:
            made.append(closing)
    return tuple(made)


def _level(first: Box, second: Box) -> bool:
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    return shared > 0.5 * min(first.bottom - first.top, second.bottom - second.top)


def _line(bar: Box, bars: Sequence[Box], kept: Sequence[Word]) -> list[_Stretch]:
    """The bar and all that follows it on its line without a wide gap, bars and runs of kept words in turn."""
    things = [(box, True) for box in bars if box.x0 >= bar.x0 and _level(bar, box)]
    things += [(word.box, False) for word in kept if word.box.x0 >= bar.x0 and _level(bar, word.box)]
    line: list[_Stretch] = []
    for box, is_bar in sorted(things, key=lambda each: each[0].x0):
        if line and box.x0 - line[-1].x1 > _GAP * (box.bottom - box.top):
            break
        if is_bar:
            line.append(_Stretch(box, ()))
        elif line and line[-1].bar is None:
            line[-1] = _Stretch(None, (*line[-1].words, box))
        else:
            line.append(_Stretch(None, (box,)))
    return line


def _room(line: Sequence[_Stretch], bars: Sequence[Box], kept: Sequence[Word], width: float) -> float:
    """How far right the line may reach."""
    first, end = line[0].bar or line[0].words[0], line[-1].x1
    others = [box.x0 for box in (*bars, *(word.box for word in kept)) if box.x0 > end and _level(first, box)]
    return min([width - EDGE, *(x0 - 6.0 for x0 in others)])


def _closing(line: Sequence[_Stretch], room: float) -> Closing | None:
    if not any(each.bar is None for each in line) or any(one.bar and two.bar for one, two in pairwise(line)):
        return None  # nothing follows the bar, or the line slants so much that its bar is a flight of steps
    for rounded in (math.ceil, math.floor):
        moves = _moves(line, rounded)
        end = max(new.x1 for _, new in moves)
        if end <= room:
            words = tuple(box for each in line for box in each.words)
            boxes = [*words, *(each.bar for each in line if each.bar)]
            strip = Box(line[0].x0, min(box.top for box in boxes), max(end, line[-1].x1) + 1.0, max(box.bottom for box in boxes))
            return Closing(strip, words, tuple(moves))
    return None


def _moves(line: Sequence[_Stretch], rounded: Callable[[float], int]) -> list[tuple[Box, Box]]:
    """Each box and its new one; a bar that nothing follows ends where it did."""
    moves: list[tuple[Box, Box]] = []
    by = 0.0
    for number, each in enumerate(line):
        if each.bar is None:
            moves += [(box, replace(box, x0=box.x0 + by, x1=box.x1 + by)) for box in each.words]
            continue
        old, x0 = each.bar.x1 - each.bar.x0, each.bar.x0 + by
        new = max(1, rounded(old / STEP)) * STEP
        moves.append((each.bar, replace(each.bar, x0=x0, x1=max(each.bar.x1, x0 + 12.0) if number == len(line) - 1 else x0 + new)))
        by += new - old + _AFTER
    return moves


def closed(picture: Image.Image, closing: Closing, scale: float) -> bool:
    """Moves the line's words in the picture. False, and nothing moved, where more than words on an even ground stands there."""
    left, top, right, bottom = _pixels(closing.strip, scale)
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    ground = _ground(picture.crop((left, top, right, bottom)), closing, scale, (left, top))
    if ground is None:
        return False
    taken = [(_patch(picture, old, scale, (top, bottom)), new) for old, new in closing.moves if old in closing.words]
    picture.paste(ground, (left, top, right, bottom))
    for patch, new in taken:
        picture.paste(patch, (round((new.x0 - _SLACK) * scale), top))
    return True


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    return max(0, int(box.x0 * scale)), max(0, int(box.top * scale)), math.ceil(box.x1 * scale), math.ceil(box.bottom * scale)


def _patch(picture: Image.Image, box: Box, scale: float, rows: tuple[int, int]) -> Image.Image:
    return picture.crop((round((box.x0 - _SLACK) * scale), rows[0], round((box.x1 + _SLACK) * scale), rows[1]))


def _ground(strip: Image.Image, closing: Closing, scale: float, origin: tuple[int, int]) -> Ground | None:
    """The colour behind the words; None where anything but the words and what the bars cover stands out from it."""
    grey = np.asarray(strip.convert("L")).astype("int16")
    bare = np.ones(grey.shape, dtype=bool)
    covered = [old for old, _ in closing.moves]
    for box in covered:
        x0, x1 = (box.x0 - 1.0) * scale - origin[0], (box.x1 + 1.0) * scale - origin[0]
        bare[:, max(0, int(x0)) : max(0, math.ceil(x1))] = False
    if not bare.any():
        return None
    between = grey[bare]
    usual = int(np.median(between))
    if float((abs(between - usual) > _DARKER).mean()) > _STRAY:
        return None
    pixels = np.asarray(strip.convert("RGB"))[bare]
    return tuple(int(value) for value in np.median(pixels, axis=0)) if strip.mode == "RGB" else usual
