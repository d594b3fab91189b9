"""Whether the report keeps to the child: what the child does, feels and says, and what things do to the child."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.guidance.child_voice import Telling, child_names, telling
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView


class Parameters(Strict):
    """What a rule may set: how many sentences in a hundred must say what life is like for the child."""

    in_a_hundred: float = Field(default=1.5, ge=0)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """The share of sentences that are about the child's own life; a list of facts on adults or of findings has next to none."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    found = [(report, sentence) for report in view.reports for sentence in _telling(report, view)]
    total = sum(len(report.full_sentences) for report in view.reports)
    if total and sum(sentence.points for _, sentence in found) * 100 >= parameters.in_a_hundred * total:
        return passed(*(str(sentence.span.of(report.text)) for report, sentence in found[:3]))
    return failed(Match(Action.ADVISE, "The report hardly says what life is like for the child.", view.reports[0].index))


def _telling(report: ReportView, view: CaseView) -> tuple[Telling, ...]:
    children = tuple(map(str, view.case.facts.conference.children))
    names = child_names(report.text, view.case.roster, children, report.lexicons.child.first_names)
    return telling(report, names)
