"""Finds sections and boxes left empty, or filled with 'N/A', a dash or 'see letter', without a reason."""

from __future__ import annotations

import re

from pipeline.domain.documents import TickState
from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer, answer, explained
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.sections import Section, under
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

WHY = {
    Answer.EMPTY: "This part is empty.",
    Answer.BARE: "This part says that there is nothing, and not why.",
    Answer.PROMPT: "This part still holds the form's own words.",
    Answer.POINTER: "This part only points elsewhere.",
}
CLERICAL = re.compile(
    r"\b(?:sign(?:ed|ature)?|date|tel|telephone|phone|fax|email|e-mail|address|ref|reference|mosaic|lcs|nhs|number|no|name|designation|role|job|office use|cc|copies|postcode|alias|known as|title|page)\b"
)
"""Labels whose answer is no part of what is told: an office may leave them."""


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
    if not section.name or CLERICAL.search(section.name) or not _asks(report, position):
        return None
    kind = answer(section.text(report.text))
    if kind in {Answer.GIVEN, Answer.ACCEPTED}:
        return None
    if kind is Answer.EMPTY and len(under(report.sections, position)) > 1:
        return None
    if (
        kind is Answer.BARE
        and not section.slot
        and section.text(report.text).strip().casefold().rstrip(".") in {"none", "no", "nothing", "nil", "none known", "unknown"}
    ):
        return None
    return kind


def _asks(report: ReportView, position: int) -> bool:
    """Whether a title asks for something, and is not the name of the report or of a group."""
    section = report.sections[position]
    return section.form or bool(section.slot) or section.level == 7 or position > 3


def _explained_elsewhere(section: Section, report: ReportView) -> bool:
    """Whether another part of the report says why this one is blank."""
    if explained(section.text(report.text)):
        return True
    key = section.name.split(" ")[-1]
    limits = " ".join(part.text(report.text) for part in report.sections if part.slot == "limits")
    return len(key) > 3 and key in limits.casefold()


def _shown(section: Section) -> Span:
    return section.body[0] if section.body else section.title
