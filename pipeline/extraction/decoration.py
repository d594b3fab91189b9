"""Tells by its words a picture that only decorates, such as a logo or a signature, from a small one that says something of a person."""

from __future__ import annotations

import re

FEWEST = 3
"""So many words and more say something; OCR makes one or two of a crest."""
MOST_OF_A_NAME = 12
"""The name of a service, with its motto, is no longer."""

_SERVICE_WORDS = """
    academy association borough board bwrdd care centre children city clinic commission community council county department england
    foundation general gig group health healthcare hospital iechyd integrated kent library london medical midwifery ministry national nhs
    nursery office partners partnership police practice primary royal safeguarding school service services social surgery team trust
    university wales
"""
_OF_SERVICES = frozenset(_SERVICE_WORDS.split())
_WORD = re.compile(r"[^\W\d_]{3,}")


def decorates(text: str) -> bool:
    """Whether the words of a small picture are none, or those of a letterhead: a service's name, without a number."""
    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST:
        return True
    return len(words) <= MOST_OF_A_NAME and not _OF_SERVICES.isdisjoint(words) and not re.search(r"\d{4}", text)
