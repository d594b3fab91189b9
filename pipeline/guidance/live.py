"""Keeps the rules in force up to date: a changed file counts from the next message on, an invalid one changes nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from pipeline.domain.errors import RulesError
from pipeline.guidance import library
from pipeline.guidance.library import RuleLibrary

Stamp = tuple[tuple[str, int, int], ...]


class LiveLibrary:
    """The library of one rules folder, read again when a file in it has changed.

    Args:
        rules_dir: the folder that holds packs/, guidance/, documents/ and lexicons/.
        alarm: told, once for each state of the files, why they cannot be used; the message is one line without personal text.

    Raises:
        RulesError: the rules cannot be used at the very start, when there is no last good state to go on with.
    """

    def __init__(self, rules_dir: Path, alarm: Callable[[str], None]) -> None:
        self._rules_dir = rules_dir
        self._alarm = alarm
        self._lock = threading.Lock()
        self._stamp = _stamp(rules_dir)
        self._library = library.load(rules_dir)
        self.problem: str | None = None
        """Why the files as they are cannot be used; None while what is in force is what they say."""

    def current(self) -> RuleLibrary:
        """The rules in force for the next message."""
        with self._lock:
            stamp = _stamp(self._rules_dir)
            if stamp != self._stamp:
                self._stamp = stamp
                self._reload()
            return self._library

    def _reload(self) -> None:
        try:
            self._library = library.load(self._rules_dir)
            self.problem = None
        except RulesError as problem:
            self.problem = str(problem)
            self._alarm(f"the rules were changed and cannot be used, the last good ones stay in force: {problem}")


def _stamp(folder: Path) -> Stamp:
    """What changes when any file of the rules does: names, sizes and times."""
    names = ("packs", "guidance", "documents", "lexicons")
    found = []
    for path in sorted(path for name in names for path in (folder / name).rglob("*.yaml")):
        with contextlib.suppress(OSError):  # taken away while we looked: the next message sees it
            state = path.stat()
            found.append((str(path), state.st_size, state.st_mtime_ns))
    return tuple(found)
