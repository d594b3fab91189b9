"""Looks for words in everything under a folder: names, files, databases with their logs, and whatever is packed in those."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
DEPTH = 4


def _spellings(word: str) -> tuple[bytes, ...]:
    low = word.casefold()
    return low.encode(), low.encode("utf-16-le"), base64.b16encode(low.encode()).lower()


def unpacked(raw: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is packed in them: gzip, zlib, and base64 in whatever stands around it (as Prefect packs pickles)."""
    yield raw
    if depth >= DEPTH:
        return
    for opened in (gzip.decompress, zlib.decompress):
        try:
            inner = opened(raw)
        except (OSError, EOFError, zlib.error):
            continue
        yield from unpacked(inner, depth + 1)
    for found in BASE64.finditer(raw.replace(b"\\n", b"").replace(b"\n", b"")):
        try:
            inner = base64.b64decode(found[0] + b"=" * (-len(found[0]) % 4), altchars=b"-_" if set(found[0]) & set(b"-_") else None)
        except (binascii.Error, ValueError):
            continue
        yield from unpacked(inner, depth + 1)


def _cells(path: Path) -> Iterator[bytes]:
    """Every value in an SQLite database, whole: in the file a long one is strewn over pages."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str | bytes):
                        yield value.encode() if isinstance(value, str) else value
    finally:
        connection.close()


def _pieces(path: Path) -> Iterator[bytes]:
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"SQLite format 3\0"):
        for cell in _cells(path):
            yield from unpacked(cell)
    else:
        yield from unpacked(raw)


def leaks(folder: Path, words: Iterable[str], *, exempt: Iterable[Path] = ()) -> list[str]:
    """Where any of the words is found, as `word in path`; nothing under an `exempt` folder is opened, but its names are looked at."""
    spelled = {word: _spellings(word) for word in words}
    skipped = tuple(exempt)
    found = []
    for path in sorted(folder.rglob("*")):
        found += [f"{word} in the name {path}" for word in spelled if word.casefold() in str(path).casefold()]
        if path.is_file() and not any(path.is_relative_to(one) for one in skipped):
            low = [piece.lower() for piece in _pieces(path)]
            found += [f"{word} in {path}" for word, forms in spelled.items() if any(form in piece for piece in low for form in forms)]
    return found
