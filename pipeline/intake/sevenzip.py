"""Opens 7-Zip archives, in memory and within the limits."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.domain.mail import Attachment
from pipeline.intake.budget import Budget, Exhausted, Locked, Spoiled
from pipeline.intake.names import file_name

if TYPE_CHECKING:
    import py7zr

START = b"7z\xbc\xaf\x27\x1c"


def recognises(attachment: Attachment) -> bool:
    """Whether the content is a 7-Zip archive."""
    return attachment.content.startswith(START)


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:
    """The files in the archive; names are reduced to their last part.

    Raises:
        Exhausted: it holds too much.
        Locked: it is encrypted, and no password given opens it.
        Spoiled: it is damaged, or packed in a way that is not opened here.
    """
    for number, (name, content) in enumerate(_first_opened(attachment.content, budget), 1):
        yield Attachment(file_name(name, f"file {number}"), content, container=attachment.name)


def _first_opened(content: bytes, budget: Budget) -> list[tuple[str, bytes]]:
    """With no password first, then with each that was given: a wrong one is found out by the check sums of what it gives."""
    import py7zr  # noqa: PLC0415 - 400 ms that only such archives need

    locked = False
    for password in (None, *budget.limits.passwords):
        try:
            with py7zr.SevenZipFile(io.BytesIO(content), password=password) as archive:
                if password is not None or not archive.needs_password():
                    return _unpacked(archive, len(content), budget)
                locked = True
        except (MemoryError, Exhausted):
            raise
        except py7zr.PasswordRequired:
            locked = True
        except Exception:  # noqa: BLE001 - hostile or wrongly unlocked bytes make the library raise anything
            if not locked:
                raise Spoiled from None
    raise Locked


def _unpacked(archive: py7zr.SevenZipFile, packed: int, budget: Budget) -> list[tuple[str, bytes]]:
    for _ in archive.files:
        budget.file()
    store = _Store(budget, packed)
    archive.extract(factory=store)  # type: ignore[arg-type]  # it asks no more of it than `create`
    return store.contents()


class _Store:
    """Where the library puts what it unpacks."""

    def __init__(self, budget: Budget, packed: int) -> None:
        self._budget, self._packed = budget, packed
        self._files: list[tuple[str, _File]] = []
        self._size = 0

    def create(self, filename: str) -> _File:
        """A place for one file."""
        self._files.append((filename, _File(self._count)))
        return self._files[-1][1]

    def contents(self) -> list[tuple[str, bytes]]:
        """What was unpacked, in the order of the archive."""
        return [(name, file.content()) for name, file in self._files]

    def _count(self, size: int) -> None:
        self._size += size
        self._budget.data(size)
        limits = self._budget.limits
        if self._size > max(limits.ratio_from, self._packed * limits.ratio):
            raise Exhausted


class _File:
    """One file in memory, counted while it is written: a bomb is found before it fills the memory. What the library calls a Py7zIO."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self._count, self._kept = count, io.BytesIO()

    def write(self, s: bytes | bytearray) -> int:
        """Adds to the file."""
        self._count(len(s))
        return self._kept.write(s)

    def read(self, size: int | None = None) -> bytes:
        """Reads from the present place."""
        return self._kept.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves the present place."""
        return self._kept.seek(offset, whence)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def close(self) -> None:
        """It stays until its content was taken."""

    def size(self) -> int:
        """Bytes so far."""
        return self._kept.getbuffer().nbytes

    def content(self) -> bytes:
        """All of it."""
        return self._kept.getvalue()
