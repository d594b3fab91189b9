"""Says of each part of a document whether it must go, why, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.domain.documents import Document
from pipeline.domain.people import About, Judgement, KindVerdict, Mention, Roster, Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition.sensitivity import clauses, words
from pipeline.recognition.sensitivity.model import SensitivityModel


def judge(
    document: Document,
    statements: Sequence[Statement],
    roster: Roster,
    kind: KindVerdict,
    mentions: Sequence[Mention],
    model: SensitivityModel,
) -> tuple[Judgement, ...]:
    """What must go, or must be looked at by a person; what is fit to stay is not mentioned."""
    del roster, kind, mentions  # the cues alone need none of them
    return tuple(judgement for statement in statements for judgement in _by_cues(document.text, statement, model))


def _by_cues(text: str, statement: Statement, model: SensitivityModel) -> Iterator[Judgement]:
    hits = [hit for hit in model.cues.find(text, statement) if hit.cue.strength >= 0.5]
    for clause in clauses.split(text, statement.span):
        inside = [hit for hit in hits if hit.span.overlaps(clause)]
        if inside:
            best = max(inside, key=lambda hit: hit.cue.strength)
            about = statement.about or About.ADULT
            verdict = Verdict.REDACT if best.cue.strength >= 0.6 else Verdict.ASK
            span = Span(clause.start, clause.start + len(text[clause.start : clause.end].rstrip()))
            yield Judgement(
                span, best.cue.category, verdict, about, best.cue.strength, words.why(best.cue.category, about), f"rule:{best.cue.name}"
            )
