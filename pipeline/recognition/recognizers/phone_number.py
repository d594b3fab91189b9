"""Telephone numbers of the United Kingdom, Ofcom's drama ranges among them (libraries call those invalid)."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_GAP = r"[ \u00a0.-]{0,2}"


class Found(Recogniser):
    """Ten or eleven digits from 0, or after +44; extensions where they are called so."""

    entity: ClassVar[str] = "PHONE_NUMBER"
    cues: ClassVar[str] = r"\b(?:tel(?:ephone)?|phone|mob(?:ile)?|fax|ring|rung|call(?:ed|back)?|text|contact|number|ext(?:ension)?)\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            rf"(?<![\d/.-])(?:(?:\+|00){_GAP}44{_GAP}(?:\(0\){_GAP})?|\(?0)[1-9](?:\)?{_GAP}\d\)?){{8,9}}(?![\d/])",
            score=0.75,
            in_context=0.95,
        ),
        Form(r"\b(?:ext|extension)\.? ?(?P<value>\d{3,6})\b", score=0.4, in_context=0.5),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the digits decide
        """Drops runs of digits of the wrong length, and those under prefixes not in use."""
        digits = "".join(char for char in hit.text if char.isdigit())
        if len(digits) <= 6:
            return score
        national = digits.removeprefix("00").removeprefix("44").lstrip("0")
        return score if len(national) in {9, 10} and national[0] in "123578" else 0.0
