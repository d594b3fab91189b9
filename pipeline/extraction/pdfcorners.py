"""Looks into corners of a PDF where words can lie that no page shows, and for words that are drawn in ways no reader of text follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from pipeline.domain.documents import LayerKind
from pipeline.extraction import pdfremarks
from pipeline.extraction.builder import DocumentBuilder

_MOST = 2_000
"""So many values of one program's private data are looked at."""
_MACHINE_NAME = re.compile(
    r"(?:_|toc|ref|hlk|g\d|p\d|h\.|ole_link|bookmark\d|(?:sub)*section|chapter|appendix|part|page|figure|table|item|equation|cite|h?footnote|"
    r"doc-start|title|top$|xx?\d|heading|anchor|note|line|theorem|algorithm|lot|lof|index)[\w.:*-]*",
    re.IGNORECASE,
)
"""Names of places that word processors and typesetters give by themselves."""
_DRAWS_TEXT = re.compile(rb"T[jJ]\b|\)\s*['\"]")


def look(pdf: Any, content: bytes, builder: DocumentBuilder) -> None:
    """Tells the builder of words in page labels, names of places, private data, thumbnails, choices, remarks, around the file proper."""
    builder.hide(LayerKind.OTHER, "\n".join(_page_labels(pdf.Root.get("/PageLabels"), 0)), "page labels")
    places = (name for name in _places(pdf.Root) if not _MACHINE_NAME.fullmatch(name))
    builder.hide(LayerKind.BOOKMARK, "\n".join(places), "names of places")
    for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
        if "/PieceInfo" in holder:
            builder.hide(LayerKind.PROPERTIES, "\n".join(_strings(holder.PieceInfo)), "private data of a program")
    if any("/Thumb" in page.obj for page in pdf.pages):
        builder.hide(LayerKind.THUMBNAIL, "thumbnail", "a page")
    builder.hide(LayerKind.OTHER, _around(content), "before or after the file proper")
    pdfremarks.look(pdf, builder)
    builder.hide(LayerKind.CHOICES, "\n".join(_offered(pdf)), "choices of a form")


def unread(pdf: Any) -> Iterator[int]:
    """The pages (from 0) that draw text by a pattern or through a soft mask: it is seen, and no reader of text gives it."""
    for number, page in enumerate(pdf.pages):
        if any(_draws_text(each, 0) for each in _drawn_aside(page.obj.get("/Resources"), 0)):
            yield number


def layered(pdf: Any, off: frozenset[tuple[int, int]]) -> Iterator[int]:
    """The pages (from 0) with parts that are shown by a rule over layers of which one is off, or that are a layer's as a whole.

    Only the pixels tell which of their words are seen.
    """
    for number, page in enumerate(pdf.pages):
        if any(_depends_on(one, off) for one in _conditions(page.obj.get("/Resources"), 0)):
            yield number


def _conditions(resources: Any, depth: int) -> Iterator[Any]:
    """What the parts of a page depend on: rules over layers that its code names, and the layer or rule of each form and picture."""
    if not isinstance(resources, pikepdf.Dictionary) or depth > 8:
        return
    yield from (one for one in _of(resources, "/Properties") if isinstance(one, pikepdf.Dictionary) and "/OCGs" in one)
    for drawn in _of(resources, "/XObject"):
        if "/OC" in drawn:
            yield drawn.OC
        yield from _conditions(drawn.get("/Resources"), depth + 1)


def _depends_on(condition: Any, off: frozenset[tuple[int, int]]) -> bool:
    groups = condition.get("/OCGs", condition)
    return any(group.objgen in off for group in (groups if isinstance(groups, pikepdf.Array) else [groups]))


def _offered(pdf: Any) -> Iterator[str]:
    """What the lists of a form offer, shown or meant by it, and what its fields hold before they are filled in."""
    for page in pdf.pages:
        for field in page.obj.get("/Annots", []):
            for holder in (field, field.get("/Parent")) if isinstance(field, pikepdf.Dictionary) else ():
                for key in ("/Opt", "/DV"):
                    yield from _strings(holder.get(key) if isinstance(holder, pikepdf.Dictionary) else None)


def _page_labels(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, pikepdf.Dictionary) or depth > 20:
        return
    for entry in node.get("/Nums", []):
        if isinstance(entry, pikepdf.Dictionary) and "/P" in entry:
            yield str(entry.P)
    for kid in node.get("/Kids", []):
        yield from _page_labels(kid, depth + 1)


def _places(root: Any) -> Iterator[str]:
    old = root.get("/Dests")
    if isinstance(old, pikepdf.Dictionary):
        yield from (str(key).removeprefix("/") for key in old.keys())  # noqa: SIM118 - a pikepdf dictionary is not iterable by itself
    names = root.get("/Names")
    yield from _names(names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None, 0)


def _names(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, pikepdf.Dictionary) or depth > 20:
        return
    yield from (str(name) for name in list(node.get("/Names", []))[::2])
    for kid in node.get("/Kids", []):
        yield from _names(kid, depth + 1)


def _strings(value: Any) -> Iterator[str]:
    """Every string in a value, no more than `_MOST` values deep and wide."""
    waiting, left = [value], _MOST
    while waiting and left:
        one, left = waiting.pop(), left - 1
        if isinstance(one, pikepdf.Stream):
            yield one.read_bytes().decode("latin-1")
        elif isinstance(one, pikepdf.Dictionary):
            waiting += one.as_dict().values()
        elif isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.String) and not str(one).startswith("D:"):
            yield str(one)


def _around(content: bytes) -> str:
    """What stands before the file's first mark and after its last."""
    start, end = max(content.find(b"%PDF-"), 0), content.rfind(b"%%EOF")
    return (content[:start] + b"\n" + (content[end + 5 :] if end >= 0 else b"")).decode("latin-1").replace("\x00", "").strip()


def _drawn_aside(resources: Any, depth: int) -> Iterator[Any]:
    """The streams of patterns and soft masks in these resources and in those of their forms."""
    if not isinstance(resources, pikepdf.Dictionary) or depth > 8:
        return
    yield from _of(resources, "/Pattern")
    for state in _of(resources, "/ExtGState"):
        mask = state.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary) and "/G" in mask:
            yield mask.G
    for form in _of(resources, "/XObject"):
        if form.get("/Subtype") == pikepdf.Name.Form:
            yield from _drawn_aside(form.get("/Resources"), depth + 1)


def _of(resources: Any, group: str) -> list[Any]:
    held = resources.get(group)
    return list(held.as_dict().values()) if isinstance(held, pikepdf.Dictionary) else []


def _draws_text(stream: Any, depth: int) -> bool:
    if not isinstance(stream, pikepdf.Stream) or depth > 8 or stream.get("/Subtype") == pikepdf.Name.Image:
        return False
    if _DRAWS_TEXT.search(stream.read_bytes()):
        return True
    inner = stream.get("/Resources")
    return isinstance(inner, pikepdf.Dictionary) and any(_draws_text(each, depth + 1) for each in _of(inner, "/XObject"))
