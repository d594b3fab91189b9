"""Reads old Excel workbooks: visible cells as printed are the face; hidden sheets, rows, columns and comments are layers."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

import olefile
import xlrd

from pipeline.domain.documents import Document, LayerKind, NoteCode
from pipeline.domain.errors import Unreadable
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _numbers as numbers
from pipeline.extraction.readers import _sheets as sheets
from pipeline.extraction.readers import _summary as summary
from pipeline.extraction.readers._package import damaged, unlock
from pipeline.extraction.readers._rich import Para, Piece, plain
from pipeline.extraction.readers._sheets import SheetCell

NAME = "xls"
SIGNS = frozenset({"xls"})

_TEXT_OBJECT, _CONTINUE, _ENCRYPTED = 0x01B6, 0x003C, 0x002F  # records of [MS-XLS] 2.3: TxO, Continue, FilePass
_WHITE = 9  # the built-in palette's white


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads an old workbook.

    Raises:
        Unreadable: it is encrypted or damaged.
    """
    content = attachment.content
    stream, names = _stream(content)
    if any(kind == _ENCRYPTED for kind, _ in _records(stream)):
        content = unlock(content, options.password)
        stream, names = _stream(content)
    builder = DocumentBuilder(attachment, NAME)
    book = _open(content)
    comments: set[str] = set()
    pieces = [piece for sheet in book.sheets() for piece in _sheet(builder, book, sheet, comments)]
    boxes = [Para(plain(text)) for text in _boxes(stream) if text.strip() and text.strip() not in comments]
    face.lay(builder, [*pieces, *boxes])
    for label, value in summary.properties(content):
        builder.hide(LayerKind.PROPERTIES, value, label)
    if any(name.startswith(("_VBA_PROJECT_CUR", "Macros")) for name in names):
        builder.note(NoteCode.MACROS, "the file holds macros; they were not run")
    if any(name.startswith("MBD") for name in names):
        builder.note(NoteCode.EMBEDDED_FILE_UNREAD, "an object inside the file could not be opened")
    return face.finish(builder, options)


def _stream(content: bytes) -> tuple[bytes, list[str]]:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            names = ["/".join(path) for path in file.listdir()]
            main = next(name for name in names if name in {"Workbook", "Book"})
            return file.openstream(main).read(), names
    except (OSError, StopIteration, ValueError, IndexError, TypeError, AttributeError):  # what olefile raises on a cut file
        raise damaged() from None


def _open(content: bytes) -> Any:
    try:
        return xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - xlrd raises whatever a broken record makes it trip over
        raise damaged() from None


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the workbook stream: kind and data."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _boxes(stream: bytes) -> Iterator[str]:
    """Texts of drawn boxes and of comments: a TxO record, then its characters in a Continue record."""
    waiting = 0
    for kind, data in _records(stream):
        if kind == _TEXT_OBJECT and len(data) >= 12:
            (waiting,) = struct.unpack_from("<H", data, 10)
        elif kind == _CONTINUE and waiting and data:
            wide = bool(data[0] & 1)
            yield data[1 : 1 + waiting * (1 + wide)].decode("utf-16-le" if wide else "cp1252", "replace")
            waiting = 0
        else:
            waiting = 0


def _sheet(builder: DocumentBuilder, book: Any, sheet: Any, comments: set[str]) -> Iterator[Piece]:
    for note in sheet.cell_note_map.values():
        comments.add(note.text.strip())
        builder.hide(LayerKind.COMMENT, f"{note.author}: {note.text}", "cell")
    rows = list(_rows(builder, book, sheet))
    if sheet.visibility:
        builder.hide(LayerKind.HIDDEN_SHEET, f"{sheet.name}\n{sheets.as_text(rows)}", "hidden sheet")
    else:
        yield from sheets.pieces(sheet.name, rows)


def _rows(builder: DocumentBuilder, book: Any, sheet: Any) -> Iterator[list[SheetCell]]:
    columns = {number for number, about in sheet.colinfo_map.items() if about.hidden}
    for number in range(sheet.nrows):
        cells = [_cell(builder, book, cell) for cell in sheet.row(number)]
        about = sheet.rowinfo_map.get(number)
        if about is not None and about.hidden:
            builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([cells]), "hidden row")
            continue
        builder.hide(LayerKind.HIDDEN_ROWS, sheets.as_text([[cell for at, cell in enumerate(cells) if at in columns]]), "hidden column")
        yield [cell for at, cell in enumerate(cells) if at not in columns]


def _cell(builder: DocumentBuilder, book: Any, cell: Any) -> SheetCell:
    style = book.xf_list[cell.xf_index]
    font = book.font_list[style.font_index]
    shaded = style.background.fill_pattern != 0 and style.background.pattern_colour_index not in {_WHITE, 64}
    text = _shown(book, cell, book.format_map[style.format_key].format_str)
    if text.strip() and font.colour_index == _WHITE and not shaded:
        builder.hide(LayerKind.HIDDEN_TEXT, text, "cell")
        return SheetCell()
    return SheetCell(text, bool(font.bold or font.weight >= 700), shaded)


def _shown(book: Any, cell: Any, number_format: str) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return numbers.shown(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode), number_format)
        except (xlrd.xldate.XLDateError, ValueError, OverflowError):
            return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return numbers.shown(bool(cell.value), number_format)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    return numbers.shown(cell.value or None if cell.ctype == xlrd.XL_CELL_EMPTY else cell.value, number_format)
