"""Whether there is a written report to go on, whoever attends or rings in."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """A readable report, or one that at least came; mail meant as a report without one fails."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if view.reports:
        return passed("a written report")
    if any(reading.document.problem is not None for reading in view.case.readings):
        return NOT_ASSESSABLE
    return failed(Match(Action.REVIEW, "The mail is meant as a report, and no report is in it."))
