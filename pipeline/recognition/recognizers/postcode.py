"""Postcodes of the United Kingdom, whole; and outward codes (NW10) where an address is being given."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_OUTWARD = r"(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]?|[A-PR-UWYZ]\d[A-HJKPSTUW])"
_AREAS = re.compile(
    r"AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|"
    r"IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|"
    r"ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|[BEGLMNSW]",
    re.IGNORECASE,
)


class Found(Recogniser):
    """An outward code of a postal area there is, and an inward code; the space may be missing."""

    entity: ClassVar[str] = "UK_POSTCODE"
    cues: ClassVar[str] = (
        r"\b(?:post ?code|address|road|rd|street|st|lane|avenue|ave|close|drive|way|london|lives|moved|flat|gardens|crescent)\b"
    )
    forms: ClassVar[tuple[Form, ...]] = (
        Form(rf"\b{_OUTWARD} ?\d[ABD-HJLNP-UW-Z]{{2}}\b", score=0.85, in_context=1.0),
        Form(rf"\b{_OUTWARD} ?\d[abd-hjlnp-uw-z]{{2}}\b", score=0.0, in_context=0.8, ignore_case=True),
        Form(rf"\b{_OUTWARD}\b(?! ?\d[A-Za-z]{{2}}\b)", score=0.0, in_context=0.4),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the area decides alone
        """Drops what begins with no postal area."""
        letters = hit.text[: 2 if hit.text[1].isalpha() else 1]
        return score if _AREAS.fullmatch(letters) else 0.0
