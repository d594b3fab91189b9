"""Finds the day of the conference: every date in the mail, weighed by the words around it and by where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from pipeline.domain.text import Span
from pipeline.guidance.patterns import small
from pipeline.guidance.sorting import sort

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
DAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
_MONTH = sort(sorted(MONTHS, key=len, reverse=True))
_DAY = sort(sorted(DAYS, key=len, reverse=True))
_UNIT = r"(?:kgs?|g|mg|mcg|mls?|l|cms?|mm|lbs?|stone|mmol|units?|hours?|hrs?|miles?|years?|yrs?|per)"
"""After a number with a point it is an amount and no day: '2.3 kg'."""
_FIRST = r"\d(?<![\d/.]\d)\d?"
"""One or two figures that go on nothing; what stands before is seen after the first, so that `re` looks at figures alone."""

LONG_MONTHS = ("january", "february", "april", "august", "september", "october", "november", "december")
ALIKE = 0.84
"""How alike a word must be to a month to be one written wrongly: 'Ocotber', 'Febuary'; shorter months are like too much else."""
_MISTYPED = re.compile(rf"(?P<day>{_FIRST})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<word>[a-z]{{5,10}})\b(?:,?\s+(?P<year>20\d\d)\b)?")
_RANGE = re.compile(r"(?<![\d/.])(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|/|to|or|and|&)\s*$", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{_DAY})\.?,?\s+(?:the\s+)?$", re.IGNORECASE)

# Each way of writing a day, in small letters, most exact first; earlier patterns claim their characters.
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>2(?<!\d2)0\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?P<day>{_FIRST})\s?[/.\-]\s?(?P<month>\d{{1,2}})\s?[/.\-]\s?(?P<year>20\d\d|\d\d)(?![\d/])",
        rf"(?P<day>\d(?<!\d\d)\d?)\s*(?:st|nd|rd|th)?\s*(?:of\s+)?[\s\-/.]?\s*(?P<name>{_MONTH})\b\.?(?:,?[\s\-/.]*(?P<year>20\d\d|'?\d\d(?![:.\d]|\s?[ap]m))\b)?",
        rf"\b(?P<name>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>20\d\d)\b)?",
        rf"(?P<day>{_FIRST})\s?[/.]\s?(?P<month>\d{{1,2}})(?![\d/]|\.\d|\s?%|\s?{_UNIT}\b)",
    )
)
IN_TIME = {"a week": 7, "one week": 7, "two weeks": 14, "a fortnight": 14, "three weeks": 21, "a month": 28}
_SPOKEN = re.compile(
    r"\b(?:a )?(?P<weekfrom>week (?:from )?(?:tomorrow|today))\b"
    r"|\bin (?P<weeks>a week|one week|two weeks|three weeks|a fortnight|a month)['’]?s?(?: time)?\b"
    r"|\b(?P<tomorrow>tomorrow|tomorow|tomorro|tmrw|tmw)\b|\b(?P<fortnight>(?:a )?fortnight today)\b|\b(?P<today>today)\b"
    rf"|\b(?:a )?week on (?P<weekon>{_DAY})\b"
    rf"|\b(?:(?P<which>next|this|coming)\s+)?(?P<weekday>{_DAY})(?:'s|’s)?\b(?:\s+(?P<after>week|next|coming))?"
    r"|\b(?:the|is|on|for)\s+(?P<ordinal>\d{1,2})(?:st|nd|rd|th)\b",
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day named in a text.

    Attributes:
        exact: False where month or year had to be worked out from the day the mail came, or the month is written wrongly.
        fits: False where the weekday before it is not that of the day.
    """

    span: Span
    day: date
    exact: bool
    fits: bool = True


def dates_in(text: str, received: date) -> Iterator[Dated]:
    """Every day named in the text, British order; what cannot be a date is passed over.

    Days without a year are taken to lie nearest to a month after the mail came; weekdays, "tomorrow" and "the 21st" after it.
    """
    text = small(text)
    taken: list[Span] = []
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if any(span.overlaps(other) for other in taken):
                continue
            day = _written_day(match, received)
            if day is not None:
                taken.append(span)
                yield Dated(span, day, bool(match.groupdict().get("year")), _fits(day, text[: span.start]))
                begun = _begun(match, day, text)
                taken += [one.span for one in begun]
                yield from begun
    for match in _MISTYPED.finditer(text):
        mistyped = _mistyped(match, received)
        if mistyped is not None and not any(mistyped.span.overlaps(other) for other in taken):
            taken.append(mistyped.span)
            yield mistyped
    for match in _SPOKEN.finditer(text):
        span = Span(*match.span())
        if not any(other.start - 3 <= span.end <= other.start or span.overlaps(other) for other in taken):
            spoken = _spoken_day(match, received)
            if spoken is not None:
                yield Dated(span, spoken, exact=False)


def _fits(day: date, before: str) -> bool:
    """Whether a weekday right before a date is the date's own; true where there is none."""
    named = _WEEKDAY.search(before[-14:])
    return named is None or DAYS[named["weekday"].lower()] == day.weekday()


def _begun(match: re.Match[str], last: date, text: str) -> tuple[Dated, ...]:
    """The first day of '12-13 November' or '12 or 13 November'."""
    begun = _RANGE.search(text, max(0, match.start() - 12), match.start()) if match.groupdict().get("name") else None
    first = _day(last.year, last.month, int(begun["day"])) if begun is not None and int(begun["day"]) < last.day else None
    return () if begun is None or first is None else (Dated(Span(*begun.span("day")), first, bool(match.groupdict().get("year"))),)


def _mistyped(match: re.Match[str], received: date) -> Dated | None:
    """A day whose month is written wrongly."""
    word = match["word"].lower()
    month = () if word in MONTHS else get_close_matches(word, LONG_MONTHS, n=1, cutoff=ALIKE)
    if not month:
        return None
    mended = _WRITTEN[2].match(f"{match['day']} {month[0]} {match['year'] or ''}".strip())
    day = _written_day(mended, received) if mended else None
    return None if day is None else Dated(Span(*match.span()), day, exact=False)


def _written_day(match: re.Match[str], received: date) -> date | None:
    parts = match.groupdict()
    month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
    year = (parts.get("year") or "").lstrip("'")
    if year:
        return _day(int(year) + 2000 * (len(year) == 2), month, int(parts["day"]))
    near = received + timedelta(days=30)
    options = [day for day in (_day(near.year + shift, month, int(parts["day"])) for shift in (-1, 0, 1)) if day]
    return min(options, key=lambda day: abs(day - near), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _spoken_day(match: re.Match[str], received: date) -> date | None:
    if match["ordinal"]:
        months = ((received.year, received.month), (received.year + received.month // 12, received.month % 12 + 1))
        days = (_day(year, month, int(match["ordinal"])) for year, month in months)
        return next((day for day in days if day and day >= received), None)
    return received + timedelta(days=_days_ahead(match, received))


def _days_ahead(match: re.Match[str], received: date) -> int:
    if match["weekfrom"]:
        return 8 if match["weekfrom"].lower().endswith("tomorrow") else 7
    if match["weeks"]:
        return IN_TIME[match["weeks"].lower()]
    for group, ahead in (("today", 0), ("tomorrow", 1), ("fortnight", 14)):
        if match[group]:
            return ahead
    ahead = (DAYS[(match["weekday"] or match["weekon"]).lower()] - received.weekday()) % 7 or 7
    # "next Wednesday" said on a Thursday is the coming one; said on a Monday, most people mean the week after.
    next_one = (match["which"] or "").lower() == "next" and received.weekday() + ahead < 7
    week_after = match["weekon"] or (match["after"] or "").lower() == "week"
    return ahead + 7 if next_one or week_after else ahead
