"""The word lists the guidance needs, read once when the rules are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The word lists."""


def load(folder: Path) -> Lexicons:
    """Reads the word lists."""
    del folder
    return Lexicons()
