"""Lets through what belongs beside a report, such as a covering letter or a signed consent, and holds back any other paper."""

from __future__ import annotations

import re

from pydantic import Field

from pipeline.domain.findings import Action
from pipeline.domain.people import Category, DocumentKind, Reading
from pipeline.guidance.detection import NOT_APPLICABLE, Detection, Match
from pipeline.guidance.strict import Expression, Strict
from pipeline.guidance.view import CaseView

HEAD = 700
"""Characters; the beginning of a document, where it says what it is."""


class Parameters(Strict):
    """What a rule may set: words of papers that belong beside a report, and of those that never do, in names and first lines."""

    belongs: tuple[Expression, ...] = Field(min_length=1)
    never: tuple[Expression, ...] = Field(min_length=1)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every document that is of no known kind and not known to belong beside a report."""
    if not view.carries_report:
        return NOT_APPLICABLE
    belongs, never = (re.compile("|".join(patterns), re.IGNORECASE) for patterns in (parameters.belongs, parameters.never))
    found = []
    for index, reading in enumerate(view.case.readings):
        if reading.kind.kind is not DocumentKind.OTHER or reading.document.attachment.is_body or _is_container(index, view):
            continue
        said = _name_and_beginning(reading)
        if never.search(said) or not belongs.search(said):
            why = "This paper is not part of the report; it stays behind unless a person decides that it belongs."
            found.append(Match(Action.WITHHOLD, why, index, category=Category.FORBIDDEN_ATTACHMENT, confidence=0.8))
    return Detection(NOT_APPLICABLE.outcome, tuple(found))


def _name_and_beginning(reading: Reading) -> str:
    name = re.sub(r"[_\-.]+", " ", str(reading.document.name))
    return f"{name}\n{reading.document.text[:HEAD]}"


def _is_container(index: int, view: CaseView) -> bool:
    """Whether other documents came out of this one, such as a forwarded mail's attachments."""
    name = view.case.readings[index].document.name
    return any(reading.document.attachment.container == name for reading in view.case.readings)
