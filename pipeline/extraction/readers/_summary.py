"""Reads who wrote an old Office file from its summary streams."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

_NAMES = ("title", "subject", "author", "keywords", "comments", "last_saved_by", "company", "manager", "category")


def properties(content: bytes) -> Iterator[tuple[str, str]]:
    """Title, author and the like, with their names; nothing where the streams cannot be read."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            found = file.get_metadata()
    except Exception:  # noqa: BLE001 - olefile raises many kinds of error on broken summaries, which hold nothing else
        return
    for name in _NAMES:
        value = getattr(found, name, None)
        text = value.decode("cp1252", "replace") if isinstance(value, bytes) else str(value or "")
        if text.strip("\x00 "):
            yield name, text.strip("\x00 ")
