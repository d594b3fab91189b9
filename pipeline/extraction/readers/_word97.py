"""Reads the text of an old Word file by its piece table: the fallback where LibreOffice is missing, and a check on it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from pipeline.domain.documents import BlockKind
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction.readers._package import damaged, encrypted
from pipeline.extraction.readers._rich import PAGE_BREAK, Grid, GridCell, Para, Piece, plain

# Offsets in the file information block ([MS-DOC] 2.5): flags, lengths of the stories in characters, place of the piece table.
_VERSION, _WORD_97 = 0x02, 0x00C1
_FLAGS, _LENGTHS, _CLX = 0x0A, 0x4C, 0x01A2
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_STORIES = ("body", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")
_FIELD = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14([^\x13\x15]*))?\x15")
_CONTROL = re.compile(r"[\x00-\x06\x08\x0e-\x1d]")


@dataclass(frozen=True, slots=True)
class OldWord:
    """An old Word file: its stories' text, and whether it holds macros."""

    stories: dict[str, str]
    macros: bool
    objects: bool

    def words(self) -> list[str]:
        """All words of the stories that a reader sees."""
        return re.findall(r"\w+", " ".join(clean(text) for name, text in self.stories.items() if name not in {"comments", "macros"}))

    def pieces(self) -> Iterator[Piece]:
        """The face: body with its tables, then text boxes and notes, with page headers and footers first."""
        yield from (Para(plain(line), BlockKind.PAGE_HEADER) for line in dict.fromkeys(_lines(self.stories["headers"])))
        yield from _body(clean(self.stories["body"]))
        for name in ("boxes", "header boxes"):
            yield from (Para(plain(line)) for line in _lines(self.stories[name]))
        for name in ("footnotes", "endnotes"):
            yield from (Para(plain(line), BlockKind.FOOTNOTE) for line in _lines(self.stories[name]))


def open_old_word(content: bytes) -> OldWord:
    """Opens the file.

    Raises:
        Unreadable: it is encrypted or damaged, or of Word 6 or 95, which keep their text otherwise.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            names = {path[0] for path in ole.listdir()}
            main = ole.openstream("WordDocument").read()
            if struct.unpack_from("<H", main, _VERSION)[0] < _WORD_97:
                raise Unreadable(
                    UnreadableReason.UNSUPPORTED, "it was written by a Word of before 1997; ask for it as a newer Word or PDF file"
                )
            (flags,) = struct.unpack_from("<H", main, _FLAGS)
            if flags & _ENCRYPTED:
                raise encrypted()
            table = ole.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
        lengths = struct.unpack_from("<8i", main, _LENGTHS)
        start, size = struct.unpack_from("<II", main, _CLX)
        text = _text(main, table[start : start + size])
    except (OSError, struct.error, ValueError, IndexError, TypeError, AttributeError):  # what olefile and a cut file raise
        raise damaged() from None
    return OldWord(_parted(text, lengths), "Macros" in names or "_VBA_PROJECT_CUR" in names, "ObjectPool" in names)


def _parted(text: str, lengths: tuple[int, ...]) -> dict[str, str]:
    stories: dict[str, str] = {}
    place = 0
    for name, length in zip(_STORIES, lengths, strict=True):
        stories[name] = text[place : place + max(length, 0)]
        place += max(length, 0)
    return stories


def _text(main: bytes, clx: bytes) -> str:
    """All characters, piece by piece; a piece is in Windows-1252 or in UTF-16 ([MS-DOC] 2.9.73)."""
    place = 0
    while clx[place] == 1:
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    (size,) = struct.unpack_from("<I", clx, place + 1)
    table = clx[place + 5 : place + 5 + size]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table, 0)
    parts: list[str] = []
    for number in range(count):
        (where,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        length = ends[number + 1] - ends[number]
        if where & 0x40000000:
            begin = (where & 0x3FFFFFFF) // 2
            parts.append(main[begin : begin + length].decode("cp1252", "replace"))
        else:
            parts.append(main[where : where + 2 * length].decode("utf-16-le", "replace"))
    return "".join(parts)


def clean(text: str) -> str:
    """Text without field codes and the marks of pictures and notes."""
    for _ in range(5):  # fields inside fields
        text, found = _FIELD.subn(lambda match: match[1] or "", text)
        if not found:
            break
    text = text.replace("\x0b", "\n").replace("\x1e", "-").replace("\x1f", "").replace("\xa0", " ")
    return _CONTROL.sub("", text)


def _lines(text: str) -> Iterator[str]:
    yield from (line.strip() for line in re.split(r"[\r\x07\x0c]", clean(text)) if line.strip())


def _body(text: str) -> Iterator[Piece]:
    rows: list[tuple[GridCell, ...]] = []
    for line in text.split("\r"):
        while "\x07\x07" in line:
            row, line = line.split("\x07\x07", 1)  # noqa: PLW2901 - what is left of the line after a row
            rows.append(tuple(GridCell((Para(plain(cell)),)) for cell in row.split("\x07")))
        if rows:
            yield Grid(tuple(rows))
            rows = []
        yield Para(plain(line.replace("\x07", "\t").replace("\x0c", PAGE_BREAK)))
