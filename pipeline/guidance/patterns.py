"""Turns the patterns of a word list into regular expressions, so that a broken one is told with its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.guidance.strict import Location, RulesFile

NEVER = re.compile(r"(?!)")
_NAMED = re.compile(r"(?<!\?P)<([a-z][a-z ]*)>")
_UP_TO = re.compile(r"<up to (\d{1,3})>")


def any_of(
    file: RulesFile, at: Location, patterns: Sequence[str], *, around: str = "{}", words: Mapping[str, str] | None = None, flags: int = 0
) -> re.Pattern[str]:
    """A pattern that finds any of those of a list, without regard to capitals; one that finds nothing where the list is empty.

    In a pattern `<up to 40>` stands for at most forty characters of any kind, and `<name>` for the list of that name in `words`.

    Args:
        at: where the list stands in the file.
        around: what is put around each pattern, such as word boundaries, with `{}` for the pattern.

    Raises:
        RulesError: one is not a regular expression, or names words the file does not have.
    """
    if not patterns:
        return NEVER
    made = [around.replace("{}", f"(?:{_expanded(file, (*at, number), pattern, words or {})})") for number, pattern in enumerate(patterns)]
    for number, one in enumerate(made):
        _checked(file, (*at, number), one, flags)
    return re.compile("|".join(made), re.IGNORECASE | flags)


def _checked(file: RulesFile, at: Location, pattern: str, flags: int) -> None:
    try:
        re.compile(pattern, re.IGNORECASE | flags)
    except re.error as problem:
        raise file.refuse(f"{at[0]}: this is not a regular expression ({problem.msg})", at) from None


def _expanded(file: RulesFile, at: Location, pattern: str, words: Mapping[str, str]) -> str:
    def listed(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise file.refuse(f"<{match[1]}> is not among the words of this file; there are {', '.join(words) or 'none'}", at)
        return f"(?:{_expanded(file, at, words[match[1]], {name: meant for name, meant in words.items() if name != match[1]})})"

    return _NAMED.sub(listed, _UP_TO.sub(r".{0,\1}?", pattern))
