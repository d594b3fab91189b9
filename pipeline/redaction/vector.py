"""Keeps pages of a PDF as they are where they can be shown to hold nothing but their face."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from pipeline.domain.documents import Document, LayerKind, Page, TextSource
from pipeline.domain.text import Span
from pipeline.redaction.residue import closed_up, folded

_KEEP = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Parent"})
_TELLTALE = re.compile(rb"/ActualText|/Alt\b|/OC\b|/E\s*[(<]")
"""Words kept in a page's drawing that nobody sees, and layers that can be switched off."""
_UNSEEN = frozenset({LayerKind.INVISIBLE_TEXT, LayerKind.OCR_LAYER, LayerKind.OPTIONAL_CONTENT, LayerKind.HIDDEN_TEXT, LayerKind.ALT_TEXT})
_PAGE = re.compile(r"page (\d+)")


def candidates(document: Document, source: pypdfium2.PdfDocument) -> frozenset[int]:
    """The numbers of pages whose printed text is their face and nothing else, as pdfium reads them."""
    unseen = [_PAGE.search(layer.where) for layer in document.hidden if layer.kind in _UNSEEN]
    if any(match is None for match in unseen):
        return frozenset()
    with_unseen = {int(match.group(1)) for match in unseen if match}
    return frozenset(
        page.number
        for page in document.pages
        if page.number not in with_unseen and page.source is TextSource.NATIVE and _says_its_face(document, page, source)
    )


def _says_its_face(document: Document, page: Page, source: pypdfium2.PdfDocument) -> bool:
    printed = source[page.number - 1]
    text_page = printed.get_textpage()
    text = folded(str(text_page.get_text_range()))
    text_page.close()
    printed.close()
    words = sorted((word.span for word in document.words if word.page == page.number), key=lambda span: span.start)
    span = Span(min([page.span.start, *(each.start for each in words)]), max([page.span.end, *(each.end for each in words)]))
    face = closed_up(span.of(document.text))
    letters = "".join(character for character in face if character.isalnum())
    return all(_letters(word) in letters for word in text.split())


def _letters(word: str) -> str:
    return "".join(character for character in word if character.isalnum())


def carry_over(pdf: pikepdf.Pdf, page: Any) -> bool:
    """Appends a page of another PDF, stripped to its drawing. False, and nothing appended, where the drawing holds more than it shows."""
    if any(_tells(stream) for stream in _streams(page.obj, set())):
        return False
    pdf.pages.append(page)
    copied = pdf.pages[-1].obj
    for key in [key for key in copied.keys() if key not in _KEEP]:  # noqa: SIM118 - a pikepdf dictionary is not iterable by itself
        del copied[key]
    copied.Resources = copied.get("/Resources", pikepdf.Dictionary())
    for stream in _streams(copied, set()):
        for key in ("/Metadata", "/PieceInfo", "/StructParent", "/StructParents", "/OPI", "/Ref"):
            if key in stream:
                del stream[key]
    if "/Properties" in copied.Resources:
        del copied.Resources["/Properties"]
    return True


def _streams(thing: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """The streams a page draws with: its contents, forms, pictures, patterns and drawn letters."""
    contents = thing.get("/Contents")
    if contents is not None:
        yield from (contents if isinstance(contents, pikepdf.Array) else [contents])
    resources = thing.get("/Resources", pikepdf.Dictionary())
    for group in ("/XObject", "/Pattern"):
        for item in resources.get(group, pikepdf.Dictionary()).as_dict().values():
            yield from _with_inner(item, seen)
    for font in resources.get("/Font", pikepdf.Dictionary()).as_dict().values():
        for glyph in font.get("/CharProcs", pikepdf.Dictionary()).as_dict().values():
            yield from _with_inner(glyph, seen)


def _with_inner(item: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    if item.objgen in seen or not isinstance(item, pikepdf.Stream):
        return
    seen.add(item.objgen)
    yield item
    yield from _streams(item, seen)


def _tells(stream: Any) -> bool:
    if "/OC" in stream:
        return True
    if stream.get("/Subtype") == pikepdf.Name.Image:
        return stream.get("/Filter") == pikepdf.Name.DCTDecode and b"Exif\x00" in stream.read_raw_bytes()[:4096]
    return _TELLTALE.search(stream.read_bytes()) is not None
