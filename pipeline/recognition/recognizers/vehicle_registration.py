"""Registration marks of vehicles."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """The style since 2001 (AB12 CDE); older ones where the text speaks of a car."""

    entity: ClassVar[str] = "UK_VEHICLE_REGISTRATION"
    cues: ClassVar[str] = r"\b(?:car|van|vehicle|reg(?:istration)?|plate|drives?|parked|motorbike|vrm)\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d\d ?[A-HJ-PR-Z]{3}\b", score=0.75, in_context=0.95),
        Form(r"\b[A-Z]\d{1,3} ?[A-Z]{3}\b|\b[A-Z]{3} ?\d{1,3}[A-Z]\b", score=0.0, in_context=0.8),
    )
