"""Opens Outlook messages (.msg): their text, their files, and the messages inside them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.intake import mapi
from pipeline.intake.budget import Budget, Spoiled
from pipeline.intake.names import file_name

PROPERTIES = "__properties_version1.0"
ATTACHMENT = "__attach_version1.0_#"
VALUE = "__substg1.0_"
UNICODE, EIGHT_BIT, BINARY, OBJECT, TIME, LONG = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040, 0x0003
EMBEDDED = f"{VALUE}3701000D"
BROKEN = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error, MemoryError)
"""What the reader of compound files raises for a damaged one."""


@dataclass(frozen=True, slots=True)
class _Storage:
    """One message or attachment in the file, and the length of the header before its fixed properties."""

    ole: olefile.OleFileIO
    path: tuple[str, ...]
    header: int

    def entries(self) -> list[str]:
        """Names directly below it, in order."""
        depth = len(self.path)
        found = {
            entry[depth]: None
            for entry in self.ole.listdir(streams=True, storages=True)
            if tuple(entry[:depth]) == self.path and len(entry) > depth
        }
        return list(found)

    def bytes_of(self, name: str) -> bytes:
        """A stream's content."""
        with self.ole.openstream([*self.path, name]) as stream:
            return bytes(stream.read())

    def properties(self) -> dict[int, mapi.Value]:
        """Its properties by number: times and numbers from the fixed table, texts and bytes from streams of their own."""
        found: dict[int, mapi.Value] = {}
        names = self.entries()
        if PROPERTIES in names:
            table = self.bytes_of(PROPERTIES)[self.header :]
            for start in range(0, len(table) - 15, 16):
                kind, number, _, value = struct.unpack_from("<HHIQ", table, start)
                if kind in {TIME, LONG}:
                    found[number] = value if kind == TIME else value & 0xFFFFFFFF
        for name in names:
            self._add(name, found)
        return found

    def _add(self, name: str, found: dict[int, mapi.Value]) -> None:
        if not name.startswith(VALUE) or len(name) != len(VALUE) + 8:
            return
        number, kind = int(name[-8:-4], 16), int(name[-4:], 16)
        if kind == UNICODE:
            found[number] = self.bytes_of(name).decode("utf-16-le", "replace")
        elif kind == EIGHT_BIT:
            found.setdefault(number, mapi.eight_bit(self.bytes_of(name), found))
        elif kind == BINARY:
            found[number] = self.bytes_of(name)


def recognises(attachment: Attachment) -> bool:
    """Whether the content is a compound file with a message in it."""
    if not attachment.content.startswith(olefile.MAGIC):
        return False
    try:
        with olefile.OleFileIO(io.BytesIO(attachment.content)) as ole:
            return bool(ole.exists(PROPERTIES))
    except BROKEN:
        return False


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:
    """The message's text under its own file name, then its files; a message inside it in the same way.

    Raises:
        Exhausted: it holds too much.
        Spoiled: it is damaged.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(attachment.content)) as ole:
            yield from list(_message(_Storage(ole, (), 32), attachment, budget, 0))
    except BROKEN:
        raise Spoiled from None


def _message(storage: _Storage, container: Attachment, budget: Budget, depth: int) -> Iterator[Attachment]:
    budget.enter(depth)
    budget.file()
    text = mapi.shown(container, storage.properties())
    if text is not None:
        yield text
    attached = sorted(name for name in storage.entries() if name.startswith(ATTACHMENT))
    for position, name in enumerate(attached, 1):
        yield from _attached(_Storage(storage.ole, (*storage.path, name), 8), container, position, budget, depth)


def _attached(storage: _Storage, container: Attachment, position: int, budget: Budget, depth: int) -> Iterator[Attachment]:
    budget.file()
    properties = storage.properties()
    name = next((value for number in NAMES if isinstance(value := properties.get(number), str) and value.strip("\x00 ")), "")
    content = properties.get(mapi.ATTACH_DATA)
    if EMBEDDED in storage.entries():
        inner = _Storage(storage.ole, (*storage.path, EMBEDDED), 24)
        if PROPERTIES in inner.entries():
            stub = Attachment(file_name(f"{name}.msg" if name else "", f"attachment {position}.msg"), b"", container=container.name)
            yield from _message(inner, stub, budget, depth + 1)
            return
        problem = Problem(UnreadableReason.UNSUPPORTED, "the file is an object of another program, kept inside an Outlook message")
        yield Attachment(file_name(name, f"attachment {position}"), b"", container=container.name, problem=problem)
        return
    raw = content if isinstance(content, bytes) else b""
    budget.data(len(raw))
    named = str(properties.get(mapi.ATTACH_CONTENT_ID) or "").strip("\x00 ")  # by this name the text shows it; programs name reports, too
    shown = bool(named) and raw.startswith(_PICTURES)
    yield Attachment(file_name(name, f"attachment {position}"), raw, container=container.name, inline=shown)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
NAMES = (mapi.ATTACH_LONG_NAME, mapi.ATTACH_SHORT_NAME, mapi.DISPLAY_NAME)
