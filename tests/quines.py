"""Makes a zip whose only member is the zip itself, byte for byte: a true quine, so that whoever opens it opens it for ever.

The packed stream of such a file unpacks to the file. It is put together from two operations of deflate (RFC 1951): L, which gives the
bytes after it as they are, and R, which repeats what was given last. In the order below each operation gives the text of one before it.
The check sum, which stands in the file four times, is then chosen so that it is that of the file; it is a linear equation in 32 bits.
"""

from __future__ import annotations

import struct
import zlib

NAME = b"q.zip"
UNIT = 30
"""Bytes that the middle operations give at a time; R for so many takes ten bytes, which makes their texts fit each other."""


def zip_quine() -> bytes:
    """The zip that holds itself, under the name q.zip."""
    for comment in range(256):  # not every text has a check sum that fits
        made = _with_own_sum(bytes([comment]))
        if made is not None:
            return made
    raise AssertionError("no check sum fits")


def _with_own_sum(comment: bytes) -> bytes | None:
    start = zlib.crc32(_file(0, comment))
    # Column by column: what each bit of the sum written into the file changes in the sum of the file, and in the sum itself.
    rows = [(zlib.crc32(_file(1 << bit, comment)) ^ start ^ (1 << bit), 1 << bit) for bit in range(32)]
    answer, wanted = 0, start
    for place in reversed(range(32)):
        pivot = next((row for row in rows if row[0].bit_length() == place + 1), None)
        if pivot is None:
            continue
        rows = [
            (row[0] ^ pivot[0], row[1] ^ pivot[1]) if row is not pivot and row[0] >> place & 1 else row for row in rows if row is not pivot
        ]
        if wanted >> place & 1:
            wanted, answer = wanted ^ pivot[0], answer ^ pivot[1]
    return _file(answer, comment) if wanted == 0 else None


def _file(crc: int, comment: bytes) -> bytes:
    length = 0
    for _ in range(2):  # the lengths stand in the file and do not change it
        head, tail = _head(crc, length), _tail(crc, length, comment)
        stream = _stream(head, tail)
        length = len(stream)
    return head + stream + tail


def _head(crc: int, packed: int) -> bytes:
    whole = packed + 30 + len(NAME) + 46 + len(NAME) + 23 if packed else 0
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, packed, whole, len(NAME), 0) + NAME


def _tail(crc: int, packed: int, comment: bytes) -> bytes:
    before = packed + 30 + len(NAME)
    whole = before + 46 + len(NAME) + 23 if packed else 0
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, packed, whole, len(NAME), 0, 0, 0, 0, 0, 0) + NAME
    return entry + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), before, 1) + comment


def _stream(head: bytes, tail: bytes) -> bytes:
    first = _give(len(head) + 5)
    again = _repeat(len(head) + 5, 10)
    nothing, unit, repeat = _give(0), _give(UNIT), _repeat(UNIT, 10)
    end = _repeat(len(tail) + 4, 4, last=True)
    rest = _give(len(tail) + 4)
    return b"".join(
        (
            *(first, head, first, again),
            *(_give(10), again, _give(5), _give(10), nothing),
            *(unit, again, _give(5), _give(10), nothing, unit, repeat),
            *(unit, repeat, unit, repeat, unit, repeat),
            *(unit, repeat, nothing, nothing, nothing, rest, repeat),
            *(nothing, nothing, nothing, rest, end, tail, end),
        )
    )


def _give(length: int) -> bytes:
    """L: a stored block's head, before so many bytes."""
    return struct.pack("<BHH", 0, length, length ^ 0xFFFF)


def _repeat(length: int, size: int, *, last: bool = False) -> bytes:
    """R: repeats the last `length` bytes, in exactly `size` bytes; an empty stored block makes all but the last end on a whole byte."""
    for split in (0, *range(3, length - 2)):
        bits = "1" if last else "0"
        bits += "10" + "".join(_match(part, length) for part in (split, length - split) if part) + "0000000"
        bits += "" if last else "000"
        raw = bytes(int(bits[start : start + 8].ljust(8, "0")[::-1], 2) for start in range(0, len(bits), 8)) + (
            b"" if last else b"\0\0\xff\xff"
        )
        if len(raw) == size:
            return raw
    raise AssertionError("it cannot be said in so many bytes")


def _match(length: int, distance: int) -> str:
    """A length and a distance in the fixed code (RFC 1951, 3.2.5 and 3.2.6), as bits in the order they are written; lengths up to 114."""
    code, base, extra = next(entry for entry in reversed(tuple(_table(257, 3, 4))) if entry[1] <= length)
    said = f"{code - 256:07b}" + (f"{length - base:0{extra}b}"[::-1] if extra else "")
    code, base, extra = next(entry for entry in reversed(tuple(_table(0, 1, 2))) if entry[1] <= distance)
    return said + f"{code:05b}" + (f"{distance - base:0{extra}b}"[::-1] if extra else "")


def _table(code: int, base: int, group: int) -> list[tuple[int, int, int]]:
    """Code, first value and number of further bits: twice `group` codes without, then `group` for each number of further bits."""
    table = []
    for place in range(6 * group if group == 4 else 16):
        extra = max(0, place // group - 1)
        table.append((code + place, base, extra))
        base += 1 << extra
    return table
