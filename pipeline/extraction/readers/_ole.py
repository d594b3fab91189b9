"""Takes files out of OLE objects, and readable strings out of those that cannot be opened."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass

import olefile

from pipeline.extraction.readers._package import OLE

_ASCII = re.compile(rb"[\x20-\x7e]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_MOST_STRINGS = 20_000  # characters of strings kept of one object

_WHOLE = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
"""Streams that show a compound file to be a document by itself, with the ending such a file has."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A file found in an object. `name` is empty where the object does not say."""

    name: str
    content: bytes


def inner_file(data: bytes) -> Inner | None:
    """The file an OLE object holds, or None where it holds none that can be taken out."""
    if not data.startswith(OLE):
        return Inner("", data) if data.startswith((b"PK\x03\x04", b"%PDF-")) else None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return _from_streams(ole, data)
    except Exception:  # noqa: BLE001 - olefile raises many kinds of error on a broken object; the caller notes it as unread
        return None


def _from_streams(ole: olefile.OleFileIO, data: bytes) -> Inner | None:
    names = {"/".join(path): path for path in ole.listdir()}
    if "\x01Ole10Native" in names:
        return native(ole.openstream(names["\x01Ole10Native"]).read())
    for stream in ("Package", "CONTENTS", "EmbeddedOdf"):
        if stream in names:
            content: bytes = ole.openstream(names[stream]).read()
            return Inner("", content)
    ending = next((end for stream, end in _WHOLE.items() if stream in names), None)
    return Inner(f"object{ending}", data) if ending else None


def native(data: bytes) -> Inner | None:
    """The file in an `Ole10Native` stream: size, flags, label, file name, flags, temporary path, length, bytes."""
    try:
        place = 6
        label, place = _string(data, place)
        name, place = _string(data, place)
        place += 4
        (length,) = struct.unpack_from("<I", data, place)
        place += 4 + length
        (size,) = struct.unpack_from("<I", data, place)
    except (struct.error, ValueError):
        return None
    content = data[place + 4 : place + 4 + size]
    return Inner(re.split(r"[\\/]", label or name)[-1], content) if content and len(content) == size else None


def _string(data: bytes, place: int) -> tuple[str, int]:
    end = data.index(b"\x00", place)
    return data[place:end].decode("cp1252", "replace"), end + 1


def strings(data: bytes) -> str:
    """The readable strings of some bytes, for a search of what cannot be opened."""
    narrow = [match.group().decode("ascii") for match in _ASCII.finditer(data)]
    wide = [match.group().decode("utf-16-le") for match in _WIDE.finditer(data)]
    return "\n".join(narrow + wide)[:_MOST_STRINGS]
