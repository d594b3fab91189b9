"""Whether the report says that the child should be taken into care, which is for the conference and the court."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every sentence that calls for the child to be taken away."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    found = [
        Match(Action.ADVISE, "The report says that the child should be taken into care.", report.index, sentence)
        for report in view.reports
        for sentence in report.sentences
        if report.lexicons.removal.called_for(str(sentence.of(report.text)))
    ]
    return failed(*found) if found else passed()
