"""What a page of a PDF prints, from its drawing: level lines of text with their typefaces, and the rows in which anything else stands."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from rapidfuzz.distance import Levenshtein

Letter = tuple[int, str]
"""A typeface, by its place in memory, and a letter or digit in it."""

_RULE = 18.0
_DOT = 0.6
"""Points: shapes of at most four corners are rules, frames and shades where one side is longer than a letter, or specks such as the
corners of a cell; others may be strokes or dots of a letter."""
_LEVEL = 1e-3
_READ_TRUE = 0.85
"""A line vouches for its letters where so much of it was read as it is said to be; two lines of English have about half in common."""
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})
"""Letters that OCR takes for each other: l and i, nought and o."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in pixel rows from `top` to before `bottom`, and each of its letters in order with its typeface."""

    top: int
    bottom: int
    text: str = field(repr=False)
    setting: tuple[Letter, ...] = field(repr=False)

    @property
    def letters(self) -> frozenset[Letter]:
        """The different ones."""
        return frozenset(self.setting)


@dataclass(frozen=True, slots=True)
class Print:
    """The lines of a page, and the rows (from, to) in which something stands that is no level text."""

    lines: tuple[Line, ...]
    other: tuple[tuple[int, int], ...]


def printed(page: pypdfium2.PdfPage, scale: float, stack: ExitStack) -> Print | None:
    """What the page prints at so many pixels a point; None for a turned page. The page and its text stay open with the stack."""
    if page.get_rotation():
        return None
    text_page = stack.enter_context(closing(page.get_textpage()))
    _, _, _, highest = page.get_cropbox()
    pieces: list[tuple[Line, float]] = []
    other: list[tuple[int, int]] = []
    for each in page.get_objects(max_depth=1, textpage=text_page):
        left, low, _, high = each.get_bounds()
        rows = int((highest - high) * scale), int((highest - low) * scale) + 1
        if each.type == pdfium.FPDF_PAGEOBJ_TEXT and _is_level(each):
            pieces.append((_line(each, rows), left))
        elif not _is_rule(each):
            other.append((rows[0] - 2, rows[1] + 2))
    return Print(tuple(_joined(pieces)), tuple(other))


def _is_level(each: Any) -> bool:
    matrix = each.get_matrix()
    return bool(abs(matrix.b) < _LEVEL and abs(matrix.c) < 0.5 and matrix.a > 0 and matrix.d > 0)


def _line(each: Any, rows: tuple[int, int]) -> Line:
    text = each.extract()
    typeface = ctypes.cast(each.get_font().raw, ctypes.c_void_p).value or 0
    return Line(rows[0] - 1, rows[1] + 1, text, tuple((typeface, letter) for letter in text if letter.isalnum()))


def _is_rule(each: Any) -> bool:
    if each.type != pdfium.FPDF_PAGEOBJ_PATH or pdfium.FPDFPath_CountSegments(each) > 5:
        return False
    left, low, right, high = each.get_bounds()
    longest: float = max(right - left, high - low)
    return longest >= _RULE or longest <= _DOT


def _joined(pieces: list[tuple[Line, float]]) -> Iterator[Line]:
    """Pieces that share most of their rows, as one line from left to right."""
    line: list[tuple[Line, float]] = []
    for piece in sorted(pieces, key=lambda each: each[0].top):
        if line and piece[0].top > (line[0][0].top + line[0][0].bottom) / 2:
            yield _as_one(line)
            line = []
        line.append(piece)
    if line:
        yield _as_one(line)


def _as_one(pieces: list[tuple[Line, float]]) -> Line:
    parts = [part for part, _ in sorted(pieces, key=lambda each: each[1])]
    setting = tuple(letter for part in parts for letter in part.setting)
    return Line(max(0, min(part.top for part in parts)), max(part.bottom for part in parts), " ".join(part.text for part in parts), setting)


def _plain(letters: str) -> str:
    """The letters in lower case, each still one, those that OCR takes for each other the same."""
    return "".join((letter.casefold() or letter)[:1] for letter in letters).translate(_ALIKE)


@dataclass(slots=True)
class Honest:
    """The letters that were read by OCR as what they are said to be."""

    letters: set[Letter] = field(default_factory=set)

    def learn(self, line: Line, seen: str) -> None:
        """Notes the letters of a line that were read true, if the line as a whole was."""
        said = _plain("".join(letter for _, letter in line.setting))
        got = _plain("".join(filter(str.isalnum, seen)))
        if not said or Levenshtein.normalized_similarity(said, got) < _READ_TRUE:
            return
        for block in Levenshtein.opcodes(said, got):
            if block.tag == "equal":
                self.letters.update(line.setting[block.src_start : block.src_end])

    def vouches_for(self, line: Line) -> bool:
        """Whether every letter of the line is known to be true."""
        return self.letters >= line.letters
