"""What marks in a Word file mean for a reader on paper: what is unseen, unfilled, how large, and where pages begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extraction.readers import _word_styles as styles
from pipeline.extraction.readers._colours import alike, rgb
from pipeline.extraction.readers._package import Element, attribute, child, descendants, local, words_of

PROMPT = re.compile(r"\s*(?:please\s+)?(?:click|tap|choose|enter|select|type|insert|pick)\b.{0,80}\s*", re.IGNORECASE | re.DOTALL)
"""What an unfilled control shows: not an answer."""

_TINY = 2.0  # points; nobody reads it on paper
_PALE = 0xF5  # each of red, green and blue at least so bright is white to the eye


SOME = "some"
"""A colour behind text of which only that much is known."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What text stands on: its style's look, and the colour behind it (`SOME` where it is not known which, empty where there is none)."""

    look: styles.Look = styles.NO_LOOK
    backed: str = ""


def larger(one: tuple[float, float] | None, other: tuple[float, float] | None) -> tuple[float, float] | None:
    """The larger of two sizes, where known."""
    return max(one, other, key=lambda size: size[0] * size[1]) if one and other else one or other


def shown(node: Element) -> tuple[float, float] | None:
    """How large a drawing is on the page, in points."""
    extent = next(iter(descendants(node, "extent")), None)
    if extent is not None and attribute(extent, "cx").isdigit() and attribute(extent, "cy").isdigit():
        return int(attribute(extent, "cx")) / 12700, int(attribute(extent, "cy")) / 12700  # 12,700 EMU make a point
    shape = next(iter(descendants(node, "shape")), None)
    sizes = dict(re.findall(r"(?:^|;)\s*(width|height):([\d.]+)pt", attribute(shape, "style"))) if shape is not None else {}
    return (float(sizes["width"]), float(sizes["height"])) if len(sizes) == 2 else None


def is_hidden_shape(node: Element) -> bool:
    """Whether a drawing is one that its file says is not to be shown."""
    named = next(iter(descendants(node, "docPr")), None)
    shape = next(iter(descendants(node, "shape")), None)
    styled = re.search(r"visibility:\s*hidden", attribute(shape, "style")) if shape is not None else None
    return bool(styled) or (named is not None and attribute(named, "hidden").lower() in {"1", "true"})


def unseen(look: styles.Look, ground: Ground) -> bool:
    """Whether nobody sees it on paper: hidden, tiny, white on nothing, or blacked out."""
    if look.hidden or (look.size is not None and look.size <= _TINY):
        return True
    colour = look.colour or ""
    if _blacked_out(colour, look.backing or ground.backed):
        return True
    pale = bool(re.fullmatch(r"[0-9A-F]{6}", colour)) and min(int(colour[n : n + 2], 16) for n in (0, 2, 4)) >= _PALE
    return pale and look.backing is None and not ground.backed


def _blacked_out(colour: str, ground: str) -> bool:
    """Whether letters have the colour of their ground. Those without a colour of their own turn white on dark shading, but do not under a
    black marker pen, whose colour goes by its name."""
    letters = "black" if colour in {"", "AUTO"} and ground == "black" else colour
    return alike(rgb(letters), rgb(ground))


def is_prompt(control: Element, content: Element) -> bool:
    """Whether a control still shows what to do; any other text in it counts as written by somebody."""
    properties = child(control, "sdtPr")
    return child(properties, "showingPlcHdr") is not None and bool(PROMPT.fullmatch(words_of(content)))


def unwrapped(node: Element, wanted: str) -> Iterator[Element]:
    """Rows or cells, also those inside content controls or tracked insertions."""
    for one in node:
        name = local(one)
        if name == wanted:
            yield one
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
            yield from unwrapped(one, wanted)
