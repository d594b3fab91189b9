"""Knows words that place what is told in time."""

from __future__ import annotations

from pipeline.guidance.patterns import Words

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DATES = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{MONTH}\b",
    rf"{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b",
    r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b(?! ?(?:mg|ml|kg|%))",
    rf"(?:in|since|until|till|from|to|by|late|early|mid|during|of|last|this)[ -]{MONTH}\b",
    rf"{MONTH} (?:20)?\d\d\b",
    r"on the \d{1,2}(?:st|nd|rd|th)\b",
    r"(?:19|20)\d\d\b",
)
DATE = Words.of((rf"\b(?:{'|'.join(_DATES)})",))
PERSONAL = Words.of((r"\b(?:born|b\.|dob|d\.o\.b|date of birth|edd|due|nhs|conference|review on|report|dictated|typed|signed|dated)\b",))
"""Words of a date that places nothing the report tells: a birthday, the conference, the report itself."""


def is_dated(words: str) -> bool:
    """Whether a sentence places something in time."""
    return bool(DATE.search(words)) and not PERSONAL.search(words)
