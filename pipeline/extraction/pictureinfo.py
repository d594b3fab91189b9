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

_ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9", "MPO": b"\xff\xd9"}
"""What the last bytes of a picture are (PNG 11.2.5; JPEG B.1.1.3)."""
_TEXT = re.compile(rb"[A-Za-z][ -~]{5,}")
_TELEPHONE = re.compile(rb"(?:Image_UTC_Data|MCC_Data|Camera_Capture_Mode_Info|Color_Display_P3|Photo_HDR_Info|Camera_Scene_Info|SEF[HT])")
"""What the cameras of some telephones write there about a photograph."""
_FILLING = 1_000
"""So many bytes may be such details and filling; more of them are something else."""


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


def tell_rest(builder: DocumentBuilder, content: bytes, kind: str) -> None:
    """Tells the builder of bytes behind a picture's end, which no program that shows it looks at: another file, a moving picture, words."""
    end = _ENDS.get(kind)
    if end is None or end not in content:
        return
    rest = content[content.rindex(end) + len(end) :].strip(b"\x00\r\n\t ")
    said = "\n".join(one.decode("ascii") for one in _TEXT.findall(rest) if not _TELEPHONE.match(one))
    if said or len(rest) > _FILLING:
        builder.hide(LayerKind.EMBEDDED_OBJECT, f"bytes behind the end of the picture\n{said}", "behind the picture")


def _words(value: object) -> str:
    if isinstance(value, bytes):
        encoding = "utf-16-le" if value[1::2].count(0) * 3 > len(value) else "latin-1"
        value = value.removeprefix(b"ASCII\x00\x00\x00").removeprefix(b"UNICODE\x00").decode(encoding, "ignore")
    return str(value).strip("\x00 \n")
