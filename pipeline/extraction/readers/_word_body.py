"""Sweeps a story of a Word file (body, header, footnote, text box) element by element, parting what is seen from what is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pipeline.domain.documents import BlockKind, LayerKind
from pipeline.domain.text import Span
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _headings as headings
from pipeline.extraction.readers import _word_marks as marks
from pipeline.extraction.readers import _word_styles as styles
from pipeline.extraction.readers._forms import CLEAR, TICKED, in_symbols, printed
from pipeline.extraction.readers._package import Element, attribute, child, descendants, local, words_of
from pipeline.extraction.readers._rich import PAGE_BREAK, Grid, GridCell, Para, Piece, Run, join, plain, rich
from pipeline.extraction.readers._word_marks import Ground
from pipeline.extraction.readers._word_styles import Numbering, Styles

_DEAD_CODES = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|(?:SAVE|CREATE|PRINT)?DATE|TIME|SEQ|TOC|PAGEREF|REF|NOTEREF)"
    r"(?:\s+(?:\\[*@#a-z!]|_(?:Toc|Ref|Hlk)\d+|MERGEFORMAT|\"[dMyHhmsapAP/:,.\s'0-9-]*\"|arabic|roman|Table|Figure))*\s*",
    re.IGNORECASE,
)
"""Field codes that say nothing about anybody."""

_LINK_CODE = re.compile(r'\s*HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]*)"', re.IGNORECASE)
_INTO = {"hyperlink", "smartTag", "ins", "moveTo", "fldSimple", "customXml", "dir", "bdo", "sdtContent", "ruby", "rubyBase", "rt"}


@dataclass(slots=True)
class Shared:
    """What the stories of one file have in common."""

    builder: DocumentBuilder
    styles: Styles
    numbering: Numbering
    rendered_breaks: bool = False
    page_ends: set[Element] = field(default_factory=set)
    """Marks at the end of sections after which a new page begins."""
    notes_seen: set[tuple[str, str]] = field(default_factory=set)
    pictures: dict[tuple[str, str], tuple[float, float] | None] = field(default_factory=dict)
    """Relationship of each picture (part and id), with its size on the page in points."""


@dataclass(slots=True)
class _OpenField:
    code: str = ""
    in_code: bool = True


class Story:
    """One story of the file; `part` is the name of its part."""

    def __init__(self, shared: Shared, part: str) -> None:
        self._shared = shared
        self._part = part
        self._fields: list[_OpenField] = []
        self._runs: list[Run] = []
        self._hidden: list[str] = []
        self._anchored: list[Piece] = []
        self._inline_table: dict[str, Callable[[Element, Ground], None]] = {
            "r": self._run,
            "sdt": self._control,
            "fldSimple": self._simple_field,
            "ins": self._inserted,
            "moveTo": self._inserted,
            "del": self._deleted,
            "moveFrom": self._deleted,
            "AlternateContent": self._alternate,
            "oMath": self._math,
            "oMathPara": self._math,
        }
        self._run_table: dict[str, Callable[[Element, styles.Look, Ground], None]] = {
            "t": lambda node, look, ground: self._emit(node.text or "", look, ground),
            "tab": lambda _, look, ground: self._emit("\t", look, ground),
            "ptab": lambda _, look, ground: self._emit("\t", look, ground),
            "cr": lambda _, look, ground: self._emit("\n", look, ground),
            "noBreakHyphen": lambda _, look, ground: self._emit("-", look, ground),
            "br": self._break,
            "lastRenderedPageBreak": lambda _, look, ground: self._emit(PAGE_BREAK, look, ground),
            "sym": self._symbol,
            "fldChar": self._field_mark,
            "instrText": lambda node, *_: self._code(node.text or ""),
            "delInstrText": lambda node, *_: self._hide(LayerKind.TRACKED_DELETION, node.text or ""),
            "delText": lambda node, *_: self._hide(LayerKind.TRACKED_DELETION, node.text or ""),
            "footnoteReference": self._note_mark,
            "endnoteReference": self._note_mark,
            "AlternateContent": lambda node, _, ground: self._alternate(node, ground),
            "drawing": lambda node, _, ground: self._drawing(node, ground),
            "pict": lambda node, _, ground: self._drawing(node, ground),
            "object": lambda node, _, ground: self._drawing(node, ground),
            "ruby": lambda node, _, ground: self._inline(node, ground),
        }

    # -- blocks ----------------------------------------------------------------------------------------------------------------

    def blocks(self, container: Element, *, backed: str = "") -> Iterator[Piece]:
        """The pieces of a container, in order."""
        for node in container:
            name = local(node)
            if name == "p":
                yield from self._paragraph(node, backed=backed)
            elif name == "tbl":
                yield self._table(node)
            elif name in {"del", "moveFrom"}:
                self._deleted(node, Ground())
            elif name == "sdt":
                content = child(node, "sdtContent")
                if content is not None and not marks.is_prompt(node, content):
                    yield from self.blocks(content, backed=backed)
            elif name == "AlternateContent":
                yield from self._alternate_blocks(node, backed=backed)
            elif name and not name.endswith("Pr"):
                if name in {"ins", "moveTo"}:
                    self._note_insertion(node)
                yield from self.blocks(node, backed=backed)

    def _alternate_blocks(self, node: Element, *, backed: str) -> Iterator[Piece]:
        chosen = self._choose(node)
        if chosen is not None:
            yield from self.blocks(chosen, backed=backed)

    def _paragraph(self, node: Element, *, backed: str) -> Iterator[Piece]:
        properties = child(node, "pPr")
        named = child(properties, "pStyle")
        style = self._shared.styles.get(attribute(named, "val") if named is not None else self._shared.styles.paragraph_default)
        outer = self._runs, self._hidden, self._anchored
        self._runs, self._hidden, self._anchored = [], [], []
        if styles.flag(properties, "pageBreakBefore") and not self._shared.rendered_breaks:
            self._runs.append(Run(PAGE_BREAK))
        self._inline(node, Ground(style.look, styles.backing_of(properties) or backed))
        section = child(properties, "sectPr")
        if section in self._shared.page_ends and not self._shared.rendered_breaks:
            self._runs.append(Run(PAGE_BREAK))
        self._shared.builder.hide(LayerKind.HIDDEN_TEXT, re.sub(r"\s+", " ", "".join(self._hidden)), self._part)
        runs, anchored = self._runs, self._anchored
        self._runs, self._hidden, self._anchored = outer
        yield self._para(runs, properties, style)
        yield from anchored

    def _para(self, runs: list[Run], properties: Element | None, style: styles.Style) -> Para:
        text = rich(runs)
        list_id, depth = styles.numbering_of(properties)
        number = child(properties, "numPr")
        if number is None:
            list_id, depth = style.list_id, style.list_depth
        marker = self._shared.numbering.marker(list_id, depth) if text.text.strip() else ""
        own = styles.outline_level(properties)
        level = style.level if own is None else own
        numbered = bool(marker) and marker != "•"
        with_number = join((plain(marker + " "), text), "") if numbered else text
        if level and len(text.text.split()) <= 40:  # longer is prose that was given a heading's style
            return Para(with_number, BlockKind.HEADING, level)
        if numbered and headings.looks_like_heading(replace(with_number, bold=(text.all_bold and (Span(0, len(with_number.text)),)) or ())):
            return Para(with_number, BlockKind.HEADING, 3)
        if not marker and style.name.lower().startswith("list bullet"):
            marker = "•"
        return Para(text, BlockKind.LIST_ITEM, depth, marker) if marker else Para(text)

    def _table(self, node: Element) -> Grid:
        properties = child(node, "tblPr")
        style = child(properties, "tblStyle")
        backed = marks.SOME if style is not None and self._shared.styles.colours_rows(attribute(style, "val")) else ""
        rows: list[tuple[GridCell, ...]] = []
        heads = 0
        for row in marks.unwrapped(node, "tr"):
            about = child(row, "trPr")
            if styles.flag(about, "hidden"):
                self._shared.builder.hide(LayerKind.HIDDEN_ROWS, words_of(row), self._part)
                continue
            heads += int(bool(styles.flag(about, "tblHeader")) and heads == len(rows))
            rows.append(tuple(self._cell(one, backed=backed) for one in marks.unwrapped(row, "tc")))
        return Grid(tuple(rows), heads if heads < len(rows) else 0)

    def _cell(self, node: Element, *, backed: str) -> GridCell:
        properties = child(node, "tcPr")
        span, merge = child(properties, "gridSpan"), child(properties, "vMerge")
        columns = attribute(span, "val") if span is not None else "1"
        shade = styles.backing_of(properties)
        pieces = tuple(self.blocks(node, backed=shade or backed))
        if (
            merge is not None
            and attribute(merge, "val") != "restart"
            and not any(isinstance(p, Grid) or p.rich.text.strip() for p in pieces)
        ):
            pieces = ()
        return GridCell(pieces, int(columns) if columns.isdigit() else 1, shaded=shade is not None)

    # -- inline ----------------------------------------------------------------------------------------------------------------

    def _inline(self, node: Element, ground: Ground) -> None:
        for one in node:
            name = local(one)
            handler = self._inline_table.get(name)
            if handler:
                handler(one, ground)
            elif name in _INTO:
                self._inline(one, ground)

    def _run(self, node: Element, ground: Ground) -> None:
        properties = child(node, "rPr")
        named = child(properties, "rStyle")
        base = ground.look if named is None else self._shared.styles.own_look(attribute(named, "val")).over(ground.look)
        look = styles.look_of(properties).over(base)
        if styles.underlined(properties):  # by hand, not by the style of a link: stands out as bold does
            look = replace(look, bold=True)
        for one in node:
            handler = self._run_table.get(local(one))
            if handler:
                handler(one, look, ground)

    def _emit(self, text: str, look: styles.Look, ground: Ground) -> None:
        if any(one.in_code for one in self._fields):
            self._code(text)
        elif text.strip() and marks.unseen(look, ground):
            self._hidden.append(text)
        else:
            text = printed(look.font or "", text)
            self._hidden += [" "] if self._hidden else []  # what is hidden before and after it are two things
            self._runs.append(Run(text, bool(look.bold), look.mono, look.size or 0.0))

    def _break(self, node: Element, look: styles.Look, ground: Ground) -> None:
        page = attribute(node, "type") == "page"
        if not page:
            self._emit("\n", look, ground)
        elif not self._shared.rendered_breaks:
            self._emit(PAGE_BREAK, look, ground)

    def _symbol(self, node: Element, look: styles.Look, ground: Ground) -> None:
        code = attribute(node, "char", "0")
        point = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
        point -= 0xF000 if 0xF000 <= point <= 0xF0FF else 0
        known = in_symbols(attribute(node, "font"), point)
        other = chr(point) if 0x20 <= point < 0x250 and known is None else "•"
        self._emit(known or other, replace(look, font=None), ground)

    def _note_mark(self, node: Element, _look: styles.Look, _ground: Ground) -> None:
        self._shared.notes_seen.add((local(node).removesuffix("Reference"), attribute(node, "id")))

    def _math(self, node: Element, ground: Ground) -> None:
        self._emit("".join(one.text or "" for one in descendants(node, "t")), ground.look, ground)

    # -- controls and fields ---------------------------------------------------------------------------------------------------

    def _control(self, node: Element, ground: Ground) -> None:
        content = child(node, "sdtContent")
        if content is None or marks.is_prompt(node, content):
            return
        box = child(child(node, "sdtPr"), "checkbox")
        if box is not None and len(words_of(content)) <= 2:
            state = child(box, "checked")
            on = state is not None and attribute(state, "val", "1").lower() not in {"0", "false"}
            self._emit(TICKED if on else CLEAR, ground.look, ground)
        else:
            self._inline(content, ground)

    def _simple_field(self, node: Element, ground: Ground) -> None:
        self._keep_code(attribute(node, "instr"))
        self._inline(node, ground)

    def _field_mark(self, node: Element, look: styles.Look, ground: Ground) -> None:
        kind = attribute(node, "fldCharType")
        if kind == "begin":
            self._form_field(child(node, "ffData"), look, ground)
            self._fields.append(_OpenField())
        elif self._fields and kind == "separate":
            self._fields[-1].in_code = False
        elif self._fields and kind == "end":
            self._keep_code(self._fields.pop().code)

    def _form_field(self, data: Element | None, look: styles.Look, ground: Ground) -> None:
        box, choices = child(data, "checkBox"), child(data, "ddList")
        if box is not None:
            checked = styles.flag(box, "checked")
            on = styles.flag(box, "default") if checked is None else checked
            self._emit(TICKED if on else CLEAR, look, ground)
        if choices is not None:
            entries = [attribute(one, "val") for one in choices if local(one) == "listEntry"]
            result = child(choices, "result")
            chosen = attribute(result, "val") if result is not None else "0"
            if chosen.isdigit() and int(chosen) < len(entries):
                self._emit(entries[int(chosen)], look, ground)

    def _code(self, text: str) -> None:
        if self._fields:
            self._fields[-1].code += text
        else:
            self._keep_code(text)

    def _keep_code(self, code: str) -> None:
        link = _LINK_CODE.match(code)
        if link:
            self._hide(LayerKind.LINK_TARGET, link[1])
        elif code.strip() and not _DEAD_CODES.fullmatch(code):
            self._hide(LayerKind.FIELD_CODE, code)

    # -- tracked changes, alternatives, drawings -------------------------------------------------------------------------------

    def _inserted(self, node: Element, ground: Ground) -> None:
        self._note_insertion(node)
        self._inline(node, ground)

    def _note_insertion(self, node: Element) -> None:
        text = "".join(one.text or "" for one in descendants(node, "t"))
        if text.strip():
            self._hide(LayerKind.TRACKED_INSERTION, f"{attribute(node, 'author')}: {text}")

    def _deleted(self, node: Element, _ground: Ground) -> None:
        text = "".join(one.text or "" for one in node.iter() if local(one) in {"delText", "t", "delInstrText"})
        if text.strip():
            self._hide(LayerKind.TRACKED_DELETION, f"{attribute(node, 'author')}: {text}")

    def _hide(self, kind: LayerKind, text: str) -> None:
        self._shared.builder.hide(kind, text, self._part)

    def _choose(self, node: Element) -> Element | None:
        """The first choice, as Word shows it; what only the fallback says is hidden."""
        chosen, fallback = child(node, "Choice"), child(node, "Fallback")
        if chosen is not None and fallback is not None:
            spare, shown = words_of(fallback), words_of(chosen)
            if spare and "".join(spare.split()) not in "".join(shown.split()):
                self._hide(LayerKind.HIDDEN_TEXT, spare)
        return chosen if chosen is not None else fallback

    def _alternate(self, node: Element, ground: Ground) -> None:
        chosen = self._choose(node)
        if chosen is None:
            return
        for one in chosen:
            if local(one) in {"drawing", "pict", "object"}:
                self._drawing(one, ground)
            elif local(one) == "r":
                self._run(one, ground)
            elif handler := self._run_table.get(local(one)):
                handler(one, ground.look, ground)

    def _drawing(self, node: Element, ground: Ground) -> None:
        """Text boxes, shapes' own text, word art and pictures; they stand behind the paragraph that holds them."""
        del ground
        if marks.is_hidden_shape(node):
            self._hide(LayerKind.HIDDEN_TEXT, words_of(node))
            return
        self._walk_drawing(node, marks.shown(node))

    def _walk_drawing(self, node: Element, shown: tuple[float, float] | None) -> None:
        for one in node:
            name = local(one)
            if name == "txbxContent":
                self._anchored.extend(self.blocks(one, backed=marks.SOME))
            elif name == "AlternateContent":
                chosen = self._choose(one)
                if chosen is not None:
                    self._walk_drawing(chosen, shown)
            elif name in {"blip", "imagedata"}:
                key = self._part, attribute(one, "embed") or attribute(one, "id")
                self._shared.pictures[key] = marks.larger(self._shared.pictures.get(key), shown)
                self._walk_drawing(one, shown)
            elif name == "textpath":
                self._anchored.append(Para(plain(attribute(one, "string"))))
            elif name == "t" and (one.text or "").strip():
                self._anchored.append(Para(plain(one.text or "")))
            else:
                self._walk_drawing(one, shown)
