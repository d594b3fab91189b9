"""Makes a file's own name safe to show and to pass on: never a path, no invisible characters, never empty."""

from __future__ import annotations

import re
import unicodedata

from pipeline.domain.mail import BODY
from pipeline.domain.text import PersonalText

LONGEST = 200
"""Characters; longer than any name a person gives, shorter than file systems allow."""

STEPS = re.compile(r"[/\\]+")


def file_name(raw: str, fallback: str) -> PersonalText:
    """The last part of the name without control, direction and other invisible characters, or the fallback where nothing is left.

    Direction marks go since they make `report<RLO>fdp.exe` look like `reportexe.pdf`. A file may not be called `body`: that is the
    name of the message's own text.
    """
    last = [part for part in STEPS.split(raw) if part.strip(" .")]
    shown = "".join(" " if char in "\t\r\n" else char for char in (last[-1] if last else "") if char in "\t\r\n" or _visible(char))
    shown = re.sub(r"\s+", " ", unicodedata.normalize("NFC", shown)).strip()
    shown = re.sub(r"^[A-Za-z]:", "", shown)
    if len(shown) > LONGEST:
        stem, dot, suffix = shown.rpartition(".")
        shown = stem[: LONGEST - len(suffix) - 1] + dot + suffix if dot and len(suffix) <= 8 else shown[:LONGEST]
    if not shown or shown in {".", ".."}:
        shown = fallback
    return PersonalText(f"{shown} (file)" if shown.lower() == BODY else shown)


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
