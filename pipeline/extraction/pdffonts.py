"""Looks through a PDF's fonts and texts for what can make programs read other letters than people see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

MOST_FONTS, MOST_FORMS = 2_000, 5_000
"""Fonts and forms of a file that are looked through; a document of 400 pages has a tenth of that."""
SINGLE = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>")
RANGE = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])")
HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
SPOKEN = re.compile(rb"/ActualText\s*(<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()])*\))", re.DOTALL)
LETTERS = frozenset(range(0x30, 0x3A)) | frozenset(range(0x41, 0x5B)) | frozenset(range(0x61, 0x7B))
"""Digits and letters as Unicode numbers them."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """What a file's fonts and texts make possible.

    Attributes:
        own: whether a font brings its own outlines, or its own table of what they mean; else programs read what every viewer draws.
        twofold: letters that one font has two glyphs for, by its table.
        namesakes: whether two fonts go by one name.
        spoken: pages (from 0) with words that are to be read in place of what is drawn there (ActualText).
    """

    own: bool = False
    twofold: frozenset[str] = frozenset()
    namesakes: bool = False
    spoken: frozenset[int] = frozenset()


def lettering(pdf: Any) -> Lettering:
    """Looks through every page and what it draws."""
    names: Counter[str] = Counter()
    twofold: set[str] = set()
    own = False
    walk = _Walk()
    spoken = frozenset(number for number, page in enumerate(pdf.pages) if walk.page(page))
    for font in walk.fonts:
        names[str(font.get("/BaseFont", ""))] += 1
        own = own or _brings_its_own(font)
        twofold |= _twofold(font.get("/ToUnicode"))
    return Lettering(own, frozenset(twofold), any(count > 1 for count in names.values()), spoken)


class _Walk:
    """Gathers the fonts of a file, each once."""

    def __init__(self) -> None:
        self.fonts: list[Any] = []
        self._seen: set[tuple[int, int]] = set()

    def page(self, page: Any) -> bool:
        """Takes a page's fonts; whether words are put over what is drawn on it."""
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        said = any(_speaks(stream) for stream in streams if isinstance(stream, pikepdf.Stream))
        listed: Any = page.obj.get("/Annots", [])
        annotations: list[Any] = [one["/AP"].get("/N") for one in listed if isinstance(one, pikepdf.Dictionary) and "/AP" in one]
        drawn = [page.resources, *(one.get("/Resources") for one in annotations if isinstance(one, pikepdf.Stream))]
        for resources in drawn:
            said = self._resources(resources) or said
        return said

    def _resources(self, resources: Any) -> bool:
        said = False
        waiting = [resources]
        while waiting and len(self._seen) < MOST_FORMS:
            held = waiting.pop()
            if not isinstance(held, pikepdf.Dictionary):
                continue
            for font in _values(held.get("/Font")):
                if self._new(font) and len(self.fonts) < MOST_FONTS:
                    self.fonts.append(font)
            for form in _values(held.get("/XObject")):
                if isinstance(form, pikepdf.Stream) and str(form.get("/Subtype")) == "/Form" and self._new(form):
                    said = said or _speaks(form)
                    waiting.append(form.get("/Resources"))
        return said

    def _new(self, thing: Any) -> bool:
        if not thing.is_indirect:
            return True
        if thing.objgen in self._seen:
            return False
        self._seen.add(thing.objgen)
        return True


def _values(dictionary: Any) -> Iterator[Any]:
    if isinstance(dictionary, pikepdf.Dictionary):
        yield from (value for _, value in dictionary.items() if isinstance(value, pikepdf.Dictionary | pikepdf.Stream))


def _brings_its_own(font: Any) -> bool:
    described = [font, *font.get("/DescendantFonts", [])]
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    embedded = any(files & set(one.get("/FontDescriptor", {}).keys()) for one in described)
    return embedded or "/ToUnicode" in font or str(font.get("/Subtype")) == "/Type3"


def _twofold(table: Any) -> set[str]:
    """Letters that a font's table gives to more than one of its glyphs."""
    if not isinstance(table, pikepdf.Stream):
        return set()
    given: Counter[int] = Counter()
    code = table.read_bytes()
    for part in SINGLE.findall(code):
        given.update(_number(meant) for _, meant in PAIR.findall(part))
    for part in RANGES.findall(code):
        for first, last, start, each in RANGE.findall(part):
            if each:
                given.update(_number(meant) for meant in HEX.findall(each))
                continue
            begin, many = _number(start), _number(last) - _number(first)
            given.update(letter for letter in LETTERS if begin <= letter <= begin + many)
    return {chr(number) for number, count in given.items() if count > 1 and number in LETTERS}


def _number(digits: bytes) -> int:
    """A number in hexadecimal digits; -1 for none, or for more than one character."""
    plain = b"".join(digits.split())
    return int(plain, 16) if 0 < len(plain) <= 8 else -1


def _speaks(stream: Any) -> bool:
    """Whether a content stream puts letters over what it draws; hyphens and spaces are put by every word processor."""
    code = stream.read_bytes()
    if b"ActualText" not in code:
        return False
    said = [str(pikepdf.Object.parse(one)) for one in SPOKEN.findall(code)]
    return len(said) < code.count(b"/ActualText") or any(letter.isalnum() for words in said for letter in words)
