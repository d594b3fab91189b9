"""Looks into a PDF's structure with pikepdf: what the file holds besides its pages, and what a form in it was filled in with.

Everything found goes to the document as a layer, a note or an embedded file. A part that cannot be followed is itself noted, so that
nothing counts as looked at that was not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from pipeline.domain.documents import LayerKind, NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.text import PersonalText
from pipeline.extraction import pdfcorners
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.pdffonts import Lettering, lettering

MOST_NODES = 20_000
"""How many nodes of an outline, form or structure tree are followed; a document of 400 pages has fewer."""
MACHINE_KEYS = frozenset({"/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", "/PTEX.Fullbanner", "/SourceModified"})
MACHINE_XMP = re.compile(
    r"(?:date|time|id|uuid|producer|tool|version|format|conformance|part|trapped|when|agent|action|changed|amd|corr|schema|prefix|namespaceURI)$",
    re.IGNORECASE,
)
"""Properties a program writes about itself and its times, not about people."""
HIDDEN_FLAGS = 0b10_0010
"""Hidden, and not shown on the screen (ISO 32000-1, table 165)."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A field of a form on a page; `rect` in the page's own coordinates; `on` only for tick boxes and radio buttons."""

    rect: tuple[float, float, float, float]
    value: str
    on: bool | None = None


@dataclass(slots=True)
class Parts:
    """What later steps need of the structure.

    Attributes:
        widgets: for each page (from 0), its form fields.
        drawn: pages (from 0) with annotations that are part of what is seen.
        off_layers: names of optional content that is switched off.
        risky: whether something in the file makes its text worth a second look.
        lettering: what its fonts make possible.
        unread: pages (from 0) that draw text in ways no reader of text follows.
    """

    widgets: dict[int, list[Widget]] = field(default_factory=dict)
    drawn: set[int] = field(default_factory=set)
    off_layers: frozenset[str] = frozenset()
    risky: bool = False
    lettering: Lettering = field(default_factory=Lettering)
    unread: frozenset[int] = frozenset()


def explore(attachment: Attachment, builder: DocumentBuilder, options: ReadOptions) -> Parts:
    """Looks through the whole structure and tells the builder of it.

    Raises:
        Unreadable: it is locked, or so damaged that its structure cannot be rebuilt.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(attachment.content), password=options.password or "")
    except pikepdf.PasswordError:
        told = "it is locked with a password" if options.password is None else "it is locked, and the password given does not open it"
        raise Unreadable(UnreadableReason.ENCRYPTED, told) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError):
        raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: its structure cannot be read") from None
    with pdf:
        explorer = _Explorer(pdf, attachment, builder, options)
        explorer.all()
        return explorer.parts


class _Explorer:
    """One walk through one file."""

    def __init__(self, pdf: Any, attachment: Attachment, builder: DocumentBuilder, options: ReadOptions) -> None:
        self._pdf = pdf
        self._attachment = attachment
        self._builder = builder
        self._options = options
        self._unpacked = 0
        self._taken: set[tuple[int, int]] = set()
        self._off: frozenset[tuple[int, int]] = frozenset()
        self.parts = Parts()

    def all(self) -> None:
        """Every part, each for itself: one that is broken does not hide the others."""
        steps: tuple[Callable[[], None], ...] = (
            self._properties, self._xmp, self._bookmarks, self._scripts, self._layers, self._form, self._annotations, self._embedded,
            self._alternatives, self._corners, self._lettering,
        )  # fmt: skip
        for step in steps:
            try:
                step()
            except Unreadable:
                raise
            except Exception:  # noqa: BLE001 - pikepdf raises anything on a twisted structure; that it happened is noted and holds
                self._builder.note(NoteCode.LOSSY_READER, "a part of the file's structure could not be followed")
        if any("damaged" in warning or "reconstruct" in warning for warning in map(str, self._pdf.get_warnings())):
            self._builder.note(NoteCode.REPAIRED, "the file is damaged; what could be pieced together was read")
            self.parts.risky = True

    def _properties(self) -> None:
        if "/Info" not in self._pdf.trailer:
            return  # asked for, it would be made, and every object of the file be looked at for that
        values = [_text(value) for key, value in self._pdf.docinfo.items() if key not in MACHINE_KEYS]
        self._builder.hide(LayerKind.PROPERTIES, "\n".join(filter(_says_something, values)), "document properties")

    def _xmp(self) -> None:
        if "/Metadata" not in self._pdf.Root:
            return
        with self._pdf.open_metadata() as metadata:
            values = [_flat(value) for key, value in metadata.items() if not MACHINE_XMP.search(str(key))]
        self._builder.hide(LayerKind.XMP, "\n".join(filter(_says_something, values)), "XMP metadata")

    def _bookmarks(self) -> None:
        titles = [_text(node.get("/Title")) for node in _chain(self._pdf.Root.get("/Outlines"))]
        self._builder.hide(LayerKind.BOOKMARK, "\n".join(title for title in titles if title), "bookmarks")

    def _scripts(self) -> None:
        root = self._pdf.Root
        names = root.get("/Names", {})
        actions = [action for _, action in _name_tree(names.get("/JavaScript"))]
        actions += [root.get("/OpenAction"), *_values(root.get("/AA"))]
        for page in self._pdf.pages:
            actions += _values(page.obj.get("/AA"))
        for action in actions:
            self._action(action, "document")

    def _action(self, action: Any, where: str) -> None:
        if not isinstance(action, pikepdf.Dictionary):
            return
        kind = str(action.get("/S", ""))
        if kind == "/JavaScript" or "/JS" in action:
            script = action.get("/JS")
            code = script.read_bytes().decode("latin-1") if isinstance(script, pikepdf.Stream) else _text(script)
            self._builder.hide(LayerKind.SCRIPT, code, where)
            self._builder.note(NoteCode.SCRIPTS, "the file carries a program that runs when it is opened or used")
        elif kind == "/URI":
            self._builder.hide(LayerKind.LINK_TARGET, _text(action.get("/URI")), where)
        elif kind in {"/Launch", "/SubmitForm", "/GoToR", "/ImportData"}:
            self._builder.note(NoteCode.EXTERNAL_LINK, "the file points to a program or place outside itself")

    def _layers(self) -> None:
        properties = self._pdf.Root.get("/OCProperties")
        if properties is None:
            return
        default = properties.get("/D", {})
        groups = list(properties.get("/OCGs", []))
        all_off = str(default.get("/BaseState", "/ON")) == "/OFF"
        on = {group.objgen for group in default.get("/ON", [])}
        off = {group.objgen for group in default.get("/OFF", [])}
        hidden = [group for group in groups if group.objgen in off or (all_off and group.objgen not in on)]
        self._off = frozenset(group.objgen for group in hidden)
        self.parts.off_layers = frozenset(_text(group.get("/Name")) for group in hidden)

    def _form(self) -> None:
        form = self._pdf.Root.get("/AcroForm")
        if form is None:
            return
        if "/XFA" in form:
            self._builder.note(NoteCode.XFA_FORM, "the form is of a kind (XFA) whose answers only Adobe's programs show")
            self._builder.hide(LayerKind.FORM_VALUE, _xfa_words(form.XFA), "XFA form data")
        if int(form.get("/SigFlags", 0)) & 1:
            self._builder.note(NoteCode.SIGNED, "the file carries a digital signature")

    def _annotations(self) -> None:
        for number, page in enumerate(self._pdf.pages):
            for annotation in page.obj.get("/Annots", []):
                if isinstance(annotation, pikepdf.Dictionary):
                    self._annotation(annotation, number)

    def _annotation(self, annotation: Any, number: int) -> None:
        kind = str(annotation.get("/Subtype", ""))
        where = f"page {number + 1}"
        self._action(annotation.get("/A"), where)
        for action in _values(annotation.get("/AA")):
            self._action(action, where)
        if kind == "/Widget":
            self._widget(annotation, number)
            return
        if kind == "/FileAttachment":
            self._file(annotation.get("/FS"), _text(annotation.get("/Contents")))
        if kind == "/Redact":
            self._builder.note(NoteCode.MARKED_FOR_REMOVAL, "words are marked to be taken out, and were not", number + 1)
        if kind not in {"/Link", "/Popup"}:
            self.parts.drawn.add(number)
            said = [_text(annotation.get(key)) for key in ("/Contents", "/Subj", "/T", "/OverlayText")]
            self._builder.hide(LayerKind.ANNOTATION, "\n".join(part for part in said if part), where)

    def _widget(self, annotation: Any, number: int) -> None:
        kind = str(_inherited(annotation, "/FT"))
        value = _inherited(annotation, "/V")
        said = value.read_bytes().decode("latin-1") if isinstance(value, pikepdf.Stream) else _flat(value)
        if int(annotation.get("/F", 0)) & HIDDEN_FLAGS:
            self._builder.hide(LayerKind.FORM_VALUE, said, f"page {number + 1}, a field that is not shown")
            return
        rect = tuple(float(edge) for edge in annotation.get("/Rect", [0, 0, 0, 0]))
        if len(rect) != 4 or kind == "/Sig":
            return
        self.parts.drawn.add(number)
        on = None
        if kind == "/Btn":
            if int(_inherited(annotation, "/Ff") or 0) & (1 << 16):
                return  # a push button
            state = str(annotation.get("/AS", value if value is not None else "/Off"))
            on = state not in {"/Off", "Off", ""}
        self.parts.widgets.setdefault(number, []).append(Widget((rect[0], rect[1], rect[2], rect[3]), "" if on is not None else said, on))

    def _embedded(self) -> None:
        names = self._pdf.Root.get("/Names", {})
        for _, specification in _name_tree(names.get("/EmbeddedFiles")):
            self._file(specification, "")
        for specification in self._pdf.Root.get("/AF", []):
            self._file(specification, "")

    def _file(self, specification: Any, described: str) -> None:
        if not isinstance(specification, pikepdf.Dictionary) or "/EF" not in specification:
            return
        streams = specification.EF
        stream = streams.get("/F", streams.get("/UF"))
        if stream is None or stream.objgen in self._taken:
            return
        self._taken.add(stream.objgen)
        name = _text(specification.get("/UF")) or _text(specification.get("/F")) or "embedded file"
        name = name.replace("\\", "/").rpartition("/")[2] or "embedded file"
        self._builder.hide(
            LayerKind.EMBEDDED_FILE, "\n".join(part for part in (name, _text(specification.get("/Desc")), described) if part)
        )
        self._builder.embed(self._taken_out(stream, name))

    def _taken_out(self, stream: Any, name: str) -> Attachment:
        given, container = PersonalText(name), self._attachment.name
        declared = int(stream.get("/Params", {}).get("/Size", 0) or 0)
        if self._unpacked + declared > self._options.unpacked_bytes:
            return Attachment(
                given, b"", container=container, problem=Problem(UnreadableReason.TOO_LARGE, "it is too large to be taken out")
            )
        try:
            content = bytes(stream.read_bytes())
        except (pikepdf.PdfError, ValueError, RuntimeError):
            return Attachment(
                given, b"", container=container, problem=Problem(UnreadableReason.DAMAGED, "it cannot be taken out of the PDF")
            )
        self._unpacked += len(content)
        return Attachment(given, content, container=container)

    def _corners(self) -> None:
        pdfcorners.look(self._pdf, self._attachment.content, self._builder)
        self.parts.unread = frozenset(pdfcorners.unread(self._pdf))
        for number in sorted(self.parts.unread):
            self._builder.hide(LayerKind.OTHER, "words drawn by a pattern or through a soft mask", f"page {number + 1}")
        if self.parts.off_layers:
            self.parts.unread |= frozenset(pdfcorners.layered(self._pdf, self._off))

    def _lettering(self) -> None:
        self.parts.lettering = Lettering(own=True)  # what holds until it is known to be otherwise
        self.parts.lettering = lettering(self._pdf)

    def _alternatives(self) -> None:
        """Words meant for readers who hear the page: they need not be those that are printed."""
        said: list[str] = []
        for node in _tree(self._pdf.Root.get("/StructTreeRoot"), "/K"):
            said += [_text(node.get(key)) for key in ("/Alt", "/ActualText", "/E") if key in node]
        self._builder.hide(LayerKind.ALT_TEXT, "\n".join(part for part in said if part), "structure tree")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip().strip("\x00")


def _says_something(value: str) -> bool:
    """Whether a property was filled in by somebody, and not by a program for want of anything to say."""
    return value.strip("() ").lower() not in {"", "anonymous", "untitled", "unspecified", "none", "unknown", "default"}


def _flat(value: Any) -> str:
    if isinstance(value, str | bytes | pikepdf.String | pikepdf.Name) or value is None:
        return _text(value).removeprefix("/")
    try:
        return "\n".join(_text(part) for part in value)
    except TypeError:
        return _text(value)


def _values(dictionary: Any) -> list[Any]:
    return [value for _, value in dictionary.items()] if isinstance(dictionary, pikepdf.Dictionary) else []


def _inherited(node: Any, key: str) -> Any:
    for _ in range(32):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node.Parent
    return None


def _chain(node: Any) -> Iterator[Any]:
    """Outline items: first child, then next sibling, no more than MOST_NODES of them, each once."""
    waiting = [node.get("/First")] if isinstance(node, pikepdf.Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < MOST_NODES:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        yield item
        waiting += [item.get("/Next"), item.get("/First")]


def _tree(node: Any, key: str) -> Iterator[Any]:
    """Dictionaries of a tree whose children stand under `key`, no more than MOST_NODES of them."""
    waiting, count = [node], 0
    seen: set[tuple[int, int]] = set()
    while waiting and count < MOST_NODES:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += reversed(list(item))
        if not isinstance(item, pikepdf.Dictionary) or (item.is_indirect and item.objgen in seen):
            continue
        if item.is_indirect:
            seen.add(item.objgen)
        count += 1
        yield item
        waiting.append(item.get(key))


def _name_tree(node: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of a name tree, whatever its limits claim."""
    for item in _tree(node, "/Kids"):
        names = list(item.get("/Names", []))
        yield from ((str(name), value) for name, value in zip(names[::2], names[1::2], strict=False))


def _xfa_words(xfa: Any) -> str:
    parts = [part.read_bytes() for part in (xfa if isinstance(xfa, pikepdf.Array) else [xfa]) if isinstance(part, pikepdf.Stream)]
    data = next((part for part in parts if b"datasets" in part[:400]), b"".join(parts))
    words = re.sub(rb"<[^>]*>", b"\n", data).decode("utf-8", "replace")
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())
