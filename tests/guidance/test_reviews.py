"""When a review conference should come."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.conference import ConferenceType
from pipeline.guidance.conference_signs import ConferenceSigns
from pipeline.guidance.reviews import earlier_conference, months_after, review_due

RECEIVED = date(2026, 10, 12)
ICPC, RCPC = ConferenceType.ICPC, ConferenceType.RCPC


@pytest.fixture(scope="module")
def signs(rules_dir: Path) -> ConferenceSigns:
    """The signs that are shipped."""
    return ConferenceSigns.load(rules_dir / "lexicons" / "conference_signs.yaml")


@pytest.mark.parametrize(
    ("text", "expected", "due"),
    [
        ("Minutes of the initial child protection conference held on 14 July 2026", (date(2026, 7, 14), ICPC), date(2026, 10, 28)),
        ("Since the ICPC on 14.7.26 he has been well", (date(2026, 7, 14), ICPC), date(2026, 10, 28)),
        ("At the last review conference, 20 April 2026, it was agreed", (date(2026, 4, 20), RCPC), date(2026, 11, 3)),
        ("Since the last conference on 14 July I have seen her", (date(2026, 7, 14), None), None),
        ("Initial conference 19 October 2026", None, None),
        ("She was seen on 14 July 2026", None, None),
    ],
)
def test_finds_the_conference_before(
    signs: ConferenceSigns, text: str, expected: tuple[date, ConferenceType | None] | None, due: date | None
) -> None:
    """A day that is over counts where it is called a conference; its type only where it is said; the review is due from there."""
    earlier = earlier_conference([(0, text)], RECEIVED, signs)

    assert (earlier and (earlier.day, earlier.type)) == expected
    assert review_due(earlier) == due
    assert earlier is None or (earlier.evidence.span and earlier.evidence.span.of(text) == earlier.evidence.quote)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [(date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2026, 7, 14), 6, date(2027, 1, 14)), (date(2026, 12, 1), 12, date(2027, 12, 1))],
)
def test_counts_months(day: date, months: int, expected: date) -> None:
    """The same day of a later month, or that month's last."""
    assert months_after(day, months) == expected
