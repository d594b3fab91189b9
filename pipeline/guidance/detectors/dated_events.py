"""Whether what the report tells is placed in time: dates, and what followed."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """What a rule may set: how many dated sentences there must be in every hundred."""

    in_a_hundred: float = Field(default=8.5, ge=1)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """The share of sentences that carry a date; birthdays and the date of the conference do not count."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    dated = [(report, sentence) for report in view.reports for sentence in report.dated]
    total = sum(len(report.full_sentences) for report in view.reports)
    if total and len(dated) * 100 >= parameters.in_a_hundred * total:
        return passed(*(str(sentence.of(report.text)) for report, sentence in dated[:3]))
    return failed(Match(Action.ADVISE, "Most of what the report tells has no date.", view.reports[0].index))
