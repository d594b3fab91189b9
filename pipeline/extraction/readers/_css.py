"""Reads of CSS what decides whether words are seen: hidden, pale, tiny; and whether they are bold or typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extraction.readers._colours import alike, rgb
from pipeline.extraction.readers._package import Element

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-z][\w-]*)?([.#][\w-]+)", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*(?:0|1)(?:\.\d+)?\s*(?:px|pt|em|%|rem)?\s*(?:;|!|$)(?<!1em)(?<!1rem)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top)\s*:\s*-\d{4,}px|(?:max-)?(?:height|width)\s*:\s*0(?:px|pt)?\s*;?.*overflow\s*:\s*hidden",
    re.IGNORECASE | re.DOTALL,
)
_NARROW = re.compile(r"@media[^{}]*\([^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
"""Rules for screens of some width only, such as telephones; paper is not one."""
_CONTENT = re.compile(r"content\s*:\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_MARKS = "\\0123456789abcdefABCDEF \u2022\u00b7\u00a0-–—>«»·|/:,.oO"
"""Bullets and codes of characters; what is left over is words."""
_INLINE = frozenset({"span", "font", "mark", "b", "i", "u", "em", "strong"})
_EM = re.compile(r"font-size\s*:\s*1(?:\.\d+)?\s*r?em", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACK = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*([\w]+)|font\s*:[^;]*\bbold\b", re.IGNORECASE)
_MONO = re.compile(r"font(?:-family)?\s*:[^;]*(?:courier|consolas|monospace|lucida console)", re.IGNORECASE)
_NO_COLOUR = {"", "transparent", "none", "inherit", "initial", "auto", "window"}


@dataclass(frozen=True, slots=True)
class Shown:
    """How an element is shown by its own style."""

    hidden: bool = False
    pale: bool = False
    blacked_out: bool = False
    backed: bool = False
    bold: bool | None = None
    mono: bool = False
    kept: bool = False


class Sheet:
    """The page's style sheet; only rules for one class or id, which is what hides and what mail programs write."""

    def __init__(self, source: str) -> None:
        self._rules: dict[str, str] = {}
        source = re.sub(r"/\*.*?\*/|<!--|-->", " ", source, flags=re.DOTALL)
        self.drawn = "\n".join(text for found in _CONTENT.finditer(source) if (text := found[1] or found[2] or "").strip(_MARKS))
        """Words that the sheet itself puts into the page."""
        for selectors, body in _RULE.findall(_NARROW.sub(" ", source)):
            for selector in selectors.split(","):
                simple = _SIMPLE.fullmatch(selector.strip())
                if simple:
                    self._rules[simple[1]] = self._rules.get(simple[1], "") + ";" + body

    def shown(self, node: Element) -> Shown:
        """How an element is shown."""
        keys = [f".{name}" for name in (node.get("class") or "").split()] + [f"#{node.get('id') or ''}"]
        style = ";".join([*(self._rules.get(key, "") for key in keys), node.get("style") or ""])
        colour = _last(_COLOUR, style) or node.get("color") or node.get("text") or ""
        back = _last(_BACK, style) or node.get("bgcolor") or ""
        bold = _BOLD.search(style)
        return Shown(
            hidden="hidden" in node.attrib or (bool(_HIDING.search(style)) and not _only_em(style)),
            pale=is_pale(colour),
            blacked_out=_blacked_out(colour, back, str(node.tag)),
            backed=back.strip().lower() not in _NO_COLOUR and not is_pale(back.split()[0]),
            bold=None if not bold else (bold[1] or "bold").lower() in {"bold", "bolder", "600", "700", "800", "900"},
            mono=bool(_MONO.search(style)) or bool(re.search(r"courier|consolas", node.get("face") or "", re.IGNORECASE)),
            kept=bool(re.search(r"white-space\s*:\s*pre\b", style, re.IGNORECASE)),
        )


def _blacked_out(colour: str, back: str, tag: str) -> bool:
    """Whether letters have the colour of their ground; without a colour of their own, a few words in a line are black as those around."""
    letters = rgb(colour) if colour or tag not in _INLINE else (0, 0, 0)
    return alike(letters, next((ground for part in re.split(r"\s+(?![^(]*\))", back.strip()) if (ground := rgb(part))), None))


def _only_em(style: str) -> bool:
    """A size of one em or more looks like a tiny size to the pattern, but is not."""
    return bool(_EM.search(style)) and not _HIDING.search(_EM.sub("", style))


def _last(pattern: re.Pattern[str], style: str) -> str:
    found = pattern.findall(style)
    return str(found[-1]).strip() if found else ""


def is_pale(colour: str) -> bool:
    """Whether a colour is white to the eye: each of red, green and blue at least 245 of 255, or wholly see-through."""
    colour = colour.strip().lower()
    if colour in {"white", "snow", "transparent", "ghostwhite", "#fff"}:
        return True
    if re.fullmatch(r"#[0-9a-f]{6}", colour):
        return min(int(colour[n : n + 2], 16) for n in (1, 3, 5)) >= 0xF5
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        return colour == "#fff"
    numbers = re.fullmatch(r"rgba?\(([\d\s.,%/]+)\)", colour)
    parts = [part for part in re.split(r"[\s,/]+", numbers[1].strip()) if part] if numbers else []
    if len(parts) == 4 and parts[3].strip("%") in {"0", "0.0", ".0"}:
        return True
    return len(parts) >= 3 and all(part.replace(".", "", 1).isdigit() and float(part) >= 0xF5 for part in parts[:3])
