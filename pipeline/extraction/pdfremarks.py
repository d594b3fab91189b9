"""Finds what stands in a PDF's drawing code and pictures and is not drawn: remarks between operators, and words in pictures' files."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image

from pipeline.domain.documents import LayerKind
from pipeline.extraction import pictureinfo
from pipeline.extraction.builder import DocumentBuilder

_MOST = 20_000
"""So many streams of one file are looked at."""
_STRING = rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*+\))*+\))*+\)"
_PICTURE = rb"(?<!\S)BI\s.*?\sID\s.*?\sEI(?!\S)"
_REMARK = re.compile(rb"(?:" + _STRING + rb"|" + _PICTURE + rb")|%([^\r\n]*)", re.DOTALL)
"""A remark; strings (with brackets in them to a depth of three) and pictures in line are passed over, whatever is in them."""


def look(pdf: Any, builder: DocumentBuilder) -> None:
    """Tells the builder of remarks, each once, and of what the files of photographs say of themselves."""
    said: list[str] = []
    for stream in _drawing(pdf):
        if stream.get("/Subtype") == pikepdf.Name.Image:
            _photograph(stream, builder)
        else:
            said += _remarks(stream.read_bytes())
    builder.hide(LayerKind.OTHER, "\n".join(dict.fromkeys(said)), "remarks between drawings")


def _remarks(code: bytes) -> list[str]:
    found = _REMARK.findall(code) if b"%" in code else []
    return [one.decode("latin-1").replace("\x00", "").strip() for one in found if one.strip()]


def _photograph(stream: Any, builder: DocumentBuilder) -> None:
    """What a JPEG in the file says beside its dots; one that cannot be opened is judged where its dots are read."""
    given = stream.get("/Filter")
    packing = [str(each) for each in given] if isinstance(given, pikepdf.Array) else [str(given)]
    if packing not in (["/DCTDecode"], ["/FlateDecode", "/DCTDecode"]):
        return
    try:
        raw = bytes(stream.read_raw_bytes())
        with Image.open(io.BytesIO(zlib.decompress(raw) if len(packing) > 1 else raw)) as picture:
            pictureinfo.tell(builder, picture, "a picture", texts=LayerKind.EXIF)
    except (OSError, ValueError, SyntaxError, zlib.error, Image.DecompressionBombError):
        return


def _drawing(pdf: Any) -> Iterator[Any]:
    """The streams that draw and are drawn: of pages, and of forms, patterns, letters and annotations below them, each once."""
    waiting = [one for page in pdf.pages for one in (page.obj.get("/Contents"), page.obj.get("/Resources"), page.obj.get("/Annots"))]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream) and (not one.is_indirect or one.objgen not in seen):
            seen.add(one.objgen)
            waiting += _below(one)
            if isinstance(one, pikepdf.Stream):
                yield one


_GROUPS = ("/XObject", "/Pattern", "/Font", "/ExtGState", "/CharProcs")
_SINGLE = ("/Resources", "/SMask", "/G")


def _below(one: Any) -> Iterator[Any]:
    """What may lead on to streams that draw; of dictionaries that only hold others, each of those."""
    for key in _GROUPS:
        held = one.get(key)
        if isinstance(held, pikepdf.Dictionary):
            yield from held.as_dict().values()
    looks = one.get("/AP")
    for look in looks.as_dict().values() if isinstance(looks, pikepdf.Dictionary) else ():
        yield from [look] if isinstance(look, pikepdf.Stream) else look.as_dict().values()
    yield from (one[key] for key in _SINGLE if key in one)
