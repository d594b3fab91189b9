"""Whether the report says that consent to share was sought or given, or why it is shared without."""

from __future__ import annotations

import re
from functools import partial

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.sections import Section
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

SIGNATURE = re.compile(r"(?:dr|mr|mrs|ms|miss|prof|sr|nurse)\b[\w .'’-]{2,40}", re.IGNORECASE)
NEAR = 0.25
"""The share of a report at its head, and at its foot, in which agreement without an object is about the report."""

UNTICKED = re.compile(r"\[ \]\s*yes\s*\[x\]\s*no|(?:\[ \]|☐|□)?\s*yes\s*(?:/|\[ \]|☐|□|or)?\s*no\s*(?:\[ \]|☐|□)?", re.IGNORECASE)


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """A section on consent with an answer, or a sentence that tells of it anywhere in the report."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    for report in view.reports:
        said = _said(report)
        if said is not None:
            return passed(str(said.of(report.text)))
    return failed(Match(Action.ADVISE, "The report does not say whether anyone was asked to agree to it.", view.reports[0].index))


def _said(report: ReportView) -> Span | None:
    asked = [section for section in report.sections if section.slot == "consent"]
    for section in asked:
        if report.lexicons.answers.answer(section.text(report.text)) is Answer.GIVEN and _answers(section.text(report.text)):
            return section.body[0]
    return _told(report, asked) if asked else report.carries("consent", partial(_told, report, asked))


def _told(report: ReportView, asked: list[Section]) -> Span | None:
    """A sentence that tells of agreement to the report."""
    for sentence in report.sentences:
        words = report.text[sentence.start : sentence.end].replace("’", "'")
        begins_blank = any(section.title.overlaps(sentence) for section in asked)
        where = sentence.start / max(1, len(report.text))
        at_an_end = not NEAR < where < 1 - NEAR
        if not begins_blank and not words.rstrip().endswith("?") and report.lexicons.consent.told(words, at_an_end=at_an_end):
            return sentence
    return None


def _answers(text: str) -> bool:
    """Whether an answer under a title on consent is one: words, or a box that is ticked, and not the name of who signs below."""
    return not UNTICKED.fullmatch(text.strip()) and not SIGNATURE.fullmatch(text.strip())
