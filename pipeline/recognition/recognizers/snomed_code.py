"""SNOMED CT and dm+d identifiers, by their check digit and partition."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_PARTITIONS = frozenset({"00", "01", "02", "10", "11", "12"})
_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def is_sctid(digits: str) -> bool:
    """Whether the digits can be a SNOMED CT identifier: length, no leading 0, partition, Verhoeff's check digit."""
    if not 6 <= len(digits) <= 18 or digits[0] == "0" or digits[-3:-1] not in _PARTITIONS:
        return False
    check = 0
    for position, digit in enumerate(reversed(digits)):
        check = _D[check][_P[position % 8][int(digit)]]
    return check == 0


class Found(Recogniser):
    """6 to 18 digits that pass both tests; 3 in a thousand random numbers do too, so that context raises the score."""

    entity: ClassVar[str] = "SNOMED_CODE"
    cues: ClassVar[str] = r"\bsnomed\b|\bcodes?\b|\bcoded\b|\bsctid\b|\bconcept\b|\bdm\+?d\b|\bproblems?\b"
    forms: ClassVar[tuple[Form, ...]] = (Form(r"(?<![\d/.+-])[1-9]\d{5,17}(?![\d/])(?!\.\d)", score=0.7, in_context=0.95),)

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:
        """Drops what fails the tests; in code context a number that fails them stays at half."""
        if is_sctid(hit.text):
            return score
        return 0.5 if in_context and "snomed" in hit.before.lower() and len(hit.text) >= 8 else 0.0
