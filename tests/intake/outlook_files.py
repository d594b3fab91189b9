"""Makes Outlook's files for tests: compound files (.msg) and TNEF streams (winmail.dat), as the open specifications describe them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = dict[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A compound file (MS-CFB, version 3) with these streams and storages."""
    return _Writer().write(tree)


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END
    size: int = 0


@dataclass
class _Writer:
    entries: list[_Entry] = field(default_factory=list)
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    mini: bytearray = field(default_factory=bytearray)
    mini_fat: list[int] = field(default_factory=list)

    def write(self, tree: Tree) -> bytes:
        """The whole file."""
        root = _Entry("Root Entry", 5)
        self.entries.append(root)
        root.child = self._add(tree)
        for entry in self.entries:
            if entry.kind == 2:
                entry.size = len(entry.content)
                entry.start = self._small(entry.content) if len(entry.content) < CUTOFF else self._chain(entry.content)
        root.start, root.size = self._chain(bytes(self.mini)), len(self.mini)
        mini_fat = self._chain(b"".join(struct.pack("<I", link) for link in self.mini_fat), fill=b"\xff")
        mini_count = -(-4 * len(self.mini_fat) // SECTOR)
        directory = self._chain(b"".join(map(self._entry, self.entries)))
        count = 1
        while 128 * count < len(self.fat) + count:
            count += 1
        places = list(range(len(self.fat), len(self.fat) + count))
        table = self.fat + [FAT_SECTOR] * count
        raw = b"".join(struct.pack("<I", link) for link in table).ljust(count * SECTOR, b"\xff")
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        head += struct.pack("<IIIIIIIII", 0, count, directory, 0, CUTOFF, mini_fat, mini_count, END, 0)
        head += b"".join(struct.pack("<I", place) for place in places).ljust(436, b"\xff")
        return head + b"".join(self.sectors) + raw

    def _add(self, tree: Tree) -> int:
        """Entries of one level, each the next one's left neighbour; the first one's number."""
        first = previous = FREE
        for name, content in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
            number = len(self.entries)
            entry = _Entry(name, 2 if isinstance(content, bytes) else 1, content if isinstance(content, bytes) else b"")
            self.entries.append(entry)
            if previous == FREE:
                first = number
            else:
                self.entries[previous].right = number
            previous = number
            if isinstance(content, dict):
                entry.child = self._add(content)
        return first

    def _chain(self, content: bytes, fill: bytes = b"\x00") -> int:
        if not content:
            return END
        first, pieces = len(self.fat), [content[start : start + SECTOR] for start in range(0, len(content), SECTOR)]
        self.sectors += [piece.ljust(SECTOR, fill) for piece in pieces]
        self.fat += [first + number + 1 for number in range(len(pieces) - 1)] + [END]
        return first

    def _small(self, content: bytes) -> int:
        if not content:
            return END
        first, count = len(self.mini_fat), -(-len(content) // MINI)
        self.mini += content.ljust(count * MINI, b"\x00")
        self.mini_fat += [first + number + 1 for number in range(count - 1)] + [END]
        return first

    @staticmethod
    def _entry(entry: _Entry) -> bytes:
        name = entry.name.encode("utf-16-le")
        head = name.ljust(64, b"\x00") + struct.pack("<HBBIII", len(name) + 2, entry.kind, 1, FREE, entry.right, entry.child)
        return (head + bytes(16 + 4 + 16) + struct.pack("<IQ", entry.start if entry.kind != 1 else 0, entry.size)).ljust(128, b"\x00")


def message(properties: dict[str, bytes | str], *attachments: Tree, header: int = 32, when: int = 0) -> Tree:
    """A message's storage; properties by number and kind, such as `0037001F` for a subject in Unicode."""
    table = bytes(header) + (struct.pack("<HHIQ", 0x0040, 0x0039, 6, when) if when else b"")
    tree: Tree = {"__properties_version1.0": table}
    for name, value in properties.items():
        tree[f"__substg1.0_{name}"] = value.encode("utf-16-le") if isinstance(value, str) else value
    for number, attachment in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = attachment
    return tree


def attachment(name: str, content: bytes) -> Tree:
    """A file's storage."""
    return message({"3707001F": name, "37010102": content}, header=8)


def embedded(name: str, inner: Tree) -> Tree:
    """The storage of a message attached to a message."""
    return message({"3001001F": name}, header=8) | {"__substg1.0_3701000D": inner}


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """A TNEF stream of (level, attribute, data)."""
    body = b"".join(
        struct.pack("<BII", level, attribute, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
        for level, attribute, data in attributes
    )
    return b"\x78\x9f\x3e\x22" + b"\x01\x00" + body


def properties(*items: tuple[int, int, bytes]) -> bytes:
    """MAPI properties as TNEF packs them: (kind, number, value) of variable length, or four or eight bytes."""
    packed = struct.pack("<I", len(items))
    for kind, number, value in items:
        packed += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            packed += bytes(16) + struct.pack("<II", 0, 7)
        if kind in {0x001E, 0x001F, 0x0102, 0x000D}:
            packed += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
        else:
            packed += value
    return packed
