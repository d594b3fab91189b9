"""What a Word file's styles and numbering say: headings, bold, hidden text, sizes, bullets and numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from pipeline.extraction.readers._package import Element, Package, attribute, child, descendants, local

_MONO = re.compile(r"courier|consolas|mono|fixedsys|lucida console|terminal", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|überschrift)\s*(\d)", re.IGNORECASE)
_OFF = {"0", "false", "off", "none"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks; None where nothing says so."""

    bold: bool | None = None
    hidden: bool | None = None
    size: float | None = None
    font: str | None = None
    colour: str | None = None
    backing: str | None = None

    def over(self, base: Look) -> Look:
        """This look laid over another: what it leaves open comes from below."""
        return replace(base, **{name: value for name in self.__slots__ if (value := getattr(self, name)) is not None})

    @property
    def mono(self) -> bool:
        """Whether it is set in a typewriter face."""
        return bool(self.font and _MONO.search(self.font))


NO_LOOK = Look()
"""Says nothing."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it inherits."""

    name: str = ""
    look: Look = NO_LOOK
    level: int = 0
    list_id: str = ""
    list_depth: int = 0


def flag(properties: Element | None, name: str) -> bool | None:
    """An on-off property: on, off, or not given."""
    found = child(properties, name)
    return None if found is None else attribute(found, "val", "true").lower() not in _OFF


def look_of(properties: Element | None) -> Look:
    """The look that run properties give."""
    if properties is None:
        return Look()
    size, font, colour = child(properties, "sz"), child(properties, "rFonts"), child(properties, "color")
    return Look(
        bold=flag(properties, "b"),
        hidden=flag(properties, "vanish"),
        size=_half_points(size),
        font=None if font is None else attribute(font, "ascii") or attribute(font, "hAnsi") or None,
        colour=None if colour is None else attribute(colour, "val").upper() or None,
        backing=backing_of(properties),
    )


def backing_of(properties: Element | None) -> str | None:
    """The colour behind text: `highlight` or shading, None where nothing is said."""
    mark = child(properties, "highlight")
    if mark is not None and attribute(mark, "val").lower() not in {"none", "white"}:
        return attribute(mark, "val").lower()
    shade = child(properties, "shd")
    fill = "" if shade is None else attribute(shade, "fill").upper()
    return fill if fill not in {"", "AUTO", "FFFFFF"} else None


def underlined(properties: Element | None) -> bool:
    """Whether run properties underline the text."""
    line = child(properties, "u")
    return line is not None and attribute(line, "val", "single").lower() != "none" and child(properties, "rStyle") is None


def _half_points(size: Element | None) -> float | None:
    try:
        return None if size is None else float(attribute(size, "val")) / 2
    except ValueError:
        return None


class Styles:
    """The styles of one file."""

    def __init__(self, package: Package, part: str) -> None:
        root = package.xml_if_there(part)
        self._raw: dict[str, Element] = {}
        self._default = Look()
        self._made: dict[str, Style] = {}
        self.paragraph_default = ""
        if root is not None:
            self._fill(root)

    def _fill(self, root: Element) -> None:
        for one in root:
            if local(one) == "style":
                self._raw[attribute(one, "styleId")] = one
                if attribute(one, "type") == "paragraph" and attribute(one, "default") in {"1", "true"}:
                    self.paragraph_default = attribute(one, "styleId")
        defaults = child(child(root, "docDefaults"), "rPrDefault")
        self._default = look_of(child(defaults, "rPr"))

    def get(self, style_id: str, seen: frozenset[str] = frozenset()) -> Style:
        """A style with all it inherits; unknown ids give the document's defaults."""
        if style_id in self._made:
            return self._made[style_id]
        raw = self._raw.get(style_id)
        if raw is None or style_id in seen:
            return Style(look=self._default)
        based = child(raw, "basedOn")
        below = self.get(attribute(based, "val"), seen | {style_id}) if based is not None else Style(look=self._default)
        self._made[style_id] = made = _own(raw, below)
        return made

    def own_look(self, style_id: str, seen: frozenset[str] = frozenset()) -> Look:
        """What a character style and those below it say, without the document's defaults."""
        raw = self._raw.get(style_id)
        if raw is None or style_id in seen:
            return Look()
        based = child(raw, "basedOn")
        below = self.own_look(attribute(based, "val"), seen | {style_id}) if based is not None else Look()
        return look_of(child(raw, "rPr")).over(below)

    def colours_rows(self, style_id: str) -> bool:
        """Whether a table style puts a colour behind text anywhere, or is not known."""
        raw = self._raw.get(style_id)
        return raw is None or any(attribute(one, "fill").upper() not in {"", "AUTO", "FFFFFF"} for one in descendants(raw, "shd"))


def _own(raw: Element, below: Style) -> Style:
    named = child(raw, "name")
    name = "" if named is None else attribute(named, "val")
    properties = child(raw, "pPr")
    style = replace(below, name=name, look=look_of(child(raw, "rPr")).over(below.look))
    level = _level(name, properties)
    list_id, depth = numbering_of(properties)
    return replace(
        style, level=below.level if level is None else level, list_id=list_id or below.list_id, list_depth=depth or below.list_depth
    )


def _level(name: str, properties: Element | None) -> int | None:
    heading = _HEADING.match(name)
    if heading:
        return min(int(heading[1]) or 1, 6)
    if name.lower() in {"title", "subtitle"}:
        return 1
    return outline_level(properties)


def outline_level(properties: Element | None) -> int | None:
    """The outline level that paragraph properties give: 1 to 6, 0 for running text, None where nothing is said."""
    outline = child(properties, "outlineLvl")
    if outline is None or not attribute(outline, "val").isdigit():
        return None
    value = int(attribute(outline, "val"))
    return 0 if value >= 9 else min(value + 1, 6)


def numbering_of(properties: Element | None) -> tuple[str, int]:
    """The list a paragraph belongs to, and its depth there; `("", 0)` where nothing is said."""
    number = child(properties, "numPr")
    given, depth = child(number, "numId"), child(number, "ilvl")
    deep = "" if depth is None else attribute(depth, "val")
    return ("" if given is None else attribute(given, "val")), (int(deep) if deep.isdigit() else 0)


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """The bullets and running numbers of one file, as printed."""

    def __init__(self, package: Package, part: str) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._count: defaultdict[str, dict[int, int]] = defaultdict(dict)
        root = package.xml_if_there(part)
        if root is not None:
            self._fill(root)

    def _fill(self, root: Element) -> None:
        for abstract in descendants(root, "abstractNum"):
            self._levels[attribute(abstract, "abstractNumId")] = {
                int(attribute(one, "ilvl")): _level_of(one) for one in abstract if local(one) == "lvl" and attribute(one, "ilvl").isdigit()
            }
        for number in descendants(root, "num"):
            target = child(number, "abstractNumId")
            if target is not None:
                self._abstract[attribute(number, "numId")] = attribute(target, "val")

    def marker(self, list_id: str, depth: int) -> str:
        """The next bullet or number of a list, as printed; empty where the list has none."""
        if list_id in {"", "0"}:
            return ""
        abstract = self._abstract.get(list_id, list_id)
        levels = self._levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return "•"
        if level.form in {"bullet", "none"}:
            return "•" if level.form == "bullet" else ""
        counts = self._count[abstract]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._number(levels, counts, int(match[1]) - 1), level.text)

    @staticmethod
    def _number(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        return as_printed(counts.get(depth, level.start if level else 1), level.form if level else "decimal")


def _level_of(one: Element) -> _Level:
    form, text, start = child(one, "numFmt"), child(one, "lvlText"), child(one, "start")
    first = "" if start is None else attribute(start, "val")
    return _Level(
        "decimal" if form is None else attribute(form, "val"),
        "" if text is None else attribute(text, "val"),
        int(first) if first.isdigit() else 1,
    )


def as_printed(value: int, form: str) -> str:
    """A list number in one of Word's forms."""
    if form in {"lowerLetter", "upperLetter"} and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < value < 40:
        roman = _roman(value)
        return roman.upper() if form == "upperRoman" else roman
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _roman(value: int) -> str:
    for worth, letters in _ROMAN:
        if value >= worth:
            return letters + _roman(value - worth)
    return ""
