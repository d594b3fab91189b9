"""Opens OpenDocument files, and reads their styles and what they hide beside their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.domain.documents import LayerKind, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _pictures as pictures
from pipeline.extraction.readers._colours import Colour, alike, rgb
from pipeline.extraction.readers._css import is_pale
from pipeline.extraction.readers._package import Element, Package, attribute, child, damaged, descendants, local, sealed, words_of
from pipeline.extraction.readers._zip_corners import hide_corners

_MONO = re.compile(r"courier|consolas|mono|fixed", re.IGNORECASE)
_LENGTH = re.compile(r"(-?[\d.]+)(pt|cm|mm|in|px)")
_POINTS = {"pt": 1.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "px": 0.75}
_DULL = frozenset(
    {"generator", "date", "creation-date", "editing-cycles", "editing-duration", "document-statistic", "language", "print-date"}
)
_EMPTY_LIBRARY = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
_TINY = 2.0  # points; nobody reads it on paper


def open_odf(content: bytes, options: ReadOptions) -> Package:
    """An OpenDocument file's parts.

    Raises:
        Unreadable: it is encrypted, damaged or too large.
    """
    package = Package(content, options)
    manifest = package.xml_if_there("META-INF/manifest.xml")
    if manifest is not None and descendants(manifest, "encryption-data"):
        raise sealed()
    if "content.xml" not in package:
        raise damaged()
    return package


def points(length: str) -> float | None:
    """A length in points."""
    match = _LENGTH.fullmatch(length.strip())
    return float(match[1]) * _POINTS[match[2]] if match else None


@dataclass(frozen=True, slots=True)
class Look:
    """How text in a style looks; None where nothing says so."""

    bold: bool | None = None
    hidden: bool | None = None
    size: float | None = None
    mono: bool | None = None
    pale: bool | None = None
    backed: bool | None = None
    colour: Colour | None = None
    ground: Colour | None = None
    break_before: bool = False
    level: int = 0

    def over(self, base: Look) -> Look:
        """This look laid over another; breaks and levels are a style's own or inherited."""
        return Look(
            self.bold if self.bold is not None else base.bold,
            self.hidden if self.hidden is not None else base.hidden,
            self.size if self.size is not None else base.size,
            self.mono if self.mono is not None else base.mono,
            self.pale if self.pale is not None else base.pale,
            self.backed if self.backed is not None else base.backed,
            self.colour if self.colour is not None else base.colour,
            self.ground if self.ground is not None else base.ground,
            self.break_before or base.break_before,
            self.level or base.level,
        )

    @property
    def unseen(self) -> bool:
        """Whether nobody sees it on paper."""
        tiny = self.size is not None and self.size <= _TINY
        return bool(self.hidden) or tiny or (bool(self.pale) and not self.backed) or alike(self.colour, self.ground)


NO_LOOK = Look()


class Styles:
    """The styles of one file, automatic and named."""

    def __init__(self, *roots: Element | None) -> None:
        self._raw: dict[tuple[str, str], Element] = {}
        self._made: dict[tuple[str, str], Look] = {}
        self._bullets: dict[str, bool] = {}
        for root in roots:
            for one in [] if root is None else root.iter():
                if local(one) == "style":
                    self._raw[attribute(one, "family"), attribute(one, "name")] = one
                elif local(one) == "list-style":
                    self._bullets[attribute(one, "name")] = child(one, "list-level-style-number") is None

    def is_bulleted(self, name: str) -> bool:
        """Whether a list style has bullets, not numbers, at its first level."""
        return self._bullets.get(name, True)

    def look(self, family: str, name: str, seen: frozenset[str] = frozenset()) -> Look:
        """A style's look with what it inherits."""
        key = family, name
        raw = self._raw.get(key)
        if raw is None or name in seen:
            return NO_LOOK
        if key not in self._made:
            below = self.look(family, attribute(raw, "parent-style-name"), seen | {name})
            self._made[key] = _own(raw).over(replace(below, break_before=False))
        return self._made[key]

    def shows_table(self, name: str) -> bool:
        """Whether a table style lets its table be seen."""
        raw = self._raw.get(("table", name))
        properties = child(raw, "table-properties")
        return properties is None or attribute(properties, "display") != "false"


def _own(raw: Element) -> Look:
    text, paragraph = child(raw, "text-properties"), child(raw, "paragraph-properties")
    cell = child(raw, "table-cell-properties")
    level = attribute(raw, "default-outline-level")
    named = re.match(r"Heading(?:_20_)?\s*(\d)", attribute(raw, "parent-style-name") or attribute(raw, "name"))
    backs = [attribute(one, "background-color") for one in (text, paragraph, cell) if one is not None]
    return Look(
        bold=_text(text, "font-weight", lambda value: value in {"bold", "600", "700", "800", "900"}) or _underlined(raw, text),
        hidden=_text(text, "display", lambda value: value == "none"),
        size=None if text is None else points(attribute(text, "font-size")),
        mono=_font(text),
        pale=_text(text, "color", is_pale),
        backed=True if any(back not in {"", "transparent"} and not is_pale(back) for back in backs) else None,
        colour=None if text is None else rgb(attribute(text, "color")),
        ground=next((colour for back in backs if (colour := rgb(back))), None),
        break_before=paragraph is not None and attribute(paragraph, "break-before") == "page",
        level=min(int(level), 6) if level.isdigit() else int(named[1]) if named else 0,
    )


def _text(properties: Element | None, name: str, meaning: object) -> bool | None:
    value = "" if properties is None else attribute(properties, name)
    return bool(meaning(value)) if value and callable(meaning) else None


def _underlined(raw: Element, text: Element | None) -> bool | None:
    """Underlined by hand stands out as bold does; the named styles of links do not count."""
    by_hand = (
        text is not None and attribute(text, "text-underline-style") not in {"", "none"} and "link" not in attribute(raw, "name").lower()
    )
    return True if by_hand and "link" not in attribute(raw, "parent-style-name").lower() else None


def _font(properties: Element | None) -> bool | None:
    name = "" if properties is None else attribute(properties, "font-family") or attribute(properties, "font-name")
    return bool(_MONO.search(name)) if name else None


def hide_beside(builder: DocumentBuilder, package: Package, container: Attachment) -> None:
    """Properties, macros, objects, thumbnails, and the corners of the archive."""
    _hide_meta(builder, package)
    hide_corners(builder, package.content, package.archive)
    for name in package.names:
        lower = name.lower()
        if lower.startswith(("basic/", "scripts/")) and not lower.endswith(
            ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
        ):
            builder.note(NoteCode.MACROS, "the file holds macros; they were not run")
            builder.hide(LayerKind.MACRO, package.bytes_of(name).decode("utf-8", "replace"), name)
        elif "thumbnail" in lower:
            builder.hide(LayerKind.THUMBNAIL, "thumbnail", name)
        elif lower.endswith("/content.xml"):
            builder.hide(LayerKind.EMBEDDED_OBJECT, words_of(package.xml(name)), name)
        elif re.fullmatch(r"object \d+", lower):
            _embed_object(builder, package, name, container)
        elif lower.endswith(".rdf") or lower.startswith(("versions/", "versionlist")):
            builder.hide(LayerKind.OTHER, "earlier version" if "version" in lower else "", name)


def _embed_object(builder: DocumentBuilder, package: Package, name: str, container: Attachment) -> None:
    builder.hide(LayerKind.EMBEDDED_OBJECT, f"embedded file {name}", name)
    builder.embed(Attachment(PersonalText(name), package.bytes_of(name), container=container.name))


def _hide_meta(builder: DocumentBuilder, package: Package) -> None:
    root = package.xml_if_there("meta.xml")
    meta = None if root is None else child(root, "meta")
    for one in [] if meta is None else meta:
        label = local(one)
        value = words_of(one) or attribute(one, "title")
        if label not in _DULL and value:
            text = f"{attribute(one, 'name')}: {value}" if label == "user-defined" else value
            builder.hide(LayerKind.PROPERTIES, text, f"meta.xml:{label}")


def embed_picture(builder: DocumentBuilder, package: Package, container: Attachment, frame: Element, image: Element) -> None:
    """A picture becomes a document of its own."""
    target = attribute(image, "href").removeprefix("./")
    if target not in package:
        if target:
            builder.note(NoteCode.EXTERNAL_LINK, "a picture of the file is kept elsewhere")
            builder.hide(LayerKind.LINK_TARGET, target, "content.xml")
        return
    width, height = points(attribute(frame, "width")), points(attribute(frame, "height"))
    content = package.bytes_of(target)
    picture = Attachment(PersonalText(target.rpartition("/")[2]), content, container=container.name)
    pictures.embed(builder, picture, (width, height) if width and height else None)
