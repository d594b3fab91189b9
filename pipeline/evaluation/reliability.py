"""Holds what the sensitivity model says of each clause against what a careful reviewer took out: does 0.8 mean eight in ten?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.assessment import Assessment
from pipeline.domain.mail import BODY
from pipeline.domain.people import Reading, Roster
from pipeline.domain.text import Span
from pipeline.evaluation.labels import LabelledCase, Quote
from pipeline.evaluation.pairing import paired
from pipeline.evaluation.places import Places
from pipeline.recognition.sensitivity import SensitivityModel
from pipeline.recognition.sensitivity.features import Named
from pipeline.recognition.sensitivity.judging import weigh

STEPS = 10
"""Into how many equal steps from 0 to 1 the probabilities are sorted."""


@dataclass(frozen=True, slots=True)
class Said:
    """One clause: how likely the model said it must go, and whether it had to."""

    probability: float
    goes: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The clauses whose probability lies from `start` to `end`: how many, what was said of them on average, and how many had to go."""

    start: float
    end: float
    clauses: int
    said: float
    gone: int

    @property
    def share(self) -> float:
        """The share that had to go, 0 to 1."""
        return self.gone / self.clauses


def said_of(case: LabelledCase, assessment: Assessment, model: SensitivityModel) -> Iterator[Said]:
    """Every clause of the mail's text and of the papers that are to be sent, if need be with parts removed.

    Clauses in a part that is labelled as a judgement call count neither way.
    """
    readings = assessment.case.readings
    for labelled, number in paired(case, assessment):
        if number is not None and labelled.expect in ("send", "redact"):
            yield from _of_reading(readings[number], labelled.overshared, assessment.case.roster, model)
    if case.decision != "not_a_report":
        for reading in readings:
            if reading.document.attachment.name == BODY:
                yield from _of_reading(reading, case.body_overshared, assessment.case.roster, model)


def _of_reading(reading: Reading, quotes: Sequence[Quote], roster: Roster, model: SensitivityModel) -> Iterator[Said]:
    text, statements = reading.document.text, reading.statements
    if not statements:
        return
    places = Places(text)
    found = [(place, quote.must) for quote in quotes if (place := places.of(quote.text)) is not None]
    for each in weigh(text, statements, model.encoder.read(text, statements), model, Named.of(roster, reading.mentions)):
        clause = each.clause.span
        if not any(place.overlaps(clause) for place, must in found if not must):
            yield Said(each.probability, _share(clause, [place for place, must in found if must]) >= 0.5)


def _share(clause: Span, places: Sequence[Span]) -> float:
    """The share of a clause's characters that lie in one of the places."""
    inside = sum(max(0, min(clause.end, place.end) - max(clause.start, place.start)) for place in places)
    return inside / max(len(clause), 1)


def steps(said: Sequence[Said]) -> list[Step]:
    """What was said, sorted into steps of equal width; those that hold no clause are left out."""
    found = []
    for place in range(STEPS):
        inside = [one for one in said if min(int(one.probability * STEPS), STEPS - 1) == place]
        if inside:
            mean = sum(one.probability for one in inside) / len(inside)
            found.append(Step(place / STEPS, (place + 1) / STEPS, len(inside), mean, sum(one.goes for one in inside)))
    return found


def error(found: Sequence[Step]) -> float | None:
    """How far, on average over the clauses, what was said lies from what had to go (expected calibration error); None without clauses."""
    clauses = sum(step.clauses for step in found)
    return sum(step.clauses * abs(step.said - step.share) for step in found) / clauses if clauses else None
