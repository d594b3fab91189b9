"""Turns a document's blocks into what reportlab sets on pages, so that a reader finds headings, lists, tables and forms as expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from reportlab.platypus import Flowable, Indenter, Paragraph, Spacer

from pipeline.domain.documents import Block, BlockKind, Document
from pipeline.domain.plan import Removal
from pipeline.domain.text import Span
from pipeline.redaction import tables
from pipeline.redaction.styles import STYLES
from pipeline.redaction.wording import Wording, bar_markup, plain

_INDENT = 14.0


def _gaps(document: Document) -> Iterator[Block]:
    """The blocks in order, with paragraphs for text that stands outside all of them, so that nothing is lost."""
    position = 0
    for block in sorted(document.blocks, key=lambda each: each.span):
        if block.span.start >= position:
            yield from _paragraphs(document.text, Span(position, block.span.start))
            yield block
        elif block.span.end > position:  # overlaps the last one: what is new of it
            yield from _paragraphs(document.text, Span(position, block.span.end))
        position = max(position, block.span.end)
    yield from _paragraphs(document.text, Span(position, len(document.text)))


def _paragraphs(text: str, span: Span) -> Iterator[Block]:
    for piece in re.finditer(r"(?:(?!\n\s*\n).)+", text[span.start : span.end], re.DOTALL):
        if piece.group().strip():
            yield Block(BlockKind.PARAGRAPH, Span(span.start + piece.start(), span.start + piece.end()))


def flowables(document: Document, removals: Sequence[Removal], *, width: float, height: float) -> list[Flowable]:
    """Everything on the document's face as pieces to set on pages of this inner size, in points."""
    wording = Wording(document.text, tuple(removals))
    made: list[Flowable] = []
    barred: Removal | None = None
    for block in _gaps(document):
        gone = wording.removed_whole(block.span) if len(block.span) else None
        if gone is None:
            made += _of_block(wording, block, width, height)
        elif gone is not barred:  # one bar for all the blocks that one removal takes
            made += _barred(wording, block, gone)
        barred = gone
    return made or [Spacer(1, 1)]


def _barred(wording: Wording, block: Block, gone: Removal) -> list[Flowable]:
    """A bar in a block's place; an item of a list keeps its bullet, so that the list stays one."""
    if block.kind is BlockKind.LIST_ITEM:
        return _item(wording, block)
    return [Paragraph(bar_markup(gone.label), STYLES["paragraph"])]


def _of_block(wording: Wording, block: Block, width: float, height: float) -> list[Flowable]:
    return _SETTERS[block.kind](wording, block, width, height)


Setter = Callable[[Wording, Block, float, float], list[Flowable]]


def _heading(wording: Wording, block: Block, *_: float) -> list[Flowable]:
    made = Paragraph(wording.markup(block.span), STYLES[f"heading{min(max(block.level, 1), 4)}"])
    made.outline = (min(max(block.level, 1), 4) - 1, wording.plain(block.span))
    return [made]


def _item(wording: Wording, block: Block, *_: float) -> list[Flowable]:
    marker = plain(block.marker) or "•"
    indent = min(block.level, 6) * _INDENT
    body = Paragraph(f"<bullet>{marker}</bullet>{wording.markup(block.span)}", STYLES["item"])
    return [Indenter(left=indent), body, Indenter(left=-indent)] if indent else [body]


def _preformatted(wording: Wording, block: Block, *_: float) -> list[Flowable]:
    return [Paragraph(wording.markup(block.span, spaced=True), STYLES["preformatted"])]


_PAGE_NUMBER = re.compile(r"(?:page)?\s*\d*\s*(?:of|/)?\s*\d*", re.IGNORECASE)


def _furniture(wording: Wording, block: Block, *_: float) -> list[Flowable]:
    """A head or foot; what is left of 'Page 2 of 3' once its fields are gone would be a riddle, and each page has its number anyway."""
    if _PAGE_NUMBER.fullmatch(wording.plain(block.span).strip()):
        return []
    return [Paragraph(wording.markup(block.span), STYLES["furniture"])]


def _styled(name: str) -> Setter:
    def of(wording: Wording, block: Block, *_: float) -> list[Flowable]:
        return [Paragraph(wording.markup(block.span), STYLES[name])]

    return of


def _table(wording: Wording, block: Block, width: float, height: float) -> list[Flowable]:
    return tables.flowables(wording, block, width, height)


_SETTERS: dict[BlockKind, Setter] = {
    BlockKind.HEADING: _heading,
    BlockKind.PARAGRAPH: _styled("paragraph"),
    BlockKind.LIST_ITEM: _item,
    BlockKind.TABLE: _table,
    BlockKind.PAGE_HEADER: _furniture,
    BlockKind.PAGE_FOOTER: _furniture,
    BlockKind.FOOTNOTE: _styled("footnote"),
    BlockKind.PREFORMATTED: _preformatted,
}
