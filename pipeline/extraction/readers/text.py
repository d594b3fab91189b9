"""Reads plain text in whatever encoding it came, keeping its lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from pipeline.domain.documents import BlockKind, Document, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _headings as headings
from pipeline.extraction.readers._rich import Para, Piece, plain

NAME = "text"
SIGNS = frozenset({"text"})

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_QUOTED = re.compile(r"\s*>")
_THREAD = re.compile(r"\s*(?:-{2,}\s*(?:original|forwarded) message|from:\s.*|on .{8,120} wrote:|_{8,})\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads plain text.

    Raises:
        Unreadable: the text is longer than allowed.
    """
    builder = DocumentBuilder(attachment, NAME)
    if len(attachment.content) > 4 * options.text_characters + 4:
        raise face.too_long(options)
    text = decode(attachment.content)
    clean = _CONTROL.sub("", text)
    if len(text) - len(clean) > len(text) // 100:  # more than a stray byte: something else than text is in it
        builder.note(NoteCode.REPAIRED, "the text holds control characters, which were left out")
    face.lay(builder, list(pieces(clean)))
    return face.finish(builder, options)


def decode(data: bytes) -> str:
    """The text of bytes: by their byte order mark, else UTF-8, else UTF-16 where every other byte is nought, else Windows-1252."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if guess := _wide(data):
        return data.decode(guess, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace") if any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)) else data.decode("cp1252")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: at least two in five of the bytes at one parity are nought."""
    head = data[:4000]
    half = max(len(head) // 2, 1)
    return "utf-16-le" if head[1::2].count(0) > 0.4 * half else "utf-16-be" if head[0::2].count(0) > 0.4 * half else ""


def pieces(text: str) -> Iterator[Piece]:
    """Paragraphs parted by blank lines, each keeping its lines; headings, list items and quoted mail apart."""
    blocks = list(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")))
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else []
        if len(block) == 1 and following and headings.stands_alone(block[0], "\n".join(following)):
            yield Para(plain(block[0].strip()), BlockKind.HEADING, level=2)
        else:
            yield from _parts(block)


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.split("\n"):
        quoted = bool(_QUOTED.match(line))
        if block and (not line.strip() or quoted != bool(_QUOTED.match(block[-1])) or begins_thread(line, block[-1])):
            yield block
            block = []
        if line.strip():
            block.append(line)
    if block:
        yield block


def begins_thread(line: str, before: str) -> bool:
    """Whether an earlier mail begins at a line."""
    return bool(_THREAD.fullmatch(line)) and not _THREAD.fullmatch(before)


def _parts(block: list[str]) -> Iterator[Piece]:
    """One block of lines: underlined headings and bulleted items are taken out, a printout stays whole."""
    if headings.is_aligned("\n".join(block)):
        yield Para(plain("\n".join(block)))
        return
    waiting: list[str] = []
    for number, line in enumerate(block):
        if headings.is_rule(line) and number and len(block[number - 1].split()) <= 14 and waiting == [block[number - 1]]:
            yield Para(plain(waiting.pop().strip()), BlockKind.HEADING, level=1 if "=" in line else 2)
        elif _begins(line) and waiting:
            yield Para(plain("\n".join(waiting)))
            waiting = [line]
        elif waiting and _is_typed_heading(waiting):
            yield Para(plain(waiting.pop().strip()))
            waiting = [line]
        else:
            waiting.append(line)
    if waiting:
        yield Para(plain("\n".join(waiting)))


def _begins(line: str) -> bool:
    return bool(headings.list_marker(line.strip())) or headings.looks_like_heading(plain(line))


def _is_typed_heading(waiting: list[str]) -> bool:
    return len(waiting) == 1 and headings.looks_like_heading(plain(waiting[0]))
