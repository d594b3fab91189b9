"""Gathers what is known of each clause into one row of numbers: the encoder's reading, its surroundings, and the cues in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.people import Statement
from pipeline.domain.text import Span
from pipeline.recognition.sensitivity import clauses
from pipeline.recognition.sensitivity.cues import Cues, Hit
from pipeline.recognition.sensitivity.encoder import Marks

READINGS = ("mean", "highest", "lowest", "statement", "statement_highest", "before", "after", "document", "length", "first_words")
"""The numbers that come from the encoder, in order; after them one for each cue in the clause, then one for each cue in its statement."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a statement, with the tokens it consists of and the cues found in it."""

    span: Span
    statement: int
    tokens: NDArray[np.int64]
    hits: tuple[Hit, ...]


def names(cues: Cues) -> tuple[str, ...]:
    """What each number of a row is."""
    return (*READINGS, *(f"{cue.name} in clause" for cue in cues.all), *(f"{cue.name} in statement" for cue in cues.all))


def clauses_of(text: str, statements: Sequence[Statement], marks: Marks, cues: Cues) -> list[Clause]:
    """Every clause that has at least one token, in order."""
    starts = np.array(marks.tokens.starts)
    found = []
    for number, statement in enumerate(statements):
        hits = tuple(cues.find(text, statement))
        for span in clauses.split(text, statement.span):
            tokens = np.flatnonzero((starts >= span.start) & (starts < span.end))
            if tokens.size:
                found.append(Clause(span, number, tokens, tuple(hit for hit in hits if hit.span.overlaps(span))))
    return found


def table(found: Sequence[Clause], marks: Marks, cues: Cues) -> NDArray[np.float64]:
    """A row for each clause: `READINGS`, then the cues."""
    if not found:
        return np.zeros((0, len(READINGS) + 2 * len(cues.all)))
    mean = np.array([marks.goes[clause.tokens].mean() for clause in found], np.float64)
    owner = np.array([clause.statement for clause in found])
    words = np.array([clause.tokens.size for clause in found], np.float64)
    of_statement = np.array([np.average(mean[owner == each], weights=words[owner == each]) for each in owner])
    top_of_statement = np.array([mean[owner == each].max() for each in owner])
    before = np.where(np.r_[False, owner[1:] == owner[:-1]], np.r_[0.0, mean[:-1]], of_statement)
    after = np.where(np.r_[owner[1:] == owner[:-1], False], np.r_[mean[1:], 0.0], of_statement)
    readings = np.column_stack(
        [
            mean,
            [marks.goes[clause.tokens].max() for clause in found],
            [marks.goes[clause.tokens].min() for clause in found],
            of_statement,
            top_of_statement,
            before,
            after,
            np.full(len(found), np.quantile(mean, 0.95)),
            np.log(words),
            [marks.goes[clause.tokens[:3]].mean() for clause in found],
        ]
    )
    names = {cue.name: place for place, cue in enumerate(cues.all)}
    inside = np.zeros((len(found), len(names)))
    around = np.zeros((len(found), len(names)))
    for row, clause in enumerate(found):
        for hit in clause.hits:
            inside[row, names[hit.cue.name]] = 1.0
            around[owner == owner[row], names[hit.cue.name]] = 1.0
    return np.hstack([readings, inside, around])
