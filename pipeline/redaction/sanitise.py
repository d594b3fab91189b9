"""Takes the properties (author, company, template …) and the thumbnail out of a file that hides nothing else, and leaves the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

import pikepdf
from PIL import Image

from pipeline.domain.documents import Document
from pipeline.redaction.hidden import Hides, telling_words, what_it_hides
from pipeline.redaction.names import SAME_FORMAT, extension_of
from pipeline.redaction.readback import by_objects, by_pdfium

COMPARED = "all but the properties is as it came: every other part byte for byte, or the text of every page"

_PROPERTIES_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM_XML = _PROPERTIES_XML.replace("extended-properties", "custom-properties")
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_META_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/>'
    "</office:document-meta>"
)
_EMPTY_PARTS = {
    "docProps/app.xml": _PROPERTIES_XML,
    "docProps/custom.xml": _CUSTOM_XML,
    "docProps/core.xml": _CORE_XML,
    "meta.xml": _META_XML,
}


def _blank_picture(suffix: str) -> bytes | None:
    """One white dot, in place of the picture of the first page as it once was; None for kinds of picture that cannot be made here."""
    kind = {".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG"}.get(suffix.casefold())
    if kind is None:
        return None
    target = io.BytesIO()
    Image.new("L", (1, 1), 255).save(target, kind)
    return target.getvalue()


def _zipped(content: bytes, telling: frozenset[str]) -> bytes | None:
    """An Office file with its property parts emptied; None where another part holds the same words."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for member in source.infolist():
            data = source.read(member)
            if member.filename in _EMPTY_PARTS:
                data = _EMPTY_PARTS[member.filename].encode()
            elif PurePosixPath(member.filename).stem.casefold() == "thumbnail":
                blank = _blank_picture(PurePosixPath(member.filename).suffix)
                if blank is None:
                    return None
                data = blank
            elif _holds(data.decode("utf-8", "replace"), telling):
                return None
            fresh = zipfile.ZipInfo(member.filename)  # the epoch's first day: when a part was saved is a property too
            fresh.compress_type = member.compress_type
            made.writestr(fresh, data)
    return target.getvalue()


def _pdf(content: bytes, telling: frozenset[str]) -> bytes | None:
    """A PDF without its information dictionary and metadata; None where its text changes or the words are found elsewhere."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for holder in (pdf.Root, *(page.obj for page in pdf.pages), *pdf.objects):
            if isinstance(holder, pikepdf.Dictionary | pikepdf.Stream):
                for key in ("/Metadata", "/PieceInfo", "/Thumb"):
                    if key in holder:
                        del holder[key]
        pdf.save(target, deterministic_id=True)
    made = target.getvalue()
    face = by_pdfium(made)
    if face != by_pdfium(content) or _holds(by_objects(made), telling):
        return None
    return made


def _holds(text: str, telling: frozenset[str]) -> bool:
    lowered = text.casefold()
    return any(word in lowered for word in telling)


_WAYS: dict[str, Callable[[bytes, frozenset[str]], bytes | None]] = {
    ".pdf": _pdf,
    **dict.fromkeys(SAME_FORMAT - {".pdf"}, _zipped),
}


def sanitised(document: Document) -> bytes | None:
    """The file without its properties; None where it hides more than those, or must be laid out afresh to be rid of them."""
    if what_it_hides(document) is not Hides.PROPERTIES:
        return None
    way = _WAYS.get(extension_of(document))
    return way(document.attachment.content, telling_words(document)) if way else None
