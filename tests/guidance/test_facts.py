"""What a submission says of its conference."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from pipeline.domain.conference import Conference, ConferenceType, DeadlineStatus
from pipeline.guidance.conference_signs import ConferenceSigns
from pipeline.guidance.facts import Source, conference_day, conference_type, deadline, seems_first
from pipeline.guidance.packs import DeadlineRule
from pipeline.guidance.workdays import LONDON

RECEIVED = date(2026, 10, 12)
ICPC, RCPC = ConferenceType.ICPC, ConferenceType.RCPC


@pytest.fixture(scope="module")
def signs(rules_dir: Path) -> ConferenceSigns:
    """The signs that are shipped."""
    return ConferenceSigns.load(rules_dir / "lexicons" / "conference_signs.yaml")


def _sources(subject: str = "", body: str = "", report: str = "") -> tuple[Source, ...]:
    return (Source(subject, 3.0, None, is_subject=True), Source(body, 2.5, 0), Source(report, 3.0, 1))


@pytest.mark.parametrize(
    ("subject", "body", "report", "expected"),
    [
        ("Report for ICPC 19/10/26", "", "", date(2026, 10, 19)),
        ("Report", "For the conference on Monday.", "", date(2026, 10, 19)),
        ("Report", "", "Date of conference\t19 October 2026\nDate of report\t12 October 2026", date(2026, 10, 19)),
        ("Report", "", "Child: A B, DOB 19/10/2018. Seen 14 October 2026.", None),
        ("Review conf now on 2 November (was moved from 19 October)", "", "", date(2026, 11, 2)),
        ("Report", "Since the conference on 14 July I have seen her twice. The review conference is on 20/10/26.", "", date(2026, 10, 20)),
        ("Report", "I am on leave from 16 October. RCPC 21 October.", "", date(2026, 10, 21)),
        ("Report", "One page says the conference is on 20 October, another that the conference is on 22 October", "", None),
        ("Re: report request", "Attached.\n> From: admin\n> The conference is on 20 October 2026", "", date(2026, 10, 20)),
        ("conf fri", "", "", date(2026, 10, 16)),
        ("RCPC 12-13 November", "", "", None),
        ("Initial conference 21 Ocotber", "", "", date(2026, 10, 21)),
        ("Report", "", "Midwifery report, pre-birth conference: Baby Vale (girl), due 30 November 2026", None),
        ("Baby B - for thurs/fri", "conf is 15th I think", "", date(2026, 10, 15)),
        ("Report", "", "Weight on 22nd: 4 kg, on the 9th line.", None),
        ("Report", "", "Conference report: born at 2.11 kg, 30.10 cm long.", None),
        ("Report", "", "", None),
    ],
)
def test_finds_the_day_of_the_conference(signs: ConferenceSigns, subject: str, body: str, report: str, expected: date | None) -> None:
    """The day is found among other days, and is unknown where nothing says it or two days are said alike."""
    assert conference_day(_sources(subject, body, report), RECEIVED, signs).day == expected


def test_a_weekday_that_does_not_fit_is_told(signs: ConferenceSigns) -> None:
    """The date counts, and the slip is told."""
    found = conference_day(_sources("ICPC Friday 19 October 2026"), RECEIVED, signs)

    assert (found.day, len(found.conflicts)) == (date(2026, 10, 19), 1)


def test_two_days_are_reported_as_a_conflict(signs: ConferenceSigns) -> None:
    """Where the mail names two days, the conflict is told."""
    found = conference_day(_sources(body="conference on 20 October", report="Conference: 22 October 2026"), RECEIVED, signs)

    assert found.conflicts
    assert {(said.document, said.quote) for said in (*found.evidence, *found.rivals)} == {(0, "20 October"), (1, "22 October 2026")}


@pytest.mark.parametrize(
    ("subject", "report", "expected"),
    [
        ("ICPC report", "", ICPC),
        ("RCPC", "", RCPC),
        ("Report", "Report to the pre-birth child protection conference", ICPC),
        ("Report", "Type of conference: ☐ Initial ☒ Review", RCPC),
        ("Report", "Conference: Initial [x] Review [ ]", ICPC),
        ("Report", "Conference: [ ] Initial [ ] Review", None),
        ("Report", "Initial child protection conference report", ICPC),
        ("Report for the review conference", "The first review of his asthma plan", RCPC),
        ("Case conference", "We review his medicines each year.", None),
        ("Transfer in conference", "", ICPC),
        ("Report", "School nursing - report to review conference", RCPC),
        ("Report", "The nurse will come to review the conference room.", None),
        ("Report", "YOUNG CARERS: CONTRIBUTION TO REVIEW CONFERENCE", RCPC),
        ("Report", "Pre-birth report\n\nBaby Vale, due in March", ICPC),
        ("Report", "Pre-birth plan made on 8 September", None),
        ("Report", "School nursing report, review", RCPC),
        ("Report", "Family: Vale\nFor: Review", RCPC),
        ("Report", "Update for core group and review", RCPC),
        ("RCPC", "Seen nine times since ICPC in June.", RCPC),
        ("Report", "For the twins' review on Monday", RCPC),
    ],
)
def test_tells_initial_from_review(signs: ConferenceSigns, subject: str, report: str, expected: ConferenceType | None) -> None:
    """The type is what the words and ticked boxes say, and unknown where they say nothing."""
    kind, _ = conference_type(_sources(subject, report=report), signs)

    assert kind is expected


@pytest.mark.parametrize(
    ("report", "first"),
    [
        ("He was referred in May after a bruise was seen at nursery.", True),
        ("Her asthma plan is kept in the office.", True),
        ("The family have been on a child protection plan since June.", False),
        ("Both girls are on a plan for neglect.", False),
        ("I have been to each core group.", False),
        ("Nothing has changed since the last conference.", False),
        ("Since the conference Dad has kept away.", False),
        ("This is for the review.", False),
        ("GP report\nShe should have an asthma review in September.", True),
    ],
)
def test_a_conference_is_taken_as_the_first_where_nothing_went_before(signs: ConferenceSigns, report: str, first: bool) -> None:
    """A plan, a core group, an earlier conference or a word for a review speak against it."""
    assert seems_first(_sources("Report for conference 19 October", report=report), signs) is first


TWO = DeadlineRule(2, 2, None, "brent 000")
KENT = DeadlineRule(2, 5, None, "kent 004")


@pytest.mark.parametrize(
    ("rule", "kind", "day", "received", "expected"),
    [
        (TWO, ICPC, date(2026, 10, 19), datetime(2026, 10, 15, 23, 30, tzinfo=LONDON), DeadlineStatus.MET),
        (TWO, ICPC, date(2026, 10, 19), datetime(2026, 10, 16, 0, 5, tzinfo=LONDON), DeadlineStatus.MISSED),
        (TWO, ICPC, date(2026, 10, 19), datetime(2026, 10, 15, 22, 59, tzinfo=UTC), DeadlineStatus.MET),  # 23:59 by London's summer clock
        (TWO, ICPC, date(2026, 10, 19), datetime(2026, 10, 15, 23, 0, tzinfo=UTC), DeadlineStatus.MISSED),  # midnight there
        (TWO, ICPC, date(2026, 10, 28), datetime(2026, 10, 26, 23, 30, tzinfo=UTC), DeadlineStatus.MET),  # the clocks went back on the 25th
        (TWO, ICPC, date(2026, 10, 19), datetime(2026, 10, 15, 23, 59, 59, 900_000, tzinfo=LONDON), DeadlineStatus.MET),
        (
            TWO,
            RCPC,
            date(2026, 12, 29),
            datetime(2026, 12, 23, 17, 0, tzinfo=LONDON),
            DeadlineStatus.MET,
        ),  # Christmas and Boxing Day lie between
        (TWO, RCPC, date(2026, 12, 29), datetime(2026, 12, 24, 9, 0, tzinfo=LONDON), DeadlineStatus.MISSED),
        (
            KENT,
            RCPC,
            date(2027, 4, 1),
            datetime(2027, 3, 23, 9, 0, tzinfo=LONDON),
            DeadlineStatus.MET,
        ),  # Good Friday and Easter Monday do too
        (KENT, RCPC, date(2027, 4, 1), datetime(2027, 3, 24, 9, 0, tzinfo=LONDON), DeadlineStatus.MISSED),
        (KENT, RCPC, date(2026, 10, 19), datetime(2026, 10, 12, 9, 0, tzinfo=LONDON), DeadlineStatus.MET),
        (KENT, RCPC, date(2026, 10, 19), datetime(2026, 10, 13, 9, 0, tzinfo=LONDON), DeadlineStatus.MISSED),
        (KENT, None, date(2026, 10, 19), datetime(2026, 10, 13, 9, 0, tzinfo=LONDON), DeadlineStatus.UNKNOWN),
        (TWO, None, date(2026, 10, 19), datetime(2026, 10, 13, 9, 0, tzinfo=LONDON), DeadlineStatus.MET),
        (TWO, ICPC, None, datetime(2026, 10, 13, 9, 0, tzinfo=LONDON), DeadlineStatus.UNKNOWN),
        (DeadlineRule(2, 2, time(12), "x"), ICPC, date(2026, 10, 19), datetime(2026, 10, 15, 12, 1, tzinfo=LONDON), DeadlineStatus.MISSED),
    ],
)
def test_judges_whether_a_report_came_in_time(
    rule: DeadlineRule, kind: ConferenceType | None, day: date | None, received: datetime, expected: DeadlineStatus
) -> None:
    """In time is by the end of the due day unless the pack says an hour; unknown where day, or a type that matters, is unknown."""
    assert deadline(Conference(type=kind, date=day), received, rule).status is expected
