"""Lines of an address: a number and a street, a flat, a named refuge or hostel."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Hit, Recogniser

_STREET = (
    r"(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Cl|Drive|Dr|Crescent|Cres|Gardens|Gdns|Grove|Gr|Place|Pl|Terrace|Way|Walk|Court|"
    r"Ct|Mews|Square|Sq|"
    r"Hill|Rise|Row|Parade|Park|Green|View|Mount|Heights|Broadway|Approach|Wharf|Quay|Yard|Croft|Fold|Gate|Villas|Buildings|House|"
    r"Lodge|Mansions|Tower|Point)"
)
_WORD = r"[A-Z][\w'’.-]*"
_NUMBER = r"\d{1,4} ?[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?"


class Found(Recogniser):
    """A house number before a street's name, `Flat 9, 41 Kempley Road`, a named house after `at`, or a refuge or hostel by name or town."""

    entity: ClassVar[str] = "ADDRESS_LINE"
    cues: ClassVar[str] = r"\b(?:address|lives?|living|staying|moved|home|resid\w+|house|flat|of|at)\b"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            rf"\b(?:(?:Flat|Apartment|Apt|Unit|Room|Plot|Pitch) [\w]{{1,4}},? )?(?:{_WORD} (?:House|Court|Lodge|Mansions|"
            rf"Tower),? )?{_NUMBER},? (?:{_WORD} ){{1,3}}{_STREET}\b"
            r"(?!['’]s)",
            score=0.85,
            in_context=0.95,
        ),
        Form(
            rf"\b(?:Flat|Apartment|Apt|Room|Pitch) \d{{1,4}}[A-Za-z]?(?:,? (?:{_WORD} ){{1,3}}(?:House|Court|Lodge|Mansions|Tower|"
            rf"Point|Road|Street))?",
            score=0.6,
            in_context=0.8,
        ),
        Form(
            rf"\b{_NUMBER},? (?:(?i:[a-z][\w'’-]+) ){{1,2}}(?:road|street|lane|avenue|close|drive|crescent|gardens|grove|terrace|mews)\b",
            score=0.0,
            in_context=0.7,
        ),
        Form(
            rf"(?:{_WORD} ){{1,3}}(?:[Rr]efuge|[Hh]ostel|[Ss]afe ?[Hh]ouse)\b|\b(?:refuge|hostel|safe house) (?:in|at|near|on|"
            rf"called) (?:{_WORD} ?){{1,4}}",
            score=0.6,
            in_context=0.75,
        ),
    )

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - the words decide
        """Drops what only opens a sentence with 'The refuge'."""
        return (
            0.0 if hit.text.lower() in {"the refuge", "a refuge", "the hostel", "a hostel", "women's refuge", "the safe house"} else score
        )
