"""Holds back a report that is about another family's child, or meant for another area's conference."""

from __future__ import annotations

import re

from pipeline.domain.findings import Action
from pipeline.domain.people import Category
from pipeline.guidance.detection import NOT_APPLICABLE, Detection, Match
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

HEAD = 900
"""Characters; where a report says whom it is about and for whom it is."""
NAME = re.compile(r"\b[A-Z][a-zà-ÿ'’]{2,}\b")
EVERYDAY = """
report conference child children protection she he they her his its mum dad worries strengths needs nothing not there when who had
has was were initial review health date name born parents mother father school surgery practice medical centre doctor nurse
visitor team service gp dr mr mrs ms miss the this that what when dear chair friday monday tuesday wednesday thursday january
february march april may june july august september october november december road street lane house consent year parent carer
author agency case unborn baby family from for with and regards please find attached kind many thanks hello morning afternoon
information about our your their sent number nhs address home written completed prepared brent kent derby primary academy
community midwife midwifery teacher social worker council general guidance
"""
"""Words with a capital at the head of any report, that are nobody's name."""
AUTHORS = re.compile(
    r"\bDr\.?((?: [A-Z][\w'’.-]*){1,3})"
    r"|((?:[A-Z][\w'’-]+ ){1,3})(?:Road|Street|Lane|Practice|Surgery|Centre|School|Academy|Hospital|Clinic|Trust)\b"
)
"""Doctors and places of work: two reports by one author share them whatever family they are about."""
AREA = re.compile(
    r"\b(?:London Borough of (?P<borough>[A-Z]\w+)|(?P<council>[A-Z]\w+)(?: City| County| Borough)? Council|"
    r"(?P<offices>[A-Z]\w+) Civic (?:Offices|Centre))\b"
)


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Each report that names another area at its head, or shares no name with the mail while another report does."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    found = [_match(report, "The report is written for another area's conference.") for report in view.reports if _elsewhere(report, view)]
    found += [_match(report, "The report is about a child of another family.") for report in _strangers(view)]
    return Detection(NOT_APPLICABLE.outcome, tuple(found))


def _match(report: ReportView, why: str) -> Match:
    return Match(Action.WITHHOLD, why, report.index, category=Category.FORBIDDEN_ATTACHMENT, confidence=0.85)


def _elsewhere(report: ReportView, view: CaseView) -> bool:
    """Whether the head names councils, and none of them is the authority the mail was sent to."""
    if view.case.authority is None:
        return False
    lines = [line for line in report.text[:HEAD].split("\n") if re.search(r"conference|protection", line, re.IGNORECASE)]
    named = {name for line in lines for match in AREA.finditer(line) for name in match.groups() if name}
    own = f"{view.case.authority.name} {view.case.authority.id}".casefold()
    return bool(named) and not any(name.casefold() in own for name in named)


def _strangers(view: CaseView) -> list[ReportView]:
    """Reports that share no name with subject line, email and the others, where at least one report does."""
    if len(view.reports) < 2:
        return []
    body = " ".join(str(reading.document.text) for reading in view.case.readings if reading.document.attachment.is_body)
    author = (
        _names(str(view.case.submission.sender.name)) | _authors(body) | {name for report in view.reports for name in _authors(report.text)}
    )
    mail = _names(f"{view.case.submission.subject} {body}")
    heads = [_names(report.text[:HEAD]) - author for report in view.reports]
    shared = [bool(head & mail) for head in heads]
    if not any(shared):
        return []
    return [
        report
        for position, report in enumerate(view.reports)
        if not shared[position] and not any(heads[position] & head for other, head in enumerate(heads) if other != position)
    ]


def _names(text: str) -> set[str]:
    return {word.casefold() for word in NAME.findall(text)} - frozenset(EVERYDAY.split())


def _authors(text: str) -> set[str]:
    return {name for match in AUTHORS.finditer(text) for group in match.groups() if group for name in _names(group)}
