"""Finds sections and boxes left empty, or filled with 'N/A', a dash or 'see letter', without a reason."""

from __future__ import annotations

import re

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.sections import NUMBERING, Section, under
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

WHY = {
    Answer.EMPTY: "This part is empty.",
    Answer.BARE: "This part says that there is nothing, and not why.",
    Answer.PROMPT: "This part still holds the form's own words.",
    Answer.POINTER: "This part only points elsewhere.",
}
CLERICAL = re.compile(
    r"\b(?:sign(?:ed|ature)?|date|tel|telephone|phone|fax|email|e-mail|address|ref|reference|mosaic|lcs|nhs|number|no|name|"
    r"designation|role|job|office use|cc|copies|postcode|alias|known as|title|page)\b"
)
"""Labels whose answer is no part of what is told: an office may leave them."""

QUESTIONS = frozenset({"worries", "strengths", "needs", "if_nothing_changes", "consent"})
A_FEW = 8
"""Words; whoever writes more than that beside 'see the last report' has given some reason."""
LONG = 20
"""Words; a longer label is a sentence in bold."""


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every title with nothing of its own under it, unless a reason is given there or under 'parts I cannot complete'."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    found = [match for report in view.reports for match in _blanks(report)]
    return failed(*found) if found else passed()


def _blanks(report: ReportView) -> list[Match]:
    found = []
    for position, section in enumerate(report.sections):
        kind = _blank(report, position)
        if kind is not None and not _explained_elsewhere(section, report):
            found.append(Match(Action.ADVISE, WHY[kind], report.index, _shown(section)))
    return found


def _blank(report: ReportView, position: int) -> Answer | None:
    """How a section is blank; None where it is not, or where it only groups others."""
    section = report.sections[position]
    if not section.name or section.slot == "limits" or CLERICAL.search(section.name):
        return None
    text = section.text(report.text).strip()
    kind = report.lexicons.answers.answer(text)
    if kind in {Answer.GIVEN, Answer.ACCEPTED} or (kind is Answer.EMPTY and not _asks(report, position)):
        return None
    if kind is Answer.POINTER and len(text.split()) > A_FEW:
        return None
    plain_no = text.casefold().rstrip(".") in {"none", "no", "nothing", "nil", "none known", "unknown"}
    return None if kind is Answer.BARE and plain_no and section.slot not in QUESTIONS else kind


def _asks(report: ReportView, position: int) -> bool:
    """Whether an empty title asks for something, and is not the name of the report, a person or a group of other titles."""
    section = report.sections[position]
    after = report.sections[position + 1 : position + 2]
    if len(under(report.sections, position)) > 1 or (after and (not _stands_apart(after[0]) or _heads(section, after[0], report))):
        return False
    if ": " in section.name or (report.is_scan and not section.slot):  # it answers itself, or may be a line read wrongly
        return False
    if section.slot:
        return not (position <= 2 and re.search(r"\b(?:report|conference|review)\b", section.name))
    if section.form:
        between_labels = any(part.form for part in report.sections[:position]) and bool(after) and after[0].form
        return between_labels and not re.search(r"\d|\bborn\b", section.name) and len(section.name.split()) <= LONG
    if section.level < 7:  # a heading of its own among others of its rank
        return position > 2 and bool(after) and after[0].level <= section.level and not re.search(r"\d", section.name)
    return False


def _heads(section: Section, after: Section, report: ReportView) -> bool:
    """Whether a numbered or lettered title heads the plain one that follows it, whatever rank the reader gave them."""
    first, second = (report.text[one.title.start : one.title.end] for one in (section, after))
    return not after.slot and bool(NUMBERING.match(first)) and not NUMBERING.match(second)


def _stands_apart(section: Section) -> bool:
    """Whether a title that follows an empty one is a title in its own right, not the first words of its answer."""
    return section.form or section.level < 7 or section.slot in QUESTIONS


def _explained_elsewhere(section: Section, report: ReportView) -> bool:
    """Whether another part of the report says why this one is blank."""
    if report.lexicons.answers.explained(section.text(report.text)):
        return True
    key = section.name.split(" ")[-1]
    limits = " ".join(part.text(report.text) for part in report.sections if part.slot == "limits")
    return len(key) > 3 and key in limits.casefold()


def _shown(section: Section) -> Span:
    return section.body[0] if section.body else section.title
