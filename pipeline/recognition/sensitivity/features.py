"""Gathers what is known of each clause into one row of numbers: the encoder's reading, the wording, the cues, and who is spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.people import About, Category, Mention, Role, Roster, Statement
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

PEOPLE: dict[str, tuple[Role, ...]] = {
    "subject child": (Role.SUBJECT_CHILD,),
    "sibling": (Role.SIBLING,),
    "mother": (Role.MOTHER,),
    "father, partner or carer": (Role.FATHER, Role.PARTNER, Role.CARER),
    "relative": (Role.GRANDPARENT, Role.RELATIVE),
    "third party": (Role.EX_PARTNER, Role.OTHER_CHILD, Role.THIRD_PARTY),
    "professional": (Role.PROFESSIONAL,),
    "somebody unclear": (Role.UNCLEAR,),
}
"""Who may be named in a clause, by what they are to the child."""

PLACE = ("how far into the document", "statements of the document", "figures")
"""Where a clause stands, and whether it holds a digit."""

FAR = -6.0
"""What stands for a clause before the first or after the last: the reading of a line that plainly stays."""


def names(categories: Sequence[Category], about: Sequence[About]) -> tuple[str, ...]:
    """What all numbers of a row are: the readings, how much the clause looks like each category, whom it seems to be about by encoder and
    by attribution, who is named in it and in its statement, and its place."""
    return (
        *READINGS,
        *(f"looks like {each}" for each in categories),
        *(f"about {each}" for each in about),
        *(f"attributed to {each}" for each in (*About, "nobody")),
        *(f"{who} named in {where}" for where in ("clause", "statement") for who in PEOPLE),
        *PLACE,
    )


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a statement, with the tokens it consists of and the cues found in it."""

    span: Span
    statement: int
    tokens: NDArray[np.int64]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Where people of the roster are named in a text, and what they are to the child: rows of start, end and place in `PEOPLE`."""

    places: NDArray[np.int64]

    @classmethod
    def of(cls, roster: Roster, mentions: Sequence[Mention]) -> Named:
        """The mentions of people whose role is known."""
        group = {role: number for number, roles in enumerate(PEOPLE.values()) for role in roles}
        roles = {person.id: group[person.role] for person in roster.people}
        rows = [(each.span.start, each.span.end, roles[each.person]) for each in mentions if each.person in roles]
        return cls(np.array(rows, np.int64).reshape(-1, 3))

    def inside(self, spans: Sequence[Span]) -> Row:
        """For each span, a one for every group of `PEOPLE` that is named in it."""
        starts, ends, group = self.places.T
        first, last = np.array([[span.start, span.end] for span in spans]).T
        touches = (starts < last[:, None]) & (first[:, None] < ends)
        return np.column_stack([(touches & (group == number)).any(axis=1) for number in range(len(PEOPLE))]).astype(np.float64)


NOBODY = Named(np.zeros((0, 3), np.int64))
"""For a text of which no roster is known."""


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


def table(
    text: str, statements: Sequence[Statement], found: Sequence[Clause], marks: Marks, wording: Wording, named: Named = NOBODY
) -> Row:
    """A row of `names` for each clause."""
    if not found:
        return np.zeros((0, len(READINGS) + marks.category.shape[1] + marks.about.shape[1] + len(About) + 1 + 2 * len(PEOPLE) + len(PLACE)))
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
            _people(statements, found, named),
            _place(text, statements, found),
        ]
    )


def _people(statements: Sequence[Statement], found: Sequence[Clause], named: Named) -> Row:
    """Whom each clause's statement is attributed to, and who is named in the clause and in the statement."""
    whose = [statements[clause.statement].about for clause in found]
    attributed = np.array([[each is about for about in (*About, None)] for each in whose], np.float64)
    spans = [clause.span for clause in found]
    return np.column_stack([attributed, named.inside(spans), named.inside([statements[clause.statement].span for clause in found])])


def _place(text: str, statements: Sequence[Statement], found: Sequence[Clause]) -> Row:
    total = len(statements)
    return np.array([[clause.statement / total, total, any(map(str.isdigit, clause.span.of(text)))] for clause in found], np.float64)


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
