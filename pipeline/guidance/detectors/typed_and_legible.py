"""Whether the report is typed, or at least can be read: no handwriting, no scan too poor to trust."""

from __future__ import annotations

import re

from pipeline.domain.documents import NoteCode
from pipeline.domain.findings import Action
from pipeline.domain.people import Reading
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

WHY = {NoteCode.POOR_SCAN: "The scan is too poor to read with certainty.", NoteCode.HANDWRITING: "The report is written by hand."}
SAYS_SO = re.compile(
    r"\b(?:hand-?written|(?:completed|filled in|done|written) (?:in pen|by hand)|illegible|(?:very|too|rather|quite) faint|"
    r"(?:can't|cannot) be read|hard to read|come out (?:grey|very faint|faint|pale))\b",
    re.IGNORECASE,
)


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """What the reader noted of the pages; of a scan, also what its sender says of it. Pages too poor to be known as a report count too."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        unread = [match for index, reading in enumerate(view.case.readings) for match in _noted(index, reading)]
        return failed(*unread) if unread else NOT_ASSESSABLE
    found = [match for report in view.reports for match in _poor(report, view)]
    return failed(*found) if found else passed()


def _noted(index: int, reading: Reading) -> list[Match]:
    """What the reader noted of the pages of a file."""
    return list(dict.fromkeys(Match(Action.REVIEW, WHY[note.code], index) for note in reading.document.notes if note.code in WHY))


def _poor(report: ReportView, view: CaseView) -> list[Match]:
    noted = _noted(report.index, report.reading)
    if noted or not report.is_scan:
        return noted
    body = next((str(reading.document.text) for reading in view.case.readings if reading.document.attachment.is_body), "")
    if SAYS_SO.search(report.text) or SAYS_SO.search(body):
        return [Match(Action.REVIEW, "The sender says that the scan is hard to read or written by hand.", report.index)]
    return []
