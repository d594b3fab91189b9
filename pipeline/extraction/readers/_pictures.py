"""Hands on pictures in files as documents of their own: pasted pages of a record, and small ones that may be more than a logo."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

from PIL import Image, UnidentifiedImageError

from pipeline.domain.documents import NoteCode
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder

_LEAST_WIDTH, _LEAST_HEIGHT = 400, 200
"""Pixels; below that no page of text can be read, and letterhead logos are smaller."""

_SPECK = (60, 12)
"""Pixels; narrower or lower than that are bullets, rules and icons: no word of any length can be read in them."""

_LEAST_SHOWN = (170.0, 70.0)
"""Points, about 6 cm by 2.5 cm as printed; what is shown smaller is a logo or an icon."""

VECTOR_ENDINGS = (".emf", ".wmf")


def embed(builder: DocumentBuilder, picture: Attachment, shown: tuple[float, float] | None = None) -> None:
    """Hands a picture on as a document of its own; a small one is marked, since only its words tell whether it is a logo.

    `shown` is width and height on the page in points, None where not known. What cannot be measured counts as large.
    """
    size = _pixels(picture.content)
    if _is_large(size, str(picture.name), shown):
        builder.embed(replace(picture, inline=True))
        builder.note(NoteCode.PICTURE, "the file shows a picture that may hold text; it is read as a document of its own")
    elif size is not None and size[0] >= _SPECK[0] and size[1] >= _SPECK[1]:
        builder.embed(replace(picture, inline=True, small=True))


def _is_large(size: tuple[int, int] | None, name: str, shown: tuple[float, float] | None) -> bool:
    """Whether it is large enough, in pixels and on the page, for a page of text."""
    if shown is not None and (shown[0] < _LEAST_SHOWN[0] or shown[1] < _LEAST_SHOWN[1]):
        return False
    if name.lower().endswith(VECTOR_ENDINGS):
        return shown is None or shown[0] * shown[1] > 4 * _LEAST_SHOWN[0] * _LEAST_SHOWN[1]
    return size is None or (size[0] >= _LEAST_WIDTH and size[1] >= _LEAST_HEIGHT)


def _pixels(content: bytes) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only the head is read; the picture reader has the limit
            with Image.open(io.BytesIO(content)) as picture:
                return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
