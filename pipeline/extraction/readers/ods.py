"""Reads OpenDocument sheets: visible cells are the face; hidden tables and rows, comments and the like are layers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain.documents import Document, LayerKind
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _odf as odf
from pipeline.extraction.readers import _sheets as sheets
from pipeline.extraction.readers._odf_text import OdfText, rows_of
from pipeline.extraction.readers._package import Element, attribute, child, damaged, local
from pipeline.extraction.readers._rich import Para, Piece
from pipeline.extraction.readers._sheets import SheetCell

NAME = "ods"
SIGNS = frozenset({"ods"})

_MOST_REPEATS = 256  # columns and rows that stand for many alike; filling to the sheet's edge is empty


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads an OpenDocument sheet.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    package = odf.open_odf(attachment.content, options)
    content = package.xml("content.xml")
    body = child(child(content, "body"), "spreadsheet")
    if body is None:
        raise damaged()
    builder = DocumentBuilder(attachment, NAME)
    styles = odf.Styles(package.xml_if_there("styles.xml"), content)
    book = _Book(builder, styles, OdfText(builder, package, styles, attachment))
    face.lay(builder, list(book.pieces(body)))
    odf.hide_beside(builder, package, attachment)
    return face.finish(builder, options)


class _Book:
    """One file of sheets."""

    def __init__(self, builder: DocumentBuilder, styles: odf.Styles, text: OdfText) -> None:
        self._builder = builder
        self._styles = styles
        self._text = text

    def pieces(self, body: Element) -> Iterator[Piece]:
        """The visible sheets, and what is drawn on them."""
        self._text.learn(body)
        for table in body:
            if local(table) != "table":
                continue
            shown = self._styles.shows_table(attribute(table, "style-name"))
            rows = list(self._rows(table))
            if shown:
                yield from sheets.pieces(attribute(table, "name"), rows)
                yield from (piece for one in table if local(one) == "shapes" for piece in self._text.blocks(one))
            else:
                self._builder.hide(LayerKind.HIDDEN_SHEET, f"{attribute(table, 'name')}\n{sheets.as_text(rows)}", "hidden sheet")

    def _rows(self, table: Element) -> Iterator[list[SheetCell]]:
        hidden = _hidden_columns(table)
        for row in rows_of(table):
            cells = list(self._cells(row))
            if attribute(row, "visibility") in {"collapse", "filter"}:
                self._builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([cells]), "hidden row")
                continue
            unseen = [cell for at, cell in enumerate(cells) if at in hidden]
            self._builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([unseen]), "hidden column")
            seen = [cell for at, cell in enumerate(cells) if at not in hidden]
            yield from [seen] * (min(_repeats(row, "rows"), _MOST_REPEATS) if any(cell.text for cell in seen) else 1)

    def _cells(self, row: Element) -> Iterator[SheetCell]:
        for one in row:
            if local(one) in {"table-cell", "covered-table-cell"}:
                yield from [self._cell(one)] * min(_repeats(one, "columns"), _MOST_REPEATS)

    def _cell(self, node: Element) -> SheetCell:
        look = self._styles.look("table-cell", attribute(node, "style-name"))
        texts = [piece.rich for piece in self._text.blocks(node) if isinstance(piece, Para)]
        text = "\n".join(one.text for one in texts)
        if text.strip() and look.unseen:
            self._builder.hide(LayerKind.HIDDEN_TEXT, text, "cell")
            return SheetCell()
        bold = bool(look.bold) or (bool(texts) and all(one.all_bold for one in texts))
        return SheetCell(text, bold, bool(look.backed))


def _hidden_columns(table: Element) -> set[int]:
    hidden: set[int] = set()
    place = 0
    for one in table.iter():
        if local(one) == "table-column":
            count = _repeats(one, "columns")
            if attribute(one, "visibility") in {"collapse", "filter"}:
                hidden |= set(range(place, place + min(count, _MOST_REPEATS)))
            place += count
        elif local(one) == "table-row":
            break
    return hidden


def _repeats(node: Element, what: str) -> int:
    value = attribute(node, f"number-{what}-repeated")
    return max(int(value), 1) if value.isdigit() else 1
