"""Whether the report puts events in order of time, so that a reader can see what followed what."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from pipeline.domain.documents import BlockKind
from pipeline.domain.findings import Action
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.in_time import DATE
from pipeline.guidance.patterns import known
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

TITLE = re.compile(r"\b(?:chronolog\w*|timeline|time line|what (?:has )?happened|significant events|key events|events)\b")


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        entries: how many dated entries make a chronology where no title says that there is one.
        services: for each service that may be involved, the words by which it is known (regular expressions).
        several: how many of them the report must speak of for a chronology to be asked for; at 0 it always is.
    """

    entries: int = Field(default=4, ge=2)
    services: dict[str, str] = Field(default_factory=dict)
    several: int = Field(default=0, ge=0)

    @field_validator("services")
    @classmethod
    def _are_patterns(cls, services: dict[str, str]) -> dict[str, str]:
        for name, words in services.items():
            try:
                re.compile(words)
            except re.error:
                raise ValueError(f"the words of '{name}' are not a regular expression") from None
        return services


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """A titled chronology with text under it, a dated list or table, or enough dated sentences to be one.

    Where there is none and few services are involved, none is asked for.
    """
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    for report in view.reports:
        titled = next((section for section in report.sections if TITLE.search(section.name) and section.body), None)
        if titled is not None:
            return passed(report.text[titled.title.start : titled.title.end])
        if _entries(report) >= parameters.entries:
            return passed("events told with their dates")
    if len(_involved(view, parameters)) < parameters.several:
        return NOT_APPLICABLE
    return failed(Match(Action.ADVISE, "The report does not set events out in order of time.", view.reports[0].index))


def _entries(report: ReportView) -> int:
    """Dated list items and rows, or dated sentences where there are more of those."""
    rows = 0
    for block in report.document.blocks:
        if block.kind is BlockKind.LIST_ITEM:
            rows += bool(DATE.search(report.text[block.span.start : block.span.end]))
        elif block.kind is BlockKind.TABLE:
            rows += sum(bool(row.cells and DATE.search(report.text[row.cells[0].span.start : row.cells[0].span.end])) for row in block.rows)
    return max(rows, len(report.dated))


def _involved(view: CaseView, parameters: Parameters) -> list[str]:
    """The services that the reports speak of, their author's own among them."""
    text = "\n".join(report.text for report in view.reports)
    return [name for name, words in parameters.services.items() if known(words).search(text)]
