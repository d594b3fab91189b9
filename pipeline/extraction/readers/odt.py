"""Reads OpenDocument texts: body, page headers and footers, notes, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain.documents import BlockKind, Document
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _odf as odf
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers._odf_text import OdfText
from pipeline.extraction.readers._package import Element, attribute, child, damaged, descendants, local
from pipeline.extraction.readers._rich import Para, Piece, plain

NAME = "odt"
SIGNS = frozenset({"odt"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads an OpenDocument text.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    package = odf.open_odf(attachment.content, options)
    content, styles = package.xml("content.xml"), package.xml_if_there("styles.xml")
    body = child(child(content, "body"), "text")
    if body is None:
        raise damaged()
    builder = DocumentBuilder(attachment, NAME)
    text = OdfText(builder, package, odf.Styles(styles, content), attachment)
    text.learn(body)
    headers = list(_margins(text, styles, "header", BlockKind.PAGE_HEADER))
    main = list(text.blocks(body))
    footers = list(_margins(text, styles, "footer", BlockKind.PAGE_FOOTER))
    face.lay(builder, [*headers, *main, *text.notes, *footers], _paper(styles))
    seen = "".join(builder.text_so_far().lower().split())
    for target in text.links:
        ooxml.hide_link(builder, target, "content.xml", seen)
    odf.hide_beside(builder, package, attachment)
    return face.finish(builder, options)


def _margins(text: OdfText, styles: Element | None, kind: str, block: BlockKind) -> Iterator[Piece]:
    """Page headers or footers, each text once."""
    seen: set[str] = set()
    for one in [] if styles is None else styles.iter():
        if local(one) in {kind, f"{kind}-first", f"{kind}-left"} and attribute(one, "display") != "false":
            lines = "\n".join(line.text.strip() for line in face.texts(list(text.blocks(one))) if line.text.strip())
            if lines and lines not in seen:
                seen.add(lines)
                yield Para(plain(lines), block)


def _paper(styles: Element | None) -> tuple[float, float]:
    """Width and height of the first page layout in points."""
    found = [] if styles is None else descendants(styles, "page-layout-properties")
    sizes = [(odf.points(attribute(one, "page-width")), odf.points(attribute(one, "page-height"))) for one in found]
    return next(((width, height) for width, height in sizes if width and height), face.A4)
