"""Has OCR read strips of several pages as one picture, so that the program starts once, and says of each word where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
from PIL import Image

from pipeline.redaction import readback

_APART = 14
"""Rows of white between two strips, so that they are taken for two lines."""
_HIGHEST = 12_000
"""Rows of one picture made of strips."""
_DPI = 150
_WORD = "5"
"""The level of a line of tesseract's table that stands for a word."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows of one page, from `top` to before `bottom`."""

    page: int
    top: int
    bottom: int
    picture: Image.Image = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """A word that was read, the page and the row its middle stands on, and the line of print it belongs to."""

    text: str = field(repr=False)
    page: int
    row: int
    line: tuple[str, ...]


def cut(page: int, picture: Image.Image, rows: Any) -> Iterator[Strip]:
    """The runs of wanted rows (an array of bool) of a page's picture that have any ink in them."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows.astype("int8"), [0]))))
    for top, bottom in edges.reshape(-1, 2).tolist():
        strip = picture.crop((0, top, picture.width, bottom))
        low, high = strip.getextrema()
        if low != high:
            yield Strip(page, top, bottom, strip)


def pictures(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    """The strips in groups, each small enough for one picture."""
    group: list[Strip] = []
    height = 0
    for strip in strips:
        height += strip.picture.height + _APART
        if group and height > _HIGHEST:
            yield group
            group, height = [], strip.picture.height + _APART
        group.append(strip)
    if group:
        yield group


def read(strips: Sequence[Strip], seconds: float) -> list[Seen]:
    """All words in the strips, read as one block of lines."""
    height = sum(strip.picture.height + _APART for strip in strips) + _APART
    whole = Image.new("L", (max(strip.picture.width for strip in strips), height), 255)
    starts: list[int] = []
    row = _APART
    for strip in strips:
        whole.paste(strip.picture, (0, row))
        starts.append(row)
        row += strip.picture.height + _APART
    table = readback.by_ocr(whole, _DPI, seconds, "--psm", "6", "tsv")
    return [_placed(cells, strips, starts) for cells in _words(table)]


def _words(table: str) -> Iterator[list[str]]:
    for line in table.splitlines():
        cells = line.split("\t", 11)
        if cells[0] == _WORD and len(cells) == 12 and cells[11].strip():
            yield cells


def _placed(cells: list[str], strips: Sequence[Strip], starts: Sequence[int]) -> Seen:
    middle = int(cells[7]) + int(cells[9]) // 2
    number = max(0, int(np.searchsorted(starts, middle, "right")) - 1)
    return Seen(cells[11], strips[number].page, strips[number].top + middle - starts[number], tuple(cells[1:5]))


def as_text(words: Sequence[Seen]) -> str:
    """The words as lines, as they were read."""
    return "\n".join(" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.line))
