"""Asks a person to look at whatever could not be opened, read in full or searched to its end."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.domain.people import DocumentKind, Reading
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings: what could not be searched is never let through."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every document a person must look at because the gateway could not see all of it."""
    del parameters
    found = [match for index, reading in enumerate(view.case.readings) for match in _reasons(index, reading)]
    return Detection((NOT_ASSESSABLE if found else NOT_APPLICABLE).outcome, tuple(found))


def _reasons(index: int, reading: Reading) -> list[Match]:
    document = reading.document
    if document.problem is not None:
        return [Match(Action.WITHHOLD, document.problem.detail, index)]
    if reading.kind.kind is DocumentKind.UNREADABLE:
        return [Match(Action.WITHHOLD, "Nothing in this file could be read.", index)]
    found = [Match(Action.REVIEW, note.detail, index) for note in document.notes if note.holds]
    if not reading.complete:
        found.append(Match(Action.REVIEW, "This document was not searched to its end.", index))
    return found
