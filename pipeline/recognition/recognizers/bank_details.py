"""Bank details: sort codes and account numbers that the text calls so, and British IBANs."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """12-34-56 is a date as often as a sort code, so that only the words beside it tell."""

    entity: ClassVar[str] = "UK_BANK_DETAILS"
    cues: ClassVar[str] = r"\bsort ?code\b|\b(?:bank|current|savings)? ?(?:account|acc|a/c)\b|\biban\b|\bbacs\b|\bbank\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"(?<![\d/-])\d\d[- ]?\d\d[- ]?\d\d(?![\d/-])", score=0.0, in_context=0.9),
        Form(r"(?<!\d)\d{8}(?!\d)", score=0.0, in_context=0.9),
        Form(r"\bGB\d\d ?[A-Z]{4}(?: ?\d){14}\b", score=1.0, in_context=1.0),
    )
