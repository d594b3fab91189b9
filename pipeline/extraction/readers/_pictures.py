"""Tells a picture that may hold text, such as a pasted page of a record, from a logo."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

_LEAST_WIDTH, _LEAST_HEIGHT = 400, 200
"""Pixels; below that no page of text can be read, and letterhead logos are smaller."""

_LEAST_SHOWN = (170.0, 70.0)
"""Points, about 6 cm by 2.5 cm as printed; what is shown smaller is a logo or an icon."""

VECTOR_ENDINGS = (".emf", ".wmf")


def may_hold_text(content: bytes, name: str, shown: tuple[float, float] | None = None) -> bool:
    """Whether a picture is large enough, in pixels and on the page, to be read as a document of its own.

    `shown` is width and height on the page in points, None where not known. What cannot be measured counts as large.
    """
    if shown is not None and (shown[0] < _LEAST_SHOWN[0] or shown[1] < _LEAST_SHOWN[1]):
        return False
    if name.lower().endswith(VECTOR_ENDINGS):
        return shown is None or shown[0] * shown[1] > 4 * _LEAST_SHOWN[0] * _LEAST_SHOWN[1]
    size = _pixels(content)
    return size is None or (size[0] >= _LEAST_WIDTH and size[1] >= _LEAST_HEIGHT)


def _pixels(content: bytes) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only the head is read; the picture reader has the limit
            with Image.open(io.BytesIO(content)) as picture:
                return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
