"""Tells the small pictures that decorate a message, such as a logo in a signature, from pictures that say something."""

from __future__ import annotations

import struct

from pipeline.domain.mail import Attachment

LARGEST_AREA = 60_000
"""Pixels; a logo is seldom more than 300 by 200, and a page of text that could still be read needs ten times as many."""

LARGEST_FILE = 60_000
"""Bytes."""

THINNEST = 40
"""Pixels; a rule or spacer is no higher, and text of one line is not lower than half of it."""

FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG segments that give the size of the picture."""


def is_decoration(attachment: Attachment) -> bool:
    """Whether it is a picture shown inside the message and too small to be read as a page: such pictures are neither read nor sent.

    A pasted screenshot is larger, and is a document like any other. A picture whose size cannot be told is no decoration.
    """
    if not attachment.inline or attachment.problem is not None or len(attachment.content) > LARGEST_FILE:
        return False
    size = _size(attachment.content)
    return size is not None and (size[0] * size[1] <= LARGEST_AREA or min(size) <= THINNEST)


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
