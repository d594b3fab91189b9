"""Pieces of record inside a report are found with their bounds, and the author's own words are left alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.domain.errors import RulesError
from pipeline.domain.people import Roster
from pipeline.domain.text import merge
from pipeline.recognition.engine import Engine
from pipeline.recognition.record_blocks import find
from pipeline.recognition.record_signs import RecordTable
from pipeline.recognition.sensitivity import look
from pipeline.recognition.statements import split

BEFORE = "Ben has been late on most days this term and tells me that he is tired."
AFTER = "His mother has been to every meeting and wants our help with mornings."

PASTED = [
    "12-Sep-2026 16:42 NASH Dora (GP). O/E T 37.9, P 88, sats 99 RA, chest clear. Imp URTI. Plan r/v SOS.",
    "Repeat: amlodipine 5mg tabs 28, omeprazole 20mg od, sertraline 100mg mane",
    "FBC 02/09/26 Hb 121 WCC 7.4 Plt 301; CRP <1; ferritin 38; LFT nad",
    "Problems (active): Asthma (H33..), Eczema (M111.), Constipation (J520.)",
    '"Dear Dr Nash, Thank you for referring this pleasant 38 year old lady with menorrhagia. Hysteroscopy under GA. Smear up to date."',
]
OWN = [
    "On 12 September 2026 Ben fell asleep in assembly and his mother came for him at once.",
    "4 May 2026. I visited at home. Ben was asleep on the sofa at noon and the flat was cold.",
    "He takes an inhaler every morning, which his gran gives him, and his chest has been well since June.",
    "His immunisations are up to date and his growth is as we would expect for his age.",
    "Conference: Initial, 4 November 2026. Author: A Hill, health visitor.",
]


@pytest.mark.parametrize("piece", PASTED)
def test_a_pasted_piece_is_found_whole_and_alone(piece: str, document: Any, engine: Engine) -> None:
    """The block covers the pasted line and not the author's paragraphs around it."""
    made = document(f"{BEFORE}\n\n{piece}\n\n{AFTER}")
    found = find(made, engine.records, engine.kinds)
    assert [str(block.span.of(made.text)) for block in found] == [piece]


@pytest.mark.parametrize("sentence", OWN)
def test_the_authors_own_words_are_no_record(sentence: str, document: Any, engine: Engine) -> None:
    """Dated sentences of a chronology, lay words on health and identity lines do not fire."""
    assert find(document(f"{BEFORE}\n\n{sentence}\n\n{AFTER}"), engine.records, engine.kinds) == ()


@pytest.mark.parametrize(("said", "blocks"), [(0.01, 0), (0.5, 1), (None, 1)])
def test_what_by_its_words_may_stay_is_shorthand(said: float | None, blocks: int, document: Any, engine: Engine) -> None:
    """A passage that looks like record is left alone only where the words are known, and known to be hardly likely to go."""
    made = document(f"{BEFORE}\n\n{PASTED[2]}\n\n{AFTER}")
    assert len(find(made, engine.records, engine.kinds, lambda _: said)) == blocks


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ("Seen w mum 4/9, 18/9 (alone), DNA 2/10 + 9/10. Wt 31.4 kg, was 33.0 in June. Food at home? D/w SW 12/10.", False),
        ("Boots clinic WNB 3/3, 14/4, 2/6; seen 1/7 w nan. Inhaler (salbutamol 100mcg 2p prn) kept by school as mum loses them.", False),
        ("12-Oct-2026 09:14 Surgery: OKAFOR N (Dr). PC low back pain. O/E SLR 40 deg. Imp sciatica. Rx naproxen 500mg bd 28 tabs.", True),
        ("Active problems: Endometriosis (K50..), Migraine (F26..), Essential hypertension (G20..), Bunion (N334.)", True),
    ],
)  # fmt: skip
def test_shorthand_of_the_childs_days_is_told_from_a_pasted_entry(line: str, record: bool, document: Any, engine: Engine) -> None:
    """With the sensitivity model's word on it, terse notes about the child stay and entries from a record are found."""
    made = document(f"{BEFORE}\n\n{line}\n\n{AFTER}")
    likely = look(made, split(made), Roster(), (), engine.sensitivity).likely
    assert bool(find(made, engine.records, engine.kinds, likely)) is record


def test_a_table_with_an_unknown_sign_is_refused(tmp_path: Path) -> None:
    """A weight for a sign that there is not stops the start."""
    path = tmp_path / "record_signs.yaml"
    path.write_text("version: 1\nstart: 0\nweights: {nonsense: 1}\nsays: {}\nsure: 0.8\nbeside: 0.5\n", encoding="utf-8")
    with pytest.raises(RulesError, match="nonsense"):
        RecordTable.load(path)


def test_labelled_mail(corpus: Path, document: Any, engine: Engine) -> None:
    """Of the labelled pasted pieces seven in ten are found, and one clause in a hundred that must stay is touched at most."""
    counts: Counter[str] = Counter()
    for path in sorted((corpus / "training").glob("*.yaml")):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for attachment in case.get("attachments") or []:
            if attachment.get("kind") == "conference_report" and attachment.get("text"):
                _count(attachment, document, engine, counts)
    print(dict(counts))
    assert counts["found"] / counts["pasted"] >= 0.7
    assert counts["touched"] / counts["must stay"] <= 0.01


def _count(attachment: dict[str, Any], document: Any, engine: Engine, counts: Counter[str]) -> None:
    made = document(attachment["text"].replace("**", ""))
    blocks = merge(block.span for block in find(made, engine.records, engine.kinds))
    pasted = [
        one["quote"] for one in attachment.get("overshared") or [] if one.get("must") and one["why"] in {"pasted_record", "medication_list"}
    ]
    for name, hit, quotes in (("pasted", "found", pasted), ("must stay", "touched", attachment.get("must_keep") or [])):
        for quote in quotes:
            wanted = quote.replace("**", "")
            at = made.text.find(wanted)
            if at >= 0:
                covered = sum(max(0, min(span.end, at + len(wanted)) - max(span.start, at)) for span in blocks) / len(wanted)
                counts[name] += 1
                counts[hit] += covered >= (0.8 if hit == "found" else 0.05)
