"""Splits over-share recall and wrongly removed by why, by whose information and by who reports, always with counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.people import Judgement, Verdict
from pipeline.evaluation.measures import Observed, is_caught, is_kept
from pipeline.evaluation.pairing import paired
from pipeline.evaluation.places import Places

NOT_A_JUDGEMENT = "no judgement"
"""What took a clause that no judgement touches: a paper held back, a record block, a rule on the whole document."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of the `quotes` of this sort `caught` were caught; of the `kept` clauses that must stay `removed` were taken.

    For a category, or for whose information, `kept` are all clauses that must stay, and `removed` those that a judgement of this sort took.
    """

    name: str
    caught: int
    quotes: int
    removed: int
    kept: int

    @property
    def recall(self) -> float | None:
        """The share caught, None where nothing of the sort was labelled."""
        return self.caught / self.quotes if self.quotes else None


@dataclass(frozen=True, slots=True)
class _Caught:
    category: str
    about: str
    agency: str
    hit: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """A clause that must stay; `by` are category and about of the judgement that took it, None where it is still there."""

    agency: str
    by: tuple[str, str] | None


Breakdown = dict[str, list[Row]]
"""Rows by `category`, `about` and `agency`; the commonest first."""


def break_down(observed: Sequence[Observed]) -> Breakdown:
    """All three tables."""
    caught, kept = list(_caught(observed)), list(_kept(observed))
    lost = [one.by for one in kept if one.by is not None]
    return {
        "category": _rows([(one.category, one.hit) for one in caught], [by for by, _ in lost], len(kept)),
        "about": _rows([(one.about, one.hit) for one in caught], [by for _, by in lost], len(kept)),
        "agency": _rows_of_agencies([(one.agency, one.hit) for one in caught], kept),
    }


def _rows(caught: list[tuple[str, bool]], lost: list[str], kept: int) -> list[Row]:
    names = {name for name, _ in caught} | set(lost)
    rows = [Row(name, *_of(caught, name), lost.count(name), kept) for name in names]
    return sorted(rows, key=lambda row: (row.name == NOT_A_JUDGEMENT, -row.quotes, row.name))


def _rows_of_agencies(caught: list[tuple[str, bool]], kept: list[_Kept]) -> list[Row]:
    names = {name for name, _ in caught} | {one.agency for one in kept}
    rows = []
    for name in names:
        own = [one for one in kept if one.agency == name]
        rows.append(Row(name, *_of(caught, name), sum(one.by is not None for one in own), len(own)))
    return sorted(rows, key=lambda row: (-row.quotes, row.name))


def _of(caught: list[tuple[str, bool]], name: str) -> tuple[int, int]:
    hits = [hit for each, hit in caught if each == name]
    return sum(hits), len(hits)


def _caught(observed: Sequence[Observed]) -> Iterator[_Caught]:
    for one in observed:
        for quote in one.case.quotes:
            yield _Caught(quote.category, quote.about, one.case.agency, is_caught(quote, one))


def _kept(observed: Sequence[Observed]) -> Iterator[_Kept]:
    for one in observed:
        for labelled, number in paired(one.case, one.assessment):
            if labelled.expect not in ("send", "redact"):
                continue
            for clause in labelled.must_keep:
                by = None if is_kept(clause, labelled, one) else _taken_by(clause, one, number)
                yield _Kept(one.case.agency, by)


def _taken_by(clause: str, one: Observed, number: int | None) -> tuple[str, str]:
    if number is not None:
        reading = one.assessment.case.readings[number]
        place = Places(reading.document.text).of(clause)
        over = [each for each in reading.judgements if place is not None and each.verdict is Verdict.REDACT and each.span.overlaps(place)]
        if over:
            surest: Judgement = max(over, key=lambda each: each.confidence)
            return surest.category.value, surest.about.value if surest.about else NOT_A_JUDGEMENT
    return NOT_A_JUDGEMENT, NOT_A_JUDGEMENT
