"""Says of each part of a document whether it must go, why, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from pipeline.domain.documents import Document
from pipeline.domain.people import About, Category, Judgement, Mention, Roster, Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition.sensitivity import features, trimming, words
from pipeline.recognition.sensitivity.encoder import Marks
from pipeline.recognition.sensitivity.features import Clause, Named
from pipeline.recognition.sensitivity.model import SensitivityModel

HIGHEST = 0.3
"""The share of the surest clause in what is thought of a whole statement; the rest is the mean over its letters."""

PLAIN = -5.0
"""The reading (a logit) of text that plainly stays."""

PARTED = 0.5
"""How far down from the surest clause of its statement towards `PLAIN` a clause may be read and be judged with it; below that it stays
when the other goes. On 611 reports that the model had not seen 0.5 tears 45 of 103 statements of which half must go and catches 1,021 of
1,075 quotes, 0.6 tears 59 and catches 1,027, 0.4 tears 43 and catches 1,005. One distance for all, however sure the surest, does worse:
4 logits tear 48 and catch 1,021, 3 logits 43 and 1,006."""

ALIKE = 2.5
"""Readings (logits) this near to the surest are never told apart: where nothing is sure, they differ by chance."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause with how likely it must go, and what it most looks like."""

    clause: Clause
    probability: float
    category: Category
    source: str


@dataclass(frozen=True)
class Look:
    """One look at a document: what must go or must be looked at by a person, in text order, and how every clause was weighed.

    What is fit to stay is not among the judgements. A document is held only where some part of it is surely to go, or several parts likely;
    then the less sure ones are proposed too: who shares too much once does it again, and a person looks anyway.
    """

    judgements: tuple[Judgement, ...] = ()
    weighed: tuple[Weighed, ...] = ()

    def likely(self, span: Span) -> float | None:
        """How likely a stretch of the text must go: the mean over the letters of its clauses; None where it has none."""
        parts = [(each.probability, len(each.clause.span)) for each in self.weighed if each.clause.span.overlaps(span)]
        letters = sum(size for _, size in parts)
        return sum(probability * size for probability, size in parts) / letters if letters else None


def look(document: Document, statements: Sequence[Statement], roster: Roster, mentions: Sequence[Mention], model: SensitivityModel) -> Look:
    """Reads the document once and judges it."""
    if not statements:
        return Look()
    marks = model.encoder.read(document.text, statements)
    weighed = weigh(document.text, statements, marks, model, Named.of(roster, mentions))
    return Look(judged(document.text, statements, weighed, marks, model), tuple(weighed))


def judged(
    text: str, statements: Sequence[Statement], weighed: Sequence[Weighed], marks: Marks, model: SensitivityModel
) -> tuple[Judgement, ...]:
    """The judgements, once every clause is weighed."""
    if not held(weighed, model):
        return ()
    found: list[Judgement] = []
    for number, statement in enumerate(statements):
        of_statement = [each for each in weighed if each.clause.statement == number]
        found.extend(_of_statement(text, statement, of_statement, marks, model))
    return tuple(_merged(found))


def held(weighed: Sequence[Weighed], model: SensitivityModel) -> bool:
    """Whether a person must look at a document: one clause is surely to go, or several less sure ones are together."""
    points = model.points
    together = sum(each.probability for each in weighed if each.probability >= points.counted)
    return together >= points.together or any(each.probability >= points.of(each.category).holds for each in weighed)


def weigh(
    text: str, statements: Sequence[Statement], marks: Marks, model: SensitivityModel, named: Named = features.NOBODY
) -> list[Weighed]:
    """Every clause with its probability and category."""
    found = features.clauses_of(text, statements, marks, model.cues)
    probabilities = model.weights.probabilities(features.table(text, statements, found, marks, model.wording, named))
    furniture = [model.cues.stays(statement.span.of(text)) for statement in statements]
    each = [
        weigh_clause(clause, 0.0 if furniture[clause.statement] else float(probability), marks, model)
        for clause, probability in zip(found, probabilities, strict=True)
    ]
    return [one for _, group in groupby(each, key=lambda one: one.clause.statement) for one in evened(list(group), marks)]


def evened(weighed: Sequence[Weighed], marks: Marks) -> list[Weighed]:
    """The clauses of one statement, judged as one but for those that stand out as fit to stay; a certain cue keeps its own."""
    letters = np.array([len(each.clause.span) for each in weighed], np.float64)
    likely = np.array([each.probability for each in weighed])
    whole = (1 - HIGHEST) * float(likely @ letters / letters.sum()) + HIGHEST * float(likely.max())
    readings = [float(marks.goes[each.clause.tokens].mean()) for each in weighed]
    surest = max(readings)
    enough = surest - max(PARTED * (surest - PLAIN), ALIKE)
    settled = [whole if reading >= enough else 0.0 for reading in readings]
    return [
        each if each.source.startswith("rule:") else replace(each, probability=probability)
        for each, probability in zip(weighed, settled, strict=True)
    ]


def weigh_clause(clause: Clause, probability: float, marks: Marks, model: SensitivityModel) -> Weighed:
    """A clause with its category; a cue that is certain decides by itself."""
    certain = max((hit.cue for hit in clause.hits if hit.cue.certain), key=lambda cue: cue.strength, default=None)
    if certain is not None and certain.strength > probability:
        return Weighed(clause, certain.strength, certain.category, f"rule:{certain.name}")
    place = int(np.argmax(marks.category[clause.tokens].mean(axis=0)))
    return Weighed(clause, probability, model.encoder.categories[place], f"model:{model.encoder.name}")


def _of_statement(
    text: str, statement: Statement, weighed: Sequence[Weighed], marks: Marks, model: SensitivityModel
) -> Iterator[Judgement]:
    going = [each for each in weighed if each.probability >= model.points.of(each.category).redact]
    parts = trimming.parts(text, statement.span, [each.clause.span for each in going])
    for part in parts:
        yield _judgement(part, Verdict.REDACT, [each for each in going if each.clause.span.overlaps(part)], statement, marks, model)
    for each in weighed:
        asked = each.probability >= model.points.of(each.category).ask
        if asked and not any(part.overlaps(each.clause.span) for part in parts):
            yield _judgement(each.clause.span, Verdict.ASK, [each], statement, marks, model)


def _judgement(
    span: Span, verdict: Verdict, weighed: Sequence[Weighed], statement: Statement, marks: Marks, model: SensitivityModel
) -> Judgement:
    best = max(weighed, key=lambda each: each.probability)
    about = statement.about or _about(weighed, marks, model)
    return Judgement(span, best.category, verdict, about, round(best.probability, 3), words.why(best.category, about), best.source)


def _about(weighed: Sequence[Weighed], marks: Marks, model: SensitivityModel) -> About:
    tokens = np.concatenate([each.clause.tokens for each in weighed])
    return model.encoder.about[int(np.argmax(marks.about[tokens].mean(axis=0)))]


def _merged(found: Sequence[Judgement]) -> Iterator[Judgement]:
    """Neighbours of one sort become one judgement."""
    last: Judgement | None = None
    for each in sorted(found, key=lambda judgement: judgement.span):
        if last is not None and _same_sort(last, each) and each.span.start - last.span.end <= 2:
            span = Span(last.span.start, each.span.end)
            last = Judgement(span, last.category, last.verdict, last.about, max(last.confidence, each.confidence), last.why, last.source)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _same_sort(one: Judgement, other: Judgement) -> bool:
    return (one.category, one.verdict, one.about) == (other.category, other.verdict, other.about)
