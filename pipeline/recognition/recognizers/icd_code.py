"""ICD-10 and ICD-11 codes of diagnoses."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser


class Found(Recogniser):
    """A letter, two digits and a decimal (F20.0); without the decimal, or in ICD-11's form, only where the text says ICD or diagnosis."""

    entity: ClassVar[str] = "ICD_CODE"
    cues: ClassVar[str] = r"\bicd\b|\bdiagnos\w+|\bdx\b|\bcod(?:e|es|ed)\b|\b[A-Z]\d\d\.\d"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"(?<![\w.])[A-TV-Z]\d\d\.\d{1,2}(?![\w%])", score=0.7, in_context=0.95),
        Form(r"(?<![\w.])[A-TV-Z]\d\d(?![\w.%-])", score=0.0, in_context=0.5),
        Form(r"(?<![\w.])\d[A-Z]\d[0-9A-Z](?:\.\w{1,2})?(?![\w.])", score=0.0, in_context=0.7),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the words after decide
        """Drops motorways and paper sizes followed by a unit."""
        return 0.0 if hit.after.lstrip().lower().startswith(("mg", "ml", "kg", "km", "miles")) else score
