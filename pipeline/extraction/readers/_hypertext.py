"""Walks an HTML page: pieces for what is shown, layers for what is not."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree, html

from pipeline.domain.documents import BlockKind, LayerKind, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers import _pictures as pictures
from pipeline.extraction.readers import text as plain_text
from pipeline.extraction.readers._css import Sheet, Shown
from pipeline.extraction.readers._forms import CLEAR, TICKED
from pipeline.extraction.readers._package import Element, damaged
from pipeline.extraction.readers._rich import Grid, GridCell, Para, Piece, Run, rich

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "main", "menu", "nav", "ol", "p", "pre"),
        *("section", "summary", "ul"),
    )
)
_DROPPED = frozenset({"style", "meta", "link", "base", "colgroup", "col", "wbr", "area", "param", "source", "track"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONDITIONAL = re.compile(r"\s*\[if [^\]]*\]>(.*?)(?:<!\[endif\]\s*)?$", re.IGNORECASE | re.DOTALL)


def decode(content: bytes) -> str:
    """The page's text: UTF-8 where it is valid, else the charset the page declares if it can be that, else as plain text is."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content[:4096])
    if declared:
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return plain_text.decode(content)


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    mono: bool = False
    kept: bool = False
    backed: bool = False
    depth: int = -1
    marker: str = ""


_PLAIN = _Style()


class Page:
    """One page.

    Raises:
        Unreadable: there is nothing to parse.
    """

    def __init__(self, builder: DocumentBuilder, source: str) -> None:
        self._builder = builder
        self._links: list[tuple[str, str]] = []
        self._pieces: list[Piece] = []
        self._runs: list[Run] = []
        source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).replace("\x00", "")
        try:
            parser = html.HTMLParser(no_network=True, huge_tree=False, remove_pis=True)
            self._root: Element = html.document_fromstring(source or "<p></p>", parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            raise damaged("the page holds nothing that can be read; ask for it again") from None
        self._sheet = Sheet("\n".join(one.text or "" for one in self._root.iter("style")))
        self._handlers: dict[str, Callable[[Element, _Style], None]] = {
            "br": lambda *_: self._runs.append(Run("\n")),
            "table": self._table,
            "li": self._item,
            "script": self._script,
            "noscript": lambda node, _: self._hide(LayerKind.HIDDEN_TEXT, node.text_content(), "noscript"),
            "template": lambda node, _: self._hide(LayerKind.HIDDEN_TEXT, node.text_content(), "template"),
            "title": lambda node, _: self._hide(LayerKind.PROPERTIES, node.text_content(), "title"),
            "img": self._picture,
            "input": self._input,
            "select": self._select,
            "iframe": self._frame,
            "object": self._frame,
            "embed": self._frame,
        }

    def pieces(self) -> list[Piece]:
        """What the page shows, in order."""
        for node in self._root.iter("meta"):
            if (node.get("name") or "").lower() in {"author", "description", "keywords", "subject", "creator"}:
                self._hide(LayerKind.PROPERTIES, node.get("content") or "", "meta")
        self._hide(LayerKind.HIDDEN_TEXT, self._sheet.drawn, "style sheet")
        try:
            self._walk(self._root, _PLAIN)
        except RecursionError:
            raise damaged("the page is nested too deeply to be read; ask for it again") from None
        self._flush(_PLAIN)
        return self._pieces

    def hide_links(self) -> None:
        """Where links lead, unless the face prints it."""
        face = "".join(self._builder.text_so_far().lower().split())
        for target, where in self._links:
            ooxml.hide_link(self._builder, target, where, face)

    # -- walking ---------------------------------------------------------------------------------------------------------------

    def _walk(self, node: Element, style: _Style) -> None:
        self._add(node.text, style)
        for one in node:
            if isinstance(one.tag, str):
                self._element(one, style)
            elif one.tag is etree.Comment:
                self._comment(one.text or "")
            self._add(one.tail, style)

    def _element(self, node: Element, style: _Style) -> None:
        name = node.tag.lower().rpartition(":")[2]
        if name in _DROPPED:
            return
        shown = self._sheet.shown(node)
        if _unseen(shown, style):
            self._hide(LayerKind.HIDDEN_TEXT, " ".join(node.text_content().split()), name)
            return
        self._attributes(node, name)
        inner = _inside(style, name, shown)
        handler = self._handlers.get(name)
        if handler:
            handler(node, inner)
        elif name in _BLOCKS or name in _HEADINGS:
            self._flush(style)
            self._walk(node, inner)
            self._flush(inner, _HEADINGS.get(name, 0))
        else:
            self._walk(node, inner)

    def _attributes(self, node: Element, name: str) -> None:
        for key in ("alt", "title", "aria-label"):
            self._hide(LayerKind.ALT_TEXT, node.get(key) or "", name)
        target = node.get("href") or ""
        if name == "a" and target and not target.lower().startswith(("javascript:", "#")):
            self._links.append((target, name))
        if any(key.lower().startswith("on") for key in node.attrib) or target.lower().startswith("javascript:"):
            self._builder.note(NoteCode.SCRIPTS, "the page holds scripts; they were not run")

    def _add(self, text: str | None, style: _Style) -> None:
        if not text:
            return
        if not style.kept:
            text = re.sub(r"[ \t\r\n\f]+", " ", text).replace("\xa0", " ")
            last = self._runs[-1].text[-1:] if self._runs else "\n"
            text = text.lstrip(" ") if last in {"\n", " "} and text.strip() else text if last not in {"\n", " "} else text.strip(" ")
        if text:
            self._runs.append(Run(text, bold=style.bold, mono=style.mono))

    def _flush(self, style: _Style, level: int = 0) -> None:
        text = rich(self._runs)
        self._runs = []
        if not text.text.strip():
            return
        if style.kept and "\n" in text.text.strip("\n"):
            self._pieces.append(Para(text, BlockKind.PREFORMATTED))
        elif level:
            self._pieces.append(Para(text, BlockKind.HEADING, level))
        elif style.marker:
            self._pieces.append(Para(text, BlockKind.LIST_ITEM, max(style.depth, 0), style.marker))
        else:
            self._pieces.extend(_threads(text.text, Para(text)))

    # -- lists and tables ------------------------------------------------------------------------------------------------------

    def _item(self, node: Element, style: _Style) -> None:
        self._flush(replace(style, marker=""))
        parent = node.getparent()
        ordered = parent is not None and parent.tag == "ol"
        number = 1 + sum(1 for _ in node.itersiblings("li", preceding=True))
        depth = sum(1 for one in node.iterancestors("ul", "ol")) - 1
        inner = replace(style, depth=depth, marker=f"{number}." if ordered else "•")
        self._walk(node, inner)
        self._flush(inner)

    def _table(self, node: Element, style: _Style) -> None:
        self._flush(style)
        rows = [self._row(one, style) for one in node.iter("tr") if _own_table(one) is node]
        captions = [one for one in node if one.tag == "caption"]
        for caption in captions:
            self._walk(caption, style)
            self._flush(style)
        rows = [row for row in rows if row]
        if (node.get("role") or "").lower() == "presentation":  # a table that only places things
            self._pieces.extend(piece for row in rows for cell in row for piece in cell.pieces)
        elif rows:
            self._pieces.append(Grid(tuple(rows)))

    def _row(self, node: Element, style: _Style) -> tuple[GridCell, ...]:
        if self._sheet.shown(node).hidden:
            self._hide(LayerKind.HIDDEN_ROWS, " ".join(node.text_content().split()), "tr")
            return ()
        return tuple(self._cell(one, style) for one in node if one.tag in {"td", "th"})

    def _cell(self, node: Element, style: _Style) -> GridCell:
        outer, self._pieces = self._pieces, []
        shown = self._sheet.shown(node)
        if _unseen(shown, style):
            self._hide(LayerKind.HIDDEN_TEXT, " ".join(node.text_content().split()), "td")
        else:
            inner = replace(_inside(style, node.tag, shown), marker="", depth=-1)
            self._attributes(node, "td")
            self._walk(node, inner)
            self._flush(inner)
        pieces, self._pieces = tuple(self._pieces), outer
        columns = node.get("colspan") or "1"
        return GridCell(
            pieces, min(int(columns), 100) if columns.isdigit() and int(columns) else 1, shaded=node.tag == "th" or shown.backed
        )

    # -- controls, pictures, scripts -------------------------------------------------------------------------------------------

    def _input(self, node: Element, style: _Style) -> None:
        kind = (node.get("type") or "text").lower()
        if kind in {"checkbox", "radio"}:
            self._add(TICKED if "checked" in node.attrib else CLEAR, style)
        elif kind == "hidden":
            self._hide(LayerKind.FORM_VALUE, node.get("value") or "", "input")
        elif kind not in {"submit", "button", "reset", "image", "password"}:
            self._add(f" {node.get('value') or ''} ", style)  # a box around it parts it from its neighbours

    def _select(self, node: Element, style: _Style) -> None:
        options = list(node.iter("option"))
        chosen = [one for one in options if "selected" in one.attrib] or options[:1]
        self._add(f" {' '.join(one.text_content() for one in chosen)} ", style)
        self._hide(LayerKind.FORM_VALUE, "\n".join(one.text_content() for one in options if one not in chosen), "select")

    def _script(self, node: Element, _style: _Style) -> None:
        self._builder.note(NoteCode.SCRIPTS, "the page holds scripts; they were not run")
        self._hide(LayerKind.SCRIPT, node.text or node.get("src") or "", "script")

    def _frame(self, node: Element, style: _Style) -> None:
        self._builder.note(NoteCode.EXTERNAL_LINK, "a part of the page is kept elsewhere")
        self._hide(LayerKind.LINK_TARGET, node.get("src") or node.get("data") or "", "frame")
        self._hide(LayerKind.HIDDEN_TEXT, node.get("srcdoc") or "", "frame")
        self._walk(node, style)

    def _picture(self, node: Element, _style: _Style) -> None:
        source = node.get("src") or ""
        if source.lower().startswith(("http:", "https:", "//")):
            self._builder.note(NoteCode.EXTERNAL_LINK, "the page shows a picture that is kept elsewhere")
        match = re.match(r"data:image/([\w+.-]+);base64,", source, re.IGNORECASE)
        if not match:
            return
        try:
            content = base64.b64decode(source[match.end() :])
        except (binascii.Error, ValueError):
            return
        pictures.embed(self._builder, Attachment(PersonalText(f"picture.{match[1].split('+')[0]}"), content))

    def _comment(self, text: str) -> None:
        """A comment; of what Outlook writes for itself, only the words that it would show."""
        conditional = _CONDITIONAL.match(text)
        if conditional or text.strip().lower() in {"[endif]", "[if !mso]><!", "<![endif]", "startfragment", "endfragment"}:
            inner = re.sub(r"<(xml|style|o:\w+)\b.*?</\1>", " ", conditional[1] if conditional else "", flags=re.IGNORECASE | re.DOTALL)
            text = re.sub(r"<[^>]*>", " ", inner)
        self._hide(LayerKind.HIDDEN_TEXT, " ".join(text.split()), "comment")

    def _hide(self, kind: LayerKind, text: str, where: str) -> None:
        self._builder.hide(kind, text, where)


def _unseen(shown: Shown, style: _Style) -> bool:
    return shown.hidden or shown.blacked_out or (shown.pale and not shown.backed and not style.backed)


def _inside(style: _Style, name: str, shown: Shown) -> _Style:
    bold = {"b": True, "strong": True, "th": True, "u": True}.get(name, style.bold)
    return replace(
        style,
        bold=bold if shown.bold is None else shown.bold,
        mono=style.mono or name in {"pre", "tt", "code", "kbd", "samp"} or shown.mono,
        kept=style.kept or name in {"pre", "textarea"} or shown.kept,
        backed=style.backed or shown.backed,
    )


def _own_table(row: Element) -> Element | None:
    return next(row.iterancestors("table"), None)


def _threads(text: str, whole: Para) -> Iterator[Piece]:
    """A paragraph in which an earlier mail begins is parted there."""
    lines = text.split("\n")
    place = 0
    start = 0
    for number, line in enumerate(lines):
        if number and plain_text.begins_thread(line, lines[number - 1]):
            yield Para(whole.rich.slice(start, place))
            start = place
        place += len(line) + 1
    yield Para(whole.rich.slice(start, len(text))) if start else whole
