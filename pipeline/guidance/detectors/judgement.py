"""Turns what recognition judged of a text into findings, at the confidence a pack asks for."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.people import About, Category, Judgement, Verdict
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        categories: which judgements the rule acts on.
        redact_at: the confidence from which a part that recognition would take out is taken out of the copy that leaves; below it a
            person is shown it. By default recognition's own points of operation decide (rules/models/sensitivity): a person looks at
            the copy before it leaves, so that a leak is dearer than a needless removal. A pack sets it where less is to go.
        review_at: the confidence from which the reviewer's attention is drawn to a part; by default recognition's own.
        fails_at: the confidence from which the report itself fails the rule: more likely than not.
        fails_for: whose information in the report makes the report fail the rule; for others the part goes all the same.
        fails_in_email: whether such a part in the covering email fails it too.
    """

    categories: tuple[Category, ...] = Field(min_length=1)
    redact_at: float = Field(default=0, ge=0, le=1)
    review_at: float = Field(default=0, ge=0, le=1)
    fails_at: float = Field(default=0.5, ge=0, le=1)
    fails_for: tuple[About, ...] = tuple(About)
    fails_in_email: bool = False


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every judgement of the rule's categories, with what is to happen to it."""
    if not view.carries_report:
        return NOT_APPLICABLE
    found: list[Match] = []
    fails = False
    for index, reading in enumerate(view.case.readings):
        for judgement in reading.judgements:
            action = _action(judgement, parameters)
            if action is None:
                continue
            found.append(_match(index, judgement, action))
            fails = fails or (action is Action.REDACT and _counts(view, index, judgement, parameters))
    if fails:
        return failed(*found)
    if not view.reports:
        return Detection(NOT_ASSESSABLE.outcome, tuple(found))
    return Detection(passed().outcome, tuple(found))


def _action(judgement: Judgement, parameters: Parameters) -> Action | None:
    if judgement.category not in parameters.categories or judgement.verdict is Verdict.KEEP:
        return None
    if judgement.verdict is Verdict.ASK_CONTEXT:
        return Action.ADVISE
    if judgement.confidence < parameters.review_at:
        return None
    if judgement.verdict is Verdict.ASK or judgement.confidence < parameters.redact_at:
        return Action.REVIEW
    return Action.REDACT


def _counts(view: CaseView, index: int, judgement: Judgement, parameters: Parameters) -> bool:
    """Whether the author's report is the worse for it: it surely stands in the report and is about one of those the rule names."""
    if judgement.confidence < parameters.fails_at:
        return False
    whose = judgement.about or About.ADULT
    in_report = any(report.index == index for report in view.reports)
    in_email = parameters.fails_in_email and view.case.readings[index].document.attachment.is_body
    return whose in parameters.fails_for and (in_report or in_email)


def _match(index: int, judgement: Judgement, action: Action) -> Match:
    return Match(action, judgement.why, index, judgement.span, judgement.about, judgement.category, judgement.confidence)
