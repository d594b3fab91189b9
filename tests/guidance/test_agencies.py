"""Which service reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain.mail import Address, Agency
from pipeline.domain.people import DocumentKind
from pipeline.domain.text import PersonalText
from pipeline.guidance.agencies import AgencyWords, agency_of
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import DocumentFile, ExampleFile


@pytest.fixture(scope="module")
def words(rules_dir: Path) -> AgencyWords:
    """What services call themselves, as shipped."""
    return AgencyWords.load(rules_dir / "lexicons" / "agencies.yaml")


@pytest.mark.parametrize(
    ("name", "report", "expected"),
    [
        ("Ann Moss", "Report by Ann Moss, health visitor", "health_visitor"),
        ("Ann Moss", "Report by Ann Moss, school nurse at the academy", "school_nurse"),
        ("Ann Moss", "I am the designated safeguarding lead of the primary school.", "school"),
        ("Ann Moss", "Ann Moss, Kent alcohol family service", "substance_misuse"),
        ("Dr Ann Moss", "From Dr Ann Moss, GP registrar, Church Lane", "gp"),
        ("Dr Ann Moss", "Dr Ann Moss, consultant paediatrician", "hospital"),
        ("Dr Ann Moss", "He is seven and likes trains.", "gp"),
        ("Ann Moss", "He is seven and likes trains.", "other"),
    ],
)
def test_the_service_is_known_by_what_its_people_call_themselves(words: AgencyWords, name: str, report: str, expected: str) -> None:
    """The more exact word decides; a doctor of whom nothing else is said is a general practitioner."""
    case = case_of(ExampleFile(name="x", documents=(DocumentFile(text=report, kind=DocumentKind.CONFERENCE_REPORT),)))
    submission = replace(case.submission, sender=Address("ann.moss@nhs.net", PersonalText(name)))

    assert agency_of(submission, case.readings, words) is Agency(expected)
