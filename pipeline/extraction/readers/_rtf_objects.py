"""Takes pictures and embedded files out of RTF, where they stand as hexadecimal digits."""

from __future__ import annotations

import re
import struct

from pipeline.domain.documents import LayerKind, NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _ole as ole
from pipeline.extraction.readers import _pictures as pictures
from pipeline.extraction.readers._package import OLE
from pipeline.extraction.readers._rtf_state import Collected

_ENDINGS = {"pngblip": ".png", "jpegblip": ".jpg", "emfblip": ".emf", "wmetafile": ".wmf", "dibitmap": ".bmp"}


def _bytes(text: str) -> bytes:
    digits = re.sub(r"[^0-9a-fA-F]", "", text)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def picture(builder: DocumentBuilder, container: Attachment, box: Collected) -> None:
    """A picture becomes a document of its own."""
    content = _bytes(box.text)
    ending = next((end for word, end in _ENDINGS.items() if word in box.words), ".bin")
    width, height = box.numbers.get("picwgoal", 0), box.numbers.get("pichgoal", 0)
    shown = (width / 20, height / 20) if width and height else None  # RTF counts in twentieths of a point
    if content:
        pictures.embed(builder, Attachment(PersonalText(f"picture{ending}"), content, container=container.name), shown)


def embedded(builder: DocumentBuilder, container: Attachment, digits: str) -> None:
    """An OLE object: its file becomes a document of its own, else its strings are kept and it is noted as unread."""
    data = _bytes(digits)
    native = _native_data(data)
    inner = ole.native(b"\0\0\0\0" + native) if native and not native.startswith(OLE) else None
    inner = inner or (ole.inner_file(native) if native else None)
    if inner is None:
        builder.hide(LayerKind.EMBEDDED_OBJECT, f"object\n{ole.strings(data)}", "object")
        builder.note(NoteCode.EMBEDDED_FILE_UNREAD, "an object inside the file could not be opened")
        return
    name = inner.name or "object"
    builder.hide(LayerKind.EMBEDDED_OBJECT, f"embedded file {name}", "object")
    builder.embed(Attachment(PersonalText(name), inner.content, container=container.name))


def _native_data(data: bytes) -> bytes:
    """The data of an OLE 1.0 object: version, format, three strings with their lengths, length, bytes."""
    try:
        place = 8
        for _ in range(3):
            (length,) = struct.unpack_from("<I", data, place)
            place += 4 + length
        (size,) = struct.unpack_from("<I", data, place)
    except struct.error:
        return b""
    return data[place + 4 : place + 4 + size]
