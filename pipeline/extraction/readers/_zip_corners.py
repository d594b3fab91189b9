"""Looks into the corners of a zipped file that no part shows: comments, extra fields, and bytes before, between and after its parts."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence

from pipeline.domain.documents import LayerKind
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _ole as ole

_LOCAL, _CENTRAL, _END, _END_64, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08"
_END_LENGTH, _END_64_LENGTH = 22, 76
_PROGRAMS_OWN = {0x0001: 32, 0x000A: 36, 0x5455: 13, 0x5855: 12, 0x7855: 4, 0x7875: 15}
"""Extra fields of programs (large sizes, times, owners by number) and the bytes they need at most (APPNOTE.TXT 4.5 and 4.6)."""
_MOST_STRAY = 64
"""So many bytes outside all parts may be filling; more of them hold something, be it packed."""


def hide_corners(builder: DocumentBuilder, content: bytes, archive: zipfile.ZipFile) -> None:
    """Tells the builder what a zipped file says outside its parts; `archive` is opened over `content`."""
    members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    builder.hide(LayerKind.OTHER, _words([archive.comment, *(info.comment for info in members)]), "a comment of the archive")
    extras = (field for info in members for extra in (info.extra, _local_extra(content, info)) for field in _fields(extra))
    builder.hide(LayerKind.OTHER, "\n".join(dict.fromkeys(map(ole.strings, extras))), "an extra field of the archive")
    stray = [piece.strip(b"\x00\r\n\t ") for piece in _outside(content, members, archive.start_dir)]
    if any(_LOCAL in piece or len(piece) > _MOST_STRAY or ole.strings(piece) for piece in stray):
        found = "\n".join(filter(None, map(ole.strings, stray)))
        builder.hide(LayerKind.EMBEDDED_OBJECT, f"bytes outside the archive's parts\n{found}", "outside the archive's parts")


def _words(comments: Sequence[bytes]) -> str:
    return "\n".join(dict.fromkeys(comment.decode("utf-8", "replace") for comment in comments if comment.strip()))


def _local_extra(content: bytes, info: zipfile.ZipInfo) -> bytes:
    start, end = _head(content, info.header_offset)
    return content[start:end]


def _head(content: bytes, offset: int) -> tuple[int, int]:
    """Where the extra fields of a part's own head begin and end; its bytes follow."""
    name, extra = struct.unpack_from("<HH", content, offset + 26)
    return offset + 30 + name, offset + 30 + name + extra


def _fields(extra: bytes) -> Iterator[bytes]:
    """The extra fields that are no program's own, and what stands after the last whole one."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        data = extra[place + 4 : place + 4 + length]
        place += 4 + length
        if length > _PROGRAMS_OWN.get(kind, -1):
            yield data
    yield extra[place:]


def _outside(content: bytes, members: Sequence[zipfile.ZipInfo], directory: int) -> Iterator[bytes]:
    """Stretches that belong to no part and to no list of parts."""
    place = 0
    for info in members:
        yield content[place : info.header_offset]
        place = _end_of(content, info)
    yield content[place:directory]
    end = content.rfind(_END)
    listed = _end_of_list(content, directory)
    listed += _END_64_LENGTH if content.startswith(_END_64, listed) else 0
    yield content[listed:end]
    yield content[end + _END_LENGTH + int.from_bytes(content[end + 20 : end + _END_LENGTH], "little") :]


def _end_of(content: bytes, info: zipfile.ZipInfo) -> int:
    end = _head(content, info.header_offset)[1] + info.compress_size
    if not info.flag_bits & 0x8:
        return end
    large = 8 if content[end + 4 : end + 24][-8:] == struct.pack("<Q", info.file_size) and content.startswith(_DESCRIPTOR, end) else 0
    return end + (16 if content.startswith(_DESCRIPTOR, end) else 12) + large


def _end_of_list(content: bytes, place: int) -> int:
    while content.startswith(_CENTRAL, place):
        place += 46 + sum(struct.unpack_from("<HHH", content, place + 28))
    return place
