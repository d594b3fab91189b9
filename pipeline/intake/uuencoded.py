"""Takes files out of a plain text that carries them uuencoded, as Outlook sends them with plain text where it is set to."""

from __future__ import annotations

import binascii
import re

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.intake.names import file_name

BLOCK = re.compile(
    r"^begin [0-7]{3,4} (?P<name>[^\n]{1,200})\n(?P<lines>(?:[!-_][ -`]{1,90}\n)+)(?P<end>[ `]?\n?end[ \t]*$)?", re.MULTILINE
)
"""A file: its name, its lines, each of which begins with its length, and the mark of its end, without which it was cut."""


def taken_out(text: str) -> tuple[str, tuple[Attachment, ...]]:
    """The text without the files in it, and the files."""
    files: list[Attachment] = []

    def take(found: re.Match[str]) -> str:
        name = file_name(found["name"].strip(), "attachment")
        content = _decoded(found["lines"])
        if content is None or found["end"] is None:
            problem = Problem(UnreadableReason.DAMAGED, "it was cut or changed on the way")
            files.append(Attachment(name, b"", problem=problem))
        else:
            files.append(Attachment(name, content))
        return ""

    return BLOCK.sub(take, text), tuple(files)


def _decoded(lines: str) -> bytes | None:
    made = bytearray()
    for line in lines.splitlines():
        said = (ord(line[0]) - 32) & 63
        try:
            made += binascii.a2b_uu(line[: 1 + (said + 2) // 3 * 4].encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
    return bytes(made)
