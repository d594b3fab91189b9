"""Gathers what is known of each clause into one row of numbers: the encoder's reading, the wording, and the cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.people import About, Category, Statement
from pipeline.domain.text import Span
from pipeline.recognition.sensitivity import clauses
from pipeline.recognition.sensitivity.cues import Cues, Hit
from pipeline.recognition.sensitivity.encoder import Marks
from pipeline.recognition.sensitivity.windows import Answers
from pipeline.recognition.sensitivity.wording import Wording, rows

Row = NDArray[np.float64]

READINGS = (
    "mean",
    "highest",
    "lowest",
    "statement",
    "highest of statement",
    "clause before",
    "clause after",
    "document",
    "length",
    "first words",
    "wording",
    "wording of statement",
    "cue in clause",
    "cue in statement",
    "two clauses before",
    "two clauses after",
    "highest tenth of document",
    "middle of document",
)
"""What the first numbers of a row are: the encoder's readings, the score of the wording, and the strength of the strongest cue."""

FAR = -6.0
"""What stands for a clause before the first or after the last: the reading of a line that plainly stays."""


def names(categories: Sequence[Category], about: Sequence[About]) -> tuple[str, ...]:
    """What all numbers of a row are: the readings, then how much the clause looks like each category, and whom it seems to be about."""
    return (*READINGS, *(f"looks like {each}" for each in categories), *(f"about {each}" for each in about))


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a statement, with the tokens it consists of and the cues found in it."""

    span: Span
    statement: int
    tokens: NDArray[np.int64]
    hits: tuple[Hit, ...]


def clauses_of(text: str, statements: Sequence[Statement], marks: Marks, cues: Cues) -> list[Clause]:
    """Every clause that has at least one token, in order."""
    inside = np.flatnonzero(np.array(marks.tokens.starts) >= 0)
    starts = np.array(marks.tokens.starts)[inside]
    found = []
    for number, statement in enumerate(statements):
        hits = tuple(cues.find(text, statement))
        for span in clauses.split(text, statement.span):
            tokens = inside[np.searchsorted(starts, span.start) : np.searchsorted(starts, span.end)]
            if tokens.size:
                found.append(Clause(span, number, tokens, tuple(hit for hit in hits if hit.span.overlaps(span))))
    return found


def table(text: str, statements: Sequence[Statement], found: Sequence[Clause], marks: Marks, wording: Wording) -> Row:
    """A row of `names` for each clause."""
    if not found:
        return np.zeros((0, len(READINGS) + marks.category.shape[1] + marks.about.shape[1]))
    readings = [marks.goes[clause.tokens] for clause in found]
    owner = np.array([clause.statement for clause in found])
    words = np.array([clause.tokens.size for clause in found], np.float64)
    mean = np.array([each.mean() for each in readings], np.float64)
    said = np.array([wording.score(row) for row in rows(text, statements, [(clause.span, clause.statement) for clause in found])])
    cue = np.array([max((hit.cue.strength for hit in clause.hits), default=0.0) for clause in found])
    whole = _average(mean, words, owner)
    same = owner[1:] == owner[:-1]
    return np.column_stack(
        [
            mean,
            [each.max() for each in readings],
            [each.min() for each in readings],
            whole,
            _highest(mean, owner),
            np.where(np.r_[False, same], np.r_[0.0, mean[:-1]], whole),
            np.where(np.r_[same, False], np.r_[mean[1:], 0.0], whole),
            np.full(len(found), np.quantile(mean, 0.95)),
            np.log(words),
            [each[:3].mean() for each in readings],
            said,
            _highest(said, owner),
            cue,
            _highest(cue, owner),
            np.r_[FAR, FAR, mean][: len(found)],
            np.r_[mean, FAR, FAR][2:],
            np.full(len(found), np.sort(mean)[-max(1, len(found) // 10) :].mean()),
            np.full(len(found), np.median(mean)),
            _shares(marks.category, found),
            _shares(marks.about, found),
        ]
    )


def _shares(logits: Answers, found: Sequence[Clause]) -> Row:
    """For each clause, how its mean logits share out: a row that adds up to one."""
    mean = np.array([logits[clause.tokens].mean(axis=0) for clause in found], np.float64)
    raised = np.exp(mean - mean.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float64)


def _average(values: Row, weights: Row, owner: NDArray[np.int64]) -> Row:
    """For each clause, the weighted mean over its statement."""
    return np.asarray((np.bincount(owner, values * weights) / np.maximum(np.bincount(owner, weights), 1.0))[owner], np.float64)


def _highest(values: Row, owner: NDArray[np.int64]) -> Row:
    """For each clause, the highest value in its statement."""
    best = np.full(int(owner.max()) + 1, -np.inf)
    np.maximum.at(best, owner, values)
    return np.asarray(best[owner], np.float64)
