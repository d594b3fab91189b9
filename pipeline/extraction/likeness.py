"""Holds letters as they are drawn on a PDF's pages against the letters that programs read there: a font may say that its 'w' is a 't'.

What programs read comes from tables in the file that nobody sees; what people read comes from the outlines. Each letter and digit of each
font is drawn and compared with the same letter in the typefaces that every PDF program has; one that looks much more like another is
suspected, and OCR then reads its page. Measured on 78 faces of twelve other families: of letters that stand for another, 99.5 % are
suspected; of true ones 0.3 %, nearly all in hairline and condensed faces, which OCR then finds as they should be.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
"""What is compared; other signs are too small and too much alike."""
KNOWN = frozenset(LETTERS)
FACES = (
    *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique", "Times-Roman", "Times-Bold", "Times-Italic"),
    *("Times-BoldItalic", "Courier", "Courier-Bold", "Courier-Oblique"),
)
"""Faces that need not be in a file, since every program has them or their like (ISO 32000-1, 9.6.2.2)."""
ALIKE = ("0o", "1lij", "5s", "2z", "9gq", "6b", "uv", "8b")
"""Letters that are drawn alike in one face or another, besides capitals and their small ones; none is suspected of being the other."""
MARGIN = 0.1
"""How much more a glyph must look like another letter than like its own to be suspected."""
TRIES = 3
"""How often a glyph is looked at until one look finds it right; a neighbour or a line that runs into it spoils a look."""
SIDE = 20
"""Pictures are compared at this many dots a side."""
DOTS = 4.0
"""Dots a point at which a page is drawn: type of 10 points is then as large as the models. At 3, thin type of 8 points is blurred."""
MOST_DOTS, MOST_LOOKS = 36_000_000, 3_000
"""Of a page that is drawn, A3 is half of it; and glyphs looked at on a page. What is larger is no report."""
FAINT = 60.0
"""Differences from the paper below this are not ink, of 255."""

Picture = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """A glyph: its picture, scaled to a square, and its proportion, top and foot over the baseline, in parts of the type's size."""

    picture: Picture
    frame: Picture


def shape_of(part: Picture, base: float, size: float) -> Shape | None:
    """The shape of the ink in a piece of a page (0 for paper, 255 for ink), `base` and `size` in dots; None where there is none."""
    inked = part > FAINT
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    if not len(rows):
        return None
    top, foot, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    square = Image.fromarray(part[top:foot, left:right].astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    picture = np.asarray(square, dtype=np.float32).ravel()
    picture = picture - picture.mean()
    length = float(np.linalg.norm(picture))
    frame = np.array([math.log((right - left) / (foot - top)), (base - top) / size, (base - foot) / size], dtype=np.float32)
    return Shape(picture / max(length, 1.0), frame)


class Models:
    """The letters in the typefaces that every program has."""

    def __init__(self) -> None:
        shapes, self._of = [], []
        for face in FACES:
            for letter, shape in zip(LETTERS, _drawn(face), strict=True):
                if shape is not None:
                    shapes.append(shape)
                    self._of.append(letter)
        self._pictures = np.array([shape.picture for shape in shapes])
        self._frames = np.array([shape.frame for shape in shapes])
        self._own = {letter: np.array([one.lower() == letter.lower() for one in self._of]) for letter in LETTERS}
        self._others = {letter: np.array([not _alike(one, letter) for one in self._of]) for letter in LETTERS}

    def suspects(self, shape: Shape, letter: str) -> bool:
        """Whether a glyph looks much more like another letter than like this."""
        off = np.minimum(np.abs(self._frames - shape.frame), 1.0)
        likeness = self._pictures @ shape.picture - 0.15 * off[:, 0] - 0.5 * np.minimum(off[:, 1] + off[:, 2], 1.0)
        return bool(likeness[self._others[letter]].max() - likeness[self._own[letter]].max() > MARGIN)


@cache
def models() -> Models:
    """The models, drawn when first asked for: a fifth of a second."""
    return Models()


def _alike(one: str, other: str) -> bool:
    first, second = one.lower(), other.lower()
    return first == second or any(first in group and second in group for group in ALIKE)


PITCH, HIGH, LINE = 30, 60, 25
"""Letters of a model page stand so far apart, on a page so high, on a baseline so far from its foot; in points, at 20 points."""


def _drawn(face: str) -> list[Shape | None]:
    page = pdfium.PdfDocument(_model_page(face))[0]
    dark = 255.0 - page.render(scale=2, grayscale=True).to_numpy().reshape(2 * HIGH, -1).astype(np.float32)
    return [shape_of(dark[:, 2 * PITCH * n : 2 * PITCH * (n + 1)], 2.0 * (HIGH - LINE), 40.0) for n in range(len(LETTERS))]


def _model_page(face: str) -> bytes:
    """A PDF of one page with every letter in one typeface, as small as a PDF can be."""
    said = " ".join(f"1 0 0 1 {PITCH * n + 6} {LINE} Tm ({letter}) Tj" for n, letter in enumerate(LETTERS))
    content = f"BT /F 20 Tf {said} ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PITCH * len(LETTERS)} {HIGH}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type1/BaseFont/{face}>>",
    )
    made, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return f"{made}xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF".encode()


Glyph = tuple[int, str]
"""A font, by its place in memory, and the letter that programs read where it is drawn."""


@dataclass(frozen=True, slots=True)
class Look:
    """One glyph on a page to be looked at: its letter, its box in points from the top left of the page as shown, baseline and size."""

    glyph: Glyph
    box: tuple[float, float, float, float]
    base: float
    size: float


class Watch:
    """What is known of the glyphs of one file.

    Attributes:
        suspected: glyphs that look like other letters; complete once every page was looked at.
    """

    def __init__(self, twofold: frozenset[str], *, forgetful: bool) -> None:
        """`twofold`: letters that some font gives to two of its glyphs, so that each must be looked at wherever it stands; `forgetful`:
        two fonts share a name, so that what was seen on one page says nothing of the next."""
        self._twofold = twofold
        self._forgetful = forgetful
        self._right: set[Glyph] = set()
        self._asked: Counter[Glyph] = Counter()
        self.suspected: set[Glyph] = set()

    def turn(self) -> None:
        """A new page begins."""
        if self._forgetful:
            self._right.clear()
            self._asked.clear()

    def wants(self, glyph: Glyph) -> bool:
        """Whether a glyph must be looked at once more."""
        if glyph[1] not in KNOWN or glyph in self._right or self._asked[glyph] >= TRIES:
            return False
        self._asked[glyph] += glyph[1] not in self._twofold
        return True

    def see(self, page: Any, looks: list[Look]) -> list[bool]:
        """Looks at glyphs of a page; says of each whether it looks like another letter."""
        if not looks:
            return []
        width, height = page.get_size()
        dots = min(DOTS, math.sqrt(MOST_DOTS / max(width * height, 1.0)))
        paper = page.render(scale=dots, grayscale=True).to_numpy()
        return [self._seen(paper.reshape(paper.shape[:2]), look, dots) for look in looks]

    def _seen(self, paper: npt.NDArray[np.uint8], look: Look, dots: float) -> bool:
        left, top, right, bottom = (round(edge * dots) for edge in look.box)
        part = paper[max(top - 1, 0) : bottom + 1, max(left, 0) : right].astype(np.float32)
        if part.shape[0] < 6 or part.shape[1] < 2 or look.glyph in self._right:
            return False
        ground = float(np.median(np.concatenate((part[0], part[-1]))))
        shape = shape_of(np.abs(part - ground), look.base * dots - max(top - 1, 0), look.size * dots)
        if shape is None or not models().suspects(shape, look.glyph[1]):
            if look.glyph[1] not in self._twofold:
                self._right.add(look.glyph)
                self.suspected.discard(look.glyph)
            return False
        self.suspected.add(look.glyph)
        return True
