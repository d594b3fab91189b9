"""Reads Word files (docx, docm, dotx), opened by python-docx and swept part by part: what is seen becomes the face, the rest layers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain.documents import BlockKind, Document, LayerKind, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers import _word_layers as layers
from pipeline.extraction.readers import _word_parts as parts
from pipeline.extraction.readers import _word_rest as rest
from pipeline.extraction.readers._package import Package, attribute, child, damaged, descendants, local, words_of
from pipeline.extraction.readers._rich import Grid, Para, Piece, join, plain
from pipeline.extraction.readers._word_body import Shared, Story
from pipeline.extraction.readers._word_styles import Numbering, Styles
from pipeline.extraction.readers._zip_corners import hide_corners

NAME = "docx"
_NO_WORD = re.compile(r"[\W_]+")
SIGNS = frozenset({"docx", "docm", "dotx"})


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads a Word file.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    return read_as(attachment, attachment.content, options, NAME)


def read_as(attachment: Attachment, content: bytes, options: ReadOptions, format_name: str) -> Document:
    """Reads Word bytes that stand for `attachment`, which may have been converted from another format."""
    package = Package(content, options)
    builder = DocumentBuilder(attachment, format_name)
    word = _WordFile(package, builder, ooxml.relationships(package))
    face.lay(builder, word.pieces(), word.paper())
    word.hide(attachment)
    word.second_look()
    return face.finish(builder, options)


class _WordFile:
    """One Word file on its way into a document."""

    def __init__(self, package: Package, builder: DocumentBuilder, links: list[ooxml.Relationship]) -> None:
        self._package = package
        self._builder = builder
        self._links = links
        main = next((link.target for link in links if link.kind == "officeDocument" and not link.part), "word/document.xml")
        if main not in package:
            raise damaged()
        self._main = main
        self._root = package.xml(main)
        self._docx = parts.opened(package, links, main)
        self._shared = Shared(
            builder,
            Styles(package, self._part_of("styles", "word/styles.xml")),
            Numbering(package, self._part_of("numbering", "word/numbering.xml")),
            rendered_breaks=bool(descendants(self._root, "lastRenderedPageBreak")),
            page_ends={end for end, new in zip(parts.section_ends(self._root), parts.new_pages(self._docx), strict=False) if new},
        )
        self._used: set[str] = set()

    def _part_of(self, kind: str, default: str) -> str:
        return next((link.target for link in self._links if link.part == self._main and link.kind == kind), default)

    def paper(self) -> tuple[float, float]:
        """Width and height of the last section's paper in points."""
        return parts.paper(self._docx) or face.A4

    def pieces(self) -> list[Piece]:
        """Page headers, body, shapes' texts, footnotes, page footers."""
        body = child(self._root, "body")
        if body is None:
            raise damaged()
        main = list(Story(self._shared, self._main).blocks(body))
        if descendants(body, "altChunk"):
            told = "a part of the text stands in a file inside this one; it was read as a document of its own, not in its place"
            self._builder.note(NoteCode.LOSSY_READER, told)
        return [
            *self._margin("header", BlockKind.PAGE_HEADER),
            *main,
            *self._diagrams(),
            *self._notes("footnote"),
            *self._notes("endnote"),
            *self._margin("footer", BlockKind.PAGE_FOOTER),
        ]

    def _margin(self, kind: str, block: BlockKind) -> Iterator[Piece]:
        """Page headers or footers that some page shows, each text once; the rest is hidden."""
        try:
            shown = parts.margins(self._docx, kind)
        except parts.UNUSUAL:
            self._builder.note(NoteCode.LOSSY_READER, f"which page {kind} each page shows could not be told")
            return
        seen: set[str] = set()
        for part in shown:
            self._used.add(part)
            text = "\n".join(_lines(Story(self._shared, part).blocks(self._package.xml(part))))
            if text not in seen:
                seen.add(text)
                yield Para(plain(text), block)

    def _notes(self, kind: str) -> Iterator[Piece]:
        """Footnotes or endnotes that the text refers to; others are hidden."""
        part = self._part_of(f"{kind}s", f"word/{kind}s.xml")
        root = self._package.xml_if_there(part)
        for one in [] if root is None else root:
            if local(one) != kind or attribute(one, "type") in {"separator", "continuationSeparator", "continuationNotice"}:
                continue
            key = attribute(one, "id")
            if (kind, key) in self._shared.notes_seen:
                yield Para(plain("\n".join(_lines(Story(self._shared, part).blocks(one)))), BlockKind.FOOTNOTE, marker=key)
            else:
                self._builder.hide(LayerKind.HIDDEN_TEXT, layers.paragraphs(one), part)

    def _diagrams(self) -> Iterator[Piece]:
        """Words drawn by charts and diagrams, which stand in parts of their own."""
        for name in self._package.names:
            lower = name.lower()
            if ("/diagrams/data" in lower or "/charts/chart" in lower) and lower.endswith(".xml"):
                root = self._package.xml(name)
                lines = [words_of(one) for one in root.iter() if local(one) in {"t", "v"} and words_of(one)]
                yield Para(plain("\n".join(lines)), guess=False)

    def hide(self, attachment: Attachment) -> None:
        """Everything that is not on the face."""
        builder, package = self._builder, self._package
        for name in package.names:
            lower = name.lower()
            if lower.endswith(".xml") and lower.startswith("word/comments"):
                layers.hide_comments(builder, package, name)
            elif lower.startswith(("word/header", "word/footer")) and lower.endswith(".xml"):
                self._hide_margin(name)
            elif lower.startswith(("word/document", "word/footnotes", "word/endnotes")) and lower.endswith(".xml"):
                layers.hide_names(builder, package.xml(name), name)
        layers.hide_settings(builder, package, self._part_of("settings", "word/settings.xml"))
        layers.hide_people(builder, package)
        layers.hide_remarks(builder, package)
        rest.hide_rest(builder, package)
        hide_corners(builder, package.content, package.archive)
        ooxml.hide_properties(builder, package)
        ooxml.hide_custom_xml(builder, package)
        ooxml.hide_links(builder, self._links)
        ooxml.hide_thumbnail(builder, package)
        ooxml.take_embedded(builder, package, attachment)
        self._take_pictures(attachment)

    def second_look(self) -> None:
        """Whether all words that python-docx finds were read, on the face or beneath it."""
        read = _bare(self._builder.everything())
        try:
            lost = any(_bare(line) not in read for line in set(parts.lines(self._docx)))
        except parts.UNUSUAL:
            return  # it has no opinion on what it does not understand
        if lost:
            self._builder.note(NoteCode.EXTRACTORS_DISAGREE, "two programs read different words from the file")

    def _hide_margin(self, part: str) -> None:
        root = self._package.xml(part)
        layers.hide_names(self._builder, root, part)
        if part not in self._used:
            self._builder.hide(LayerKind.HIDDEN_TEXT, layers.paragraphs(root), part)

    def _take_pictures(self, attachment: Attachment) -> None:
        """Pictures shown large; also those that lie in the file without being shown."""
        targets = {(link.part, link.key): link.target for link in self._links if not link.external}
        shown = {targets[key]: size for key, size in self._shared.pictures.items() if key in targets}
        for name in self._package.names:
            if "/media/" in name.lower():
                ooxml.embed_picture(self._builder, self._package, attachment, name, shown.get(name))


def _bare(text: str) -> str:
    """Letters and digits alone."""
    return _NO_WORD.sub("", text)


def _lines(pieces: Iterator[Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Grid):
            for row in piece.rows:
                yield "\t".join(cell.flat().text for cell in row)
        elif piece.rich.text.strip():
            yield join((plain(piece.marker), piece.rich), " ").text.strip()
