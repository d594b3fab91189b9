"""Judging whole reports: what goes, what stays, and what is said of it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.errors import RulesError
from pipeline.domain.mail import Attachment
from pipeline.domain.people import Category, Judgement, Roster, Verdict
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.recognition import statements
from pipeline.recognition.sensitivity import SensitivityModel, look


@pytest.fixture(scope="module")
def model() -> SensitivityModel:
    """The model as shipped."""
    return SensitivityModel.load(Path(__file__).resolve().parents[2] / "rules")


def _report(*paragraphs: str) -> Document:
    builder = DocumentBuilder(Attachment(PersonalText("report.docx"), b""), "docx")
    builder.heading("GP report to child protection conference")
    for paragraph in paragraphs:
        builder.paragraph(paragraph)
    return builder.finish()


def _judgements(document: Document, model: SensitivityModel) -> tuple[Judgement, ...]:
    return look(document, statements.split(document), Roster(), (), model).judgements


def _left(document: Document, model: SensitivityModel) -> str:
    text = str(document.text)
    for each in reversed([one for one in _judgements(document, model) if one.verdict is Verdict.REDACT]):
        text = text[: each.span.start] + text[each.span.end :]
    return text


OVERSHARED = _report(
    "Child: Danny Ashworth, 6. Mother: Kelly Ashworth. Father: Lee Marsh.",
    "Danny came to school with a bruise on his arm on 4 October and said that his dad had thrown him. Kelly had a termination in 2019 "
    "which Lee does not know about. She has been depressed since the summer, stays in bed and Danny gets his own breakfast. She also has "
    "piles and a frozen shoulder. Lee drinks every evening and hits the walls; Danny hides under the table.",
    "Kelly's aunt has bowel cancer and is having chemotherapy.",
    "Coded 13IF.00, XaJyq, ZV612.",
)
KEPT = (
    "bruise on his arm on 4 October and said that his dad had thrown him",
    "stays in bed and Danny gets his own breakfast",
    "Lee drinks every evening",
    "Danny hides under the table",
    "Mother: Kelly Ashworth",
)


@pytest.mark.parametrize("gone", ["termination in 2019", "piles", "frozen shoulder", "bowel cancer", "XaJyq"])
def test_what_must_go_is_proposed(model: SensitivityModel, gone: str) -> None:
    """Plain over-sharing of five sorts is taken out of a report."""
    assert gone in OVERSHARED.text
    assert gone not in _left(OVERSHARED, model)


@pytest.mark.parametrize("kept", KEPT)
def test_what_bears_on_the_child_stays(model: SensitivityModel, kept: str) -> None:
    """Harm, drink, violence, low mood and the family's names stay readable beside what goes."""
    assert kept in _left(OVERSHARED, model)


def test_a_report_without_over_sharing_is_left_alone(model: SensitivityModel) -> None:
    """Nothing is proposed, so that a good report is not held."""
    clean = _report(
        "Child: Danny Ashworth, 6. Mother: Kelly Ashworth.",
        "Danny is well, has asthma and uses his inhaler. He is up to date with his immunisations. Kelly has depression, takes her tablets "
        "and since she began them she gets up and takes Danny to school. She has asked for help.",
        "What is going well: Danny is on time every day and has friends. His nan has him on Saturdays.",
    )
    assert _judgements(clean, model) == ()


def test_a_judgement_explains_itself_without_personal_text(model: SensitivityModel) -> None:
    """Each has a confidence, a sentence, a source, and quotes nothing; they stand in text order and do not overlap."""
    found = _judgements(OVERSHARED, model)
    assert found
    for each in found:
        assert 0.0 < each.confidence <= 1.0
        assert each.why.endswith(".")
        assert "Kelly" not in each.why
        assert each.source.startswith(("rule:", "model:"))
    assert all(one.span.end <= other.span.start for one, other in itertools.pairwise(found))
    assert any(each.category is Category.REPRODUCTIVE_OR_SEXUAL for each in found)


def test_the_same_text_gives_the_same_judgements(model: SensitivityModel) -> None:
    """A rerun may not change what is proposed."""
    assert _judgements(OVERSHARED, model) == _judgements(OVERSHARED, model)


def test_nothing_is_said_of_an_empty_document(model: SensitivityModel) -> None:
    """No text, no judgement, no failure."""
    assert _judgements(DocumentBuilder(Attachment(PersonalText("x"), b""), "txt").finish(), model) == ()


def test_a_model_that_is_not_the_one_described_is_refused(tmp_path: Path, rules_dir: Path) -> None:
    """A changed or half-copied model file stops the start in one line."""
    shutil.copytree(rules_dir / "lexicons" / "sensitivity", tmp_path / "lexicons" / "sensitivity")
    shutil.copytree(rules_dir / "models" / "sensitivity", tmp_path / "models" / "sensitivity")
    path = tmp_path / "models" / "sensitivity" / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RulesError, match="not the model") as caught:
        SensitivityModel.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_missing_model_is_refused(tmp_path: Path, rules_dir: Path) -> None:
    """Without the encoder nothing would be found and everything released: the start stops instead."""
    shutil.copytree(rules_dir / "lexicons" / "sensitivity", tmp_path / "lexicons" / "sensitivity")
    with pytest.raises(RulesError, match="restore"):
        SensitivityModel.load(tmp_path)
