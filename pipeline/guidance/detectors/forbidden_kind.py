"""Holds back whole documents by what they are, such as printouts of a health record."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.people import Category, DocumentKind
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView

WORDS = {
    DocumentKind.RECORD_PRINTOUT: "a printout of a health record",
    DocumentKind.CLINICAL_LETTER: "a clinical letter from a health record",
    DocumentKind.MEDICATION_PRINTOUT: "a printout of medicines",
    DocumentKind.LAB_RESULTS: "a printout of test results",
    DocumentKind.IMMUNISATION_PRINTOUT: "a printout of immunisations",
    DocumentKind.REFERRAL: "a referral from a record",
    DocumentKind.MEETING_MINUTES: "the minutes of a meeting, which are not the author's to pass on",
    DocumentKind.PHOTO_OR_SCAN: "a photograph or picture",
}


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        kinds: the kinds of document that stay behind.
        counts_against_the_report: whether such a document makes the sender break the rule, or just stays behind.
    """

    kinds: tuple[DocumentKind, ...] = Field(min_length=1)
    counts_against_the_report: bool = True


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every document of a forbidden kind; mail that carries no report is for another rule."""
    if not view.carries_report:
        return NOT_APPLICABLE
    found = [
        Match(
            Action.WITHHOLD,
            f"This is {WORDS.get(reading.kind.kind, reading.kind.kind.value.replace('_', ' '))}; it stays behind.",
            index,
            category=Category.FORBIDDEN_ATTACHMENT,
            confidence=reading.kind.confidence,
        )
        for index, reading in enumerate(view.case.readings)
        if reading.kind.kind in parameters.kinds
    ]
    if not parameters.counts_against_the_report:
        return Detection(NOT_APPLICABLE.outcome, tuple(found))
    if found:
        return failed(*found)
    return passed() if view.reports else NOT_ASSESSABLE
