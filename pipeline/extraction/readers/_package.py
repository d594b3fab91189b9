"""Opens zipped office files within limits, and parses their XML without entities, network or huge trees."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from functools import lru_cache
from typing import Any

import msoffcrypto
from lxml import etree

from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction.options import ReadOptions

Element = Any
"""An lxml element; lxml ships no types."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins; an office file that should be a zip and begins so is encrypted."""

MOST_MEMBERS = 20_000
"""Parts in one office file; the largest real ones hold a few hundred."""

_DAMAGED = "the file is damaged and cannot be opened in full; ask for it again"


def damaged(detail: str = _DAMAGED) -> Unreadable:
    """The error for a file that is broken."""
    return Unreadable(UnreadableReason.DAMAGED, detail)


def encrypted() -> Unreadable:
    """The error for a file that needs a password."""
    return Unreadable(UnreadableReason.ENCRYPTED, "the file needs a password; ask for it again without one, or enter the password")


def sealed() -> Unreadable:
    """The error for a file whose lock no password opens here: OpenDocument's own, and single parts locked inside an office file."""
    told = "the file is locked in a way that no password opens here; ask its sender for it again without a password, or as a PDF"
    return Unreadable(UnreadableReason.ENCRYPTED, told)


def unlock(content: bytes, password: str | None) -> bytes:
    """The plain bytes of an Office file that needs a password.

    Raises:
        Unreadable: there is no password, it is wrong, or the file is damaged.
    """
    if password is None:
        raise encrypted()
    opened = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        office.load_key(password=password)
        office.decrypt(opened)
    except Exception:  # noqa: BLE001 - the library raises its own, struct's and olefile's errors for a wrong password or a broken file
        raise encrypted() from None
    return opened.getvalue()


class Package:
    """A zipped office file: its parts by name.

    Raises:
        Unreadable: it is encrypted, damaged, or unpacks to more than allowed.
    """

    def __init__(self, content: bytes, options: ReadOptions) -> None:
        if content.startswith(OLE):
            content = unlock(content, options.password)
        self.content = content
        self._parsed: dict[str, Element] = {}
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
            raise damaged() from None
        if any(info.flag_bits & 0x1 for info in infos):
            raise sealed()
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > options.unpacked_bytes:
            raise Unreadable(UnreadableReason.TOO_LARGE, "the file unpacks to more than is allowed; ask for a smaller one")
        self.names = [info.filename for info in infos if not info.is_dir()]
        self._lower = {name.lower().lstrip("/"): name for name in self.names}
        if len(self._lower) != len(self.names):
            raise damaged("the file holds two parts of one name, so readers may see different things in it; ask for it again")

    def __contains__(self, name: str) -> bool:
        return name.lower().lstrip("/") in self._lower

    def bytes_of(self, name: str) -> bytes:
        """One part; a part that is not there is a damaged file."""
        try:
            return self._zip.read(self._lower[name.lower().lstrip("/")])
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise damaged() from None

    @property
    def archive(self) -> zipfile.ZipFile:
        """The file as a zip, opened over `content`."""
        return self._zip

    def xml(self, name: str) -> Element:
        """One part as XML, parsed once; callers do not change it."""
        key = name.lower().lstrip("/")
        if key not in self._parsed:
            self._parsed[key] = parse(self.bytes_of(name))
        return self._parsed[key]

    def xml_if_there(self, name: str) -> Element | None:
        """One part as XML, or None where the file has none of that name."""
        return self.xml(name) if name in self else None


def parse(data: bytes, classes: etree.ElementClassLookup | None = None) -> Element:
    """XML parsed with no entities, no network and lxml's own limits on depth and size, its elements of the given classes.

    Raises:
        Unreadable: it is not well formed, or declares entities.
    """
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data[:4096]) and b"<!ENTITY" in data:
        raise damaged("the file declares XML entities, which no office program writes; ask for it again")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_pis=False)
    if classes is not None:
        parser.set_element_class_lookup(classes)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise damaged() from None
    if root is None:
        raise damaged()
    return root


def local(element: Element) -> str:
    """An element's name without its namespace, so that strict and transitional files read alike; empty for comments."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


@lru_cache(4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its local name; the default where it, or the element, is not there."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    return None if element is None else next((one for one in element if local(one) == name), None)


def descendants(element: Element, name: str) -> list[Element]:
    """Every element of that local name below, in order."""
    return list(element.iter(f"{{*}}{name}"))


def words_of(element: Element) -> str:
    """All text below an element, its pieces parted by blanks."""
    return " ".join(" ".join(str(text).split()) for text in element.itertext() if str(text).strip())


def resolve(part: str, target: str) -> str:
    """The name of the part that `target` means when it stands in `part`."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
