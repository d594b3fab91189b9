"""Opens winmail.dat (TNEF), in which Outlook wraps files for people who do not use Outlook."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.domain.mail import Attachment
from pipeline.intake import mapi
from pipeline.intake.budget import Budget, Spoiled
from pipeline.intake.names import file_name

MAGIC = b"\x78\x9f\x3e\x22"
SUBJECT, BODY, MESSAGE_PROPERTIES = 0x00018004, 0x0002800C, 0x00069003
ATTACHMENT_BEGINS, TITLE, DATA, ATTACHMENT_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
CODE_PAGE = 0x00069007
"""Attributes that matter (MS-OXTNEF 2.1.3)."""

SIZES = {
    0x0002: 4,
    0x000B: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x0001: 0,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
"""Bytes of each fixed kind of property, padded to four."""

VARIABLE = frozenset({0x001E, 0x001F, 0x0102, 0x000D})
MULTIPLE = 0x1000
MOST_PROPERTIES = 10_000


@dataclass(slots=True)
class _File:
    """One attachment while it is put together."""

    title: str = ""
    content: bytes = b""
    properties: dict[int, mapi.Value] = field(default_factory=dict)


def recognises(attachment: Attachment) -> bool:
    """Whether the content begins as TNEF does."""
    return attachment.content.startswith(MAGIC)


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:
    """The message's text under the container's name, where it has one, then its files.

    Rubbish after the last attribute is passed over; many programs leave some.

    Raises:
        Exhausted: it holds too much.
        Spoiled: it breaks off inside an attribute before anything was found.
    """
    message, files = _read(attachment.content)
    text = mapi.shown(attachment, message) if any(message.get(number) for number in TEXTS) else None
    if text is not None:
        budget.file()
        yield text
    for position, file in enumerate(files, 1):
        budget.file()
        long_name = file.properties.get(mapi.ATTACH_LONG_NAME)
        inner = file.properties.get(mapi.ATTACH_DATA)
        content = file.content or (inner if isinstance(inner, bytes) else b"")
        content = content[16:] if content[16:20] == MAGIC else content  # a message inside: sixteen bytes say so, then TNEF again
        budget.data(len(content))
        name = long_name if isinstance(long_name, str) and long_name.strip("\x00 ") else file.title
        yield Attachment(file_name(name, f"attachment {position}"), content, container=attachment.name)


TEXTS = (mapi.BODY_PLAIN, mapi.BODY_HTML, mapi.BODY_RTF)


def _read(content: bytes) -> tuple[dict[int, mapi.Value], list[_File]]:
    message: dict[int, mapi.Value] = {}
    files: list[_File] = []
    for attribute, data in _attributes(content):
        if attribute == CODE_PAGE and len(data) >= 4:
            message[mapi.CODE_PAGES[1]] = struct.unpack_from("<I", data)[0]
        elif attribute in {SUBJECT, BODY}:
            message.setdefault(mapi.SUBJECT if attribute == SUBJECT else mapi.BODY_PLAIN, mapi.eight_bit(data, message))
        elif attribute == MESSAGE_PROPERTIES:
            message |= _properties(data, message)
        elif attribute == ATTACHMENT_BEGINS:
            files.append(_File())
        elif files and attribute == TITLE:
            files[-1].title = mapi.eight_bit(data, message)
        elif files and attribute == DATA:
            files[-1].content = data
        elif files and attribute == ATTACHMENT_PROPERTIES:
            files[-1].properties = _properties(data, message)
    return message, files


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    position, found = 6, 0
    while position + 9 <= len(content):
        level, attribute, length = struct.unpack_from("<BII", content, position)
        start = position + 9
        if level not in {1, 2} or start + length > len(content):
            break
        yield attribute, content[start : start + length]
        found += 1
        position = start + length + 2
    if not found:
        raise Spoiled
    if position < len(content) and content[position] in {1, 2} and position + 9 <= len(content):
        raise Spoiled  # an attribute that says it is longer than the file: the file was cut


def _properties(data: bytes, message: dict[int, mapi.Value]) -> dict[int, mapi.Value]:
    try:
        return dict(_each_property(data, message))
    except (struct.error, IndexError):
        raise Spoiled from None


def _each_property(data: bytes, message: dict[int, mapi.Value]) -> Iterator[tuple[int, mapi.Value]]:
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, MOST_PROPERTIES)):
        kind, number = struct.unpack_from("<HH", data, position)
        position += 4
        if number >= 0x8000:
            position = _past_name(data, position)
        base, values = kind & ~MULTIPLE, 1
        if kind & MULTIPLE or base in VARIABLE:
            (values,) = struct.unpack_from("<I", data, position)
            position += 4
        for _ in range(min(values, MOST_PROPERTIES)):
            value, position = _value(data, position, base, message)
            if value is not None:
                yield number, value


def _past_name(data: bytes, position: int) -> int:
    """The place after the name of a named property: a GUID, then a number, or a text of its own length."""
    (kind,) = struct.unpack_from("<I", data, position + 16)
    position += 20
    if kind == 0:
        return position + 4
    (length,) = struct.unpack_from("<I", data, position)
    return int(position + 4 + length + -length % 4)


def _value(data: bytes, position: int, kind: int, message: dict[int, mapi.Value]) -> tuple[mapi.Value | None, int]:
    if kind in VARIABLE:
        (length,) = struct.unpack_from("<I", data, position)
        raw = data[position + 4 : position + 4 + length]
        if len(raw) < length:
            raise Spoiled
        after = position + 4 + length + -length % 4
        if kind == 0x001F:
            return raw.decode("utf-16-le", "replace"), after
        return (mapi.eight_bit(raw, message) if kind == 0x001E else raw), after
    if kind not in SIZES:
        raise Spoiled
    size = SIZES[kind]
    if kind == 0x0040:
        return int(struct.unpack_from("<Q", data, position)[0]), position + size
    if kind == 0x0003:
        return int(struct.unpack_from("<I", data, position)[0]), position + size
    return None, position + size
