"""Numbers by which a hospital, a council or a service knows somebody (hospital, MRN, RiO, Mosaic, LCS, EMIS, client and case numbers)."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_SYSTEM = (
    r"(?:mosaic|lcs|liquid ?logic|carefirst|rio|emis|systmone|s1|theseus|carenotes|paris|badgernet|hosp(?:ital)?|unit|patient|client|"
    r"person|case|service user|mrn|crn|"
    r"pid|k|district|prison|noms|pnc|child|badger|casenote|swift|ics|ehm|school|pupil|crime|occurrence|incident|urn)"
)


class Found(Recogniser):
    """The name of a system or `hospital number` and the like, then letters and digits, four digits at least."""

    entity: ClassVar[str] = "UK_RECORD_ID"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            rf"\b{_SYSTEM}\.?[ -]?(?:id|no|number|num|ref|reference|record no|"
            rf"#)?\.?(?: ?[:#])? ?(?P<value>[a-z]{{0,4}}[-/ ]?\d{{2,}}[\d/-]*[a-z]?(?:/[a-z0-9]+)?)\b",
            score=0.8,
            in_context=0.8,
            ignore_case=True,
        ),
        Form(r"\b[A-Z]{1,3}\d{2,3}[-/]\d{5,8}\b", score=0.6, in_context=0.6),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the digits decide
        """Drops short numbers (case 6, child 2) and dates."""
        digits = sum(char.isdigit() for char in hit.text)
        is_date = re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}", hit.text) is not None
        return 0.0 if digits < 4 or is_date or digits > 12 else score
