"""Every rule's own examples, each a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.guidance import library
from pipeline.guidance.check import check, complaint_about, examples

SHIPPED = library.load(Path(__file__).parents[2] / "rules")
CASES = [(rule.id, example.name, must_fire) for rule, example, must_fire in examples(SHIPPED)]


@pytest.mark.parametrize(
    ("rule", "name", "must_fire"), CASES, ids=[f"{rule}: {'fires on' if fire else 'quiet on'} {name}" for rule, name, fire in CASES]
)
def test_example(rule: str, name: str, must_fire: bool) -> None:
    """The rule fires where it must and stays quiet where it must."""
    proof = SHIPPED.examples[rule]
    example = next(item for item in (proof.must_fire if must_fire else proof.must_stay_quiet) if item.name == name)
    assert complaint_about(SHIPPED.rules[rule], example, SHIPPED, must_fire=must_fire) is None


def test_nothing_is_wrong_with_the_rules_as_a_whole() -> None:
    """No example fails, no clause is left out, no rule is in no pack."""
    assert check(SHIPPED) == []
