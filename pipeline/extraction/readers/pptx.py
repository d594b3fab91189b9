"""Reads PowerPoint files: what the slides show is the face; speaker notes, hidden slides and comments are layers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain.documents import BlockKind, Document, LayerKind
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers import _word_layers as layers
from pipeline.extraction.readers._package import Element, Package, attribute, child, damaged, descendants, local, words_of
from pipeline.extraction.readers._rich import PAGE_BREAK, Grid, GridCell, Para, Piece, Run, plain, rich
from pipeline.extraction.readers._zip_corners import hide_corners

NAME = "pptx"
SIGNS = frozenset({"pptx"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads slides, each a page.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    package = Package(attachment.content, options)
    builder = DocumentBuilder(attachment, NAME)
    deck = _Deck(builder, package)
    face.lay(builder, list(deck.pieces()), deck.paper())
    deck.hide_rest(attachment)
    hide_corners(builder, package.content, package.archive)
    return face.finish(builder, options)


class _Deck:
    """One file of slides."""

    def __init__(self, builder: DocumentBuilder, package: Package) -> None:
        self._builder = builder
        self._package = package
        self._links = ooxml.relationships(package)
        self._main = next((link.target for link in self._links if link.kind == "officeDocument" and not link.part), "ppt/presentation.xml")
        if self._main not in package:
            raise damaged()
        self._root = package.xml(self._main)
        self._listed: set[str] = set()

    def paper(self) -> tuple[float, float]:
        """A slide's width and height in points (12,700 units make one)."""
        size = next(iter(descendants(self._root, "sldSz")), None)
        width, height = ("", "") if size is None else (attribute(size, "cx"), attribute(size, "cy"))
        return (int(width) / 12700, int(height) / 12700) if width.isdigit() and height.isdigit() else (720.0, 540.0)

    def pieces(self) -> Iterator[Piece]:
        """Every slide that is shown, in the order of the show, and the words of diagrams and charts behind the last."""
        targets = {link.key: link.target for link in self._links if link.part == self._main}
        shown = 0
        for one in descendants(self._root, "sldId"):
            part = next((targets[value] for key, value in one.attrib.items() if str(key).endswith("}id") and value in targets), "")
            if part not in self._package:
                raise damaged()
            slide = self._package.xml(part)
            self._listed.add(part)
            layers.hide_names(self._builder, slide, part)
            if attribute(slide, "show") in {"0", "false"}:
                self._builder.hide(LayerKind.HIDDEN_TEXT, layers.paragraphs(slide), part)
                continue
            if shown:
                yield Para(rich((Run(PAGE_BREAK),)))
            shown += 1
            yield from self._shapes(slide)
        for name in self._package.names:
            if name.lower().startswith(("ppt/diagrams/data", "ppt/charts/chart")) and name.lower().endswith(".xml"):
                words = [words_of(one) for one in self._package.xml(name).iter() if local(one) in {"t", "v"} and words_of(one)]
                yield Para(plain("\n".join(words)), guess=False)

    def _is_off(self, shape: Element) -> bool:
        """Whether a shape lies wholly beside its slide, where the show does not reach; one in a group is taken to be on it."""
        place = child(child(shape, "spPr"), "xfrm")
        corner, size = child(place, "off"), child(place, "ext")
        if corner is None or size is None or local(shape.getparent()) != "spTree":
            return False
        edges = [attribute(corner, "x"), attribute(corner, "y"), attribute(size, "cx"), attribute(size, "cy")]
        if not all(edge.removeprefix("-").isdigit() for edge in edges):
            return False
        left, top, wide, high = (int(edge) / 12700 for edge in edges)
        paper = self.paper()
        return left >= paper[0] or top >= paper[1] or left + wide <= 0 or top + high <= 0

    def _shapes(self, node: Element) -> Iterator[Piece]:
        for one in node:
            name = local(one)
            if name == "sp" and (attribute(child(child(one, "nvSpPr"), "cNvPr"), "hidden") == "1" or self._is_off(one)):
                self._builder.hide(LayerKind.HIDDEN_TEXT, layers.paragraphs(one), "shape")
            elif name == "sp":
                yield from _paragraphs(one, title=_is_title(one))
            elif name == "tbl":
                yield _table(one)
            elif name == "AlternateContent":
                chosen = child(one, "Choice")
                yield from self._shapes(chosen if chosen is not None else one)
            elif name:
                yield from self._shapes(one)

    def hide_rest(self, attachment: Attachment) -> None:
        """Notes, comments, masters' own words, properties, links, embedded files."""
        builder, package = self._builder, self._package
        for name in package.names:
            lower = name.lower()
            if not lower.endswith(".xml"):
                continue
            if lower.startswith("ppt/notesslides/"):
                root = package.xml(name)
                texts = ["".join(_lines(one)) for one in root.iter() if local(one) == "sp" and not _is_number(one)]
                builder.hide(LayerKind.SPEAKER_NOTES, "\n".join(text for text in texts if text.strip()), name)
            elif lower.startswith(("ppt/comments/", "ppt/threadedcomments/", "ppt/commentauthors", "ppt/authors")):
                builder.hide(LayerKind.COMMENT, ooxml.all_values(package.xml(name)), name)
            elif lower.startswith(("ppt/slidemasters/", "ppt/slidelayouts/", "ppt/handoutmasters/", "ppt/notesmasters/")):
                own = [layers.paragraphs(one) for one in package.xml(name).iter() if local(one) == "sp" and not descendants(one, "ph")]
                builder.hide(LayerKind.OTHER, "\n".join(own), name)
            elif lower.startswith("ppt/slides/") and name not in self._listed:
                builder.hide(LayerKind.HIDDEN_TEXT, layers.paragraphs(package.xml(name)), "a slide that the show does not list")
            elif lower.startswith("ppt/tags/"):
                builder.hide(LayerKind.OTHER, words_of(package.xml(name)) or ooxml.all_values(package.xml(name)), name)
        for part in package.names:
            if "/media/" in part.lower():
                ooxml.embed_picture(builder, package, attachment, part, None)
        ooxml.hide_properties(builder, package)
        ooxml.hide_custom_xml(builder, package)
        ooxml.hide_links(builder, self._links)
        ooxml.hide_thumbnail(builder, package)
        ooxml.take_embedded(builder, package, attachment)


def _is_title(shape: Element) -> bool:
    return any(attribute(one, "type") in {"title", "ctrTitle"} for one in descendants(shape, "ph"))


def _is_number(shape: Element) -> bool:
    return any(attribute(one, "type") in {"sldNum", "sldImg", "dt"} for one in descendants(shape, "ph"))


def _lines(node: Element) -> Iterator[str]:
    for paragraph in descendants(node, "p"):
        yield "".join(run.text for run in _runs(paragraph)) + "\n"


def _paragraphs(node: Element, *, title: bool = False) -> Iterator[Piece]:
    for paragraph in descendants(node, "p"):
        text = rich(_runs(paragraph))
        properties = child(paragraph, "pPr")
        bullet = properties is not None and (child(properties, "buChar") is not None or child(properties, "buAutoNum") is not None)
        depth = "" if properties is None else attribute(properties, "lvl")
        if title:
            yield Para(text, BlockKind.HEADING, 1)
        elif bullet or depth.strip("0"):
            yield Para(text, BlockKind.LIST_ITEM, int(depth) if depth.isdigit() else 0, "•")
        else:
            yield Para(text)


def _runs(paragraph: Element) -> Iterator[Run]:
    for one in paragraph:
        name = local(one)
        if name in {"r", "fld"}:
            text, look = child(one, "t"), child(one, "rPr")
            size = "" if look is None else attribute(look, "sz")
            bold = look is not None and attribute(look, "b") in {"1", "true"}
            yield Run("" if text is None else text.text or "", bold, size=int(size) / 100 if size.isdigit() else 0.0)
        elif name == "br":
            yield Run("\n")


def _table(node: Element) -> Grid:
    rows = [
        tuple(_cell(cell) for cell in row if local(cell) == "tc" and not attribute(cell, "hMerge")) for row in node if local(row) == "tr"
    ]
    return Grid(tuple(rows))


def _cell(node: Element) -> GridCell:
    span = attribute(node, "gridSpan")
    return GridCell(tuple(_paragraphs(node)), int(span) if span.isdigit() else 1)
