"""What bears on a child's care and says nothing of how is kept, and its author asked; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.errors import RulesError
from pipeline.domain.mail import Submission
from pipeline.domain.people import About, Category, Judgement, Reading, Roster, Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition.bare_concerns import BareConcerns
from pipeline.recognition.engine import Engine
from pipeline.recognition.recognise import recognise

REPORT = """# Report to the initial child protection conference

Child: Ben Orr, born 2 February 2017

Mother: Tessa Orr

Completed by: Amina Hill, health visitor

I have known Ben since March. He told me that he is scared when there is shouting and that he hides in the bathroom.

# The parents

{}

# Strengths

What is going well: Ben is in school every day and has friends."""


BARE = "Mum has bipolar disorder."


def _asked(reading: Reading) -> list[str]:
    return [one.span.of(reading.document.text) for one in reading.judgements if one.verdict is Verdict.ASK_CONTEXT]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Tessa has a learning disability.", ["Tessa has a learning disability."]),
        ("Mum has a diagnosis of bipolar disorder.", ["Mum has a diagnosis of bipolar disorder."]),
        ("Tessa has depression. She stays in bed and Ben gets his own breakfast.", []),
        ("Tessa has depression and takes her tablets.", []),
        ("Tessa has never had depression.", []),
        ("Ben has a learning disability.", []),
        ("Tessa likes to paint.", []),
    ],
)
def test_only_a_bare_concern_about_an_adult_is_asked_about(
    said: str, asked: list[str], engine: Engine, document: Callable[..., Any], submission: Callable[..., Submission]
) -> None:
    """An effect on the child, help, a denial, the child's own need, or no concern at all: then nobody is asked."""
    _, (reading,) = recognise(submission(), [document(REPORT.format(said))], engine)
    assert _asked(reading) == asked


@pytest.mark.parametrize(
    ("text", "about", "proposed", "question"),
    [
        (BARE, "adult", (Category.ADULT_HEALTH_NOT_RELEVANT, "model:m", 0, 0.7), True),
        (BARE, "adult", (Category.THIRD_PARTY_HEALTH, "model:m", 0, 0.7), True),
        (BARE, "adult", (Category.THIRD_PARTY_HEALTH, "model:m", 0, 0.95), False),
        ("Mum, 07700 900731, alcoholic.", "adult", (Category.THIRD_PARTY_HEALTH, "model:m", 0, 0.7), False),
        (BARE, "adult", (Category.RISK_INCREASING_DETAIL, "model:m", 0, 0.7), False),
        (BARE, "adult", (Category.ADULT_HEALTH_NOT_RELEVANT, "rule:old_history", 0, 0.7), False),
        (BARE, "adult", (Category.ADULT_HEALTH_NOT_RELEVANT, "model:m", 5, 0.7), False),
        (BARE, "third_party", (Category.THIRD_PARTY_HEALTH, "model:m", 0, 0.7), False),
    ],
)
def test_only_a_removal_that_the_model_proposes_within_the_statement_gives_way_to_a_question(
    text: str, about: str, proposed: tuple[Category, str, int, float], question: bool, engine: Engine
) -> None:
    """A certain cue, a sure model, a number, another sort, more than the statement, or an adult who is not the child's: then it stands."""
    category, source, more, sure = proposed
    said = Statement(Span(0, len(text)), about=About(about))
    removal = Judgement(Span(0, len(text) + more), category, Verdict.REDACT, About.ADULT, sure, "x", source)
    assert bool(list(engine.bare_concerns.find(text + " Next.", [said], [removal], Roster(())))) is question


@pytest.mark.parametrize("said", ["Tessa has a learning disability.", "Mum has a diagnosis of bipolar disorder."])
def test_a_question_explains_itself_and_names_nobody(
    said: str, engine: Engine, document: Callable[..., Any], submission: Callable[..., Submission]
) -> None:
    """It has a sentence for the author, a confidence and a source, stands in text order, and proposes no removal."""
    _, (reading,) = recognise(submission(), [document(REPORT.format(said))], engine)
    assert {one.verdict for one in reading.judgements if one.source.startswith("model:")} <= {Verdict.ASK}
    assert list(reading.judgements) == sorted(reading.judgements, key=lambda one: one.span)
    (found,) = [one for one in reading.judgements if one.verdict is Verdict.ASK_CONTEXT]
    assert found.category is Category.ADULT_HEALTH_NOT_RELEVANT
    assert found.source == "rule:bare_concern"
    assert "child" in found.why
    assert "Tessa" not in found.why
    assert found.why.endswith(".")


@pytest.mark.parametrize("content", ["concern: x", "nonsense", "longest: 3\nconcern: '('\ntold: a", "a: ["])
def test_a_broken_list_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    """A list that cannot be used stops the start and says which file."""
    path = tmp_path / "bare_concerns.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=r"bare_concerns\.yaml") as caught:
        BareConcerns.load(path)
    assert "\n" not in str(caught.value)
