"""Tells headings, list items and printouts by their looks, where a file does not say what they are."""

from __future__ import annotations

import re

from pipeline.extraction.readers._rich import Rich, plain

_MARKER = re.compile(
    r"(?P<marker>[•●○▪▫◦‣⁃·■\uf0b7\uf0a7\u2023]|[-–—*+](?=\s)|o(?=\t)|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)](?=\s))\s+(?=\S)"
)
_QUESTION = re.compile(r"(?:\d{1,2}[.)]?|[a-z][.)]|Q\d{1,2}[.:)]?)\s+\S.*\?\s*$", re.IGNORECASE)
_SECTION = re.compile(r"(?:section|part|appendix|question)\s+(?:\d{1,2}|[A-Z])\b[\s.:–-]*\S?.{0,90}$", re.IGNORECASE)
_OUTLINE = re.compile(
    r"(?!\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))\d{1,2}(?:\.\d{1,2}){1,2}[.)]?\s+[A-Z][^.!;:]{2,70}$"
)
_RULE = re.compile(r"\s*([-=_*~])\1{3,}\s*$")
_GAP = re.compile(r"\S {3,}\S|\S\t+\S")
_SALUTATION = re.compile(
    r"(?:dear|hi|hello|(?:many )?thanks?|thank you|(?:kind|best|warm)?\s*regards|yours|best wishes|sincerely|good \w+)\b",
    re.IGNORECASE,
)


def list_marker(text: str) -> re.Match[str] | None:
    """The bullet or number a line begins with."""
    return _MARKER.match(text)


def is_rule(line: str) -> bool:
    """Whether a line is drawn with dashes, equal signs or the like."""
    return bool(_RULE.match(line))


def is_aligned(text: str) -> bool:
    """Whether at least two lines keep columns with runs of blanks, as a printout does."""
    return sum(bool(_GAP.search(line)) and "   " in line for line in text.split("\n")) >= 2


def looks_like_heading(text: Rich) -> bool:
    """Whether one line stands out as a heading: bold and short, capitals, a numbered section or a numbered question."""
    line = text.text.strip()
    words = line.split()
    if not words or "\n" in line or len(line) > 160 or line.endswith((",", ";")) or line[0] in "☐☑☒[":
        return False
    if text.all_bold:
        return len(words) <= 20 and (not line.endswith(".") or len(words) <= 4) and not re.search(r":\s+\S", line)
    return _typed_heading(line, words)


def _typed_heading(line: str, words: list[str]) -> bool:
    if _QUESTION.match(line) and len(words) <= 24:
        return True
    if len(words) <= 14 and _SECTION.match(line) and not line.endswith("."):
        return True
    letters = [letter for letter in line if letter.isalpha()]
    if len(letters) >= 4 and len(words) <= 10 and line == line.upper() and not re.search(r":\s*\S|\d{4,}", line):
        return not line.endswith(".")
    return len(words) <= 9 and bool(_OUTLINE.match(line)) and not re.search(r"\d{1,2}:\d\d|(?:mg|ml|kg|tablets?)\b", line)


def numbered_title(line: str) -> bool:
    """Whether a line is short, numbered and without a full stop, as '2. Where they are now': a heading where prose follows."""
    marker = _MARKER.match(line)
    return bool(marker and re.search(r"\d", marker["marker"])) and len(line.split()) <= 12 and not line.endswith((".", ";", ","))


def looks_like_title(line: str) -> bool:
    """Whether a line alone ends with a colon or question mark and is short enough to head what follows."""
    words = line.split()
    short = 0 < len(words) <= (14 if line.endswith("?") else 8)
    return short and line.endswith((":", "?")) and line[:1].isupper() and not _SALUTATION.match(line) and "," not in line


def stands_alone(line: str, following: str) -> bool:
    """Whether a line alone between blank lines is a heading by its place: short, with no stop, before prose, a list or labelled lines.

    Only for plain text, where nothing else marks a heading.
    """
    words = line.split()
    if not 0 < len(words) <= 10 or not line.strip()[:1].isupper() or line.rstrip()[-1] in ".,;:!" or re.search(r"@|://|\d{5}", line):
        return False
    if _SALUTATION.match(line.strip()) or (list_marker(line.strip()) and list_marker(following.strip())):
        return False
    prose = len(following.split()) >= 10 or list_marker(following.strip()) is not None or ":" in following
    return prose or looks_like_title(following.strip()) or looks_like_heading(plain(following))


def level_of(text: Rich, larger: list[float]) -> int:
    """The level of a heading found by its looks: by its size among the sizes larger than the running text, capitals before bold."""
    if text.size in larger:
        return min(larger.index(text.size) + 1, 6)
    return min(len(larger) + (1 if text.text == text.text.upper() else 2), 6)
