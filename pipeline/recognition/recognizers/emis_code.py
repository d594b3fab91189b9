"""Local codes of EMIS."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """Their prefixes: EMISNQ…, ^ESCT…, EGTON…, PCSDT…."""

    entity: ClassVar[str] = "EMIS_CODE"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            r"(?<![\w^])\^?(?:EMIS(?:NQ|QX|R\d|[A-Z]{2})[A-Z0-9]{2,12}|ESC[A-Z]{2}[A-Z0-9]{2,12}(?:-\d{1,3})?|EGTON\d{1,8}|PCSDT[A-Z0-9]{1,10})\b",
            score=0.95,
            in_context=1.0,
        ),
    )
