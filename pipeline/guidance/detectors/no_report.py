"""Holds back every document of mail that hands in no report: nothing of it goes out as one."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.domain.people import Category
from pipeline.guidance.detection import NOT_APPLICABLE, Detection, Match
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every document, where the mail is not a conference report. The author's report is not judged by it."""
    del parameters
    if view.carries_report:
        return NOT_APPLICABLE
    why = "The mail hands in no report, so nothing of it goes out as one."
    found = tuple(Match(Action.WITHHOLD, why, index, category=Category.FORBIDDEN_ATTACHMENT) for index in range(len(view.case.readings)))
    return Detection(NOT_APPLICABLE.outcome, found)
