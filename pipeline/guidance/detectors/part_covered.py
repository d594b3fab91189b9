"""Whether a part of the report, such as what is going well, is there and answered, in any layout or in plain prose."""

from __future__ import annotations

import re
from functools import partial

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.sections import Section, under
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
ASKS = re.compile(r"\b(?:needs?|should|must|ought|will|would|to be|to \w+)\b", re.IGNORECASE)
REPORT = re.compile(r"\b(?:report|conference|review)\b")


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        part: a name in lexicons/sections.yaml.
        missing: what is said where the part is nowhere.
        unanswered: what is said where its section is there and says nothing.
    """

    part: str
    missing: str
    unanswered: str


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """The part's sections; where there are none, sentences that carry it."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    unanswered: list[Match] = []
    for report in view.reports:
        for position, section in enumerate(report.sections):
            if section.slot != parameters.part or is_name_of_report(report, position):
                continue
            if any(said(part, report) for part in under(report.sections, position)):
                return passed(section.text(report.text)[:200])
            unanswered.append(Match(Action.ADVISE, parameters.unanswered, report.index, _shown(section)))
    if not unanswered:
        for report in view.reports:
            sentence = report.carries(parameters.part, partial(in_prose, report, parameters.part))
            if sentence is not None:
                return passed(sentence.of(report.text))
        return failed(Match(Action.ADVISE, parameters.missing, view.reports[0].index))
    return failed(*unanswered)


def is_name_of_report(report: ReportView, position: int) -> bool:
    """Whether a title without text is only the report's own name, such as 'Report: concerns about the Moss children'."""
    section = report.sections[position]
    return position <= 2 and not section.form and not section.body and bool(REPORT.search(section.name))


def said(section: Section, report: ReportView) -> bool:
    """Whether something of its own stands under a title; a call to take the child away is not a need."""
    text = section.text(report.text)
    if section.slot == "needs":
        kept = [sentence for sentence in SENTENCE.split(text) if not report.lexicons.removal.called_for(sentence)]
        if len(kept) < len(SENTENCE.split(text)):
            text = "\n".join(sentence for sentence in kept if ASKS.search(sentence))
    lines = [line for line in text.split("\n") if line.strip()]
    answer = report.lexicons.answers.answer
    if answer(text) is Answer.ACCEPTED:
        return True
    return answer(text) is Answer.GIVEN and any(answer(line) in {Answer.GIVEN, Answer.ACCEPTED} for line in lines)


def in_prose(report: ReportView, part: str) -> Span | None:
    """A sentence that has the words of the part, or the first of several that do together."""
    words = report.lexicons.slot(part)
    signs: list[Span] = []
    for sentence in report.sentences:
        given = report.text[sentence.start : sentence.end].replace("’", "'")
        if report.lexicons.removal.called_for(given) or report.is_title(sentence):
            continue
        if words.in_prose.search(given):
            return sentence
        if words.signs.search(given):
            signs.append(sentence)
    return signs[0] if len(signs) >= words.signs_needed and signs else None


def _shown(section: Section) -> Span:
    return section.body[0] if section.body else section.title
