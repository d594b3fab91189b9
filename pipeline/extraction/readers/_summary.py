"""Reads who wrote an old Office file from its summary streams."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import olefile

_VECTOR = 0x1000
"""The bit that says that a property is a list ([MS-OLEPS] section 2.15, VT_VECTOR)."""
_NAMES = ("title", "subject", "author", "keywords", "comments", "last_saved_by", "company", "manager", "category")


class _WithoutVectors(olefile.OleFileIO):  # type: ignore[misc]  # olefile ships no types
    """olefile counts through lists of values as long as a broken file says they are, up to four thousand million; none is wanted here."""

    def _parse_property(self, s: bytes, offset: int, property_id: int, property_type: int, *switches: Any) -> Any:
        if property_type & _VECTOR:
            return None
        return super()._parse_property(s, offset, property_id, property_type, *switches)


def properties(content: bytes) -> Iterator[tuple[str, str]]:
    """Title, author and the like, with their names; nothing where the streams cannot be read."""
    try:
        with _WithoutVectors(io.BytesIO(content)) as file:
            found = file.get_metadata()
    except Exception:  # noqa: BLE001 - olefile raises many kinds of error on broken summaries, which hold nothing else
        return
    for name in _NAMES:
        value = getattr(found, name, None)
        text = value.decode("cp1252", "replace") if isinstance(value, bytes) else str(value or "")
        if text.strip("\x00 "):
            yield name, text.strip("\x00 ")
