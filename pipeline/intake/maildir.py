"""Collects mail from a Maildir: the embedded default, and whatever else delivers to one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.domain.errors import MailboxError, MailboxRefused
from pipeline.domain.ports import Collected, Fate, MailKey

INCOMING = ("new", "cur")
"""Where mail lies; which of the two says only whether a mail program has looked, and means nothing here."""


@dataclass(slots=True)
class MaildirMailbox:
    """A Maildir (with `new`, `cur` and `tmp`); messages go to sibling folders in the Maildir++ manner, such as `.Processed`.

    Attributes:
        path: the Maildir itself; made if missing.
        name: what it is called in the ledger; never changes.
        folders: the folder for each fate.
    """

    path: Path
    name: str
    folders: dict[Fate, str] = field(default_factory=lambda: {fate: f".{fate.value.title()}" for fate in Fate})

    def __enter__(self) -> Self:
        make(self.path, self.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return

    def new(self, known: Callable[[MailKey], bool]) -> Iterator[Collected]:
        """Messages not yet known, oldest first by the time the file was delivered; each is read only when asked for.

        Raises:
            MailboxError: a folder or file cannot be read.
        """
        waiting = sorted((file for file in self._files() if not known(self._key(file))), key=lambda file: (_delivered(file), file.name))
        for file in waiting:
            try:
                raw = file.read_bytes()
            except FileNotFoundError:  # moved by somebody since it was listed
                continue
            except OSError:
                raise MailboxError(f"a message of mailbox {self.name} cannot be read; check the rights on its files") from None
            yield Collected(self._key(file), raw, datetime.fromtimestamp(_delivered(file), UTC))

    def settle(self, key: MailKey, fate: Fate, original: Callable[[], bytes] | None = None) -> None:
        """Moves the message, wherever its fates have put it so far: its file keeps its name.

        Raises:
            MailboxError: it could not be moved.
        """
        del original
        target = self.path / self.folders[fate]
        make(target, self.name)
        elsewhere = [
            file for folder in self.folders.values() for file in (self.path / folder).glob("cur/*") if self.path / folder != target
        ]
        for file in [*self._files(), *elsewhere]:
            if self._key(file) == key:
                try:
                    file.replace(target / "cur" / _seen(file.name))
                except FileNotFoundError:
                    return
                except OSError:
                    raise MailboxError(f"a message of mailbox {self.name} cannot be moved; check the rights on its folders") from None

    def check(self) -> int:
        """How many messages wait.

        Raises:
            MailboxError: the folder cannot be read.
        """
        return len(self._files())

    def _key(self, file: Path) -> MailKey:
        return MailKey(self.name, "", 0, number_of(file.name))

    def _files(self) -> list[Path]:
        try:
            return [file for part in INCOMING for file in (self.path / part).iterdir() if file.is_file() and not file.name.startswith(".")]
        except OSError:
            raise MailboxError(f"mailbox {self.name} cannot be read; check its path and the rights on it") from None


def make(path: Path, name: str) -> None:
    """Makes a Maildir where there is none.

    Raises:
        MailboxRefused: it cannot be made.
    """
    try:
        for part in ("new", "cur", "tmp"):
            (path / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise MailboxRefused(f"mailbox {name} cannot be made at its path; check the path and the rights on it") from None


def deliver(path: Path, raw: bytes, *, unique: str) -> Path:
    """Puts a message into a Maildir as a mail server does: written to `tmp` first, then moved to `new` in one step."""
    waiting = path / "tmp" / unique
    with waiting.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    return waiting.replace(path / "new" / unique)


def number_of(file_name: str) -> int:
    """A stable number for a message from the unique part of its file name, which never changes though its flags (after `:`) do."""
    unique = file_name.split(":", 1)[0]
    return int.from_bytes(hashlib.sha256(unique.encode("utf-8", "surrogateescape")).digest()[:7], "big")


def _seen(file_name: str) -> str:
    return file_name if ":" in file_name else f"{file_name}:2,"


def _delivered(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
