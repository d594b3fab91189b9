"""The topics of the guidance against labelled reports, the guidance alone: a floor under what has been reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import plain_documents
import pytest

from pipeline.domain.findings import RuleOutcome
from pipeline.guidance import assess, library

FLOOR = {
    # topic: least F1 of `fail` over the development and training messages (November 2026)
    "plain_language": 0.91,
    "blank_sections_explained": 0.91,
    "consent_recorded": 0.93,
    "context_and_dates": 0.85,
    "worries_stated": 0.88,
    "strengths_stated": 0.91,
    "needs_to_happen": 0.95,
    "if_nothing_changes": 0.90,
    "no_removal_recommendation": 0.95,
    "no_health_record_parts": 0.97,
    "adult_information_relevant": 0.95,
    "child_focused": 0.65,
}


@pytest.fixture(scope="module")
def tables(corpus: Path, rules_dir: Path) -> dict[str, Counter[tuple[str, str]]]:
    """For each topic how often each label met each outcome."""
    shipped = library.load(rules_dir)
    made: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for labels, case in plain_documents.labelled(corpus, corpus / "training"):
        _, card = assess.assess(case, shipped.pack(labels["authority"]))
        outcomes: dict[str, set[RuleOutcome]] = defaultdict(set)
        for result in card.results:
            if result.live:
                outcomes[result.topic.value].add(result.outcome)
        for topic, wanted in labels["topics"].items():
            made[topic][
                wanted, "fail" if RuleOutcome.FAIL in outcomes[topic] else "pass" if RuleOutcome.PASS in outcomes[topic] else "na"
            ] += 1
    return made


@pytest.mark.parametrize("topic", sorted(FLOOR))
def test_topic_is_judged_as_labelled(tables: dict[str, Counter[tuple[str, str]]], topic: str) -> None:
    """The F1 of `fail` does not fall below what has been reached; the table is printed."""
    table = tables[topic]
    right = table["fail", "fail"]
    wrong = sum(count for (wanted, got), count in table.items() if "fail" in {wanted, got} and wanted != got)
    score = 2 * right / (2 * right + wrong)
    print(f"{topic}: F1 {score:.2f} {dict(table)}")
    assert score >= FLOOR[topic]


def test_mail_without_a_report_is_not_judged(tables: dict[str, Counter[tuple[str, str]]]) -> None:
    """Where the label says that a topic does not apply, at most the locked report's own differs."""
    for topic, table in tables.items():
        assert sum(count for (wanted, got), count in table.items() if wanted == "na" and got != "na") <= 1, topic
