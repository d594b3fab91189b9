"""BNF codes of prescribed items."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """Fifteen characters: chapter to sub-paragraph in seven digits, then substance, product, strength and equivalent."""

    entity: ClassVar[str] = "BNF_CODE"
    forms: ClassVar[tuple[Form, ...]] = (Form(r"\b(?:0[1-9]|1\d|2[0-3])\d{5}[A-Z0-9]{2}[A-Z]{2}[A-Z]{4}\b", score=0.9, in_context=1.0),)
