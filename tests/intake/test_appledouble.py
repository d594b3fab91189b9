"""Files that a Mac puts beside others: set aside where they hold nothing, held where they may hold something."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.intake.appledouble import is_clutter
from pipeline.intake.unpack import unpack

BLANK = b"\x00\x00\x01\x00".ljust(16, b"\x00") + b"This resource fork intentionally left blank   ".ljust(270, b"\x00")
FINDER = b"WORDmac5".ljust(32, b"\x00")


def double(*entries: tuple[int, bytes], after: bytes = b"") -> bytes:
    """An AppleDouble file with these entries, one behind the other."""
    place = 26 + 12 * len(entries)
    table = b""
    for kind, content in entries:
        table += struct.pack(">III", kind, place, len(content))
        place += len(content)
    head = struct.pack(">4sI16sH", b"\x00\x05\x16\x07", 0x20000, b"Mac OS X        ", len(entries))
    return head + table + b"".join(content for _, content in entries) + after


def finder(*names: str) -> bytes:
    """The Finder's own, with extended attributes of these names behind it, as macOS writes them."""
    listed, values = b"", b""
    for name in names:
        entry = struct.pack(">IIHB", 200, 4, 0, len(name) + 1) + name.encode() + b"\x00"
        listed += entry.ljust((len(entry) + 3) // 4 * 4, b"\x00")
        values += b"0081"
    return FINDER + b"\x00\x00" + struct.pack(">4sIIII12xHH", b"ATTR", 0, 0, 0, len(values), 0, len(names)) + listed + values


CASES = {
    "as Mail sends it": (double((9, FINDER), (2, BLANK)), True),
    "with what programs note": (double((9, finder("com.apple.quarantine", "com.apple.lastuseddate#PS")), (2, BLANK)), True),
    "dates and icons": (double((8, b"\x00" * 16), (5, b"\x01" * 128), (9, FINDER)), True),
    "no entries": (double(), True),
    "a comment": (double((4, b"Do not tell the father"), (9, FINDER)), False),
    "a data fork": (double((1, b"Report about Robin"), (9, FINDER)), False),
    "resources that say something": (double((9, FINDER), (2, b"STR " * 40)), False),
    "a Finder comment among the attributes": (double((9, finder("com.apple.metadata:kMDItemFinderComment")), (2, b"")), False),
    "whom it came from among the attributes": (double((9, finder("com.apple.metadata:kMDItemWhereFroms")), (2, b"")), False),
    "words behind the Finder's own": (double((9, FINDER + b"Report about Robin")), False),
    "bytes at the end": (double((9, FINDER), after=b"PK\x03\x04 a report"), False),
    "an entry of an unknown kind": (double((4711, b"x")), False),
    "cut short": (double((9, FINDER), (2, BLANK))[:-9], False),
    "a head alone": (b"\x00\x05\x16\x07", False),
    "another file": (b"%PDF-1.4", False),
}


@pytest.mark.parametrize("kind", CASES)
def test_only_what_holds_nothing_is_clutter(kind: str) -> None:
    """Dates, icons, the Finder's flags and programs' own notes are nothing to read; all else is, and so is what is laid out otherwise."""
    content, clutter = CASES[kind]
    assert is_clutter(content) is clutter


def test_in_an_archive_it_is_set_aside_or_comes_out_as_a_file() -> None:
    """A folder packed on a Mac holds its reports and nothing else; a file that only pretends to be a Mac's notes is not passed over."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.txt", "words")
        archive.writestr("__MACOSX/._report.txt", CASES["as Mail sends it"][0])
        archive.writestr("__MACOSX/._other.txt", CASES["a data fork"][0])
    opened = unpack(Attachment(PersonalText("a.zip"), packed.getvalue()))
    assert [str(file.name) for file in opened] == ["report.txt", "._other.txt"]
