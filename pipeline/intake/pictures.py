"""Tells by size the pictures that may decorate a message, such as a logo in a signature, from pictures that say something."""

from __future__ import annotations

import struct

from pipeline.domain.mail import Attachment

LARGEST_AREA = 60_000
"""Pixels; a logo is seldom more than 300 by 200, and a page of text that could still be read needs ten times as many."""

LARGEST_FILE = 60_000
"""Bytes."""

THINNEST = 40
"""Pixels; a rule is no higher, but one line of text may be."""

LOWEST, NARROWEST = 12, 60
"""Pixels; a line of text that can be read is not lower, and one that says anything of a person not narrower."""

FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG segments that give the size of the picture."""


def is_speck(attachment: Attachment) -> bool:
    """Whether it is a picture shown inside the message in which no word can be read: a rule, an icon. Such are neither read nor sent."""
    size = _shown_size(attachment)
    return size is not None and (min(size) < LOWEST or max(size) < NARROWEST)


def is_small(attachment: Attachment) -> bool:
    """Whether it is a picture shown inside the message and as small as a logo: its words tell whether it is one.

    A pasted screenshot is larger, and is a document like any other, as is a picture whose size cannot be told.
    """
    size = _shown_size(attachment)
    if size is None or len(attachment.content) > LARGEST_FILE:
        return False
    return size[0] * size[1] <= LARGEST_AREA or min(size) <= THINNEST


def _shown_size(attachment: Attachment) -> tuple[int, int] | None:
    return _size(attachment.content) if attachment.inline and attachment.problem is None else None


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the first bytes of a PNG, GIF or JPEG."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", content, 16)
        elif content.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", content, 6)
        elif content.startswith(b"\xff\xd8"):
            width, height = _jpeg(content)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return int(width), int(height)


def _jpeg(content: bytes) -> tuple[int, int]:
    position = 2
    while True:
        marker, length = struct.unpack_from(">xBH", content, position)
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", content, position + 5)
            return width, height
        position += 2 + length
