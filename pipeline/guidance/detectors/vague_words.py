"""Whether what the report tells is specific: vague words where a date, a number, an example or somebody's own words should stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.patterns import Words
from pipeline.guidance.strict import Expression, Strict
from pipeline.guidance.view import CaseView, ReportView

SHOWN = 5
WHY = "When, how often, or what was seen is not said here, nor in the sentences beside it."


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        vague: words that leave open when, how often, how much or what; regular expressions, read as whole words.
        specific: what pins them down where it stands in the same sentence or one beside it.
        fewest: so many vague sentences make a report fail, if they are also `in_a_hundred` of its sentences.
    """

    vague: tuple[Expression, ...] = Field(min_length=1)
    specific: tuple[Expression, ...] = Field(min_length=1)
    fewest: int = Field(default=2, ge=1)
    in_a_hundred: float = Field(default=6.0, ge=0)


@cache
def _words(patterns: tuple[str, ...]) -> Words:
    return Words.of([rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in patterns])


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every sentence that is vague and that nothing near makes specific; a few among many do no harm."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    vague = [(report, sentence) for report in view.reports for sentence in _vague(report, parameters)]
    total = sum(len(report.full_sentences) for report in view.reports)
    if len(vague) < parameters.fewest or len(vague) * 100 < parameters.in_a_hundred * total:
        return passed()
    return failed(*(Match(Action.ADVISE, WHY, report.index, sentence) for report, sentence in vague[:SHOWN]))


def _vague(report: ReportView, parameters: Parameters) -> Iterator[Span]:
    told = [(span, str(span.of(report.text)).replace("’", "'")) for span in report.full_sentences]
    pinned = [bool(_words(parameters.specific).search(words)) for _, words in told]
    for number, (span, words) in enumerate(told):
        if not any(pinned[max(0, number - 1) : number + 2]) and _words(parameters.vague).search(words):
            yield span
