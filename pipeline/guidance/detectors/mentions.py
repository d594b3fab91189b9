"""Whether the report speaks of what is expected of its author's service, such as attendance figures from a school."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from pipeline.domain.findings import Action
from pipeline.domain.mail import Agency
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.patterns import known
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView


class Parameters(Strict):
    """What a rule may set.

    Attributes:
        agencies: whose reports it is about; of all where none is named.
        subjects: for each thing expected, its name and the words by which it is known (regular expressions).
        at_least: how many of them there must be.
    """

    agencies: tuple[Agency, ...] = ()
    subjects: dict[str, str] = Field(min_length=1)
    at_least: int = Field(default=1, ge=1)

    @field_validator("subjects")
    @classmethod
    def _are_patterns(cls, subjects: dict[str, str]) -> dict[str, str]:
        for name, words in subjects.items():
            try:
                re.compile(words)
            except re.error:
                raise ValueError(f"the words of '{name}' are not a regular expression") from None
        return subjects


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Which of the subjects the report speaks of, and which it does not."""
    if not view.carries_report or (parameters.agencies and view.case.facts.agency not in parameters.agencies):
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    text = "\n".join(report.text for report in view.reports)
    told = [name for name, words in parameters.subjects.items() if known(words).search(text)]
    if len(told) >= parameters.at_least:
        return passed(*told)
    missing = [name for name in parameters.subjects if name not in told]
    return failed(Match(Action.ADVISE, f"The report does not speak of: {', '.join(missing)}.", view.reports[0].index))
