"""The ways people write a day."""

from datetime import date

import pytest

from pipeline.guidance.conference_dates import dates_in

MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 19/10/26 at 2pm", [date(2026, 10, 19)]),
        ("19.10.2026", [date(2026, 10, 19)]),
        ("RCPC 13.10.26 KW", [date(2026, 10, 13)]),
        ("2026-10-19", [date(2026, 10, 19)]),
        ("Monday 19th October", [date(2026, 10, 19)]),
        ("19 Oct '26", [date(2026, 10, 19)]),
        ("the 19th of October 2026", [date(2026, 10, 19)]),
        ("October 19, 2026", [date(2026, 10, 19)]),
        ("conf 15/10", [date(2026, 10, 15)]),
        ("tomorrow", [date(2026, 10, 13)]),
        ("a week tomorrow", [date(2026, 10, 20)]),
        ("in two weeks' time", [date(2026, 10, 26)]),
        ("this coming Friday", [date(2026, 10, 16)]),
        ("on Friday", [date(2026, 10, 16)]),
        ("Wednesday week", [date(2026, 10, 21)]),
        ("a week on Tuesday", [date(2026, 10, 20)]),
        ("next Wednesday", [date(2026, 10, 21)]),
        ("a fortnight today", [date(2026, 10, 26)]),
        ("for the 21st", [date(2026, 10, 21)]),
        ("for the 2nd", [date(2026, 11, 2)]),
        ("5 January", [date(2027, 1, 5)]),
        ("12-13 November", [date(2026, 11, 13), date(2026, 11, 12)]),
        ("the 19th or 20th October 2026", [date(2026, 10, 20), date(2026, 10, 19)]),
        ("21 Ocotber 2026", [date(2026, 10, 21)]),
        ("3rd Febuary", [date(2027, 2, 3)]),
        ("2 decent meals", []),
        ("31/02/2026", []),
        ("call 020 7946 0312", []),
        ("blood pressure 130/80", []),
        ("it may help", []),
    ],
)
def test_reads_british_days(text: str, expected: list[date]) -> None:
    """A day is read as people in England write it, and what is no day is passed over."""
    assert [dated.day for dated in dates_in(text, MONDAY)] == expected


def test_next_weekday_said_late_in_the_week_is_the_coming_one() -> None:
    """On a Thursday "next Wednesday" is six days ahead, not thirteen."""
    assert [dated.day for dated in dates_in("next Wednesday", date(2026, 10, 15))] == [date(2026, 10, 21)]


def test_the_span_is_the_written_day() -> None:
    """The span covers exactly the characters of the day."""
    text = "Conference: 19 October 2026, 2pm"

    assert [dated.span.of(text) for dated in dates_in(text, MONDAY)] == ["19 October 2026"]


@pytest.mark.parametrize(
    ("text", "fits"), [("Monday 19 October 2026", True), ("Friday 19th October", False), ("Fri, 19/10/26", False), ("19 October", True)]
)
def test_knows_a_weekday_that_is_not_the_date_s(text: str, fits: bool) -> None:
    """A weekday before a date that is another day's is a slip, and is told."""
    assert next(dated.fits for dated in dates_in(text, MONDAY) if dated.day == date(2026, 10, 19)) is fits
