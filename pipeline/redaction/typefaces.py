"""The typefaces of what the gateway writes: DejaVu, shipped beside this module, so that every copy embeds the same Unicode letters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS = "GateSans"
BOLD = "GateSans-Bold"
MONO = "GateMono"

_FILES = {SANS: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf", MONO: "DejaVuSansMono.ttf"}


@cache
def register() -> None:
    """Makes the typefaces known to reportlab, once a process."""
    folder = files("pipeline.redaction") / "fonts"
    for name, file in _FILES.items():
        font = TTFont(name, str(folder / file))
        # The table of names holds the licence's prose, which would otherwise stand in every copy and look like residue.
        font.face.table.pop("name", None)
        pdfmetrics.registerFont(font)
    for name in (SANS, MONO):
        pdfmetrics.registerFontFamily(name, normal=name, bold=BOLD if name == SANS else MONO, italic=name, boldItalic=BOLD)


def width(text: str, typeface: str, size: float) -> float:
    """How wide a text is printed, in points."""
    register()
    return float(pdfmetrics.stringWidth(text, typeface, size))


def printable(text: str) -> str:
    """The text without what no page can show: control characters, and halves of surrogate pairs."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or (character >= " " and not "\ud800" <= character <= "\udfff" and character != "\x7f")
    )
