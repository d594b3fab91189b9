"""The word lists the guidance needs, read once when the rules are loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from pipeline.guidance.strict import Strict, read


class SlotFile(Strict):
    """One part of a report in sections.yaml."""

    titles: tuple[str, ...]
    in_prose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotWords:
    """The words by which one part of a report is known."""

    name: str
    titles: re.Pattern[str]
    never: re.Pattern[str] | None
    in_prose: re.Pattern[str] | None

    def names(self, title: str) -> bool:
        """Whether a plain title stands for this part."""
        return bool(self.titles.search(title)) and not (self.never and self.never.search(title))


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The word lists.

    Attributes:
        slots: the parts of a report, in the order in which titles are tried.
    """

    slots: tuple[SlotWords, ...]

    def slot(self, name: str) -> SlotWords:
        """The words of one part."""
        return next(slot for slot in self.slots if slot.name == name)


def load(folder: Path) -> Lexicons:
    """Reads the word lists.

    Raises:
        RulesError: a list is missing, or a pattern in it is not a regular expression.
    """
    return Lexicons(_slots(folder / "sections.yaml"))


def _slots(path: Path) -> tuple[SlotWords, ...]:
    file = read(path)
    made = []
    for name, part in file.value.items():
        patterns = {key: _pattern(file, name, key, part.get(key, ())) for key in ("titles", "not", "in_prose")}
        unknown = set(part) - set(patterns)
        if unknown:
            raise file.refuse(f"{sorted(unknown)[0]}: is not a key known here", (name, sorted(unknown)[0]))
        titles = patterns["titles"]
        if titles is None:
            raise file.refuse("titles: is missing", (name,))
        made.append(SlotWords(name, titles, patterns["not"], patterns["in_prose"]))
    return tuple(made)


def _pattern(file: object, name: str, key: str, patterns: object) -> re.Pattern[str] | None:
    listed = [str(pattern) for pattern in patterns] if isinstance(patterns, (list, tuple)) else []
    if not listed:
        return None
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in listed), re.IGNORECASE)
    except re.error:
        raise file.refuse(f"{key}: holds something that is not a regular expression", (name, key)) from None  # type: ignore[attr-defined]
