"""Recognises the files that a Mac puts beside others (`._report.docx`) and that hold nothing anybody wrote, so that they hold no report up.

The layout is that of AppleDouble (RFC 1740, appendix B), with the extended attributes that macOS puts behind the Finder's 32 bytes.
Whatever does not fit it to the byte, or may say something, is no clutter: it stays a file that a person must look at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\x00\x05\x16\x07"
_HEAD, _ENTRY = struct.Struct(">4sI16sH"), struct.Struct(">III")
_ATTRIBUTES, _ATTRIBUTE = struct.Struct(">4s4xIII12xHH"), struct.Struct(">IIHB")
_RESOURCES, _FINDER = 2, 9
_NUMBERS = frozenset({5, 6, 7, 8, 10, 11, 12, 14, 15})
"""Entries that are icons, dates, flags and numbers (RFC 1740, appendix A)."""
_FINDERS_OWN = 32
_BLANK = b"This resource fork intentionally left blank"
_BLANK_LENGTH = 286
"""What macOS writes where there are no resources."""
_PROGRAMS_OWN = frozenset(
    {
        "com.apple.quarantine",
        "com.apple.provenance",
        "com.apple.macl",
        "com.apple.lastuseddate#PS",
        "com.apple.TextEncoding",
        "com.apple.FinderInfo",
        "com.apple.genstore.info",
        "com.apple.genstore.orig_perms_v1",
        "com.apple.fileprovider.fpfs#P",
        "com.apple.metadata:kMDItemIsScreenCapture",
        "com.apple.metadata:com_apple_backup_excludeItem",
    }
)
"""Attributes that programs set for themselves; others may hold remarks, tags, or from whom and with which subject a file came."""
_MOST = 64


def is_clutter(content: bytes) -> bool:
    """Whether the content is such a file and holds nothing that anybody could read."""
    try:
        return content.startswith(MAGIC) and all(_says_nothing(content, *entry) for entry in _entries(content))
    except (struct.error, ValueError):
        return False


def _entries(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each entry.

    Raises:
        ValueError: they do not lie one behind the other to the end, so that something else may.
    """
    _, _, filler, count = _HEAD.unpack_from(content)
    entries = [_ENTRY.unpack_from(content, _HEAD.size + number * _ENTRY.size) for number in range(min(count, _MOST))]
    end = _HEAD.size + len(entries) * _ENTRY.size
    for _, start, length in sorted(entries, key=lambda entry: entry[1]):
        if length and (start < end or content[end:start].strip(b"\x00")):
            raise ValueError("entries overlap, or something lies between them")
        end = max(end, start + length)
    if count > _MOST or end > len(content) or content[end:].strip(b"\x00") or not filler.isascii():
        raise ValueError("it is not laid out as its kind is")
    yield from entries


def _says_nothing(content: bytes, kind: int, start: int, length: int) -> bool:
    entry = content[start : start + length]
    if kind == _RESOURCES:
        return not entry or (length == _BLANK_LENGTH and _BLANK in entry)
    if kind == _FINDER:
        return not entry[_FINDERS_OWN:].strip(b"\x00") or all(name in _PROGRAMS_OWN for name in _attributes(content, start))
    return kind in _NUMBERS or not entry


def _attributes(content: bytes, finder: int) -> Iterator[str]:
    """The names of the extended attributes; they begin on a multiple of four bytes behind the Finder's own.

    Raises:
        ValueError: it is something else.
    """
    magic, _, _, _, _, count = _ATTRIBUTES.unpack_from(content, finder + _FINDERS_OWN + 2)
    if magic != b"ATTR" or count > _MOST:
        raise ValueError("no extended attributes stand where they would")
    place = finder + _FINDERS_OWN + 2 + _ATTRIBUTES.size
    for _ in range(count):
        *_, long = _ATTRIBUTE.unpack_from(content, place)
        yield content[place + _ATTRIBUTE.size : place + _ATTRIBUTE.size + long].rstrip(b"\x00").decode("utf-8")
        place += (_ATTRIBUTE.size + long + 3) // 4 * 4
