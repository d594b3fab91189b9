"""Finds the time at which somebody says they will ring in to a conference, or join it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time

from pipeline.domain.conference import Evidence
from pipeline.domain.people import Reading
from pipeline.domain.text import PersonalText, Span

JOINING = re.compile(
    r"\b(?:r(?:ing(?:ing)?|ang)|dial(?:ling)?|call(?:ing)?|phon(?:e|ing)|telephone|tele-?conferenc\w+|join(?:ing)?|teams|video"
    r"|available|free|slot|log(?:ging)? in)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?<![\d/.])(?P<hour>[01]?\d|2[0-3])(?:[.:](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?<![\d/.])(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d/])|\bat (?P<dot>\d{1,2})\.(?P<dotted>[0-5]\d)(?![\d./])"
    r"|\b(?P<noon>noon|midday)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s)|$)", re.MULTILINE)
LATEST_MORNING = 7
"""Hours; 'at 2.30' without more is the afternoon: no conference is before that hour."""
TELEPHONE_NUMBER = re.compile(r"\b0\d[\d ]{8,}\b")


def times_named(readings: Sequence[Reading], subject: str) -> tuple[tuple[time, ...], tuple[Evidence, ...]]:
    """Each time named in a sentence of the mail that speaks of ringing in or joining, with where it stands."""
    found = list(_in(subject, None))
    for index, reading in enumerate(readings):
        if reading.document.attachment.is_body:
            found += _in(str(reading.document.text), index)
    return tuple(dict.fromkeys(at for at, _ in found)), tuple(evidence for _, evidence in found)


def _in(text: str, document: int | None) -> Iterator[tuple[time, Evidence]]:
    for sentence in SENTENCE.finditer(text):
        if not JOINING.search(sentence[0]):
            continue
        numbers = [match.span() for match in TELEPHONE_NUMBER.finditer(text, *sentence.span())]
        for match in TIME.finditer(text, *sentence.span()):
            if not any(start <= match.start() < end for start, end in numbers):
                span = Span(*match.span())
                yield _time(match), Evidence(document, None if document is None else span, PersonalText(match[0]))


def _time(match: re.Match[str]) -> time:
    if match["noon"]:
        return time(12)
    hour, minute = int(match["hour"] or match["h24"] or match["dot"]), int(match["minute"] or match["m24"] or match["dotted"] or 0)
    if match["half"]:
        return time(hour % 12 + 12 * (match["half"].lower() == "p"), minute)
    return time(hour + 12 if hour < LATEST_MORNING else hour, minute)
