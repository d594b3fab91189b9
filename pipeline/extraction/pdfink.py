"""Takes the ink off a PDF page with pdfium: words with their type, lines, shading, pictures, and words nobody sees.

One call of pdfium for the page's text and five for each word: about a fiftieth of what a pure Python extractor costs.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.domain.documents import Box, LayerKind
from pipeline.extraction import pdfcover, pdfobjects
from pipeline.extraction.ink import Area, PageInk, Rule, Token
from pipeline.extraction.likeness import MOST_LOOKS, Glyph, Look, Watch
from pipeline.extraction.pdfobjects import Point, Tint
from pipeline.extraction.pdfparts import Parts, Widget

TICK_GLYPHS = "☐☑☒✓✔✗✘❏❐❑❒□▢■"
LINE_HYPHENS = "\x02\ufffe"
"""What pdfium puts for a hyphen at a line's end; it leaves the line break out, so that the next line's first word seems to follow."""
PIECE = re.compile(rf"[{TICK_GLYPHS}]|[^\s{TICK_GLYPHS}{LINE_HYPHENS}]*[{LINE_HYPHENS}]|[^\s{TICK_GLYPHS}{LINE_HYPHENS}]+")

WINGDINGS: dict[int, str] = {
    0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xFC: "✔", 0xFB: "✘", 0x78: "☒",
    0xA7: "▪", 0xB7: "•", 0x9F: "•", 0xD8: "➢", 0x76: "❖", 0x6C: "●", 0x6E: "■", 0xE0: "→", 0x2A: "☎", 0x28: "☎",
}  # fmt: skip
"""Glyphs of Wingdings as characters; Word prints tick boxes and bullets with them."""

ODD = re.compile("[\ue000-\uf8ff\ufffd\ufffe\x00-\x08\x0e-\x1f]|\\(cid:")
INVISIBLE_MODES = frozenset({3, 7})  # neither filled nor stroked; clipping only (ISO 32000-1, table 106)
MOST_OBJECTS = 60_000
"""Objects of a page that are looked at for lines and shading; a page of more is a drawing."""

FAINTEST = 13
"""Of 255: type that is less opaque than a twentieth is seen by nobody."""
UPRIGHT, SMALLEST = 0.99, 4.0
"""Letters are looked at that run within eight degrees of the page as shown (the cosine), in type of at least so many points."""

AS_SEEN = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-", "❏": "☐", "❐": "☐", "❑": "☐", "❒": "☐", "✗": "☒", "✘": "☒"})
"""The marks of hyphens, and the boxes of ZapfDingbats, as the characters a reader takes them for."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the words of one text object look like."""

    bold: bool
    mono: bool
    symbols: bool
    mode: int
    tint: Tint
    clear: bool
    order: int
    font: int = 0


def page_ink(source: Any, index: int, parts: Parts, watch: Watch | None = None) -> PageInk:
    """The ink of page `index` (from 0) of an open pdfium document, with what its form was filled in with.

    Given a `watch`, its letters are held against how they are drawn.
    """
    page = source[index]
    if watch is not None:
        watch.turn()
    try:
        if index in parts.drawn:
            page = _flattened(source, page, index)
        place = _placement(page)
        width, height = page.get_size()
        ink = PageInk(index + 1, width, height)
        shapes = _Shapes(ink, place, parts.off_layers)
        shapes.collect(page)
        _Words(page, ink, place, shapes, watch).collect()
        for widget in parts.widgets.get(index, ()):
            _fill_in(ink, widget, place)
        return ink
    finally:
        page.close()


def _flattened(source: Any, page: Any, index: int) -> Any:
    """The page with its annotations and form fields drawn into it as they are seen."""
    if source.formenv is None:
        source.init_forms()
    if c.FPDFPage_Flatten(page.raw, c.FLAT_NORMALDISPLAY) != c.FLATTEN_SUCCESS:
        return page
    page.close()
    return source[index]


def _fill_in(ink: PageInk, widget: Widget, place: Callable[[float, float], Point]) -> None:
    """Puts a form field's answer where it stands: a tick box as such, and words that the file did not draw itself."""
    x0, y0, x1, y1 = widget.rect
    corners = [place(x, y) for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))]
    box = Box(min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners))
    inside = [token for token in ink.tokens if _holds(box, *token.middle)]
    if widget.on is not None:
        gone = {id(token) for token in inside}
        ink.tokens = [token for token in ink.tokens if id(token) not in gone]
        ink.tokens.append(_typed("☒" if widget.on else "☐", box, 0.0, 1.0, box.bottom))
    elif widget.value and not inside:
        _type_out(ink, widget.value, box)


def _type_out(ink: PageInk, value: str, box: Box) -> None:
    lines = [line.split() for line in value.splitlines() if line.strip()]
    high = min(14.0, (box.bottom - box.top) / max(1, len(lines)))
    for number, words in enumerate(lines):
        total = sum(len(word) + 1 for word in words)
        at = 0
        for word in words:
            ink.tokens.append(_typed(word, box, at / total, (at + len(word)) / total, box.top + (number + 1) * high))
            at += len(word) + 1


def _typed(text: str, box: Box, start: float, end: float, bottom: float) -> Token:
    wide = box.x1 - box.x0
    top = max(box.top, bottom - 14.0)
    return Token(text, box.x0 + start * wide, top, box.x0 + end * wide, bottom, bottom - 0.2 * (bottom - top), min(11.0, bottom - top))


def _placement(page: Any) -> Callable[[float, float], Point]:
    """From the page's own coordinates to points from the top left as shown."""
    left, bottom, right, top = page.get_cropbox()
    media = page.get_mediabox()
    left, bottom, right, top = max(left, media[0]), max(bottom, media[1]), min(right, media[2]), min(top, media[3])
    turns: dict[int, Callable[[float, float], Point]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns[page.get_rotation() % 360]


class _Shapes:
    """Walks the page's objects once: their order, lines, shading and pictures."""

    def __init__(self, ink: PageInk, place: Callable[[float, float], Point], off_layers: frozenset[str]) -> None:
        self._ink = ink
        self._place = place
        self._off = off_layers
        self._count = 0
        self.order: dict[int, int] = {}
        self.pictures: dict[int, Any] = {}
        self.switched_off: set[int] = set()

    def collect(self, page: Any) -> None:
        for index in range(min(c.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
            self._take(c.FPDFPage_GetObject(page.raw, index), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0, veiled=False)

    def _take(self, thing: Any, outer: tuple[float, ...], depth: int, *, veiled: bool) -> None:
        self._count += 1
        kind = c.FPDFPageObj_GetType(thing)
        if self._off and self._is_off(thing):
            self.switched_off.add(ctypes.addressof(thing.contents))
        if kind == c.FPDF_PAGEOBJ_TEXT:
            self.order[ctypes.addressof(thing.contents)] = self._count
        elif kind == c.FPDF_PAGEOBJ_PATH:
            self._path(thing, outer, veiled=veiled)
        elif kind == c.FPDF_PAGEOBJ_IMAGE:
            self.pictures[self._count] = thing
            self._ink.pictures.append(Area(self._bounds(thing, outer), self._count, solid=not veiled and not pdfcover.is_veil(thing)))
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < 12 and self._count < MOST_OBJECTS:
            inner = pdfobjects.times(pdfobjects.matrix(thing), outer)
            veiled = veiled or pdfcover.is_veil(thing)
            for index in range(min(c.FPDFFormObj_CountObjects(thing), MOST_OBJECTS)):
                self._take(c.FPDFFormObj_GetObject(thing, index), inner, depth + 1, veiled=veiled)

    def _is_off(self, thing: Any) -> bool:
        return any(name in self._off for name in pdfobjects.layer_names(thing))

    def _bounds(self, thing: Any, outer: tuple[float, ...]) -> Box:
        edges = [ctypes.c_float() for _ in range(4)]
        c.FPDFPageObj_GetBounds(thing, *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        return self._box([(left, bottom), (right, top), (left, top), (right, bottom)], outer)

    def _box(self, corners: list[Point], outer: tuple[float, ...]) -> Box:
        shown = [self._place(*pdfobjects.applied(outer, *corner)) for corner in corners]
        return Box(min(x for x, _ in shown), min(y for _, y in shown), max(x for x, _ in shown), max(y for _, y in shown))

    def _path(self, thing: Any, outer: tuple[float, ...], *, veiled: bool) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(thing, fill, stroke)
        if not (fill.value or stroke.value):
            return
        self._ink.drawings += 1
        whole = self._bounds(thing, outer)
        if fill.value and _large(whole):
            tint = pdfobjects.tint(thing)
            self._ink.fills.append(Area(whole, self._count, min(tint) / 255, tint, solid=not veiled and pdfcover.is_plain(thing)))
        if not _thin(whole) and (not stroke.value or c.FPDFPath_CountSegments(thing) > 400):
            return  # shading, or a drawing; neither rules a table
        for start, end in self._strokes(thing, outer, whole):
            self._rule(start, end)

    def _strokes(self, thing: Any, outer: tuple[float, ...], whole: Box) -> Iterator[tuple[Point, Point]]:
        if _thin(whole):  # a line drawn as a narrow rectangle, as Word does
            yield (whole.x0, whole.top), (whole.x1, whole.bottom)
            return
        matrix = pdfobjects.times(pdfobjects.matrix(thing), outer)
        x, y = ctypes.c_float(), ctypes.c_float()
        first: Point | None = None
        last: Point | None = None
        for index in range(c.FPDFPath_CountSegments(thing)):
            segment = c.FPDFPath_GetPathSegment(thing, index)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            here = self._place(*pdfobjects.applied(matrix, x.value, y.value))
            kind = c.FPDFPathSegment_GetType(segment)
            if kind == c.FPDF_SEGMENT_MOVETO:
                first = here
            elif kind == c.FPDF_SEGMENT_LINETO and last is not None:
                yield last, here
            last = here
            if c.FPDFPathSegment_GetClose(segment) and first is not None:
                yield here, first

    def _rule(self, start: Point, end: Point) -> None:
        wide, high = abs(end[0] - start[0]), abs(end[1] - start[1])
        if high <= 2.5 and wide >= 6:
            self._ink.across.append(Rule((start[1] + end[1]) / 2, min(start[0], end[0]), max(start[0], end[0])))
        elif wide <= 2.5 and high >= 4:
            self._ink.down.append(Rule((start[0] + end[0]) / 2, min(start[1], end[1]), max(start[1], end[1])))


class _Words:
    """Cuts the page's text into words and asks pdfium where each one is and what it looks like."""

    def __init__(
        self, page: Any, ink: PageInk, place: Callable[[float, float], Point], shapes: _Shapes, watch: Watch | None = None
    ) -> None:
        self._page = page
        self._ink = ink
        self._place = place
        self._shapes = shapes
        self._watch = watch
        self._cover = pdfcover.Cover(page, ink, shapes.pictures)
        self._looks: list[tuple[Token, Look]] = []
        self._text_page = page.get_textpage()
        self._styles: dict[int, Style] = {}
        self._fonts: dict[int, tuple[bool, bool, bool]] = {}
        self._rect = c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def collect(self) -> None:
        text = self._text()
        seen: list[str] = []
        for match in PIECE.finditer(text):
            token, style = self._token(match.group().translate(AS_SEEN), match.start(), match.end())
            seen.append(token.text)
            token.glued = match.start() > 0 and not text[match.start() - 1].isspace()
            why = self._hiding(token, style)
            if why is None:
                self._ink.tokens.append(token)
                if self._watch is not None and not style.symbols:
                    self._letters(token, match.group(), match.start(), self._watch)
            else:
                self._ink.hidden.append((why, token.text))
        letters = "".join(seen)
        self._ink.garbled = len(ODD.findall(letters)) / len(letters) if letters else 0.0
        if self._watch is not None:
            wrong = self._watch.see(self._page, [look for _, look in self._looks])
            self._ink.suspects = [(token, look.glyph) for (token, look), one in zip(self._looks, wrong, strict=True) if one]
        self._text_page.close()

    def _letters(self, token: Token, text: str, start: int, watch: Watch) -> None:
        """Notes the glyphs of a word, and those of them that must be looked at."""
        whole = self._same_object(start, start + len(text) - 1)
        font = self._style(start).font
        for index, letter in enumerate(text, start):
            glyph = (font if whole else self._style(index).font, letter)
            self._ink.glyphs.add(glyph)
            if len(self._looks) < MOST_LOOKS and watch.wants(glyph) and (look := self._look(glyph, index)) is not None:
                self._looks.append((token, look))

    def _same_object(self, first: int, last: int) -> bool:
        one, other = (c.FPDFText_GetTextObject(self._text_page.raw, index) for index in (first, last))
        return bool(one and other) and ctypes.addressof(one.contents) == ctypes.addressof(other.contents)

    def _look(self, glyph: Glyph, index: int) -> Look | None:
        """Where the glyph stands, if it stands upright on the page as shown."""
        raw = self._text_page.raw
        edges = [ctypes.c_double() for _ in range(4)]
        if not c.FPDFText_GetCharBox(raw, index, *edges):
            return None
        c.FPDFText_GetCharOrigin(raw, index, self._x, self._y)
        angle, (x, y) = c.FPDFText_GetCharAngle(raw, index), (self._x.value, self._y.value)
        at, ahead = self._place(x, y), self._place(x + math.cos(angle), y + math.sin(angle))
        if ahead[0] - at[0] < UPRIGHT:
            return None
        left, right, bottom, top = (edge.value for edge in edges)
        (x0, y0), (x1, y1) = self._place(left, bottom), self._place(right, top)
        size = c.FPDFText_GetFontSize(raw, index) * self._stretch(index)
        return Look(glyph, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), at[1], size) if size > SMALLEST else None

    def _stretch(self, index: int) -> float:
        """By how much the text matrix enlarges the type."""
        matrix = c.FS_MATRIX()
        c.FPDFText_GetMatrix(self._text_page.raw, index, matrix)
        return math.hypot(matrix.c, matrix.d)

    def _text(self) -> str:
        count = self._text_page.count_chars()
        text: str = self._text_page.get_text_range() if count else ""
        if len(text) != count:  # characters outside the basic plane: ask one by one, so that indices agree
            raw = self._text_page.raw
            text = "".join(pdfobjects.character(c.FPDFText_GetUnicode(raw, index)) for index in range(count))
        return text

    def _token(self, text: str, start: int, end: int) -> tuple[Token, Style]:
        raw = self._text_page.raw
        style = self._style(start)
        left, top, right, bottom = self._corners(start)
        if end - start > 1:
            other = self._corners(end - 1)
            left, top, right, bottom = min(left, other[0]), min(top, other[1]), max(right, other[2]), max(bottom, other[3])
        c.FPDFText_GetCharOrigin(raw, start, self._x, self._y)
        base = self._place(self._x.value, self._y.value)[1]
        size = c.FPDFText_GetFontSize(raw, start)
        if style.symbols:
            text = "".join(WINGDINGS.get(ord(character) & 0xFF, character) for character in text)
        high = bottom - top
        if not size or size > 3 * high or size < high / 3:  # scaled by the text matrix: judge by the height of the box
            size = high * 0.85
        return Token(text, left, top, right, bottom, base, size, style.bold, style.mono, order=style.order), style

    def _corners(self, index: int) -> tuple[float, float, float, float]:
        rect = self._rect
        c.FPDFText_GetLooseCharBox(self._text_page.raw, index, rect)
        (x0, y0), (x1, y1) = self._place(rect.left, rect.bottom), self._place(rect.right, rect.top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _style(self, index: int) -> Style:
        thing = c.FPDFText_GetTextObject(self._text_page.raw, index)
        if not thing:
            return Style(bold=False, mono=False, symbols=False, mode=0, tint=(0, 0, 0), clear=False, order=0)
        address = ctypes.addressof(thing.contents)
        if address not in self._styles:
            bold, mono, symbols = self._font(c.FPDFTextObj_GetFont(thing))
            mode = c.FPDFTextObj_GetTextRenderMode(thing)
            tint, alpha = pdfobjects.tint(thing), pdfobjects.alpha(thing)
            order = self._shapes.order.get(address, 0)
            font = c.FPDFTextObj_GetFont(thing)
            shown = -1 if address in self._shapes.switched_off else mode
            known = ctypes.addressof(font.contents) if font else 0
            self._styles[address] = Style(bold or mode == 2, mono, symbols, shown, tint, alpha < FAINTEST, order, known)
        return self._styles[address]

    def _font(self, font: Any) -> tuple[bool, bool, bool]:
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._fonts:
            self._fonts[address] = pdfobjects.font_traits(font) if font else (False, False, False)
        return self._fonts[address]

    def _hiding(self, token: Token, style: Style) -> LayerKind | None:
        """Why nobody sees the word, or None where it is seen."""
        if style.mode == -1:
            return LayerKind.OPTIONAL_CONTENT
        if style.mode in INVISIBLE_MODES:
            return LayerKind.OCR_LAYER if self._ink.pictured > 0.5 else LayerKind.INVISIBLE_TEXT
        x, y = token.middle
        outside = not (0 <= x <= self._ink.width and 0 <= y <= self._ink.height)
        unseen = outside or style.clear or token.bottom - token.top < 1.5 or self._cover.hides(token, style.mode, style.tint)
        return LayerKind.INVISIBLE_TEXT if unseen else None


def _large(box: Box) -> bool:
    return box.x1 - box.x0 > 4 and box.bottom - box.top > 4


def _thin(box: Box) -> bool:
    return min(box.x1 - box.x0, box.bottom - box.top) <= 2.5


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def open_document(content: bytes, password: str | None = None) -> Any:
    """The PDF opened by pdfium.

    Raises:
        PdfiumError: pdfium's own, with its error code.
    """
    return pdfium.PdfDocument(content, password=password)
