"""Pictures of pages: bars burnt into the pixels, and the smallest fitting way to put them into a PDF."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pikepdf
from PIL import Image, ImageDraw

from pipeline.redaction.pagework import Bar
from pipeline.redaction.styles import BAR

_COLOURED = 40
"""A pixel is coloured where its red, green and blue differ by this much; below it, it is the tint of a scanner."""
_COLOURED_SHARE = 0.002
_GREYS = 16
_JPEG_QUALITY = 60
_LARGE = 150_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture's bytes as a PDF holds them, with the entries that go with them."""

    data: bytes = field(repr=False)
    width: int
    height: int
    entries: dict[str, object]


def burnt(picture: Image.Image, bars: Iterable[Bar], scale: float) -> Image.Image:
    """A copy with every bar filled in, edges rounded outward to whole pixels; `scale` is pixels a point."""
    made = picture.copy()
    pen = ImageDraw.Draw(made)
    for bar in bars:
        box = bar.box
        pen.rectangle((int(box.x0 * scale), int(box.top * scale), int(box.x1 * scale + 0.999), int(box.bottom * scale + 0.999)), fill=BAR)
    return made


def is_coloured(picture: Image.Image) -> bool:
    """Whether colour carries anything: more than a few stray pixels of it."""
    if picture.mode not in {"RGB", "RGBA"}:
        return False
    small = np.asarray(picture.convert("RGB").resize((max(1, picture.width // 4), max(1, picture.height // 4)))).astype("int16")
    spread = small.max(axis=2) - small.min(axis=2)
    return float((spread > _COLOURED).mean()) > _COLOURED_SHARE


def encode(picture: Image.Image) -> Encoded:
    """The picture as sixteen greys where that is small (print), else as JPEG (photographs, scans), coloured where colour matters."""
    if is_coloured(picture):
        return _jpeg(picture.convert("RGB"))
    grey = picture.convert("L")
    flat = _sixteen_greys(grey)
    if len(flat.data) <= _LARGE:
        return flat
    return min(flat, _jpeg(grey), key=lambda each: len(each.data))


def _jpeg(picture: Image.Image) -> Encoded:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_JPEG_QUALITY)
    space = pikepdf.Name.DeviceRGB if picture.mode == "RGB" else pikepdf.Name.DeviceGray
    return Encoded(target.getvalue(), *picture.size, {"/ColorSpace": space, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})


def _sixteen_greys(picture: Image.Image) -> Encoded:
    """Four bits a pixel, packed by the PNG writer; PDF knows PNG's row filters as predictor 15."""
    levels = picture.point([round(level * (_GREYS - 1) / 255) for level in range(256)])
    levels.putpalette([value for level in range(_GREYS) for value in [level * 17] * 3])
    target = io.BytesIO()
    levels.save(target, "PNG", bits=4, compress_level=6)
    parms = pikepdf.Dictionary(Predictor=15, Colors=1, BitsPerComponent=4, Columns=picture.width)
    entries: dict[str, object] = {
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/BitsPerComponent": 4,
        "/Filter": pikepdf.Name.FlateDecode,
        "/DecodeParms": parms,
    }
    return Encoded(_png_data(target.getvalue()), *picture.size, entries)


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
