"""Whom a submission is about, who wrote it, and what the family knows of it: every fact with where it stands, and what does not agree."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.conference import Agreement, Particulars, Sighting
from pipeline.domain.mail import Agency, Submission
from pipeline.domain.people import DocumentKind, Reading, Roster
from pipeline.guidance import sharing
from pipeline.guidance.agencies import where_said
from pipeline.guidance.authorship import author_of
from pipeline.guidance.family import disagreements, family
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.ringing_in import times_named
from pipeline.guidance.view import ReportView
from pipeline.guidance.workdays import LONDON


def particulars(submission: Submission, readings: Sequence[Reading], roster: Roster, agency: Agency, words: Lexicons) -> Particulars:
    """What the submission says of family, author and sharing; nothing is guessed where it says nothing."""
    received = submission.received.astimezone(LONDON).date()
    children, carers = family(roster, readings, str(submission.subject), received, words)
    agreements, sightings = _shared(readings, roster, words)
    times, time_evidence = times_named(readings, str(submission.subject))
    return Particulars(
        children=children,
        carers=carers,
        author=author_of(submission, readings, roster, words),
        agency_evidence=where_said(agency, submission, readings, words.agencies),
        agreements=agreements,
        sightings=sightings,
        times=times,
        time_evidence=time_evidence,
        consent=sharing.consent(agreements),
        seen=sharing.sight(sightings),
        conflicts=(*disagreements(children), *sharing.conflicts(agreements, sightings)),
    )


def _shared(readings: Sequence[Reading], roster: Roster, words: Lexicons) -> tuple[tuple[Agreement, ...], tuple[Sighting, ...]]:
    told = [
        sharing.told(ReportView(index, reading, words), roster)
        for index, reading in enumerate(readings)
        if reading.kind.kind is DocumentKind.CONFERENCE_REPORT
    ]
    return tuple(one for agreements, _ in told for one in agreements), tuple(one for _, sightings in told for one in sightings)
