"""Prepares pictures of pages for reading: even lighting, straight lines, and the ruled lines and looks of a page.

numpy and Pillow only. Pictures are grey, one byte a pixel, white paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pipeline.extraction.ink import Rule

Grey = NDArray[np.float32]

BOLD = 1.28
"""Words with this many times the ink of the page's usual word of their size are bold."""
GRAIN = 1.2
"""How far pixels are blurred at 300 dots an inch. Measured on the labelled scans: nothing lost on good ones (99.5 % of the words read are
on the page), and on noisy faxes 89 % in place of 74 %, on handwriting 80 % in place of none."""
GRAINY = 0.07
"""Grain of the paper above which a scan is poor. Measured on the first pages of all labelled scans: the 20 legible ones have
0.017 to 0.048, the 11 that are not 0.095 to 0.135."""
FROM_GRAIN, TO_GRAIN = 0.09, 0.12
"""Grain from which a picture is treated as grainy, and from which that is done in full: bad faxes of print lie below, worse below them."""
STRONGER = 0.7
"""How much further pixels of a grainy picture are blurred."""
SMALL = 1_000_000
"""Pixels of a picture that is too small to be judged by a part of it."""
PAPER = 0.3
"""The share of the range from paper to ink that is made white on a grainy picture. Without it tesseract takes the grain of an almost
empty page for letters and finds no word in minutes; with it it read 34 words of such a page, and 246 in place of 187 of a full one."""
STEEPEST = 4.0
"""Degrees of skew that are looked for; feeders and hands stay below it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture of a page looks.

    Attributes:
        contrast: how far ink and paper are apart, 0 to 1.
        noise: how grainy the paper is, as a share of the range from ink to paper.
    """

    contrast: float = 1.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Straight:
    """A picture made straight, and the way back to the one it was made from.

    Attributes:
        look: of the picture as it was given.
        quarter: degrees it was turned clockwise, in quarters.
        angle: degrees it was then turned anticlockwise.
        width, height: of the picture as it was given.
    """

    picture: Image.Image
    look: Look
    quarter: int
    angle: float
    width: int
    height: int

    def original(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the straight picture lies in the one given."""
        turn = -math.radians(self.angle)
        middle_x, middle_y = self.picture.width / 2, self.picture.height / 2
        across, down = x - middle_x, y - middle_y
        x = math.cos(turn) * across + math.sin(turn) * down + middle_x
        y = -math.sin(turn) * across + math.cos(turn) * down + middle_y
        back = {0: (x, y), 90: (y, self.height - x), 180: (self.width - x, self.height - y), 270: (self.width - y, x)}
        return back[self.quarter]


def straighten(picture: Image.Image, dpi: float, quarter: int = 0) -> Straight:
    """The picture without grain, evenly lit, turned by quarters clockwise, and with its lines of text level."""
    grey = picture.convert("L")
    turned = grey.rotate(-quarter, expand=True) if quarter else grey
    seen = look(turned, dpi)
    grainy = min(max((seen.noise - FROM_GRAIN) / (TO_GRAIN - FROM_GRAIN), 0.0), 1.0)
    blur = GRAIN * (1 + STRONGER * grainy)
    even = _evenly_lit(turned.filter(ImageFilter.GaussianBlur(blur * dpi / 300)))
    angle = skew(even)
    level = even.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255) if abs(angle) >= 0.1 else even
    clear = _cleared(level, PAPER * grainy) if grainy else level
    return Straight(clear, seen, quarter % 360, angle if abs(angle) >= 0.1 else 0.0, picture.width, picture.height)


def densest(picture: Image.Image) -> Image.Image:
    """The quarter of a page, half as wide and half as high, with most ink; small pictures whole."""
    if picture.width * picture.height < SMALL:
        return picture
    ink = 255.0 - np.asarray(picture.resize((4, 4), Image.Resampling.BOX), dtype=np.float32)
    places = [(row, column) for row in range(3) for column in range(3)]
    row, column = max(places, key=lambda place: float(ink[place[0] : place[0] + 2, place[1] : place[1] + 2].sum()))
    left, top = picture.width * column // 4, picture.height * row // 4
    return picture.crop((left, top, left + picture.width // 2, top + picture.height // 2))


def _cleared(picture: Image.Image, share: float) -> Image.Image:
    """That share of the range from paper to ink made white, and the darkest ink black."""
    grey = np.asarray(picture, dtype=np.float32)
    ink, paper = (float(value) for value in np.percentile(grey[::4, ::4], (0.5, 60)))
    white = paper - share * (paper - ink)
    return Image.fromarray((np.clip((grey - ink) / max(white - ink, 1.0), 0, 1) * 255).astype(np.uint8))


def _evenly_lit(picture: Image.Image) -> Image.Image:
    """Divided by the brightness of the paper around each place, so that shadows go and paper is white."""
    small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(8)).resize(picture.size, Image.Resampling.BILINEAR)
    light = np.maximum(np.asarray(paper, dtype=np.float32), 1.0)
    return Image.fromarray(np.clip(np.asarray(picture, dtype=np.float32) / light * 255.0, 0, 255).astype(np.uint8))


def skew(picture: Image.Image) -> float:
    """By how many degrees anticlockwise the picture must be turned to make its lines level: where rows of ink and paper differ most."""
    width = 700
    small = picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)
    ink = Image.fromarray((255 - np.asarray(small)).astype(np.uint8)).point(lambda value: 0 if value < 40 else value)

    def evenness(angle: float) -> float:
        rows = np.asarray(ink.rotate(angle, Image.Resampling.BILINEAR), dtype=np.float32).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-STEEPEST, STEEPEST + 0.1, 0.5).tolist(), key=evenness)
    return float(max(np.arange(coarse - 0.4, coarse + 0.41, 0.1).tolist(), key=evenness))


def ruled_lines(picture: Image.Image, scale: float) -> tuple[list[Rule], list[Rule]]:
    """Lines across and down of at least half an inch, in points; `scale` is points a pixel."""
    step = max(1, round(0.48 / scale))  # looked for at about 150 dots an inch
    small = picture.resize((max(1, picture.width // step), max(1, picture.height // step)), Image.Resampling.BOX)
    dark = np.asarray(small) < 150
    points = scale * step
    return _runs(dark, points, least=48.0), _runs(dark.T, points, least=24.0)


def _runs(dark: NDArray[np.bool_], points: float, least: float) -> list[Rule]:
    """Dark runs along the rows that are `least` points long, those in neighbouring rows as one."""
    need = int(least / points)
    rules: list[Rule] = []
    for row in np.nonzero(dark.sum(axis=1) >= need)[0].tolist():
        edges = np.flatnonzero(np.diff(np.concatenate(([0], _closed(dark, row).astype(np.int8), [0]))))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if end - start >= need:
                _add(rules, Rule((row + 0.5) * points, start * points, end * points), 3 * points)
    return rules


def _closed(dark: NDArray[np.bool_], row: int) -> NDArray[np.bool_]:
    """A row with what a slight slope or a speck tore out of its lines put back from the rows beside it."""
    top, bottom = max(0, row - 1), min(dark.shape[0], row + 2)
    return np.asarray(dark[top:bottom].any(axis=0), dtype=np.bool_)


def _add(rules: list[Rule], rule: Rule, near: float) -> None:
    for index in range(len(rules) - 1, -1, -1):
        other = rules[index]
        if rule.at - other.at > near:
            break
        if rule.start < other.end and other.start < rule.end:
            rules[index] = Rule(rule.at, min(rule.start, other.start), max(rule.end, other.end))
            return
    rules.append(rule)


def weights(picture: Image.Image, boxes: Sequence[tuple[int, int, int, int]]) -> list[float]:
    """How much ink each box (left, top, width, height in pixels) holds for its area, against the usual of all of them."""
    if not boxes:
        return []
    ink = np.asarray(picture) < 140
    shares = [np.count_nonzero(ink[top : top + height, left : left + width]) / max(1, width * height) for left, top, width, height in boxes]
    usual = float(np.median(shares)) or 1.0
    return [share / usual for share in shares]


def look(raw: Image.Image, dpi: float) -> Look:
    """How a picture as given looks, at 150 dots an inch."""
    size = (max(1, round(raw.width * 150 / dpi)), max(1, round(raw.height * 150 / dpi)))
    small = raw.resize(size, Image.Resampling.BOX) if dpi > 160 else raw
    grey = np.asarray(small, dtype=np.float32)
    smooth = np.asarray(small.filter(ImageFilter.GaussianBlur(1.5)), dtype=np.float32)
    ink, paper = (float(value) for value in np.percentile(smooth, (0.2, 75)))
    spread = max(paper - ink, 1.0)
    blank = smooth > paper - 0.25 * spread
    return Look(spread / 255.0, float(np.abs(grey - smooth)[blank].mean()) / spread)
