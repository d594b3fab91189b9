"""Pictures of pages: bars burnt into the pixels, and the smallest fitting way to put them into a PDF."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pikepdf
from PIL import Image, ImageChops, ImageDraw

from pipeline.redaction.closing import closed
from pipeline.redaction.pagework import PageWork
from pipeline.redaction.styles import BAR

_COLOURED = 40
"""A pixel is coloured where its red, green and blue differ by this much; below it, it is the tint of a scanner."""
_COLOURED_SHARE = 0.002
_JPEG_QUALITY = 60
_LARGE = 150_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture's bytes as a PDF holds them, with the entries that go with them."""

    data: bytes = field(repr=False)
    width: int
    height: int
    entries: dict[str, object]


def burnt(picture: Image.Image, work: PageWork, scale: float) -> tuple[Image.Image, PageWork]:
    """A copy with every bar filled in, and the work as it was done: lines are closed where they can be; `scale` is pixels a point."""
    made = picture.copy()
    places = {old: new for closing in work.closings if closed(made, closing, scale) for old, new in closing.moves}
    work = work.moved(places)
    pen = ImageDraw.Draw(made)
    for box in (bar.box for bar in work.bars):  # edges are rounded outward to whole pixels
        pen.rectangle((int(box.x0 * scale), int(box.top * scale), int(box.x1 * scale + 0.999), int(box.bottom * scale + 0.999)), fill=BAR)
    return made, work


def is_coloured(picture: Image.Image) -> bool:
    """Whether colour carries anything: more than a few stray pixels of it."""
    if picture.mode not in {"RGB", "RGBA"}:
        return False
    bands = picture.convert("RGB").split()
    if not any(any(ImageChops.difference(one, two).histogram()[_COLOURED + 1 :]) for one, two in combinations(bands, 2)):
        return False  # a page of black print, told in a fifth of the time
    small = np.asarray(picture.convert("RGB").reduce(4)).astype("int16")
    spread = small.max(axis=2) - small.min(axis=2)
    return float((spread > _COLOURED).mean()) > _COLOURED_SHARE


def encode(picture: Image.Image) -> Encoded:
    """The picture as a few flat tones where that is small (print), else as JPEG (photographs, scans); coloured where colour matters."""
    if is_coloured(picture):
        return _smallest(_flat_colours(picture.convert("RGB")), lambda: _jpeg(picture.convert("RGB")))
    grey = picture.convert("L")
    eight = _flat_greys(grey, 8)
    return _smallest(eight, lambda: _flat_greys(grey, 4), lambda: _jpeg(grey))


def _smallest(first: Encoded, *others: Callable[[], Encoded]) -> Encoded:
    """The first if it is small enough for a page of text, else the smallest of all."""
    if len(first.data) <= _LARGE:
        return first
    return min((first, *(make() for make in others)), key=lambda each: len(each.data))


def _jpeg(picture: Image.Image) -> Encoded:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_JPEG_QUALITY)
    space = pikepdf.Name.DeviceRGB if picture.mode == "RGB" else pikepdf.Name.DeviceGray
    return Encoded(target.getvalue(), *picture.size, {"/ColorSpace": space, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})


def _flat_greys(picture: Image.Image, tones: int) -> Encoded:
    """Sixteen greys a pixel can hold, of which so many are used: the fewer, the smaller."""
    step = 15 / (tones - 1)
    levels = picture.point([round(round(level * (tones - 1) / 255) * step) for level in range(256)])
    levels.putpalette([value for level in range(16) for value in [level * 17] * 3])
    return _flat(levels, pikepdf.Name.DeviceGray)


def _flat_colours(picture: Image.Image) -> Encoded:
    """The sixteen colours that suit the picture best."""
    levels = picture.quantize(16, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = bytes(levels.getpalette() or ())[:48].ljust(48, b"\x00")
    return _flat(levels, pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, 15, pikepdf.String(palette)]))


def _flat(levels: Image.Image, space: object) -> Encoded:
    """Four bits a pixel, packed by the PNG writer; PDF knows PNG's row filters as predictor 15."""
    target = io.BytesIO()
    levels.save(target, "PNG", bits=4, compress_level=6)
    parms = pikepdf.Dictionary(Predictor=15, Colors=1, BitsPerComponent=4, Columns=levels.width)
    entries = {"/ColorSpace": space, "/BitsPerComponent": 4, "/Filter": pikepdf.Name.FlateDecode, "/DecodeParms": parms}
    return Encoded(_png_data(target.getvalue()), *levels.size, entries)


def _png_data(png: bytes) -> bytes:
    """The compressed pixels of a PNG: its IDAT chunks, joined."""
    parts: list[bytes] = []
    position = 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        if kind == b"IDAT":
            parts.append(png[position + 8 : position + 8 + length])
        position += 12 + length
    return b"".join(parts)
