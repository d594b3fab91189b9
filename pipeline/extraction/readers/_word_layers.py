"""What a Word file says beside its stories: comments, alt text, names, settings, unused parts."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.domain.documents import LayerKind
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers._package import Element, Package, attribute, local, words_of

_SHAPE_NAME = re.compile(
    r"(?:picture|image|graphic|text ?box|shape|rectangle|straight (?:arrow )?connector|line|group|object|chart|diagram|oval|arrow|"
    r"autoshape|frame|freeform|content placeholder|title|subtitle|table|_x0000_\w+|word ?art|watermark|powerpluswatermarkobject|drawing|"
    r"bild|slide number placeholder|date placeholder|footer placeholder|notes placeholder|textfield)?[ :\d_-]*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"<!--(.*?)-->", re.DOTALL)
_INNER_BOOKMARK = re.compile(r"_|Text\d|Check\d|Dropdown\d|OLE_LINK\d|bookmark\d", re.IGNORECASE)
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def hide_comments(builder: DocumentBuilder, package: Package, part: str) -> None:
    """Each comment with its author."""
    for one in package.xml(part):
        if local(one) == "comment" or (local(one) == "cm"):
            builder.hide(LayerKind.COMMENT, f"{attribute(one, 'author')}: {paragraphs(one)}", part)


def paragraphs(element: Element) -> str:
    """The text below an element, a line for each paragraph."""
    lines = ["".join(t.text or "" for t in one.iter() if local(t) in {"t", "delText"}) for one in element.iter() if local(one) == "p"]
    return "\n".join(line for line in lines if line.strip()) or words_of(element)


def hide_names(builder: DocumentBuilder, root: Element, part: str) -> None:
    """Alt text, file names of pictures, names of bookmarks and of content controls, help texts, and who changed or may change a part."""
    changed_by = {attribute(one, "author") for one in root.iter() if local(one) in _CHANGES}
    builder.hide(LayerKind.PROPERTIES, "\n".join(sorted(filter(None, changed_by))), part)
    for one in root.iter():
        handler = _NAMED.get(local(one))
        if handler:
            handler(builder, one, part)


def _alt_text(builder: DocumentBuilder, one: Element, part: str) -> None:
    for name in ("descr", "title", "alt"):
        builder.hide(LayerKind.ALT_TEXT, attribute(one, name), part)
    name = attribute(one, "name")
    if not _SHAPE_NAME.fullmatch(name):
        builder.hide(LayerKind.ALT_TEXT, name, part)


def _bookmark(builder: DocumentBuilder, one: Element, part: str) -> None:
    name = attribute(one, "name")
    if not _INNER_BOOKMARK.match(name):
        builder.hide(LayerKind.BOOKMARK, name, part)


def _value(builder: DocumentBuilder, one: Element, part: str) -> None:
    builder.hide(LayerKind.OTHER, attribute(one, "val"), part)


def _told_beside(builder: DocumentBuilder, one: Element, part: str) -> None:
    for name in ("tooltip", "ed"):
        builder.hide(LayerKind.OTHER, attribute(one, name), part)


def _choices(builder: DocumentBuilder, one: Element, part: str) -> None:
    """What a list offers besides what was chosen, and what a field holds before it is filled in."""
    said = {attribute(item, name) for item in one.iter() for name in ("displayText", "value", "lastValue", "val")}
    builder.hide(LayerKind.CHOICES, "\n".join(sorted(said)), part)


def _binding(builder: DocumentBuilder, one: Element, part: str) -> None:
    """Words quoted in the path to the data that a control shows; the path itself is the program's."""
    builder.hide(LayerKind.OTHER, "\n".join("".join(found) for found in _LITERAL.findall(attribute(one, "xpath"))), part)


_CHANGES = frozenset({"rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "numberingChange", "ins", "del"})
"""Marks of changes, also of those that are no words: a bold letter, the end of a paragraph."""

_NAMED: dict[str, Callable[[DocumentBuilder, Element, str], None]] = {
    "docPr": _alt_text,
    "cNvPr": _alt_text,
    "shape": _alt_text,
    "imagedata": _alt_text,
    "bookmarkStart": _bookmark,
    "alias": _value,
    "tag": _value,
    "statusText": _value,
    "helpText": _value,
    "tblCaption": _value,
    "tblDescription": _value,
    "hyperlink": _told_beside,
    "permStart": _told_beside,
    "attr": _value,
    "dropDownList": _choices,
    "comboBox": _choices,
    "ddList": _choices,
    "textInput": _choices,
    "dataBinding": _binding,
}


def hide_settings(builder: DocumentBuilder, package: Package, part: str) -> None:
    """Document variables and the query of a mail merge."""
    root = package.xml_if_there(part)
    if root is None:
        return
    for one in root.iter():
        if local(one) == "docVar":
            builder.hide(LayerKind.PROPERTIES, f"{attribute(one, 'name')}: {attribute(one, 'val')}", part)
        elif local(one) in {"query", "connectString"}:
            builder.hide(LayerKind.OTHER, attribute(one, "val"), part)


def hide_people(builder: DocumentBuilder, package: Package) -> None:
    """Names of those who wrote or commented."""
    for name in package.names:
        if name.lower().endswith("/people.xml"):
            for one in package.xml(name):
                builder.hide(LayerKind.PROPERTIES, attribute(one, "author"), name)


def hide_remarks(builder: DocumentBuilder, package: Package) -> None:
    """Remarks in the markup itself, which no program shows."""
    for name in package.names:
        if name.lower().endswith((".xml", ".rels")) and b"<!--" in (content := package.bytes_of(name)):
            builder.hide(LayerKind.OTHER, "\n".join(_REMARK.findall(content.decode("utf-8", "replace"))), name)
