"""The second opinion on which part a sentence belongs to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.domain.errors import RulesError
from pipeline.guidance.opinion import Bounds, Opinion, PartModel, Sight

BOUNDS = Bounds(best_of=1, lean=0.0, absent_below=-1.0, present_from=1.0)


@pytest.fixture(scope="module")
def model(rules_dir: Path) -> PartModel:
    """The model as shipped."""
    return PartModel.load(rules_dir / "models" / "topics")


@pytest.mark.parametrize(
    ("part", "carries", "does_not"),
    [
        (
            "needs",
            "The family will need somebody to come in twice a week, and Jo should be seen by the nurse monthly.",
            "He was seen on 3 May.",
        ),
        ("if_nothing_changes", "Then he is likely to be hurt again, and the younger ones with him.", "The rent is paid by the council."),
        (
            "consent",
            "Both parents have been sent a copy and neither wanted anything taken out before it was shared.",
            "He has two sisters.",
        ),
        ("strengths", "She has come to every session and plays with him warmly.", "He was admitted with a fracture on 2 June."),
    ],
)
def test_a_sentence_that_carries_a_part_is_stronger_than_one_that_does_not(
    model: PartModel, part: str, carries: str, does_not: str
) -> None:
    """In words no list has; the sentence that carries it is the one that is shown."""
    rows = model.rows([Sight(one) for one in (does_not, "He is seven.", does_not, carries)])
    opinion = model.opinion(part, model.scores(rows)[part])

    assert opinion is not None
    assert opinion.best[0] == 3


def test_whose_sentence_it_is_decides_whether_it_tells_of_the_child(model: PartModel) -> None:
    """The same words say more of the child's life where they are about the child than where they are about somebody else."""
    words = "cried and said that nobody had come."
    rows = model.rows([Sight(f"~k {words}", on_child=True, named=True, signs="e"), Sight(f"~a {words}", signs="e")])
    of_child, of_other = model.scores(rows)["child"]

    assert of_child > of_other + 1


def test_nothing_is_said_where_there_is_nothing_to_judge(model: PartModel) -> None:
    """Lines of a word or two leave the judgement to the words."""
    scores = model.scores(model.rows([Sight("No."), Sight("-")]))

    assert model.opinion("worries", scores["worries"]) is None


def test_a_longer_report_must_sound_more_like_the_part(model: PartModel) -> None:
    """One sentence among ninety is likelier to sound so by chance than one among nine."""
    said, other = Sight("I am worried that he will be hurt again."), Sight("The surgery is open until six on weekdays.")
    short, long = (model.opinion("worries", model.scores(model.rows([said] + [other] * n))["worries"]) for n in (8, 89))

    assert short is not None
    assert long is not None
    assert short.strength > long.strength + 1


@pytest.mark.parametrize(
    ("strength", "may_doubt", "settled"),
    [(2.0, True, True), (2.0, False, True), (0.0, True, None), (-2.0, True, False), (-2.0, False, None)],
)
def test_a_strong_opinion_settles_it_and_a_middling_one_leaves_it_to_the_words(
    strength: float,
    may_doubt: bool,
    settled: bool | None,
) -> None:
    """Strong: the part is there; very weak: it is not, where there is enough to read; else the words say."""
    assert Opinion(strength, (0,), BOUNDS, may_doubt).settled is settled


def test_a_model_that_is_not_the_one_named_is_refused(rules_dir: Path, tmp_path: Path) -> None:
    """A changed, missing or broken file stops the load with one line."""
    shutil.copytree(rules_dir / "models" / "topics", tmp_path / "topics")
    card = tmp_path / "topics" / "model.json"
    named = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps({**named, "sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(RulesError, match="is not the file that model"):
        PartModel.load(tmp_path / "topics")

    card.write_text("{", encoding="utf-8")
    with pytest.raises(RulesError, match="cannot be read"):
        PartModel.load(tmp_path / "topics")

    with pytest.raises(RulesError, match="cannot be read"):
        PartModel.load(tmp_path)
