"""What a file hides: names of the family and text count, what programs write by themselves does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain.documents import LayerKind
from pipeline.domain.findings import Action
from pipeline.domain.people import Person, Role
from pipeline.domain.text import PersonalText
from pipeline.guidance import assess, library
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import DocumentFile, ExampleFile, HiddenFile

PEOPLE = (
    Person("m", Role.MOTHER, (PersonalText("Giulia Castellano"),)),
    Person("d", Role.PROFESSIONAL, (PersonalText("Oluwaseun Adeyinka"),)),
)


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        (LayerKind.PROPERTIES, "creator: Oluwaseun Adeyinka", False),
        (LayerKind.PROPERTIES, "title: Castellano report for refuge", True),
        (LayerKind.COMMENT, "she does not want him to know about the flat", True),
        (LayerKind.COMMENT, "ok", False),
        (LayerKind.TRACKED_DELETION, "He is well.", False),
        (LayerKind.FIELD_CODE, "PAGE MERGEFORMAT NUMPAGES", False),
        (LayerKind.MACRO, "Sub AutoOpen()", True),
        (LayerKind.HIDDEN_SHEET, "other pupils in the class", True),
    ],
)
def test_what_is_hidden(rules_dir: Path, kind: LayerKind, text: str, held: bool) -> None:
    """A person looks where a layer says more than the page, and only there."""
    document = DocumentFile(text="He is well.", hidden=(HiddenFile(kind=kind, text=text),))
    case = case_of(ExampleFile(name="hidden", documents=(document,)))
    case = replace(case, roster=replace(case.roster, people=PEOPLE))
    findings, _ = assess.assess(case, library.load(rules_dir).pack("brent"))
    assert [finding.action for finding in findings if finding.rule == "hidden-content"] == ([Action.REVIEW] if held else [])
