"""Cuts a page into its pieces in reading order: tables where there are lines or columns, running text between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.domain.documents import BlockKind
from pipeline.extraction.ink import PageInk, Token
from pipeline.extraction.layout import Line, Para, Piece, TableInk, Type, lines_of, paragraphs
from pipeline.extraction.ruled import Ruled, tables
from pipeline.extraction.tables import aligned, row_ruled, table_of, within

MARKING = re.compile(
    r"^\W*(?:page\s*\d+(?:\s*(?:of|/)\s*\d+)?|\d{1,3}(?:\s*(?:of|/)\s*\d+)?|official[\s-]*sensitive.*|(?:strictly\s+)?(?:private|confidential)\b.*"
    r"|private\s*(?:and|&)\s*confidential.*|child protection - strictly confidential)\W*$",
    re.IGNORECASE,
)
"""Words that stand alone at the edge of a page: its number, or how it is to be handled."""


def pieces_of(ink: PageInk, tokens: Sequence[Token], usual: Type) -> list[Piece]:
    """The page's body (its words without header and footer) as blocks and tables, in reading order."""
    left = list(tokens)
    placed: list[tuple[float, list[Piece]]] = []
    for ruled in tables(ink):
        inside = [token for token in left if any(within(token, cell.box) for row in ruled.rows for cell in row)]
        if inside and not _is_field(ruled, usual):
            left = _without(left, inside)
            placed.append((ruled.box.top, _unboxed(table_of(ruled, inside, ink, usual), inside, usual)))
    for box, table in row_ruled(ink, left, usual):
        left = _without(left, [token for token in left if within(token, box)])
        placed.append((box.top, [table]))
    placed.sort(key=lambda pair: pair[0])
    return list(_between(placed, left, usual))


def _is_field(ruled: Ruled, usual: Type) -> bool:
    """Whether it is a box for one line of an answer: its words belong to the line it stands in."""
    return ruled.framed and ruled.box.bottom - ruled.box.top < 3 * usual.size


def _without(tokens: Sequence[Token], taken: Sequence[Token]) -> list[Token]:
    gone = {id(token) for token in taken}
    return [token for token in tokens if id(token) not in gone]


def _between(placed: list[tuple[float, list[Piece]]], left: Sequence[Token], usual: Type) -> Iterator[Piece]:
    """Running text and tables, by where they begin."""
    rest = list(left)
    for top, pieces in placed:
        before = [token for token in rest if token.middle[1] < top]
        yield from running(before, usual)
        rest = _without(rest, before)
        yield from pieces
    yield from running(rest, usual)


def _unboxed(table: TableInk, tokens: Sequence[Token], usual: Type) -> list[Piece]:
    """A table without the rows that are one cell wide: those are headings, or text in a frame."""
    if all(len(row) == 1 for row in table.rows):
        return (
            running(tokens, usual) if len(table.rows) == 1 else [piece for row in table.rows for piece in _full_row(row[0].tokens, usual)]
        )
    made: list[Piece] = []
    for alone, rows in groupby(table.rows, key=lambda row: len(row) == 1):
        if alone:
            for row in rows:
                made += _full_row(row[0].tokens, usual)
        else:
            kept = list(rows)
            first = not any(isinstance(piece, TableInk) for piece in made)
            made.append(TableInk(kept, table.header_rows if first and not made else 0, table.form))
    return made


def _full_row(tokens: Sequence[Token], usual: Type) -> list[Piece]:
    """A row across the whole table: a heading where it is short and bold or shaded, else text."""
    pieces = running(list(tokens), usual)
    short = len(tokens) <= 16 and all(token.bold for token in tokens) and not tokens[-1].text.endswith((".", ";"))
    if short and len(pieces) == 1 and isinstance(pieces[0], Para):
        pieces[0] = Para(BlockKind.HEADING, [list(pieces[0].tokens)], 2)
    return pieces


def running(tokens: Sequence[Token], usual: Type) -> list[Piece]:
    """Text outside ruled tables: paragraphs, and what is set in columns by white space alone."""
    made: list[Piece] = []
    lines = lines_of(tokens)
    for columns, group in groupby(_marked(lines), key=lambda pair: pair[1]):
        chunk = [line for line, _ in group]
        table = aligned(chunk) if columns else None
        made += [table] if table else paragraphs([token for line in chunk for token in line.tokens], usual)
    return made


def _marked(lines: Sequence[Line]) -> list[tuple[Line, bool]]:
    """Each line with whether it is set in columns. A printout keeps its lines, so columns in it are left to its spaces."""
    return [(line, _in_columns(line)) for line in lines]


def _in_columns(line: Line) -> bool:
    if line.mono:
        return False
    pieces = line.pieces()
    return len(pieces) > 1 and not (len(pieces) == 2 and len(pieces[0].tokens) == 1 and len(pieces[0].tokens[0].text) <= 3)


def furniture(pages: Sequence[PageInk]) -> list[tuple[list[Token], list[Token]]]:
    """Each page's header and footer: lines at its edge that come again on other pages, or that are a page number or a marking."""
    edges = [_edge_lines(page) for page in pages]
    seen: dict[tuple[bool, str], int] = {}
    for tops, bottoms in edges:
        for line, top in [*((line, True) for line in tops), *((line, False) for line in bottoms)]:
            key = (top, _folded(line))
            seen[key] = seen.get(key, 0) + 1
    return [(_repeated(tops, seen, top=True), _repeated(bottoms, seen, top=False)) for tops, bottoms in edges]


def _edge_lines(page: PageInk) -> tuple[list[Line], list[Line]]:
    lines = lines_of(page.tokens)
    tops = [line for line in lines[:3] if line.bottom < 0.1 * page.height]
    return tops, [line for line in lines[-3:] if line.top > 0.9 * page.height and line not in tops]


def _folded(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _repeated(lines: Sequence[Line], seen: dict[tuple[bool, str], int], *, top: bool) -> list[Token]:
    taken = [line for line in lines if seen[top, _folded(line)] > 1 or MARKING.match(line.text)]
    return [token for line in taken for token in line.tokens]
