"""What a full pack costs on a report of four pages, beyond the language pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from timing import side_by_side

from pipeline.guidance import assess, facts, library
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import ExampleFile

WORDS = 1840
"""Of four pages, as in the figures the aim was set by."""
MARKED = re.compile(r"\[\[[^:\]]*: (.*?)\]\]")
"""What must go is marked so in the authored reports."""


def four_pages(corpus: Path, *, titled: bool) -> str:
    """Whole reports of several writers, one after the other, so that no sentence comes twice; without their titles where asked."""
    passages = yaml.safe_load((corpus / "authored" / "full_reports_1.yaml").read_text(encoding="utf-8"))["passages"]
    lines = MARKED.sub(r"\1", "\n\n".join(one["text"] for one in passages)).split("\n")
    kept: list[str] = []
    for line in lines:
        if sum(len(one.split()) for one in kept) < WORDS and (titled or not line.startswith("#")):
            kept.append(line)
    return "\n".join(kept)


def reference() -> float:
    """A fixed piece of work of about 100 ms on the machine the aim was set on, as the measure of this one."""
    total = 0
    for number in range(1_500_000):
        total += number * number % 7
    return float(total)


@pytest.mark.benchmark
@pytest.mark.parametrize("titled", [True, False], ids=["titled", "prose"])
def test_a_full_pack_on_four_pages(rules_dir: Path, corpus: Path, *, titled: bool) -> None:
    """A full pack costs about a quarter of the reference work (25 ms where that takes 100), with titles and without; never 0.45 of it."""
    pack = library.load(rules_dir).pack("kent")
    text = four_pages(corpus, titled=titled)
    case = case_of(ExampleFile(name="long", report=text, children=("Isolde Thackray",)))
    assess.assess(case, pack)

    def holds(cost: float, measure: float) -> bool:
        return cost / measure <= 0.45

    cost, measure = side_by_side(lambda: assess.assess(case, pack), reference, holds=holds)
    print(
        f"a full pack on four pages ({'titled' if titled else 'prose'}, {len(text.split())} words), beyond the language pass: "
        f"{1000 * cost:.0f} ms (aim: under 60), {cost / measure:.2f} of the reference work of {1000 * measure:.0f} ms (at most 0.45)"
    )
    assert holds(cost, measure)


@pytest.mark.benchmark
def test_the_facts_of_four_pages(rules_dir: Path, corpus: Path) -> None:
    """What a report says of itself costs no more than judging it: about a fifth of the reference work, never 0.45 of it."""
    pack = library.load(rules_dir).pack("kent")
    case = case_of(ExampleFile(name="long", report=four_pages(corpus, titled=True), children=("Isolde Thackray",)))

    def establish() -> object:
        return facts.establish(case.submission, case.readings, case.roster, pack.deadline, pack.lexicons)

    def holds(cost: float, measure: float) -> bool:
        return cost / measure <= 0.45

    establish()
    cost, measure = side_by_side(establish, reference, holds=holds)
    print(
        f"facts of four pages: {1000 * cost:.0f} ms, {cost / measure:.2f} of the reference work of {1000 * measure:.0f} ms (at most 0.45)"
    )
    assert holds(cost, measure)
