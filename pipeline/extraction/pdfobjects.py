"""Asks pdfium about single objects of a page: their place, their colour, their type and their layers."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as c

Point = tuple[float, float]
Tint = tuple[int, int, int]
"""Red, green and blue, to 255 each."""


def character(code: int) -> str:
    """The character of a code that pdfium gives, or the mark of one that is none."""
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def font_traits(font: Any) -> tuple[bool, bool, bool]:
    """Bold, fixed pitch, symbol font."""
    buffer = ctypes.create_string_buffer(256)
    c.FPDFFont_GetBaseFontName(font, buffer, 256)
    name = buffer.value.decode("latin-1").lower()
    flags = c.FPDFFont_GetFlags(font)
    bold = bool(re.search(r"bold|black|heavy|semibold|[-,]bd\b|bd$", name)) or c.FPDFFont_GetWeight(font) >= 600
    mono = bool(re.search(r"courier|mono|consol|typewriter", name)) or bool(flags & 1 and "vera" not in name)
    return bold, mono, "wingding" in name


def _colour(thing: Any) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not c.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def tint(thing: Any) -> Tint:
    """The colour an object is filled with; black where pdfium does not know."""
    return _colour(thing)[:3]


def alpha(thing: Any) -> int:
    """How opaque it is, 0 to 255."""
    return _colour(thing)[3]


def matrix(thing: Any) -> tuple[float, ...]:
    """Its matrix; the identity where it has none."""
    found = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(thing, found):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return found.a, found.b, found.c, found.d, found.e, found.f


def times(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    """One matrix after the other."""
    a, b, cc, d, e, f = inner
    x, y, z, w, s, t = outer
    return a * x + b * z, a * y + b * w, cc * x + d * z, cc * y + d * w, e * x + f * z + s, e * y + f * w + t


def applied(by: tuple[float, ...], x: float, y: float) -> Point:
    """Where a matrix puts a point."""
    a, b, cc, d, e, f = by
    return a * x + cc * y + e, b * x + d * y + f


def layer_names(thing: Any) -> Iterator[str]:
    """Names of the optional content an object belongs to, from its marks."""
    for index in range(c.FPDFPageObj_CountMarks(thing)):
        mark = c.FPDFPageObj_GetMark(thing, index)
        size = c.c_ulong() if hasattr(c, "c_ulong") else ctypes.c_ulong()
        buffer = ctypes.create_string_buffer(512)
        if c.FPDFPageObjMark_GetParamStringValue(mark, b"Name", ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), 512, size):
            yield buffer.raw[: max(0, size.value - 2)].decode("utf-16-le", "replace")
