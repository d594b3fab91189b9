"""Finds where an author signs, and the disclaimers that mail systems add: lines that say who writes, and nothing of the family."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain.text import Span

LINES = 8
"""The most lines a signature has, from the words that take leave."""
LONGEST = 90
"""Characters of the longest line of a signature; a sentence after the leave-taking is longer, or begins with PS."""

_LEAVE = re.compile(
    r"^\W*(?:(?:with |many |best |kind |kindest |warm |warmest )*(?:regards|wishes|thanks)"
    r"|thank you(?: (?:so|very) much)?|thanks(?: (?:so|very) much)?|cheers|yours (?:sincerely|faithfully|truly)"
    r"|sincerely|signed|signature|rgds|kr|bw)\b[^a-z]*(?:and (?:best )?wishes|again|all)?\W*$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^\W*p\.?\s?s\b|^\W*n\.?b\b", re.IGNORECASE)
_THREAD = re.compile(r"^(?:>|from:|sent:|-{3,}|_{5,}|on .{5,80} wrote:)", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"^\*{8,}|\bthis (?:e-?mail|message)(?: and any (?:attachments?|files))?\b.{0,80}\b(?:confidential|intended|privileged|addressee)"
    r"|\bif you (?:have received|are not the intended)\b|\bnhs ?mail is the secure email",
    re.IGNORECASE,
)


def find(text: str) -> tuple[Span, ...]:
    """The lines of signatures and disclaimers, in order."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    left = 0  # lines that may still belong to a signature
    fenced = False  # between two rows of asterisks, where mail systems put their disclaimer
    for match in re.finditer(r"[^\n]+", text):
        line = match.group().strip()
        if re.match(r"^\*{8,}", line):
            fenced = not fenced
        if fenced or _DISCLAIMER.search(line):
            yield Span(*match.span())
            continue
        if _LEAVE.match(line):
            left = LINES
        elif left and (len(line) > LONGEST or _POSTSCRIPT.match(line) or _THREAD.match(line)):
            left = 0
        if left:
            left -= 1
            yield Span(*match.span())
