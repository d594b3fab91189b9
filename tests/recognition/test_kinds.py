"""Documents are told apart by what is in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.domain.errors import RulesError, UnreadableReason
from pipeline.domain.mail import Problem
from pipeline.domain.people import DocumentKind
from pipeline.recognition.kinds import KindTable, kind_of

SAMPLES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "kinds_samples.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{number}-{sample['kind']}" for number, sample in enumerate(SAMPLES)])
def test_each_sample_is_what_it_is(sample: dict[str, Any], document: Any, kinds: KindTable) -> None:
    """Small papers of every kind, in voices other than the labelled mail's, are recognised."""
    verdict = kind_of(document(sample["text"], format_name=sample.get("format", "docx")), kinds)
    assert verdict.kind == sample["kind"], verdict.signs


@pytest.mark.parametrize("name", ["CP report.pdf", "scan0012.pdf", "letter.doc"])
def test_the_file_name_does_not_decide(name: str, document: Any, kinds: KindTable) -> None:
    """A printout called a report is a printout, whatever its name."""
    printout = next(sample["text"] for sample in SAMPLES if sample["kind"] == "record_printout")
    assert kind_of(document(printout, name), kinds).kind is DocumentKind.RECORD_PRINTOUT


def test_a_lloyd_george_name_is_decisive(document: Any, kinds: KindTable) -> None:
    """The one file name that a standard fixes is enough, even where the scan gave no word."""
    name = "1of2_Lloyd_George_Record_[Ida Moss]_[9999384757]_[12-12-2018].pdf"
    assert kind_of(document("", name, "pdf"), kinds).kind is DocumentKind.RECORD_PRINTOUT


def test_what_could_not_be_read_is_unreadable(document: Any, kinds: KindTable) -> None:
    """A document with a problem is unreadable, whatever text was saved."""
    broken = replace(document("Report for conference"), problem=Problem(UnreadableReason.DAMAGED, "cut short"))
    assert kind_of(broken, kinds).kind is DocumentKind.UNREADABLE


def test_signs_say_why_without_personal_text(document: Any, kinds: KindTable) -> None:
    """The reasons shown to a reviewer are sentences of the rules, not of the document."""
    verdict = kind_of(document(SAMPLES[0]["text"]), kinds)
    assert verdict.signs
    assert not any("Ida" in sign for sign in verdict.signs)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("signs:\n- {id: a, says: x, source: s, weights: {other: 1}, measure: no_such}", "no_such"),
        ("signs:\n- {id: a, says: x, source: s, weights: {nonsense: 1}, pattern: y}", "weights"),
        ("signs:\n- {id: a, says: x, source: s, weights: {other: 1}, pattern: '('}", "table of signs"),
        ("signs:\n- {id: a, says: x, source: s, weights: {other: 1}}", "'a' needs"),
        ("signs: []", "signs"),
    ],
)
def test_a_wrong_table_is_refused_with_the_place(change: str, message: str, tmp_path: Path) -> None:
    """Unknown measures, kinds and patterns stop the start and say where."""
    path = tmp_path / "document_kinds.yaml"
    path.write_text(f"version: 1\nstart: {{}}\n{change}\n", encoding="utf-8")
    with pytest.raises(RulesError, match=message):
        KindTable.load(path)


def test_labelled_mail(corpus: Path, document: Any, kinds: KindTable) -> None:
    """At least 93 of 100 attachments of the development and training mail are told right (from their texts as written)."""
    right: Counter[str] = Counter()
    for path in sorted([*corpus.glob("*.yaml"), *(corpus / "training").glob("*.yaml")]):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for attachment in _attachments(case.get("attachments")):
            if attachment["render"] == "zip" or not attachment.get("text"):
                continue
            made = document(
                attachment["text"].replace("**", ""), attachment["name"], "image" if "image" in attachment["render"] else "docx"
            )
            verdict = kind_of(made, kinds).kind
            group = "development" if path.parent == corpus else "training"
            right[f"{group} of"] += 1
            right[group] += verdict == attachment["kind"] or (attachment["kind"] == "other" and verdict is DocumentKind.BLANK_FORM)
    print(dict(right))
    assert right["development"] / right["development of"] >= 0.93
    assert right["training"] / right["training of"] >= 0.93


def _attachments(listed: Any) -> list[dict[str, Any]]:
    return [one for each in listed or [] for one in [each, *_attachments(each.get("members"))]]
