"""Tells what people, and a camera, wrote into a picture's file beside the picture."""

from __future__ import annotations

import re

from PIL import ExifTags, Image

from pipeline.domain.documents import LayerKind
from pipeline.extraction.builder import DocumentBuilder

TELLING = frozenset(
    {"ImageDescription", "Artist", "Copyright", "UserComment", "XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"}
)
"""Fields of EXIF that hold words of people."""
_PROGRAM = re.compile(
    r"lead technologies inc\.? v[\d.]+|creator: gd-jpeg v[\d.]+ \(using ijg jpeg v\d+\)(?:, (?:quality = \d+|default quality))?\s*"
    r"|(?:file written by adobe|created with the) (?:photoshop.? [\d.]+|gimp)|created with gimp|lavc[\d.]+",
    re.IGNORECASE,
)
"""What programs say of themselves in the comment of a JPEG."""


def tell(builder: DocumentBuilder, picture: Image.Image, where: str, *, texts: LayerKind = LayerKind.PROPERTIES) -> None:
    """Tells the builder of words in EXIF, the place of a photograph, and, as `texts`, of text fields and comments."""
    exif = picture.getexif()
    details = {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    words = [_words(value) for tag, value in details.items() if ExifTags.TAGS.get(tag) in TELLING]
    builder.hide(LayerKind.EXIF, "\n".join(word for word in words if word), where)
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        builder.hide(LayerKind.EXIF, "the place where the picture was taken (GPS position)", where)
    said = [value for key, value in picture.info.items() if isinstance(value, str) and str(key).lower() not in {"software", "dpi"}]
    comment = picture.info.get("comment", b"")
    said += [_words(comment)] if isinstance(comment, bytes) and not _PROGRAM.fullmatch(_words(comment)) else []
    builder.hide(texts, "\n".join(said), where)


def _words(value: object) -> str:
    if isinstance(value, bytes):
        encoding = "utf-16-le" if value[1::2].count(0) * 3 > len(value) else "latin-1"
        value = value.removeprefix(b"ASCII\x00\x00\x00").removeprefix(b"UNICODE\x00").decode(encoding, "ignore")
    return str(value).strip("\x00 \n")
