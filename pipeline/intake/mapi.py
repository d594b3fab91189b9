"""What Outlook's two formats, .msg and winmail.dat, have in common: which text a message shows, and its compressed rich text.

Written from Microsoft's open specifications MS-OXCMSG, MS-OXTNEF and MS-OXRTFCP.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.domain.mail import BODY, Attachment
from pipeline.domain.text import PersonalText
from pipeline.intake.alternatives import same_words
from pipeline.intake.budget import Spoiled
from pipeline.intake.forwarded import text_of
from pipeline.intake.headers import decoded

BODY_PLAIN, BODY_RTF, BODY_HTML = 0x1000, 0x1009, 0x1013
SUBJECT, SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0037, 0x0C1A, 0x0C1F, 0x5D01
DISPLAY_TO, DISPLAY_CC, SUBMITTED, DELIVERED = 0x0E04, 0x0E03, 0x0039, 0x0E06
ATTACH_CONTENT_ID = 0x3712
ATTACH_DATA, ATTACH_SHORT_NAME, ATTACH_LONG_NAME, DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
CODE_PAGES = (0x3FDE, 0x3FFD)
"""Property numbers: the message's texts, its head, an attachment's, and the code pages of 8-bit text."""

Value = str | bytes | int
Properties = Mapping[int, Value]

DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the compression starts from (MS-OXRTFCP 2.1.2.1)."""

WINDOW = 4096
RTF_SIGNS = re.compile(r"[\\{}]")
"""What means something in rich text."""
MOST_RTF = 60_000_000


def shown(container: Attachment, properties: Properties) -> Attachment | None:
    """The document a message's text makes, under the container's name; None where the message has neither head nor text."""
    head = _head(properties)
    plain, page = _text(properties.get(BODY_PLAIN)), _page(properties.get(BODY_HTML))
    rich = properties.get(BODY_RTF)
    if page and not (plain.strip() and same_words(plain, page)):
        body = Attachment(PersonalText(BODY), page.encode("utf-8", "replace"), "text/html")
    elif plain.strip():
        body = Attachment(PersonalText(BODY), plain.replace("\r\n", "\n").encode("utf-8", "replace"), "text/plain")
    elif isinstance(rich, bytes) and rich:
        return replace(container, content=_headed(decompressed(rich), head), declared_type="application/rtf", inline=False)
    elif head:
        body = None
    else:
        return None
    return text_of(container, head, body)


def _head(properties: Properties) -> list[tuple[str, str]]:
    name = _text(properties.get(SENDER_NAME))
    address = _text(properties.get(SENDER_SMTP)) or _text(properties.get(SENDER_ADDRESS))
    sender = f"{name} <{address}>" if "@" in address and address != name else name or address
    when = properties.get(SUBMITTED) or properties.get(DELIVERED)
    lines = [
        ("From", sender),
        ("To", _text(properties.get(DISPLAY_TO))),
        ("Cc", _text(properties.get(DISPLAY_CC))),
        ("Date", _moment(when) if isinstance(when, int) else ""),
        ("Subject", _text(properties.get(SUBJECT))),
    ]
    return [(label, value.strip("\x00 ")) for label, value in lines if value.strip("\x00 ")]


def _headed(rich: bytes, head: list[tuple[str, str]]) -> bytes:
    """Rich text with the message's head as its last paragraphs: where its own first one begins cannot be told without reading it."""
    whole = rich.rstrip(b"\x00\r\n ")
    if not head or not whole.endswith(b"}"):
        return rich
    said = "".join(f"\\par {_escaped(label)}: {_escaped(value)}" for label, value in head)
    return whole[:-1] + b"{\\pard\\plain" + said.encode("ascii") + b"\\par}}"


def _escaped(text: str) -> str:
    """Text as RTF writes it: other than ASCII in units of UTF-16, each with a stand-in for programs that know none."""
    return "".join(letter if letter.isascii() else _units(letter) for letter in RTF_SIGNS.sub(r"\\\g<0>", text))


def _units(letter: str) -> str:
    return "".join(f"\\u{unit}?" for (unit,) in struct.iter_unpack("<h", letter.encode("utf-16-le", "replace")))


def _moment(ticks: int) -> str:
    """A FILETIME: tenths of microseconds since 1601."""
    try:
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)).strftime("%d %B %Y %H:%M UTC")
    except OverflowError:
        return ""


def _text(value: Value | None) -> str:
    return value.rstrip("\x00") if isinstance(value, str) else ""


def _page(value: Value | None) -> str:
    if isinstance(value, bytes):
        return decoded(value.rstrip(b"\x00"), "utf-8")[0]
    return _text(value)


def eight_bit(raw: bytes, properties: Properties) -> str:
    """Text of the old kind, in the code page the message names, else Windows-1252."""
    page = next((value for number in CODE_PAGES if isinstance(value := properties.get(number), int) and value), 1252)
    return decoded(raw, "utf-8" if page == 65001 else f"cp{page}")[0].rstrip("\x00")


def decompressed(raw: bytes) -> bytes:
    """Rich text as Outlook compresses it.

    Raises:
        Spoiled: it is cut short, or not of that kind.
    """
    try:
        _, size, kind, _ = struct.unpack_from("<IIII", raw)
    except struct.error:
        raise Spoiled from None
    if kind == 0x414C454D:  # 'MELA': stored as it is
        return raw[16 : 16 + size]
    if kind != 0x75465A4C or size > MOST_RTF:
        raise Spoiled
    return _lzfu(raw[16:], size)


def _lzfu(packed: bytes, size: int) -> bytes:
    window = bytearray(DICTIONARY.ljust(WINDOW, b" "))
    write, position, out = len(DICTIONARY), 0, bytearray()

    def put(byte: int) -> None:
        nonlocal write
        out.append(byte)
        window[write] = byte
        write = (write + 1) % WINDOW

    while position < len(packed) and len(out) < size:
        control = packed[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(packed):
                    return bytes(out[:size])
                pair = packed[position] << 8 | packed[position + 1]
                position += 2
                start = pair >> 4
                if start == write:  # a reference to itself ends the text
                    return bytes(out[:size])
                for step in range((pair & 0xF) + 2):
                    put(window[(start + step) % WINDOW])
            elif position < len(packed):
                put(packed[position])
                position += 1
    return bytes(out[:size])
