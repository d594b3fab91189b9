"""Unique pupil numbers of schools."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """A check letter, then twelve digits, or eleven and a letter where it is temporary."""

    entity: ClassVar[str] = "UK_PUPIL_NUMBER"
    cues: ClassVar[str] = r"\bupn\b|\bpupil (?:no|number|id)\b"
    forms: ClassVar[tuple[Form, ...]] = (Form(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b", score=0.8, in_context=1.0),)
