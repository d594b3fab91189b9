"""Email addresses."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser


class Found(Recogniser):
    """A local part, an @ and a domain of two labels or more; no look-up of top-level domains, so nothing is fetched."""

    entity: ClassVar[str] = "EMAIL_ADDRESS"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(r"\b[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}\b", score=1.0, in_context=1.0),
    )
