"""Whether the report keeps to the child: what the child does, feels and says, and what things do to the child."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import A_SENTENCE, CaseView, ReportView

PART = "child"
SHOWN = 3
EVEN = 0.0
"""A logit; at and above it a sentence rather tells of the child's life than not."""
HARDLY = "The report hardly says what life is like for the child"
LONG = 12
"""Sentences; a stretch of that many without the child is worth pointing at."""


class Parameters(Strict):
    """It has no settings: where the line runs is in rules/models/topics, with what was measured."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What one report tells of the child.

    Attributes:
        telling: the sentences that tell of the child's life, the clearest first.
        sentences: how many sentences there are that tell anything.
        without: the first sentence of the longest stretch that says nothing of it, and how many there are in it.
    """

    telling: tuple[Span, ...]
    sentences: int
    without: tuple[Span, int] | None


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """The sentences that say most of the child's own life, each read with whom it speaks of; a longer report must say more."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    for report in view.reports:
        opinion = report.opinion(PART)
        if opinion is not None and opinion.settled and report.speaks_of_child:
            best = _told(report).telling or tuple(report.told[number].span for number in opinion.best)
            return passed(*(str(span.of(report.text)) for span in best[:SHOWN]))
    return failed(*_why(view.reports[0]))


def _told(report: ReportView) -> _Told:
    scores = report.scores[PART]
    clear = [int(number) for number in np.argsort(-scores, kind="stable") if scores[number] >= EVEN]
    spans = [told.span for told in report.told]
    judged = [number for number, span in enumerate(spans) if len(str(span.of(report.text)).split()) >= A_SENTENCE]
    return _Told(tuple(spans[number] for number in clear), len(judged), _without(judged, frozenset(clear), spans))


def _without(judged: list[int], telling: frozenset[int], spans: list[Span]) -> tuple[Span, int] | None:
    """The longest stretch of sentences none of which tells of the child's life."""
    longest: list[int] = []
    stretch: list[int] = []
    for number in judged:
        stretch = [] if number in telling else [*stretch, number]
        longest = max(longest, stretch, key=len)
    return (spans[longest[0]], len(longest)) if len(longest) >= LONG else None


def _why(report: ReportView) -> list[Match]:
    """The judgement in words, with the sentences that come nearest and the stretch that lacks the child most."""
    told = _told(report)
    found = len(told.telling)
    said = f"{found or 'none'} of its {told.sentences} sentences {'says' if found == 1 else 'say'}"
    why = f"{HARDLY}: {said} what the child does, feels or says, or what a matter means for the child."
    matches = [Match(Action.ADVISE, why, report.index)]
    if told.without is not None:
        start, length = told.without
        matches.append(
            Match(Action.ADVISE, f"From here on {length} sentences in a row say nothing of the child's own life.", report.index, start)
        )
    return matches
