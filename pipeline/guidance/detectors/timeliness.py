"""Whether the report came by the day the authority asks for."""

from __future__ import annotations

from pipeline.domain.conference import DeadlineStatus
from pipeline.domain.findings import Action
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings; the days stand in the pack's deadline."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Met, missed, or unknown where the mail does not say when the conference is."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    status = view.case.facts.deadline.status
    if status is DeadlineStatus.UNKNOWN:
        return NOT_ASSESSABLE
    if status is DeadlineStatus.MET:
        return passed()
    return failed(Match(Action.ADVISE, "The report came later than the guidance asks; it is urgent and goes on at once."))
