"""Finds who wrote a report: after a label, in the signature, or, where the report does not say, the sender's own name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.domain.conference import Author, Evidence
from pipeline.domain.mail import Submission
from pipeline.domain.people import DocumentKind, Mention, Reading, Role, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance.lexicons import Lexicons

NOT_AN_AUTHOR = frozenset(
    {Role.SUBJECT_CHILD, Role.SIBLING, Role.MOTHER, Role.FATHER, Role.PARTNER, Role.EX_PARTNER, Role.OTHER_CHILD, Role.CARER}
)
FOOT = 500
"""Characters at the end of a report in which it is signed."""
LEAVE = re.compile(
    r"^\W*(?:(?:with |many |best |kind |kindest |warm )*(?:regards|wishes)|yours \w+|sincerely|signed|thank you|thanks)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
AFFILIATION = re.compile(r"\s*\([^)]*\)")
ORGANISATION = re.compile(
    r"\b(?:practice|surgery|school|academy|team|nhs|health|cent(?:re|er)|service|clinic|hospital|trust|reports?|safeguarding|admin\w*|office|ward)\b",
    re.IGNORECASE,
)
"""A sender that is a mailbox and nobody's name."""
ROLE_NEAR = 90
"""Characters around a name in which the writer's job stands."""


def author_of(submission: Submission, readings: Sequence[Reading], roster: Roster, words: Lexicons) -> Author | None:
    """The author, from the first report that names one; else the sender, where the mail gives a name; else None."""
    reports = [(index, one) for index, one in enumerate(readings) if one.kind.kind is DocumentKind.CONFERENCE_REPORT]
    family = {person.id for person in roster.people if person.role in NOT_AN_AUTHOR}
    for index, reading in reports:
        names = [mention for mention in reading.mentions if mention.person is not None and mention.person not in family]
        for place in (*_labelled(str(reading.document.text), words), *_signed(str(reading.document.text))):
            named = next((mention for mention in names if place.covers(mention.span)), None)
            if named is not None:
                return _author(index, reading, named, words)
    return _sender(submission, reports, words)


def _sender(submission: Submission, reports: Sequence[tuple[int, Reading]], words: Lexicons) -> Author | None:
    """The sender, where the mail gives a person's name; with the place in a report where the same name stands, if one does."""
    name = AFFILIATION.sub("", submission.sender.name).strip()
    if not name or ORGANISATION.search(name):
        return None
    surname, _, given = name.partition(", ")
    name = f"{given} {surname}" if given else name
    last = name.split()[-1].casefold()
    for index, reading in reports:
        named = next(
            (one for one in reading.mentions if one.person and last in one.span.of(reading.document.text).casefold().split()), None
        )
        if named is not None:
            return _author(index, reading, named, words)
    return Author(PersonalText(name), PersonalText(""), (Evidence(None, None, PersonalText(submission.sender.name)),))


def _labelled(text: str, words: Lexicons) -> Iterator[Span]:
    """The lines after a label such as 'Report by:'; the line below where the label stands alone."""
    start = 0
    for line in text.split("\n"):
        match = words.particulars.author.match(line + "\n")
        if match:
            end = start + len(line)
            alone = not line[match.end() :].strip()
            yield Span(start, text.find("\n", end + 1) if alone and text.find("\n", end + 1) > 0 else end)
        start += len(line) + 1


def _signed(text: str) -> Iterator[Span]:
    """What stands below the words that take leave, at the foot."""
    for match in LEAVE.finditer(text, max(0, len(text) - FOOT)):
        yield Span(match.start(), min(len(text), match.end() + 2 * ROLE_NEAR))


def _author(index: int, reading: Reading, named: Mention, words: Lexicons) -> Author:
    text = str(reading.document.text)
    evidence = [Evidence(index, named.span, named.span.of(text))]
    job = _job(text, named, words)
    if job is not None:
        evidence.append(Evidence(index, job, job.of(text)))
    return Author(named.span.of(text), job.of(text) if job else PersonalText(""), tuple(evidence))


def _job(text: str, named: Mention, words: Lexicons) -> Span | None:
    """The words of a job after the name, on its line or the next, else before it on its line."""
    after = text[named.span.end : named.span.end + ROLE_NEAR]
    kept = "\n".join(after.split("\n")[:3])
    found = next(words.particulars.job.finditer(text, [Span(named.span.end, named.span.end + len(kept))]), None)
    if found is None:
        line = text.rfind("\n", 0, named.span.start) + 1
        found = next(words.particulars.job.finditer(text, [Span(max(line, named.span.start - ROLE_NEAR), named.span.start)]), None)
    return Span(*found.span()) if found else None
