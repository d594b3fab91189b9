"""Compares the colour of letters with the colour behind them: words in the colour of their ground are seen by nobody.

People black words out with a marker pen of their word processor and take them for gone; the words are still in the file.
"""

from __future__ import annotations

import re

Colour = tuple[int, int, int]

_NEAR = 16
"""The most that red, green and blue may each differ, of 255, where the eye sees no letters."""
_NAMED: dict[str, Colour] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "darkblue": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "darkgray": (128, 128, 128),
    "lightgray": (192, 192, 192),
    "windowtext": (0, 0, 0),
    "window": (255, 255, 255),
}
"""Colours by the names that style sheets and Word's marker pens give them, those that people black words out with."""


def rgb(colour: str) -> Colour | None:
    """Red, green and blue of a colour as style sheets and Office files write it; None where it is not known or can be seen through."""
    given = colour.strip().lower()
    if given in _NAMED:
        return _NAMED[given]
    digits = given.removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits) and given != digits:
        digits = "".join(2 * digit for digit in digits)
    if re.fullmatch(r"[0-9a-f]{6}", digits):
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    numbers = re.fullmatch(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", given)
    return (int(numbers[1]), int(numbers[2]), int(numbers[3])) if numbers else None


def alike(letters: Colour | None, ground: Colour | None) -> bool:
    """Whether letters of one colour are not seen on a ground of the other; never where one of them is not known."""
    return letters is not None and ground is not None and all(abs(one - other) <= _NEAR for one, other in zip(letters, ground, strict=True))
