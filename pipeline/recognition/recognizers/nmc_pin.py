"""PINs of the Nursing and Midwifery Council."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """Year of registration, country and month letter, four digits, a letter: 98I1234E."""

    entity: ClassVar[str] = "UK_NMC_PIN"
    cues: ClassVar[str] = r"\bnmc\b|\bpin\b"
    forms: ClassVar[tuple[Form, ...]] = (Form(r"\b\d{2}[A-L]\d{4}[A-Z]\b", score=0.7, in_context=1.0),)
