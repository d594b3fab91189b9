"""National Insurance numbers."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_NEVER_ISSUED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


class Found(Recogniser):
    """Two letters, six digits, a letter A to D; in capitals, or in any case where the text says what it is."""

    entity: ClassVar[str] = "UK_NINO"
    cues: ClassVar[str] = r"\bn\.?i\.?(?:no)?\b|\bnational insurance\b|\bnino\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b", score=0.85, in_context=1.0),
        Form(r"\b[a-ceghj-pr-tw-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]\b", score=0.0, in_context=0.8, ignore_case=True),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the prefix decides alone
        """Drops prefixes that were never given out."""
        return 0.0 if hit.text[:2].upper() in _NEVER_ISSUED else score
