"""Turns clauses that must go into the parts to take out, so that what stays of each statement still reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain.text import Span, merge

WHOLE = 0.75
"""A statement of which this share of the letters must go, goes whole: a torn rest says nothing and looks odd."""

_LEFT_OVER = re.compile(r"(?:\s|[^\w]|\b(?:and|but|also|or|so|then|he|she|they|is|has|was|the|that)\b)*", re.IGNORECASE)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*$")
_HANGING = re.compile(r"[\s,;:–—(-]+$")


def parts(text: str, statement: Span, going: Sequence[Span]) -> tuple[Span, ...]:
    """What to take out of one statement, given the clauses of it that must go."""
    joined = merge(going)
    if not joined:
        return ()
    rest = "".join(text[start:end] for start, end in _between(statement, joined))
    letters = sum(not character.isspace() for character in text[statement.start : statement.end])
    if sum(not character.isspace() for character in rest) <= (1 - WHOLE) * letters or _LEFT_OVER.fullmatch(rest):
        return (statement,)
    return tuple(span for each in joined for span in _tidied(text, statement, each))


def _between(statement: Span, going: Sequence[Span]) -> list[tuple[int, int]]:
    edges = [statement.start, *(edge for span in going for edge in (span.start, span.end)), statement.end]
    return [(edges[place], edges[place + 1]) for place in range(0, len(edges), 2)]


def _tidied(text: str, statement: Span, going: Span) -> list[Span]:
    """The part without the white space at its ends; at a statement's end its full stop stays and the comma before the part goes."""
    start, end = going.start, going.end
    if end == statement.end:
        stop = _STOP.search(text, start, end)
        if stop and stop.start() > start and start > statement.start:
            end = stop.start()
        hanging = _HANGING.search(text, statement.start, start)
        start = hanging.start() if hanging else start
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return [Span(start, end)] if end > start else []
