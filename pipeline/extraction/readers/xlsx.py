"""Reads Excel workbooks: visible cells as printed are the face; hidden sheets, rows and columns, comments and the like are layers."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

import openpyxl

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _numbers as numbers
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers import _sheets as sheets
from pipeline.extraction.readers._colours import Colour, alike, rgb
from pipeline.extraction.readers._css import is_pale
from pipeline.extraction.readers._package import Package, damaged, local, words_of
from pipeline.extraction.readers._rich import Para, Piece, plain
from pipeline.extraction.readers._sheets import SheetCell
from pipeline.extraction.readers._zip_corners import hide_corners

NAME = "xlsx"
SIGNS = frozenset({"xlsx"})

_READ = (
    *("xl/workbook.", "xl/worksheets/sheet", "xl/styles", "xl/sharedstrings", "xl/theme", "xl/comments", "xl/drawings/", "xl/media/"),
    *("xl/calcchain", "xl/printersettings", "xl/embeddings/", "xl/metadata", "xl/tables/", "docprops/", "customxml/", "[content_types]"),
    *("xl/persons/", "xl/charts/", "xl/vbaproject", "xl/activex/", "xl/ctrlprops/"),
)
"""Parts that are read here or hold nothing anybody wrote."""


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads a workbook.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    package = Package(attachment.content, options)
    builder = DocumentBuilder(attachment, NAME)
    book = _Workbook(builder, package)
    face.lay(builder, book.pieces())
    book.hide_rest(attachment)
    hide_corners(builder, package.content, package.archive)
    return face.finish(builder, options)


def _load(content: bytes, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features it does not keep when it writes
            return openpyxl.load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a broken part makes it trip over
        raise damaged() from None


class _Workbook:
    """One workbook on its way into a document."""

    def __init__(self, builder: DocumentBuilder, package: Package) -> None:
        self._builder = builder
        self._package = package
        self._links = ooxml.relationships(package)
        self._book = _load(package.content, values=True)
        formulas = any(b"<f" in package.bytes_of(name) for name in package.names if name.lower().startswith("xl/worksheets/"))
        self._formulas = _load(package.content, values=False) if formulas else None

    def pieces(self) -> list[Piece]:
        """Each visible sheet: page header, cells, page footer; text boxes behind the last."""
        found: list[Piece] = []
        for sheet in self._book.worksheets:
            rows = list(self._rows(sheet))
            if sheet.sheet_state == "visible":
                found += _margin(sheet, "Header", BlockKind.PAGE_HEADER)
                found += sheets.pieces(sheet.title, rows)
                found += _margin(sheet, "Footer", BlockKind.PAGE_FOOTER)
            else:
                self._builder.hide(LayerKind.HIDDEN_SHEET, f"{sheet.title}\n{sheets.as_text(rows)}", "hidden sheet")
            self._hide_formulas(sheet)
        return [*found, *self._drawn()]

    def _rows(self, sheet: Any) -> Iterator[list[SheetCell]]:
        columns = _hidden_columns(sheet)
        for number, row in enumerate(sheet.iter_rows(), sheet.min_row):
            cells = [self._cell(cell) for cell in row]
            about = sheet.row_dimensions.get(number)
            if about is not None and (about.hidden or about.height == 0):
                self._builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([cells]), "hidden row")
                continue
            unseen = [cell for cell, given in zip(cells, row, strict=True) if getattr(given, "column", 0) in columns]
            self._builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([unseen]), "hidden column")
            yield [cell for cell, given in zip(cells, row, strict=True) if getattr(given, "column", 0) not in columns]

    def _cell(self, cell: Any) -> SheetCell:
        if getattr(cell, "comment", None) is not None:
            self._builder.hide(LayerKind.COMMENT, f"{cell.comment.author}: {cell.comment.text}", "cell")
        if cell.value is None:
            return SheetCell(shaded=_filled(cell))
        text = numbers.shown(cell.value, cell.number_format or "General")
        if getattr(cell, "hyperlink", None) is not None and cell.hyperlink.target:
            ooxml.hide_link(self._builder, cell.hyperlink.target, "cell", "".join(text.lower().split()))
        if cell.number_format.strip() == ";;;" or (_pale(cell) and not _filled(cell)) or _blacked_out(cell):
            self._builder.hide(LayerKind.HIDDEN_TEXT, text, "cell")
            return SheetCell()
        return SheetCell(text, bool(cell.font and cell.font.b), _filled(cell))

    def _hide_formulas(self, sheet: Any) -> None:
        """Formulas that spell out words; those without a stored result cannot be shown at all."""
        if self._formulas is None:
            return
        for row in self._formulas[sheet.title].iter_rows():
            for cell in row:
                if getattr(cell, "data_type", "") != "f":
                    continue
                formula = str(getattr(cell.value, "text", cell.value))
                if '"' in formula:
                    self._builder.hide(LayerKind.FIELD_CODE, formula, "formula")
                if sheet[cell.coordinate].value is None:
                    self._builder.note(NoteCode.LOSSY_READER, "a formula has no stored result, so what it shows was not read")

    def _drawn(self) -> Iterator[Piece]:
        """Words in text boxes, shapes and charts."""
        for name in self._package.names:
            if name.lower().startswith(("xl/drawings/drawing", "xl/charts/chart")) and name.lower().endswith(".xml"):
                root = self._package.xml(name)
                paragraphs = ["".join(t.text or "" for t in one.iter() if local(t) == "t") for one in root.iter() if local(one) == "p"]
                yield Para(plain("\n".join(text for text in paragraphs if text.strip())))

    def hide_rest(self, attachment: Attachment) -> None:
        """Names, properties, links, embedded files, and every part that no other step reads."""
        builder, package = self._builder, self._package
        for sheet in self._book.worksheets:
            builder.hide(LayerKind.CHOICES, "\n".join(_offered(sheet)), "choices and prompts of cells")
        for name, defined in self._book.defined_names.items():
            if '"' in str(defined.value) or defined.hidden:
                builder.hide(LayerKind.OTHER, f"{name}: {defined.value}", "defined name")
        for part in package.names:
            lower = part.lower()
            if lower.endswith(".xml") and not lower.startswith(_READ) and "/_rels/" not in lower and not lower.startswith("_rels/"):
                kind = LayerKind.COMMENT if "threadedcomment" in lower else LayerKind.OTHER
                builder.hide(kind, ooxml.all_values(package.xml(part)), part)
            elif lower.startswith("xl/persons/"):
                builder.hide(LayerKind.PROPERTIES, words_of(package.xml(part)) or ooxml.all_values(package.xml(part)), part)
            elif "/media/" in lower:
                ooxml.embed_picture(builder, package, attachment, part, None)
        ooxml.hide_properties(builder, package)
        ooxml.hide_custom_xml(builder, package)
        ooxml.hide_links(builder, [link for link in self._links if "worksheets" not in link.part])
        ooxml.hide_thumbnail(builder, package)
        ooxml.take_embedded(builder, package, attachment)


def _offered(sheet: Any) -> Iterator[str]:
    """What lists in cells offer, and what the sheet says to who fills it in."""
    for rule in sheet.data_validations.dataValidation:
        listed = rule.formula1 if rule.type == "list" and str(rule.formula1).startswith('"') else None
        yield from (str(said) for said in (listed, rule.promptTitle, rule.prompt, rule.errorTitle, rule.error) if said)


def _margin(sheet: Any, which: str, kind: BlockKind) -> Iterator[Piece]:
    given = [
        getattr(getattr(sheet, f"{page}{which}"), side).text for page in ("odd", "even", "first") for side in ("left", "center", "right")
    ]
    for text in dict.fromkeys(text for text in given if text):
        yield Para(plain(text), kind)


def _hidden_columns(sheet: Any) -> set[int]:
    hidden: set[int] = set()
    for about in sheet.column_dimensions.values():
        if about.hidden or about.width == 0:
            hidden |= set(range(about.min or 0, min(about.max or 0, 16384) + 1))
    return hidden


def _filled(cell: Any) -> bool:
    fill = getattr(cell, "fill", None)
    if fill is None or fill.fill_type is None:
        return False
    colour = fill.fgColor
    return not (colour is not None and colour.type == "rgb" and is_pale(f"#{str(colour.rgb)[-6:]}"))


def _pale(cell: Any) -> bool:
    colour = cell.font.color if cell.font else None
    return colour is not None and colour.type == "rgb" and is_pale(f"#{str(colour.rgb)[-6:]}")


_THEME: dict[int, Colour] = {0: (255, 255, 255), 1: (0, 0, 0)}
"""Paper and ink: the first two colours of nearly every theme."""
_INDEXED: dict[int, Colour] = {0: (0, 0, 0), 1: (255, 255, 255), 8: (0, 0, 0), 9: (255, 255, 255)}
"""Black and white of the old palette (ECMA-376 part 1, section 18.8.27)."""


def _blacked_out(cell: Any) -> bool:
    """Whether the letters have the colour of the cell; letters without a colour are black."""
    fill = getattr(cell, "fill", None)
    if fill is None or fill.fill_type != "solid":
        return False
    letters = cell.font.color if cell.font else None
    return alike((0, 0, 0) if letters is None else _rgb(letters), _rgb(fill.fgColor))


def _rgb(colour: Any) -> Colour | None:
    if colour is None or colour.tint:
        return None
    known = {"theme": _THEME, "indexed": _INDEXED}.get(colour.type)
    return rgb(str(colour.rgb)[-6:]) if known is None else known.get(colour.value)
