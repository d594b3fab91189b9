"""Working days in England, and when reports are due."""

from datetime import date, datetime, time

import pytest

from pipeline.guidance.workdays import LONDON, due, is_working_day, working_days_before


@pytest.mark.parametrize(
    ("conference", "count", "expected"),
    [
        (date(2026, 10, 19), 2, date(2026, 10, 15)),  # Monday: Friday, Thursday
        (date(2026, 10, 21), 2, date(2026, 10, 19)),  # Wednesday: Tuesday, Monday
        (date(2026, 4, 7), 2, date(2026, 4, 1)),  # the Tuesday after Easter: Good Friday and Easter Monday do not count
        (date(2026, 12, 30), 2, date(2026, 12, 24)),  # Boxing Day falls on a Saturday, so Monday the 28th is a holiday
        (date(2027, 1, 4), 5, date(2026, 12, 23)),  # New Year's Day and Christmas lie between
        (date(2026, 9, 1), 1, date(2026, 8, 28)),  # the August bank holiday
        (date(2026, 10, 24), 2, date(2026, 10, 22)),  # a Saturday conference
    ],
)
def test_counts_back_over_weekends_and_bank_holidays(conference: date, count: int, expected: date) -> None:
    """The due day lies so many working days before the conference, which itself does not count."""
    assert working_days_before(conference, count) == expected


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2026, 8, 3), True),  # a bank holiday in Scotland only
        (date(2026, 10, 17), False),
    ],
)
def test_knows_english_bank_holidays(day: date, works: bool) -> None:
    """England's bank holidays and weekends are no working days; Scotland's holidays are."""
    assert is_working_day(day) is works


def test_without_an_hour_the_whole_due_day_is_in_time() -> None:
    """The end of the due day, in London, is the last moment."""
    assert due(date(2026, 10, 19), 2) == datetime(2026, 10, 15, 23, 59, 59, tzinfo=LONDON)


def test_the_hour_is_london_time_on_both_sides_of_the_clock_change() -> None:
    """17:00 is 17:00 in London, whether the clocks have gone back or not."""
    summer, winter = due(date(2026, 10, 27), 2, time(17)), due(date(2026, 10, 28), 2, time(17))

    assert (summer.isoformat(), winter.isoformat()) == ("2026-10-23T17:00:00+01:00", "2026-10-26T17:00:00+00:00")
