"""Who reports: the agency of the author, from the sender, the signature and the report's own head."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.domain.conference import Evidence
from pipeline.domain.mail import Agency, Submission
from pipeline.domain.people import DocumentKind, Reading
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import Strict, read

HEAD = 700
"""Characters at the top of a report in which its author introduces himself."""
TITLE = 110
"""Characters at the very top, where a report or its letterhead is named."""
INTRODUCTION = 2500
"""Characters within which an author says 'I am the …'."""
OWN_WORDS = re.compile(
    r"\b(?:I am|I'm|I’m|I write as|writing as|I have been|I've been|report(?: of| by| from)|author|from|completed by|written by|agency"
    r"|writer|role|worker|prescriber)\b[^.\n]{3,90}",
    re.IGNORECASE,
)
DOCTOR = ("Dr ", "Dr.", "Doctor ")
FOOT = 350
"""Characters at the end of a mail or report in which it is signed."""


class AgencyFile(Strict):
    """One service in agencies.yaml."""

    points: float = Field(gt=0)
    words: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class AgencyWords:
    """What people call themselves and their teams, with what it counts; the order decides between services spoken for alike."""

    signs: tuple[tuple[Agency, float, Words], ...]

    @classmethod
    def load(cls, path: Path) -> AgencyWords:
        """Reads agencies.yaml.

        Raises:
            RulesError: it is missing, a service in it is unknown, or a pattern in it is not a regular expression.
        """
        file = read(path)
        known = {agency.value for agency in Agency}
        for name in file.value:
            if name not in known:
                raise file.refuse(f"{name}: is not a service known here; there are {', '.join(sorted(known))}", (name,))
        parts = {Agency(name): file.part(AgencyFile, part, (name,)) for name, part in file.value.items()}
        return cls(
            tuple(
                (agency, part.points, any_of(file, (agency.value, "words"), part.words, around=r"\b{}\b")) for agency, part in parts.items()
            )
        )

    def strongest(self, texts: Iterable[tuple[str, float]]) -> Agency | None:
        """The agency most spoken for, None where none is; each text comes with what it counts."""
        totals: defaultdict[Agency, float] = defaultdict(float)
        for text, weight in texts:
            for agency, points, pattern in self.signs:
                if pattern.search(text):
                    totals[agency] += points * weight
        return max(totals, key=lambda agency: totals[agency], default=None)


def agency_of(submission: Submission, readings: Sequence[Reading], words: AgencyWords) -> Agency:
    """The agency that reports. Where nothing says which, a doctor is taken for a general practitioner, and anybody else is `other`."""
    found = words.strongest(_introductions(submission, readings))
    return Agency.GP if found is None and submission.sender.name.startswith(DOCTOR) else found or Agency.OTHER


def where_said(agency: Agency, submission: Submission, readings: Sequence[Reading], words: AgencyWords) -> tuple[Evidence, ...]:
    """The words that speak for an agency: the first in each report's head and foot, in the mail's signature, and in the sender's name."""
    pattern = next((pattern for known, _, pattern in words.signs if known is agency), None)
    if pattern is None:
        return ()
    found = []
    for index, reading in enumerate(readings):
        text = str(reading.document.text)
        for start, end in _own_places(reading, text):
            match = next(pattern.finditer(text, [Span(start, end)]), None)
            if match is not None:
                found.append(Evidence(index, Span(*match.span()), Span(*match.span()).of(text)))
                break
    heading = f"{submission.sender.name} {submission.sender.address}"
    match = pattern.search(heading)
    return (*found, Evidence(None, None, PersonalText(heading[match.start() : match.end()]))) if match else tuple(found)


def _own_places(reading: Reading, text: str) -> Iterable[tuple[int, int]]:
    """Where in a document its author says who he is."""
    if reading.kind.kind is DocumentKind.CONFERENCE_REPORT:
        yield 0, min(len(text), INTRODUCTION)
        yield max(0, len(text) - FOOT), len(text)
    elif reading.document.attachment.is_body:
        signed = signature(text)
        start = text.find(signed)
        yield start, start + len(signed)


def _introductions(submission: Submission, readings: Sequence[Reading]) -> Iterable[tuple[str, float]]:
    """Where an author says who he is, and how much each place counts."""
    yield f"{submission.sender.name} {submission.sender.address}", 1.5
    yield str(submission.subject), 1.0
    for reading in readings:
        text = str(reading.document.text)
        if reading.document.attachment.is_body:
            yield signature(text), 1.2
        if reading.kind.kind is DocumentKind.CONFERENCE_REPORT:
            yield text[:TITLE], 0.8
            yield text[:HEAD], 0.8
            yield " ".join(OWN_WORDS.findall(text[:INTRODUCTION])), 1.0
            yield text[-FOOT:], 0.6


def signature(text: str) -> str:
    """The end of a mail's own text, above any thread quoted below it and any disclaimer of asterisks."""
    own = re.split(r"(?m)^(?:>|-{3,}\s*original message|_{8,}|\*{8,}|from:\s)", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return own.rstrip()[-FOOT:]
