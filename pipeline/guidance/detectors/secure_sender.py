"""Whether the report came from a secure address whose sender the receiving server could prove."""

from __future__ import annotations

from pipeline.domain.findings import Action
from pipeline.domain.mail import AuthenticationResult
from pipeline.guidance.detection import NOT_APPLICABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """It has no settings; the secure domains stand in the authority's directory entry."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Domain and authentication of the sender."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    submission, authority = view.case.submission, view.case.authority
    found = []
    if authority is None or not authority.is_secure(submission.sender):
        found.append(Match(Action.REVIEW, "The mail does not come from an address this authority counts as secure."))
    if submission.authentication is not AuthenticationResult.PASS:
        found.append(Match(Action.REVIEW, "The receiving server could not prove who sent the mail."))
    return failed(*found) if found else passed()
