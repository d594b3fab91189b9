"""Whether parents and teachers can understand the words of the report, or find them explained where they stand."""

from __future__ import annotations

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.jargon import Jargon, Kind, initials, jargon
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

WEIGHT = {Kind.SHORTHAND: 1.0, Kind.CLINICAL: 1.0, Kind.FIGURE: 1.0, Kind.MILD: 0.5, Kind.DRUG: 0.5}
SHOWN = 12


class Parameters(Strict):
    """What a rule may set: how many different unexplained words make it fail; ones a reader can guess, and medicines, count half."""

    words: float = Field(default=2.0, ge=0.5)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every word nobody explained, with the plain wording; the rule fails when a reader would stumble more than now and then."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    found = [(report, item) for report in view.reports for item in _unexplained(report)]
    weight = sum(WEIGHT[kind] for kind in {item.term.casefold(): item.kind for _, item in found}.values())
    if weight < parameters.words:
        return passed(*(item.term for _, item in found[:SHOWN]))
    matches = tuple(Match(Action.ADVISE, _why(item), report.index, item.span) for report, item in found[:SHOWN])
    return failed(*matches)


def _unexplained(report: ReportView) -> tuple[Jargon, ...]:
    titles = {section.title.start: section.title for section in report.sections if len(section.title) and not section.form}
    within = tuple(_without(sentence, titles) for sentence in report.sentences if titles.get(sentence.start) != sentence)
    found = jargon(report.text, report.lexicons.plain, initials(report.text), within)
    if not report.is_scan:
        return found
    return tuple(
        item for item in found if item.plain or item.kind not in {Kind.SHORTHAND, Kind.MILD}
    )  # capitals nobody knows may be read wrongly


def _without(sentence: Span, titles: dict[int, Span]) -> Span:
    """The sentence without the title it begins with, whose capitals tell nothing."""
    title = titles.get(sentence.start)
    return Span(title.end, sentence.end) if title is not None and title.end < sentence.end else sentence


def _why(item: Jargon) -> str:
    if item.plain:
        return f"Not everyone knows this word; you could write '{item.plain}'."
    return "Not everyone knows this; please say it in everyday words or explain it."
