"""Whether the report says that the child should be taken into care, which is for the conference and the court."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

PART = "removal"


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
        for sentence in _calls(report)
    ]
    return failed(*found) if found else passed()


def _calls(report: ReportView) -> list[Span]:
    """The sentences that call for it in known words, and those that sound like such a sentence and have one of its words."""
    words = report.lexicons.removal
    found = {sentence for sentence in report.sentences if words.called_for(str(sentence.of(report.text)))}
    scores = report.scores.get(PART, ())
    for told, score in zip(report.told, scores, strict=False):
        known = any(sentence.overlaps(told.span) for sentence in found)
        if score >= report.bounds(PART).present_from and not known and words.may_call(str(told.span.of(report.text))):
            found.add(told.span)
    return sorted(found, key=lambda span: span.start)
