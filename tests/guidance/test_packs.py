"""The packs as shipped: what they inherit, where they differ, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.conference import ConferenceType
from pipeline.guidance import docs, library, show
from pipeline.guidance.library import RuleLibrary


@pytest.fixture(scope="module")
def shipped(rules_dir: Path) -> RuleLibrary:
    """The rules as shipped."""
    return library.load(rules_dir)


@pytest.mark.parametrize(
    ("pack", "conference", "days"),
    [
        ("brent", ConferenceType.ICPC, 2),
        ("brent", ConferenceType.RCPC, 2),
        ("derby", ConferenceType.RCPC, 2),
        ("kent", ConferenceType.ICPC, 2),
        ("kent", ConferenceType.RCPC, 5),
        ("kent", None, 5),
    ],
)
def test_days_before_a_conference(shipped: RuleLibrary, pack: str, conference: ConferenceType | None, days: int) -> None:
    """Each area's own due days; where the type is not known, the earlier day."""
    assert shipped.pack(pack).deadline.working_days(conference) == days


@pytest.mark.parametrize(("pack", "forbidden"), [("brent", False), ("derby", False), ("kent", True)])
def test_an_immunisation_printout_is_each_areas_own_choice(shipped: RuleLibrary, pack: str, forbidden: bool) -> None:
    """Brent and Derby take it, Kent does not."""
    assert ("immunisation-printout" in {rule.rule.id for rule in shipped.pack(pack).rules}) is forbidden


def test_a_change_says_why(shipped: RuleLibrary) -> None:
    """What a pack changes names the document and clause that asked for it, in the table of what is in force."""
    rows = {row.rule: row for row in show.effective(shipped.pack("brent"))}
    assert "because: brent, immunisation printout" in rows["pasted-record"].changed
    assert rows["on-time"].clause == "brent, two working days"
    assert rows["worries-stated"].brought_in_by == "four-questions"


def test_a_pack_past_its_review_date_warns(shipped: RuleLibrary) -> None:
    """The day after its review date a pack warns, and not before."""
    pack = shipped.pack("derby")
    assert pack.warnings(pack.review_date) == ()
    assert "review" in pack.warnings(date(pack.review_date.year + 1, 1, 1))[0]


def test_parts_are_no_packs_of_their_own(shipped: RuleLibrary) -> None:
    """The four questions and the college's advice have no deadline, and so no authority can use them alone."""
    assert set(shipped.packs) == {"national", "brent", "kent", "derby"}


def test_the_page_names_every_clause_and_every_rule(shipped: RuleLibrary) -> None:
    """The generated page leaves out no clause and no rule, and says of each clause where it went."""
    page = docs.render(shipped)
    for document in shipped.documents.values():
        for clause in document.clauses:
            line = next(line for line in page.splitlines() if line.startswith(f"| {clause.clause} |"))
            assert not line.rstrip(" |").endswith("No rule:"), line
    assert all(f"`{rule}`" in page for rule in shipped.rules)


def test_the_page_in_the_repository_is_the_one_the_rules_give(shipped: RuleLibrary, rules_dir: Path) -> None:
    """rules/README.md is up to date: after a change run `reportgate rules docs`."""
    assert (rules_dir / "README.md").read_text(encoding="utf-8") == docs.render(shipped)
