"""Cuts RTF into tokens, and decodes its bytes by code page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<open>\{)|(?P<close>\})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)|(?P<other>[\r\n]+|\\)",
    re.DOTALL,
)

CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
"""Windows character sets of fonts, by number, as code pages (RTF 1.9.1, `\\fcharset`)."""

SYMBOL_CHARSET = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A brace, control word, control symbol, byte or stretch of text."""

    kind: str
    text: str = ""
    number: int | None = None


def tokens(source: str) -> Iterator[Token]:
    """The tokens of RTF given as one character a byte; raw bytes of `\\bin` are skipped."""
    place = 0
    while match := _TOKEN.match(source, place):
        place = match.end()
        kind = match.lastgroup or "other"
        if kind in {"word", "number"}:
            number = int(match["number"]) if match["number"] else None
            if match["word"] == "bin":
                place += max(number or 0, 0)
            else:
                yield Token("word", match["word"], number)
        elif kind != "other":
            yield Token(kind, match[kind])


def decoded(data: bytes, code_page: str) -> str:
    """Bytes in a code page; those it does not know are read as Windows-1252."""
    try:
        return data.decode(code_page)
    except (UnicodeDecodeError, LookupError):
        return data.decode("cp1252", "replace")


def joined(text: str) -> str:
    """Text in which pairs of surrogates, as RTF writes them, are made one character."""
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def dull(text: str) -> bool:
    """Numbers, colours and flags that drawn shapes carry, and hexadecimal data."""
    return not re.search(r"[A-Za-z]{3}", text) or bool(re.fullmatch(r"[0-9a-fA-F\s]{64,}", text))
