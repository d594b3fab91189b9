"""Working days in England, and the moment a report is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The working day that lies `count` working days before `day`, which itself is not counted.

    "At least two working days prior" to a conference on Wednesday is Monday (domain notes, section 5: no source defines the count).
    """
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def due(conference: date, working_days: int, cut_off: time | None = None) -> datetime:
    """The last moment (aware, Europe/London) at which a report for a conference on that day is in time.

    Without a `cut_off` hour that is the end of the due day.
    """
    return datetime.combine(working_days_before(conference, working_days), cut_off or END_OF_DAY, LONDON)
