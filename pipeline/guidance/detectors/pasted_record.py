"""Takes out pieces of a health record that were pasted into a report, an email or another document that leaves."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.people import Category, DocumentKind
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """What a rule may set: kinds of record whose pieces go, and the confidence from which they go or a person looks."""

    kinds: tuple[DocumentKind, ...] = Field(min_length=1)
    redact_at: float = Field(default=0.5, ge=0, le=1)
    review_at: float = Field(default=0.35, ge=0, le=1)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every piece of a record of one of these kinds."""
    if not view.carries_report:
        return NOT_APPLICABLE
    found = [
        Match(
            Action.REDACT if block.confidence >= parameters.redact_at else Action.REVIEW,
            block.why,
            index,
            block.span,
            category=Category.PASTED_RECORD,
            confidence=block.confidence,
        )
        for index, reading in enumerate(view.case.readings)
        for block in reading.record_blocks
        if block.kind in parameters.kinds and block.confidence >= parameters.review_at
    ]
    if any(match.action is Action.REDACT for match in found):
        return failed(*found)
    return Detection((passed() if view.reports else NOT_ASSESSABLE).outcome, tuple(found))
