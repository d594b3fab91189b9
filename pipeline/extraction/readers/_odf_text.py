"""Sweeps the text of an OpenDocument file, parting what is seen from what is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.domain.documents import BlockKind, LayerKind
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _odf as odf
from pipeline.extraction.readers._forms import CLEAR, TICKED, printed
from pipeline.extraction.readers._package import Element, Package, attribute, child, descendants, local, words_of
from pipeline.extraction.readers._rich import PAGE_BREAK, Grid, GridCell, Para, Piece, Run, plain, rich

_SKIPPED = frozenset(
    {
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "forms",
        "dde-connection-decls",
        "table-of-content-source",
        "index-title-template",
    }
)
_PRIVATE = re.compile("[\uf000-\uf0ff]")
"""Characters as symbol fonts number their glyphs; where no other font is known, it is Wingdings, by which programs print tick boxes."""
_MOST_REPEATS = 200  # cells that stand for many alike; more are empty filling to the sheet's edge


class OdfText:
    """One file's text."""

    def __init__(self, builder: DocumentBuilder, package: Package, styles: odf.Styles, container: Attachment) -> None:
        self._builder = builder
        self._package = package
        self._styles = styles
        self._container = container
        self._runs: list[Run] = []
        self._hidden: list[str] = []
        self._anchored: list[Piece] = []
        self._inserted: dict[str, list[str]] = {}
        self._insertions: set[str] = set()
        self._controls: dict[str, Element] = {}
        self.notes: list[Piece] = []
        self.links: list[str] = []
        self._inline: dict[str, Callable[[Element, odf.Look], None]] = {
            "s": lambda node, look: self._emit(" " * min(_count(node, "c"), 1000), look),
            "tab": lambda _, look: self._emit("\t", look),
            "line-break": lambda _, look: self._emit("\n", look),
            "soft-page-break": lambda _, look: self._emit(PAGE_BREAK, look),
            "span": self._span,
            "a": self._link,
            "note": self._note,
            "annotation": self._annotation,
            "frame": self._frame,
            "custom-shape": self._shape,
            "rect": self._shape,
            "text-box": self._shape,
            "control": self._control,
            "hidden-text": lambda node, _: self._hide(LayerKind.HIDDEN_TEXT, attribute(node, "string-value") or words_of(node)),
            "hidden-paragraph": lambda node, _: self._hide(LayerKind.HIDDEN_TEXT, words_of(node)),
            "conditional-text": self._conditional,
            "bookmark": self._bookmark,
            "bookmark-start": self._bookmark,
            "change-start": self._change_start,
            "change-end": self._change_end,
            "change": lambda *_: None,
            "annotation-end": lambda *_: None,
            "script": lambda node, _: self._hide(LayerKind.SCRIPT, words_of(node)),
            "ruby-text": lambda node, look: self._emit(f" ({words_of(node)})", look),
        }

    # -- blocks ----------------------------------------------------------------------------------------------------------------

    def learn(self, body: Element) -> None:
        """Notes form controls and tracked changes before the text that refers to them."""
        for forms in descendants(body, "forms"):
            for one in forms.iter():
                if attribute(one, "id"):
                    self._controls[attribute(one, "id")] = one
        for field in descendants(body, "user-field-decl"):
            self._hide(LayerKind.OTHER, attribute(field, "string-value"))
        for region in descendants(body, "changed-region"):
            self._changed(region)

    def _changed(self, region: Element) -> None:
        for one in region:
            who = next((words_of(name) for name in descendants(one, "creator")), "")
            if local(one) == "insertion":
                self._insertions.add(attribute(region, "id"))
            elif local(one) == "deletion":
                text = "\n".join(words_of(paragraph) for paragraph in one if local(paragraph) != "change-info")
                self._hide(LayerKind.TRACKED_DELETION, f"{who}: {text}")

    def blocks(self, container: Element, depth: int = -1) -> Iterator[Piece]:
        """The pieces of a container, in order."""
        for node in container:
            name = local(node)
            if name in {"p", "h"}:
                yield from self._paragraph(node, heading=name == "h")
            elif name == "list":
                yield from self._list(node, depth + 1)
            elif name == "table":
                yield self._table(node)
            elif name == "section" and attribute(node, "display") in {"none", "condition"}:
                self._hide(LayerKind.HIDDEN_TEXT, words_of(node))
            elif name == "tracked-changes":
                continue
            elif name in self._inline:
                yield from self._loose(node, self._inline[name])
            elif name and name not in _SKIPPED:
                yield from self.blocks(node, depth)

    def _loose(self, node: Element, handler: Callable[[Element, odf.Look], None]) -> Iterator[Piece]:
        """A drawing that is anchored to the page, not to a paragraph."""
        handler(node, odf.NO_LOOK)
        runs, self._runs = self._runs, []
        anchored, self._anchored = self._anchored, []
        if runs:
            yield Para(rich(runs))
        yield from anchored

    def _paragraph(self, node: Element, *, heading: bool, backed: bool = False) -> Iterator[Piece]:
        look = self._styles.look("paragraph", attribute(node, "style-name"))
        if backed and not look.backed:
            look = replace(look, backed=True)
        if any(attribute(one, "is-hidden") == "true" for one in descendants(node, "hidden-paragraph")):
            look = replace(look, hidden=True)
        outer = self._runs, self._hidden, self._anchored
        self._runs, self._hidden, self._anchored = [Run(PAGE_BREAK)] if look.break_before else [], [], []
        self._mixed(node, look)
        self._hide(LayerKind.HIDDEN_TEXT, re.sub(r"\s+", " ", "".join(self._hidden)))
        runs, anchored = self._runs, self._anchored
        self._runs, self._hidden, self._anchored = outer
        level = _count(node, "outline-level") if heading else look.level
        text = rich(runs)
        if level and len(text.text.split()) <= 40:  # longer is prose that was given a heading's style
            yield Para(text, BlockKind.HEADING, min(level, 6))
        else:
            yield Para(text)
        yield from anchored

    def _list(self, node: Element, depth: int, outer: str = "") -> Iterator[Piece]:
        style = attribute(node, "style-name") or outer
        number = 0
        for item in node:
            if local(item) not in {"list-item", "list-header"}:
                continue
            number += 1
            marker = "•" if self._styles.is_bulleted(style) else f"{number}."
            for one in item:
                if local(one) == "list":
                    yield from self._list(one, depth + 1, style)
                else:
                    for piece in self._item_pieces(one, depth):
                        if isinstance(piece, Para) and piece.kind is BlockKind.PARAGRAPH and piece.rich.text.strip():
                            yield replace(piece, kind=BlockKind.LIST_ITEM, level=depth, marker=marker)
                            marker = ""
                        else:
                            yield piece

    def _item_pieces(self, node: Element, depth: int) -> Iterator[Piece]:
        if local(node) in {"p", "h"}:
            yield from self._paragraph(node, heading=local(node) == "h")
        else:
            yield from self.blocks(node, depth)

    # -- tables ----------------------------------------------------------------------------------------------------------------

    def _table(self, node: Element) -> Grid:
        heads = sum(1 for one in node if local(one) == "table-header-rows" for row in one if local(row) == "table-row")
        rows = [cells for row in rows_of(node) if (cells := self._row(row))]
        return Grid(tuple(rows), heads if heads < len(rows) else 0)

    def _row(self, node: Element) -> tuple[GridCell, ...]:
        if attribute(node, "visibility") in {"collapse", "filter"}:
            self._builder.hide(LayerKind.HIDDEN_ROWS, words_of(node), "content.xml")
            return ()
        cells: list[GridCell] = []
        for one in node:
            if local(one) in {"table-cell", "covered-table-cell"}:
                if local(one) == "covered-table-cell" and not words_of(one):
                    continue
                cells += [self._cell(one)] * min(max(_count(one, "number-columns-repeated"), 1), _MOST_REPEATS)
        return tuple(cells)

    def _cell(self, node: Element) -> GridCell:
        look = self._styles.look("table-cell", attribute(node, "style-name"))
        pieces: list[Piece] = []
        for one in node:
            if local(one) in {"p", "h"}:
                pieces += self._paragraph(one, heading=local(one) == "h", backed=bool(look.backed))
            elif local(one) == "annotation":
                self._annotation(one, look)
            elif local(one) == "list":
                pieces += self._list(one, 0)
            elif local(one) == "table":
                pieces.append(self._table(one))
            else:
                pieces += self.blocks(one)
        return GridCell(tuple(pieces), max(_count(node, "number-columns-spanned"), 1), shaded=bool(look.backed))

    # -- inline ----------------------------------------------------------------------------------------------------------------

    def _mixed(self, node: Element, look: odf.Look) -> None:
        self._emit(_collapsed(node.text), look)
        for one in node:
            handler = self._inline.get(local(one))
            if handler:
                handler(one, look)
            elif local(one) == "p":
                self._emit("\n", look)
                self._mixed(one, look)
            elif local(one):
                self._mixed(one, look)
            self._emit(_collapsed(one.tail), look)

    def _emit(self, text: str, look: odf.Look) -> None:
        if not text:
            return
        if text.strip() and look.unseen:
            self._hidden.append(text)
            return
        self._hidden += [" "] if self._hidden else []  # what is hidden before and after it are two things
        for key, parts in self._inserted.items():
            if key in self._insertions:
                parts.append(text)
        self._runs.append(
            Run(_PRIVATE.sub(lambda found: printed("wingdings", found[0]), text), bool(look.bold), bool(look.mono), look.size or 0.0)
        )

    def _span(self, node: Element, look: odf.Look) -> None:
        self._mixed(node, self._styles.look("text", attribute(node, "style-name")).over(look))

    def _conditional(self, node: Element, look: odf.Look) -> None:
        """Words shown where a condition holds; those for the other case are in the file too."""
        shown = words_of(node)
        for key in ("string-value-if-true", "string-value-if-false"):
            if attribute(node, key) != shown:
                self._hide(LayerKind.HIDDEN_TEXT, attribute(node, key))
        self._mixed(node, look)

    def _link(self, node: Element, look: odf.Look) -> None:
        self.links.append(attribute(node, "href"))
        self._mixed(node, look)

    def _note(self, node: Element, _look: odf.Look) -> None:
        body, citation = child(node, "note-body"), child(node, "note-citation")
        if body is not None:
            outer, self._runs = self._runs, []
            lines = [piece.rich.text.strip() for piece in self.blocks(body) if isinstance(piece, Para) and piece.rich.text.strip()]
            self._runs = outer
            marker = words_of(citation) if citation is not None else ""
            self.notes.append(Para(plain("\n".join(lines)), BlockKind.FOOTNOTE, marker=marker))

    def _annotation(self, node: Element, _look: odf.Look) -> None:
        who = next((words_of(one) for one in descendants(node, "creator")), "")
        text = "\n".join(words_of(one) for one in descendants(node, "p"))
        self._hide(LayerKind.COMMENT, f"{who}: {text}")

    def _bookmark(self, node: Element, _look: odf.Look) -> None:
        name = attribute(node, "name")
        if not name.startswith(("_", "Bookmark", "OLE_LINK")):
            self._hide(LayerKind.BOOKMARK, name)

    def _change_start(self, node: Element, _look: odf.Look) -> None:
        self._inserted.setdefault(attribute(node, "change-id"), [])

    def _change_end(self, node: Element, _look: odf.Look) -> None:
        parts = self._inserted.pop(attribute(node, "change-id"), [])
        self._hide(LayerKind.TRACKED_INSERTION, "".join(parts))

    # -- drawings --------------------------------------------------------------------------------------------------------------

    def _frame(self, node: Element, look: odf.Look) -> None:
        for one in node:
            name = local(one)
            if name == "image":
                odf.embed_picture(self._builder, self._package, self._container, node, one)
            elif name in {"title", "desc"}:
                self._hide(LayerKind.ALT_TEXT, words_of(one))
            elif name in {"text-box", "object"}:
                self._shape(one, look)
            elif name == "table":
                self._anchored.append(self._table(one))

    def _shape(self, node: Element, _look: odf.Look) -> None:
        for one in node:
            if local(one) in {"title", "desc"}:
                self._hide(LayerKind.ALT_TEXT, words_of(one))
            elif local(one) in {"p", "h"}:
                self._anchored.extend(self._paragraph(one, heading=local(one) == "h", backed=True))
            elif local(one) == "list":
                self._anchored.extend(self._list(one, 0))
            elif local(one) == "table":
                self._anchored.append(self._table(one))

    def _control(self, node: Element, look: odf.Look) -> None:
        control = self._controls.get(attribute(node, "control"))
        if control is None:
            return
        if local(control) in {"checkbox", "radio"}:
            state = attribute(control, "current-state") or attribute(control, "state") or attribute(control, "current-selected")
            label = attribute(control, "label")
            self._emit(f"{TICKED if state in {'checked', 'true'} else CLEAR} {label}".rstrip() + " ", look)
        else:
            self._emit(attribute(control, "current-value") or attribute(control, "value") or attribute(control, "label"), look)

    def _hide(self, kind: LayerKind, text: str) -> None:
        self._builder.hide(kind, text, "content.xml")


def rows_of(node: Element) -> Iterator[Element]:
    """A table's rows, those in groups too, but not those of tables inside its cells."""
    for one in node:
        if local(one) == "table-row":
            yield one
        elif local(one) in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from rows_of(one)


def _count(node: Element, name: str) -> int:
    value = attribute(node, name)
    return int(value) if value.isdigit() else int(name == "c")


def _collapsed(text: str | None) -> str:
    """White space as the format means it: any run of it is one blank."""
    if not text:
        return ""
    words = " ".join(text.split())
    return (" " if text[:1].isspace() else "") + words + (" " if words and text[-1:].isspace() else "")
