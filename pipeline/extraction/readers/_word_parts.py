"""Opens a Word file with python-docx: its sections with their paper and the page headers they show, and a second reading of its words.

python-docx is handed parts that `Package` has vetted, by the few relationships it needs: that way it also opens templates, files with
macros, strict ones and those whose links lead nowhere, which it would refuse. It reads no text boxes, tracked changes,
controls or notes; those are swept by `_word_body`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from docx.document import Document
from docx.enum.section import WD_SECTION_START
from docx.exceptions import PythonDocxError
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.parser import element_class_lookup
from docx.oxml.table import CT_Tbl
from docx.package import Package as DocxPackage
from docx.parts.document import DocumentPart
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.parts.settings import SettingsPart
from docx.section import Section

from pipeline.extraction.readers._ooxml import Relationship
from pipeline.extraction.readers._package import Element, Package, descendants, local, parse

_PARTS: dict[str, tuple[type[XmlPart], str, str]] = {
    "header": (HeaderPart, CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": (FooterPart, CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
    "settings": (SettingsPart, CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
}
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(?:(wordprocessingml)/main|officeDocument/relationships)")
"""Names that the strict variant of the format gives (ISO 29500-1) for what all programs write by its transitional names (ISO 29500-4)."""
_NEW_PAGE = {WD_SECTION_START.NEW_PAGE, WD_SECTION_START.ODD_PAGE, WD_SECTION_START.EVEN_PAGE}
UNUSUAL = (PythonDocxError, KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What python-docx raises on values that Word passes over."""


def _transitional(name: re.Match[bytes]) -> bytes:
    base = b"http://schemas.openxmlformats.org/"
    return base + (b"wordprocessingml/2006/main" if name[1] else b"officeDocument/2006/relationships")


def opened(package: Package, links: list[Relationship], main: str) -> Document:
    """The file as python-docx knows it; `main` is the name of the part that holds its text."""
    word = DocxPackage()
    part = DocumentPart(PackURI(f"/{main}"), CONTENT_TYPE.WML_DOCUMENT_MAIN, _tree(package, main), word)
    for link in links:
        if link.part == main and link.kind in _PARTS and link.target in package:
            made, content, kind = _PARTS[link.kind]
            part.load_rel(kind, made(PackURI(f"/{link.target}"), content, _tree(package, link.target), word), link.key)
    return Document(part.element, part)


def _tree(package: Package, name: str) -> Element:
    """A part in python-docx's classes. Never for the sweep: their `text` is all the text below them, and lxml's `itertext` believes it."""
    return parse(_STRICT.sub(_transitional, package.bytes_of(name)), element_class_lookup)


def sections(document: Document) -> list[Section]:
    """Every section, also those that end inside a control, which python-docx passes over."""
    return [Section(one, document.part) for one in section_ends(document.element)]


def section_ends(root: Element) -> list[Element]:
    """The marks in a file's text where a section ends, in order."""
    return [one for one in descendants(root, "sectPr") if local(one.getparent()) != "sectPrChange"]


def margins(document: Document, kind: str) -> list[str]:
    """The parts that hold the page headers (`header`) or footers (`footer`) that some page shows, each once, by section.

    Raises:
        UNUSUAL: python-docx does not understand how the file gives them.
    """
    even = document.settings.odd_and_even_pages_header_footer
    valid: dict[str, str] = {}
    shown: dict[str, None] = {}
    for section in sections(document):
        first = section.different_first_page_header_footer
        for name, is_shown in ((f"first_page_{kind}", first), (kind, True), (f"even_page_{kind}", even)):
            margin = getattr(section, name)
            if not margin.is_linked_to_previous:
                valid[name] = margin.part.partname.lstrip("/")
            if is_shown and name in valid:
                shown.setdefault(valid[name])
    return list(shown)


def paper(document: Document) -> tuple[float, float] | None:
    """Width and height of the last section's paper in points, None where the file does not give it."""
    with suppress(*UNUSUAL):
        last = sections(document)[-1]
        if last.page_width and last.page_height:
            return last.page_width.pt, last.page_height.pt
    return None


def new_pages(document: Document) -> list[bool]:
    """For each section but the first, whether it begins on a new page."""
    try:
        return [section.start_type in _NEW_PAGE for section in sections(document)[1:]]
    except UNUSUAL:
        return []


def lines(document: Document) -> Iterator[str]:
    """Each line of every run that python-docx finds in the paragraphs, links and tables of the body.

    Raises:
        UNUSUAL: python-docx does not understand how the file gives one of them.
    """
    waiting = list(document.element.body.inner_content_elements)
    while waiting:
        block = waiting.pop()
        if isinstance(block, CT_Tbl):  # by its elements: a `Table` repeats a cell as often as it claims to span columns
            for cell in block.iter_tcs():  # type: ignore[no-untyped-call]  # python-docx leaves it without a type
                waiting += cell.inner_content_elements
        else:
            yield from (line for piece in block.inner_content_elements for line in piece.text.split("\n"))
