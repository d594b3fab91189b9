"""Parts a document's text into sentences, list items and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain.documents import BlockKind, Document
from pipeline.domain.text import Span

_NOT_AN_END = "".join(rf"(?<!\b{short}[.?!])" for short in ("Dr", "Mr", "Mrs", "Ms", "St", "No", r"e\.g", r"i\.e"))
END = re.compile(rf"[.?!]{_NOT_AN_END}['\"”’)]*\s+(?=[A-Z\"“‘'(\d])|\n")


def sentences(document: Document) -> tuple[Span, ...]:
    """The sentences of the face, in order; headers and footers of pages left out."""
    return tuple(_all(document))


def _all(document: Document) -> Iterator[Span]:
    text = str(document.text)
    for block in document.blocks:
        if block.kind in {BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER}:
            continue
        start = block.span.start
        for end in END.finditer(text, block.span.start, block.span.end):
            yield from _kept(text, start, end.end())
            start = end.end()
        yield from _kept(text, start, block.span.end)


def _kept(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end]
    if words.strip():
        begin = start + len(words) - len(words.lstrip())
        yield Span(begin, start + len(words.rstrip()))
