"""Read v2, CTV3 and TPP local codes, where they stand as codes."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_CODE = r"[0-9A-Za-z](?:[0-9A-Za-z]{4}|[0-9A-Za-z]{3}\.|[0-9A-Za-z]{2}\.\.|[0-9A-Za-z]\.{3})(?:\d\d)?"
_SHORT = r"[0-9A-HJ-NP-Z][0-9A-Za-z]{2,3}\.?"


class Found(Recogniser):
    """Five bytes with dots as padding; in brackets, after the word code, in a list of others, or as CTV3's X-codes."""

    entity: ClassVar[str] = "READ_CODE"
    cues: ClassVar[str] = r"\bread\b(?! (?:by|to|with|the|this|it|and))|\bctv3\b|\bcod(?:e|es|ed|ing)\b|\bdictated\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(rf"[(\[](?P<value>{_CODE}|{_SHORT})[)\]]", score=0.8, in_context=0.95),
        Form(rf"(?<![\w.])(?P<value>{_CODE})(?![\w])", score=0.0, in_context=0.85),
        Form(r"(?<![\w.])(?P<value>X[a-zA-Z][0-9A-Za-z]{3})(?![\w.])", score=0.6, in_context=0.95),
        Form(r"(?<![\w.])(?P<value>[0-9A-Z][0-9A-Za-z]{1,3}\.{1,3}(?:\d\d)?)(?=[ ,;)\t\n]|$)(?<=\d.{0,4}[.\d])", score=0.0, in_context=0.9),
        Form(r"(?<![\w.])(?P<value>(?:[0-9][0-9A-Z]|[A-Z]\d)[0-9A-Za-z]{0,2}\.{2,3})(?![\w.])", score=0.75, in_context=0.95),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the characters decide
        """Drops words, years, ages and doses: a code mixes digits with letters or padding dots."""
        text = hit.text
        has_digit = any(char.isdigit() for char in text)
        has_mark = "." in text or any(char.isalpha() for char in text)
        if re.fullmatch(r"X[a-z][a-z]{3}", text):
            return 0.0
        if text.startswith("X") and re.search(r"[A-Z].*[a-z]|[a-z].*[A-Z]", text[1:]):
            return score
        if (
            not has_digit
            or not has_mark
            or re.fullmatch(r"\d+(?:\.\d*)?|\d{1,4}(?:mg|ml|mcg|kg|cm|am|pm|th|st|nd|rd|g|m|y|yrs?|wks?|s)\.?|[A-Z]{1,2}\d{1,2}", text)
        ):
            return 0.0
        return score
