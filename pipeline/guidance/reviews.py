"""Whether a review conference comes in time: three months after the initial one, then every six (RCGP 001, core group and reviews)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.domain.conference import ConferenceType, Evidence
from pipeline.domain.text import Span
from pipeline.guidance.conference_dates import dates_in
from pipeline.guidance.conference_signs import ConferenceSigns

MONTHS = {ConferenceType.ICPC: 3, ConferenceType.RCPC: 6}
"""Months after a conference of that type by which the next review is held."""
GRACE = timedelta(days=14)
"""Nobody holds a conference on the very day; what is later than that is worth a word."""
LONGEST_AGO = timedelta(days=400)
BEFORE = 90
"""Characters before a date in which the conference it was is named."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The conference before this one: its day, its type where that is said, and the words."""

    day: date
    type: ConferenceType | None
    evidence: Evidence


def earlier_conference(texts: Sequence[tuple[int | None, str]], received: date, signs: ConferenceSigns) -> Earlier | None:
    """The latest conference that is over and that one of the texts names with its day; each text with its document."""
    found: list[Earlier] = []
    for document, text in texts:
        for dated in dates_in(text, received):
            if not timedelta(0) < received - dated.day <= LONGEST_AGO:
                continue
            line = max(text.rfind("\n", 0, dated.span.start) + 1, dated.span.start - BEFORE)
            known, kind = signs.earlier_type(text[line : dated.span.start])
            if known:
                place = None if document is None else Span(dated.span.start, dated.span.end)
                found.append(Earlier(dated.day, kind, Evidence(document, place, dated.span.of(text))))
    return max(found, key=lambda one: one.day, default=None)


def review_due(earlier: Earlier | None) -> date | None:
    """The day by which the next review should be held; None where the conference before it, or its type, is unknown."""
    if earlier is None or earlier.type is None:
        return None
    return months_after(earlier.day, MONTHS[earlier.type]) + GRACE


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
