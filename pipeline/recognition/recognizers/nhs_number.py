"""NHS numbers, in whatever way they are written; ten digits alone are not enough, since one in eleven passes the check digit."""

from __future__ import annotations

from typing import ClassVar

from nhs_number import is_valid  # type: ignore[attr-defined] # its package names no exports

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_GROUPED = r"(?<![\d/.-])(?<!\d[ -])\d{3}[ \u00a0.-]{1,3}\d{3}[ \u00a0.-]{1,3}\d{4}(?![\d/])(?![ -]\d)"
_SPLIT = r"(?<![\d/.-])\d{3}[ \u00a0-]?(?:\n[ \t]*)?\d{3}[ \u00a0-]?(?:\n[ \t]*)?\d{4}(?![\d/])"
_LOOSE = r"(?<![\d/.-])(?<!\d[ -])\d{2,4}(?:[ \u00a0-]?\d{2,4}){2}(?![\d/])(?![ -]\d)"


class Found(Recogniser):
    """3-3-4 with spaces, hyphens or a line break, or ten digits in a row; with a failing check digit or a digit lost, at a lower score."""

    entity: ClassVar[str] = "UK_NHS_NUMBER"
    cues: ClassVar[str] = r"\bnhs\b|\bpatient (?:no|id)\b|\bnhsn\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(_GROUPED, score=0.9, in_context=1.0),
        Form(_SPLIT, score=0.45, in_context=1.0),
        Form(_LOOSE, score=0.0, in_context=0.6),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:
        """Halves the score where the check digit fails, and lets telephone numbers be."""
        digits = "".join(char for char in hit.text if char.isdigit())
        if digits.startswith("0") or not 9 <= len(digits) <= 11:
            return 0.0
        if len(digits) == 10 and is_valid(digits):
            return score
        if "\n" in hit.text and not in_context:
            return 0.0
        return min(score, 0.6) if in_context else (0.5 if score >= 0.9 else 0.0)
