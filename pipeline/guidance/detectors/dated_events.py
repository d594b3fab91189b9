"""Whether what the report tells is placed in time: dates, and what followed."""

from __future__ import annotations

import re

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{MONTH}\b|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b|"
    rf"\d{{1,2}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?\b(?! ?(?:mg|ml|kg|%))"
    rf"|(?:in|since|until|till|from|to|by|late|early|mid|during|of|last|this)[ -]{MONTH}\b|{MONTH} (?:20)?\d\d\b|"
    rf"on the \d{{1,2}}(?:st|nd|rd|th)\b"
    rf"|(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"\b(?:born|b\.|dob|d\.o\.b|date of birth|edd|due|nhs|conference|review on|report|dictated|typed|signed|dated)\b", re.IGNORECASE
)


class Parameters(Strict):
    """What a rule may set: how many dated sentences there must be in every hundred."""

    in_a_hundred: float = Field(default=8.5, ge=1)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """The share of sentences that carry a date; birthdays and the date of the conference do not count."""
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    dated = [(report, sentence) for report in view.reports for sentence in told(report) if is_dated(report, sentence)]
    total = sum(len(told(report)) for report in view.reports)
    if total and len(dated) * 100 >= parameters.in_a_hundred * total:
        return passed(*(str(sentence.of(report.text)) for report, sentence in dated[:3]))
    return failed(Match(Action.ADVISE, "Most of what the report tells has no date.", view.reports[0].index))


def told(report: ReportView) -> tuple[Span, ...]:
    """The sentences that tell something: those of at least five words."""
    return tuple(sentence for sentence in report.sentences if len(report.text[sentence.start : sentence.end].split()) >= 5)


def is_dated(report: ReportView, sentence: Span) -> bool:
    """Whether a sentence places something in time."""
    words = report.text[sentence.start : sentence.end]
    return bool(DATE.search(words)) and not PERSONAL.search(words)
