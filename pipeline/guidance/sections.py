"""Finds the parts of a report by meaning, in headings, form labels, numbered questions, or the first words of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.domain.documents import Block, BlockKind, Document
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer
from pipeline.guidance.lexicons import Lexicons

NUMBERING = re.compile(
    r"^\s*(?:(?:section|part|question|prompt|item|dimension|q)\s*\d{0,2}[a-z]?\s*[-–:.)]*\s*|"
    r"\(?\d{1,2}(?:\.\d{1,2})*[.):]?\s+|\(?[a-z][.):]\s+|\d{1,2}[.)]\s*)",
    re.IGNORECASE,
)
ORNAMENT = " \t~*=#_>"
"""What is set around a title to make it stand out."""
LONGEST_TITLE = 24
"""Words; the longest printed question of the templates known (NHSGGC's first) has 22."""
SHOUTED = re.compile(r"^([A-Z][A-Z'’/&,()\- ]{3,60}?)\s*[:–-]\s+(?=\S)")
SEPARATED = re.compile(r"^(.{3,160}?)(\?\s*:?|:|\.(?=\s|$)|\s[–-](?=\s))\s*")
CHIEF = frozenset({"worries", "strengths", "needs", "if_nothing_changes", "consent"})
"""Parts that every report has; only their titles are looked for among the items of a list without a colon or question mark."""
SEPARATED_BY_SIGN = re.compile(r".{3,160}?[?:]")
QUESTION_NUMBER = re.compile(r"(?i:q|question|section|part)\s?\d{1,2}[a-z]?[.:)]?\s+(?:\S+ ?){1,7}(?<![.,;])")
"""A short line that begins with the number of a question: a title, whatever it asks."""
STATES = re.compile(r"\b(?:is|are|was|were|has|have|had|been|did|said|told)\b")
LABELLED = re.compile(r"^([A-Z][^.:?\n]{1,70}?)(?::|\?)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Section:
    """A title and what stands under it.

    Attributes:
        slots: the parts it is known to be, such as `worries`; none for other titles.
        title: where the title stands; empty for text before the first title.
        body: the pieces of text under it, in order.
        level: 1 to 6 for headings, 7 for labels of a form and first words of a paragraph; a title holds those of higher level after it.
        form: whether it is a label whose value stands beside it.
    """

    name: str
    slot: str
    title: Span
    body: tuple[Span, ...]
    level: int
    form: bool = False

    def text(self, document: str) -> str:
        """What stands under the title, one piece a line."""
        return "\n".join(document[piece.start : piece.end] for piece in self.body)


@dataclass(slots=True)
class _Open:
    name: str
    slot: str
    title: Span
    level: int
    form: bool = False
    body: list[Span] = field(default_factory=list)

    def closed(self) -> Section:
        return Section(self.name, self.slot, self.title, tuple(piece for piece in self.body if len(piece)), self.level, self.form)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, or a cell of a form."""

    span: Span
    kind: BlockKind
    level: int = 0
    label: bool = False
    value_of_label: bool = False


def plain_name(title: str) -> str:
    """A title as it is compared: without number, capitals, curly apostrophes and end punctuation."""
    return NUMBERING.sub("", title.replace("’", "'"), count=1).strip(" \t:.?-–*_~=#>").casefold()


def under(all_sections: tuple[Section, ...], position: int) -> tuple[Section, ...]:
    """The section at a position and those that belong under it: what follows with a higher level, up to the next title of its own level."""
    head = all_sections[position]
    end = position + 1
    while end < len(all_sections) and all_sections[end].level > head.level:
        end += 1
    return all_sections[position:end]


def sections(document: Document, words: Lexicons) -> tuple[Section, ...]:
    """The document's titles, each with what stands under it; the first section is the text before any title."""
    text = str(document.text)
    found = [_Open("", "", Span(0, 0), 0)]
    for piece in _pieces(document):
        opened, rest = _opened(piece, text, words)
        if opened is None:
            found[-1].body.append(rest)
        else:
            opened.body.append(rest)
            found.append(opened)
    return tuple(section.closed() for section in found)


def slot_of(title: str, words: Lexicons) -> str:
    """The part a title stands for, or nothing."""
    name = plain_name(title)
    if not words.titles.search(name):
        return ""
    return next((slot.name for slot in words.slots if slot.names(name)), "")


def _opened(piece: _Piece, text: str, words: Lexicons) -> tuple[_Open | None, Span]:
    """The section that begins with this piece, if one does, and what of the piece is body."""
    given = text[piece.span.start : piece.span.end]
    if piece.label:
        return _Open(plain_name(given), slot_of(given, words), piece.span, 7, form=True), Span(piece.span.end, piece.span.end)
    if piece.value_of_label:
        return None, piece.span
    if piece.kind is BlockKind.HEADING:
        return _heading(piece, given, words)
    return _in_text(piece, given, words)


def _heading(piece: _Piece, given: str, words: Lexicons) -> tuple[_Open, Span]:
    """A heading; one that runs on into an answer, as in some forms, keeps what follows its question mark as body."""
    cut = given.find("?") + 1
    if 0 < cut < len(given.rstrip()) and len(given) - cut > 3 and slot_of(given[:cut], words):
        split = piece.span.start + cut
        return _Open(plain_name(given[:cut]), slot_of(given[:cut], words), Span(piece.span.start, split), piece.level or 1), _trim(
            Span(split, piece.span.end), given, piece.span.start
        )
    return _Open(plain_name(given), slot_of(given, words), piece.span, piece.level or 1), Span(piece.span.end, piece.span.end)


def _in_text(piece: _Piece, given: str, words: Lexicons) -> tuple[_Open | None, Span]:
    """A title at the beginning of a line of text: alone on it, or followed by its answer."""
    if words.answers.answer(given) is not Answer.GIVEN or _is_item(piece, given, words):
        return None, piece.span
    alone = len(given.split()) <= LONGEST_TITLE
    if alone and given.rstrip().endswith(("?", ":")) and slot_of(given, words):
        return _Open(plain_name(given), slot_of(given, words), piece.span, 7), Span(piece.span.end, piece.span.end)
    bare = NUMBERING.sub("", given.strip(ORNAMENT), count=1)
    if len(given.split()) <= 9 and not bare.endswith((".", ",", ";")) and slot_of(bare, words) and bare[:1].isupper():
        return _Open(plain_name(given), slot_of(given, words), piece.span, 7), Span(piece.span.end, piece.span.end)
    if QUESTION_NUMBER.fullmatch(given.strip()):
        return _Open(plain_name(given), "", piece.span, 7), Span(piece.span.end, piece.span.end)
    for pattern in (SHOUTED, SEPARATED):
        match = pattern.match(given)
        if match and _is_title(match, words):
            split = piece.span.start + match.end()
            title = Span(piece.span.start, piece.span.start + match.end(1))
            return _Open(plain_name(match[1]), slot_of(match[1], words), title, 7), Span(split, piece.span.end)
    return None, piece.span


def _is_item(piece: _Piece, given: str, words: Lexicons) -> bool:
    """Whether an item of a list is only that, and no title."""
    chief = slot_of(given.partition(". ")[0], words) in CHIEF
    return piece.kind is BlockKind.LIST_ITEM and not chief and not SEPARATED_BY_SIGN.match(given)


def _is_title(match: re.Match[str], words: Lexicons) -> bool:
    """Whether the words before a colon, question mark or full stop are a title and not the beginning of a sentence."""
    title = match[1]
    if match.re is SHOUTED:
        return True
    slot = slot_of(title, words)
    limit = 6 if match[2].startswith(".") else 12 if "?" not in match[2] else LONGEST_TITLE
    sentence = (
        match[2].startswith(".")
        and (STATES.search(title) or match.end() == len(match.string.rstrip()))  # a full stop with nothing after it ends an answer
        and not re.match(r"(?i)what|why|how", plain_name(title))
    )
    return bool(slot) and len(title.split()) <= limit and title[:1].upper() == title[:1] and not sentence


def _trim(span: Span, given: str, offset: int) -> Span:
    words = given[span.start - offset : span.end - offset]
    return Span(span.start + len(words) - len(words.lstrip(" :\n")), span.end)


def _pieces(document: Document) -> Iterator[_Piece]:
    text = str(document.text)
    labels = {field.label.start: (field.label, field.value) for field in document.fields if len(field.label)}
    for block in document.blocks:
        if block.kind in {BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER}:
            continue
        if block.kind is BlockKind.TABLE:
            yield from _table(block)
        else:
            yield from _lines(block, text, labels)


def _table(block: Block) -> Iterator[_Piece]:
    """A table of two columns is a form: label and answer. Any other is text, row by row."""
    width = max((len(row.cells) for row in block.rows), default=0)
    for row in block.rows:
        filled = [cell for cell in row.cells if len(cell.span)]
        if width == 2 and len(row.cells) == 2 and not row.header and len(row.cells[0].span):
            yield _Piece(row.cells[0].span, BlockKind.TABLE, label=True)
            yield _Piece(row.cells[1].span, BlockKind.TABLE, value_of_label=True)
        elif len(filled) == 1:
            yield _Piece(filled[0].span, BlockKind.PARAGRAPH)
        elif filled:
            yield _Piece(Span(filled[0].span.start, filled[-1].span.end), BlockKind.TABLE, value_of_label=True)


def _lines(block: Block, text: str, labels: dict[int, tuple[Span, Span]]) -> Iterator[_Piece]:
    """The lines of a block; a label that the reader knew as such is parted from its value."""
    start = block.span.start
    while start < block.span.end:
        end = text.find("\n", start, block.span.end)
        end = block.span.end if end < 0 else end
        known = labels.get(start)
        if known is not None and known[0].end <= block.span.end:
            label, value = known
            yield _Piece(label, block.kind, label=True)
            end = max(value.end, label.end)
            if len(value):
                yield _Piece(value, block.kind, value_of_label=True)
        elif text[start:end].strip():
            yield _Piece(Span(start, end), block.kind, block.level)
        start = _next(text, end, block.span.end, labels)


def _next(text: str, end: int, limit: int, labels: dict[int, tuple[Span, Span]]) -> int:
    """Where the next piece of a block begins: at the next word, or at a label further along the same line."""
    while end < limit and text[end] in " \n\t:" and end not in labels:
        end += 1
    return end
