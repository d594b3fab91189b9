"""Puts the words of a page into reading order: lines, paragraphs, list items, headings, printouts and tables.

Works on ink alone (`pipeline.extraction.ink`), so that PDFs and pictures read by OCR come out alike.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.domain.documents import BlockKind
from pipeline.extraction.ink import Token

BULLETS = frozenset("•◦▪▫‣●○■➢➤❖*-–—·")
NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)]\)?")
ENDS_SENTENCE = re.compile(r"[.:;?!][\"'’”)]*$")
WIDE = 1.6
"""A gap between words of more than this many times the type size parts two columns; justified lines stay below it."""


@dataclass(slots=True)
class Line:
    """Words on one baseline, left to right; its edges, baseline and the type size of most of it, and whether all of it is bold or mono."""

    tokens: list[Token]
    x0: float = field(init=False)
    x1: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)
    base: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)
    mono: bool = field(init=False)

    def __post_init__(self) -> None:
        tokens = self.tokens
        self.x0, self.base = tokens[0].x0, tokens[0].base
        self.x1 = max([token.x1 for token in tokens])
        self.top, self.bottom = min([token.top for token in tokens]), max([token.bottom for token in tokens])
        self.size = sorted([token.size for token in tokens])[len(tokens) // 2]
        self.bold, self.mono = all(token.bold for token in tokens), all(token.mono for token in tokens)

    @property
    def text(self) -> str:
        """Its words, parted by spaces."""
        return " ".join(token.text for token in self.tokens)

    def pieces(self) -> list[Line]:
        """The line cut at wide gaps."""
        cut: list[list[Token]] = [[self.tokens[0]]]
        for before, token in zip(self.tokens, self.tokens[1:], strict=False):
            if token.x0 - before.x1 > WIDE * max(before.size, token.size):
                cut.append([])
            cut[-1].append(token)
        return [Line(tokens) for tokens in cut]


@dataclass(slots=True)
class Para:
    """A block without cells: its lines as a reader means them (wrapped ones joined), each a list of words.

    `gaps` keeps, for printouts, how many spaces stand before each word.
    """

    kind: BlockKind
    lines: list[list[Token]]
    level: int = 0
    marker: list[Token] = field(default_factory=list)
    gaps: dict[int, int] = field(default_factory=dict)

    @property
    def tokens(self) -> list[Token]:
        """Its words in reading order."""
        return [token for line in self.lines for token in line]

    @property
    def text(self) -> str:
        """Its words, parted by spaces."""
        return " ".join(token.text for token in self.tokens)


@dataclass(slots=True)
class CellInk:
    """A cell of a table."""

    paras: list[Para]
    columns: int = 1
    shaded: bool = False

    @property
    def tokens(self) -> list[Token]:
        """Its words in reading order."""
        return [token for para in self.paras for token in (*para.marker, *para.tokens)]


@dataclass(slots=True)
class TableInk:
    """A table; `form` where its first column holds labels for its second."""

    rows: list[list[CellInk]]
    header_rows: int = 0
    form: bool = False


Piece = Para | TableInk


@dataclass(frozen=True, slots=True)
class Type:
    """What is usual in a document: the size of its running text, and its line spacing as a multiple of the size."""

    size: float = 10.0
    leading: float = 1.3


def lines_of(tokens: Iterable[Token]) -> list[Line]:
    """Words on common baselines, top to bottom and left to right."""
    lines: list[list[Token]] = []
    head: Token | None = None
    for token in sorted(tokens, key=lambda token: (token.base, token.x0)):
        if head is not None and token.base - head.base <= 0.42 * max(token.size, head.size):
            lines[-1].append(token)
        else:
            lines.append([token])
            head = token
    return [Line(sorted(line, key=lambda token: token.x0)) for line in lines]


def usual_type(pages: Sequence[Sequence[Token]]) -> Type:
    """The type of the running text: the size most characters have, and the closest common line spacing."""
    weights: dict[float, int] = {}
    ratios: list[float] = []
    for tokens in pages:
        for token in tokens:
            size = round(token.size * 2) / 2
            weights[size] = weights.get(size, 0) + len(token.text)
        lines = lines_of(tokens)
        for above, below in itertools.pairwise(lines):
            ratio = (below.base - above.base) / max(above.size, 1.0)
            if 0.9 < ratio < 3.2 and abs(above.size - below.size) < 0.6:
                ratios.append(ratio)
    size = max(weights, key=lambda key: weights[key]) if weights else 10.0
    ratios.sort()
    return Type(size, ratios[len(ratios) // 5] if ratios else 1.3)


def paragraphs(tokens: Iterable[Token], usual: Type, *, headings: bool = True) -> list[Para]:
    """The running text of one column, cut into blocks."""
    lines = lines_of(tokens)
    if not lines:
        return []
    right = _right_margin(lines)
    return [_block(group, right, usual, headings=headings) for group in _groups(lines, usual)]


def _right_margin(lines: Sequence[Line]) -> float:
    """Where lines end when they are full: the rightmost end of a line of running text."""
    ends = [line.x1 for line in lines if len(line.tokens) >= 4 and len(line.pieces()) == 1]
    return max(ends or [line.x1 for line in lines])


def _groups(lines: Sequence[Line], usual: Type) -> list[list[Line]]:
    groups: list[list[Line]] = [[lines[0]]]
    for above, below in itertools.pairwise(lines):
        if _parts(above, below, groups[-1], usual):
            groups.append([])
        groups[-1].append(below)
    return groups


def _parts(above: Line, below: Line, group: Sequence[Line], usual: Type) -> bool:
    """Whether a new block begins at `below`."""
    size = max(above.size, below.size)
    if below.base - above.base > 1.28 * usual.leading * size or abs(above.size - below.size) > 0.12 * size:
        return True
    if above.mono != below.mono or marker_of(below, group[0]):
        return True
    if marker_of(group[0]) and below.x0 < group[0].x0 - 2:  # back out of the list
        return True
    return above.bold != below.bold and (above.bold or below.base - above.base > 1.12 * usual.leading * size) and not _runs_in(above)


def _runs_in(above: Line) -> bool:
    """A bold lead-in of several words that fills its line runs on in the next."""
    return len(above.tokens) > 12


def marker_of(line: Line, first: Line | None = None) -> list[Token]:
    """The bullet or number the line begins with, or nothing."""
    head = line.tokens[0]
    if len(line.tokens) < 2:
        return []
    gap = line.tokens[1].x0 - head.x1
    if head.text in BULLETS and not line.tokens[1].glued:
        dash = head.text in "-–—*·"
        return [] if dash and first is not None and line.x0 < first.x0 - 2 else [head]
    if NUMBER.fullmatch(head.text) and gap > 0.45 * head.size:
        return [head]
    return []


def _block(group: list[Line], right: float, usual: Type, *, headings: bool) -> Para:
    if all(line.mono for line in group) and _is_printout(group):
        return printout(group)
    marker = marker_of(group[0])
    if headings and not (marker and marker[0].text in BULLETS) and _is_heading(group, usual):
        return Para(BlockKind.HEADING, [[token for line in group for token in line.tokens]], heading_level(group[0].size, usual))
    lines = joined(group, right)
    if marker:
        lines[0] = lines[0][1:]
        return Para(BlockKind.LIST_ITEM, lines, 0, marker)
    return Para(BlockKind.PARAGRAPH, lines)


def _is_heading(group: Sequence[Line], usual: Type) -> bool:
    words = sum(len(line.tokens) for line in group)
    text = group[-1].tokens[-1].text
    large = all(line.size > 1.12 * usual.size for line in group)
    bold = all(line.bold for line in group)
    if not (large or bold) or len(group) > 3 or words > 24 or text.endswith((".", ",", ";")):
        return False
    return large or not text.endswith(":") or words <= 8


def heading_level(size: float, usual: Type) -> int:
    """Level 1 to 3 by how much larger than the running text it is set."""
    return 1 if size >= 1.33 * usual.size else 2 if size >= 1.12 * usual.size else 3


def joined(group: Sequence[Line], right: float) -> list[list[Token]]:
    """Lines with wrapped ones joined: a line was wrapped where the next line's first word would not have fitted on it."""
    made = [list(group[0].tokens)]
    for above, below in itertools.pairwise(group):
        if wrapped(above, below, right):
            made[-1].extend(below.tokens)
        else:
            made.append(list(below.tokens))
    return made


def wrapped(above: Line, below: Line, right: float) -> bool:
    """Whether the text runs on from one line to the next."""
    first = below.tokens[0]
    if above.x1 + 0.2 * first.size + (first.x1 - first.x0) > right:
        return True
    return first.text[:1].islower() and not ENDS_SENTENCE.search(above.tokens[-1].text) and above.x1 > 0.6 * right


def _is_printout(group: Sequence[Line]) -> bool:
    """Whether a block in a typewriter face is laid out in columns, or in lines that mean something."""
    return any(len(line.pieces()) > 1 for line in group) or _gappy(group) or (len(group) > 2 and _short_lines(group))


def _gappy(group: Sequence[Line]) -> bool:
    pitch = _pitch(group)
    return any(token.x0 - before.x1 > 1.6 * pitch for line in group for before, token in zip(line.tokens, line.tokens[1:], strict=False))


def _short_lines(group: Sequence[Line]) -> bool:
    right = _right_margin(group)
    return sum(not wrapped(above, below, right) for above, below in itertools.pairwise(group)) * 2 >= len(group) - 1


def _pitch(group: Sequence[Line]) -> float:
    widths = [(token.x1 - token.x0) / len(token.text) for line in group for token in line.tokens]
    return max(statistics.median(widths), 1.0)


def printout(group: Sequence[Line]) -> Para:
    """Lines kept as they are, with columns kept apart by as many spaces as they are printed apart."""
    pitch = _pitch(group)
    left = min(line.x0 for line in group)
    gaps: dict[int, int] = {}
    for line in group:
        gaps[id(line.tokens[0])] = max(0, round((line.x0 - left) / pitch))
        for before, token in zip(line.tokens, line.tokens[1:], strict=False):
            gaps[id(token)] = 0 if token.glued else max(1, min(40, round((token.x0 - before.x1) / pitch)))
    return Para(BlockKind.PREFORMATTED, [list(line.tokens) for line in group], gaps=gaps)
