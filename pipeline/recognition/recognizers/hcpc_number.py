"""Registration numbers of the Health and Care Professions Council and of Social Work England."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """Two or three letters of a profession and four to six digits, where the text says whose register it is."""

    entity: ClassVar[str] = "UK_HCPC_NUMBER"
    cues: ClassVar[str] = r"\bhcpc\b|\bswe\b|\bsocial work england\b|\bregistration\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"\b(?:AS|BS|CH|CS|DT|HAD|ODP|OT|OR|PA|PH|PO|PYL|RA|SL|SW) ?\d{4,6}\b", score=0.0, in_context=0.95),
    )
