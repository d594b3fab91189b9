"""Registration numbers of the General Medical Council."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """Seven digits where the text says GMC."""

    entity: ClassVar[str] = "UK_GMC_NUMBER"
    cues: ClassVar[str] = r"\bg\.?m\.?c\b"
    forms: ClassVar[tuple[Form, ...]] = (Form(r"(?<![\d/])\d{7}(?![\d/])", score=0.0, in_context=0.95),)
