"""Reads the header fields of mail as it really is: 8-bit, wrongly encoded, folded, missing.

Nothing here raises for what a sender wrote. The modern policies of `email` do (IndexError for `Message-ID: <[x@y]>`, LookupError for
invented charsets), so messages are parsed with the old policy and each field is decoded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from pipeline.domain.mail import Address
from pipeline.domain.text import PersonalText

ALIASES = {
    "windows-874": "cp874",
    "x-windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "shift_jis",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "unicode-1-1-utf-7": "utf-7",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
}
"""Names that mailers write for charsets, and what Python calls them; the superset where a name is used loosely."""

OF_ONE_BYTE = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"})
"""Charsets that programs name out of habit; any bytes at all are text in them."""

NOT_FETCHED = "X-Reportgate-Not-Fetched"
"""Field a mailbox puts above the header of a message too large to download, with its size in bytes; the message is then held."""

NOT_TEXT = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"})
"""Codecs of Python's that are no charsets of mail."""

ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")


class TolerantPolicy(Compat32):
    """The old policy, except that 8-bit bytes in a field become characters and that bodies are not altered when written out."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the shape of the policy's method
        """The field as text: unfolded, its 8-bit bytes read as UTF-8 or else as Windows-1252."""
        return unfolded(str(value))


TOLERANT = TolerantPolicy(mangle_from_=False)


def unfolded(value: str) -> str:
    """A raw field value on one line, with 8-bit bytes decoded and control characters gone."""
    raw = value.encode("utf-8", "surrogateescape")
    text, _ = decoded(raw, "utf-8")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\r?\n[ \t]*", " ", text)).strip()


def _as_utf8(raw: bytes) -> str:
    """Text of other letters than English ones that is UTF-8: what was meant otherwise hardly ever is by chance."""
    try:
        return "" if raw.isascii() else raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def decoded(raw: bytes, charset: str | None) -> tuple[str, bool]:
    """The bytes as text, and whether the charset they claim was right.

    Tried in turn: the charset named, UTF-8, Windows-1252, and Latin-1, which takes anything.
    """
    named = (charset or "").strip().strip("\"'").lower()
    named = ALIASES.get(named, named)
    if named in OF_ONE_BYTE and (text := _as_utf8(raw)):
        return text, False
    for candidate in [named, "utf-8", "cp1252"]:
        if candidate in NOT_TEXT or not candidate:
            continue
        try:
            return raw.decode(candidate), candidate == named or not named
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1"), False


def words(value: str) -> str:
    """A field with its encoded words (RFC 2047) read."""
    try:
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001 - binascii and header errors of several kinds: the field is shown as it came
        return value
    return "".join(piece if isinstance(piece, str) else decoded(piece, charset)[0] for piece, charset in pieces).strip()


def field(message: Message, name: str) -> str:
    """The first field of that name, decoded, or an empty string."""
    return next(iter(fields(message, name)), "")


def fields(message: Message, name: str) -> list[str]:
    """All fields of that name, decoded, in the order they stand (newest first for trace fields)."""
    return [words(str(value)) for value in message.get_all(name, [])]


def addresses(message: Message, *names: str) -> tuple[Address, ...]:
    """Every address in the named fields. Fields are split before their encoded words are read: a name may hold a comma."""
    raw = [str(value) for name in names for value in message.get_all(name, [])]
    return tuple(address for value in raw for address in _split(value))


def _split(value: str) -> Iterable[Address]:
    found = [(name, address) for name, address in getaddresses([value]) if ADDRESS.fullmatch(address.strip())]
    if not found:
        found = [("", match) for match in ADDRESS.findall(words(value))]
    return [Address(address.strip().lower(), PersonalText(words(name))) for name, address in found]


def moment(value: str) -> datetime | None:
    """A date as mail writes it, aware (UTC where it names no zone), or None where it cannot be read or is absurd."""
    try:
        when = parsedate_to_datetime(value.strip())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when if 1990 <= when.year <= 2100 else None
