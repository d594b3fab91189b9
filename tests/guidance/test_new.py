"""A new rule begins as a draft."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.domain.errors import NothingChanged
from pipeline.guidance import library, new
from pipeline.guidance.library import RuleLibrary
from pipeline.guidance.rule import Status


@pytest.fixture(scope="module")
def shipped(rules_dir: Path) -> RuleLibrary:
    """The rules as shipped."""
    return library.load(rules_dir)


@pytest.mark.parametrize("like", ["child-in-focus", "strengths-stated", "adult-health"])
def test_a_draft_is_in_order_and_runs_nowhere(shipped: RuleLibrary, rules_dir: Path, tmp_path: Path, like: str) -> None:
    """It is read without complaint, keeps the way of judging it began with, and is in no pack until it is tried."""
    shutil.copytree(rules_dir, tmp_path / "rules")

    new.draft(shipped, tmp_path / "rules", "child/siblings-named", like)

    found = library.load(tmp_path / "rules")
    made = found.rules["siblings-named"]
    assert (made.status, made.detector, made.settings) == (Status.DRAFT, found.rules[like].detector, found.rules[like].settings)
    assert all(rule.rule.id != "siblings-named" for pack in found.packs.values() for rule in pack.rules)


@pytest.mark.parametrize(
    ("place", "like", "complaint"),
    [
        ("siblings-named", "child-in-focus", "GROUP/ID"),
        ("child/Siblings Named", "child-in-focus", "GROUP/ID"),
        ("child/../siblings", "child-in-focus", "GROUP/ID"),
        ("nowhere/siblings-named", "child-in-focus", "there is no group"),
        ("form/child-in-focus", "child-in-focus", "already: child/child-in-focus.yaml"),
        ("child/siblings-named", "no-such", "there is no rule"),
    ],
)
def test_a_draft_that_cannot_be_says_why(shipped: RuleLibrary, tmp_path: Path, place: str, like: str, complaint: str) -> None:
    """Nothing is written, and the line says what to name instead."""
    with pytest.raises(NothingChanged, match=complaint):
        new.draft(shipped, tmp_path, place, like)


def test_a_pack_past_its_review_date_says_so(shipped: RuleLibrary) -> None:
    """The day after the date somebody is asked to look again; on the date itself nobody is."""
    pack = replace(shipped.pack("kent"), review_date=date(2026, 5, 1))

    assert pack.warnings(date(2026, 5, 1)) == ()
    assert "due for review on 01 May 2026" in pack.warnings(date(2026, 5, 1) + timedelta(days=1))[0]
