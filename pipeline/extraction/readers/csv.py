"""Reads tables of comma, semicolon or tab separated values."""

from __future__ import annotations

import csv
import io

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _sheets as sheets
from pipeline.extraction.readers import text as plain_text
from pipeline.extraction.readers._package import damaged
from pipeline.extraction.readers._sheets import SheetCell

NAME = "csv"
SIGNS = frozenset({"csv"})

_SEPARATORS = ",;\t|"


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads separated values; the first row is the table's head where it holds no figures.

    Raises:
        Unreadable: it is longer than allowed.
    """
    if len(attachment.content) > 4 * options.text_characters + 4:
        raise face.too_long(options)
    text = plain_text.decode(attachment.content).replace("\x00", "")
    builder = DocumentBuilder(attachment, NAME)
    face.lay(builder, list(sheets.pieces("", _rows(text))))
    return face.finish(builder, options)


def _rows(text: str) -> list[list[SheetCell]]:
    head = "\n".join(text.splitlines()[:20])
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise damaged() from None
    heads = bool(rows) and len(rows) > 1 and all(cell.strip() and not any(letter.isdigit() for letter in cell) for cell in rows[0])
    return [[SheetCell(cell.strip(), bold=heads and not number) for cell in row] for number, row in enumerate(rows)]
