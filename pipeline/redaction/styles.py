"""How the gateway's own pages look: sizes, spaces and colours, as a table of reportlab styles."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle

from pipeline.redaction.typefaces import BOLD, MONO, SANS

BAR = "#1d1d1b"
"""The colour of a bar; its letters stand out from it by 17 to 1."""
BAR_INK = "#ffffff"
RULE = HexColor("#8a9299")
SHADE = HexColor("#eef1f3")
_GREY = HexColor("#4c5560")

_BODY = ParagraphStyle("paragraph", fontName=SANS, fontSize=10, leading=14, spaceAfter=6, splitLongWords=1, uriWasteReduce=0)


def _from_body(name: str, **changes: object) -> ParagraphStyle:
    return ParagraphStyle(name, parent=_BODY, **changes)


STYLES: dict[str, ParagraphStyle] = {
    style.name: style
    for style in (
        _BODY,
        _from_body("heading1", fontName=BOLD, fontSize=16, leading=20, spaceBefore=10, spaceAfter=6, keepWithNext=1),
        _from_body("heading2", fontName=BOLD, fontSize=13, leading=17, spaceBefore=10, spaceAfter=4, keepWithNext=1),
        _from_body("heading3", fontName=BOLD, fontSize=11, leading=15, spaceBefore=8, spaceAfter=3, keepWithNext=1),
        _from_body("heading4", fontName=BOLD, fontSize=10, leading=14, spaceBefore=6, spaceAfter=2, keepWithNext=1),
        _from_body("item", leftIndent=16, bulletIndent=2, spaceAfter=3),
        _from_body("furniture", fontSize=8, leading=10.5, textColor=_GREY),
        _from_body("footnote", fontSize=8.5, leading=11.5),
        _from_body("preformatted", fontName=MONO, fontSize=8, leading=10.5),
        _from_body("cell", fontSize=9, leading=12, spaceAfter=0),
        _from_body("cell_label", fontName=BOLD, fontSize=9, leading=12, spaceAfter=0),
    )
}
