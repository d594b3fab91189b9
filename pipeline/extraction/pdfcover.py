"""Says which words of a PDF page nobody sees for what lies over or under them: covered, white on white, blacked out.

What covers for certain, an opaque rectangle or picture drawn later, is told from the page's objects. Whether something that can be seen
through, such as a highlighter's mark, or a shape that is no rectangle, hides a word is told from the pixels: one that is seen stands out.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import pypdfium2.raw as c

from pipeline.domain.documents import Box
from pipeline.extraction.ink import Area, PageInk, Token
from pipeline.extraction.pdfobjects import Tint

_SCALE = 2.0
"""Pixels to a point, where pixels must tell."""
_STANDS_OUT = 48
"""Levels of grey, of 255, between the darkest and the lightest dot of a word that is seen, margins aside."""
_PLAIN_SEGMENTS = 6
"""A path of no more is taken for a rectangle, which fills its bounds; others may be frames or curves around what is seen."""
_NEAR = 16
"""The most that red, green and blue may each differ, of 255, where letters are not seen on their ground."""
_SEE_THROUGH = 0.05
"""The share of a picture's dots that are not wholly opaque where it is more than its edges."""
FILLED = frozenset({0, 4})
"""Ways of drawing letters in which only the colour of their filling counts (ISO 32000-1, table 106)."""


class Cover:
    """What lies over and under the words of one page."""

    def __init__(self, page: Any, ink: PageInk, pictures: Mapping[int, Any]) -> None:
        self._page = page
        self._ink = ink
        self._objects = pictures
        self._masked: dict[int, bool] = {}
        self._pixels: Any = None

    def hides(self, token: Token, mode: int, tint: Tint) -> bool:
        """Whether nobody sees the word, drawn in that way and colour."""
        x, y = token.middle
        here = [area for area in (*self._ink.pictures, *self._ink.fills) if _holds(area.box, x, y)]
        over = [area for area in here if 0 < token.order < area.order]
        if any(self._is_solid(area) for area in over) or (over and not self._stands_out(token)):
            return True
        under = max((area for area in here if area.order < token.order), key=lambda area: area.order, default=None)
        return mode in FILLED and self._like_its_ground(token, tint, under)

    def _like_its_ground(self, token: Token, tint: Tint, under: Area | None) -> bool:
        if min(tint) >= 0.97 * 255 and (under is None or under.light > 0.93):
            return True
        if under is None or under.tint is None or any(abs(one - other) > _NEAR for one, other in zip(tint, under.tint, strict=True)):
            return False
        return under.solid or not self._stands_out(token)

    def _is_solid(self, area: Area) -> bool:
        """Whether nothing below the area is seen; a picture may be transparent in part, as that of a signature is."""
        if not area.solid or area.order not in self._objects:
            return area.solid
        if area.order not in self._masked:
            self._masked[area.order] = _has_mask(self._page, self._objects[area.order])
        return not self._masked[area.order]

    def _stands_out(self, token: Token) -> bool:
        if self._pixels is None:
            self._pixels = self._page.render(scale=_SCALE, grayscale=True).to_pil().convert("L")
        x0, top, x1, bottom = token.edges
        wide, high = (x1 - x0) / 10, (bottom - top) / 5
        edges = [round(edge * _SCALE) for edge in (x0 + wide, top + high, x1 - wide, bottom - high)]
        box = (max(edges[0], 0), max(edges[1], 0), min(edges[2], self._pixels.width), min(edges[3], self._pixels.height))
        if box[0] >= box[2] or box[1] >= box[3]:
            return False
        darkest, lightest = self._pixels.crop(box).getextrema()
        return bool(lightest - darkest >= _STANDS_OUT)


def is_plain(path: Any) -> bool:
    """Whether a filled path hides all that is within its bounds."""
    return c.FPDFPath_CountSegments(path) <= _PLAIN_SEGMENTS and not is_veil(path)


def is_veil(thing: Any) -> bool:
    """Whether what lies below an object shines through it, by its opacity or by how it is blended."""
    return bool(c.FPDFPageObj_HasTransparency(thing))


def _has_mask(page: Any, picture: Any) -> bool:
    """Whether a part of a picture, as it is drawn, can be seen through."""
    bitmap = c.FPDFImageObj_GetRenderedBitmap(page.pdf.raw, page.raw, picture)
    if not bitmap:
        return False
    try:
        size = c.FPDFBitmap_GetStride(bitmap) * c.FPDFBitmap_GetHeight(bitmap)
        deep = c.FPDFBitmap_GetFormat(bitmap) == c.FPDFBitmap_BGRA
        dots = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), size)[3::4] if deep else b""
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    return len(dots) - dots.count(255) > _SEE_THROUGH * len(dots)


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom
