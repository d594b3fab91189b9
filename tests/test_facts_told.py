"""The facts in words, as pages for reviewers show them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.facts_told import pack_warnings, told


def place(quote: str, document: str | None = "report.docx") -> dict[str, Any]:
    """A piece of evidence."""
    return {"document": document, "start": 0, "end": len(quote), "quote": quote}


FACTS: dict[str, Any] = {
    "agency": {"value": "health_visitor", "evidence": [place("Health visitor")]},
    "conference": {
        "evidence": [place("12 Nov", None), place("ICPC", None), place("12 November")],
        "otherwise": [place("13 November")],
        "earlier": "2026-05-01",
        "earlier_evidence": [place("1 May")],
        "review_due": "2026-08-01",
    },
    "children": [
        {"name": "Asha Vale", "born": "2021-03-02", "due": None, "evidence": [place("Asha\nVale")], "birth_evidence": [place("2/3/21")]},
        {"name": "Unborn Vale", "born": None, "due": "2027-01-09", "evidence": [], "birth_evidence": []},
    ],
    "carers": [{"name": "Mira Vale", "role": "mother", "evidence": [place("Mira Vale")]}],
    "author": {"name": "Dr Osei", "role": "", "evidence": [place("Dr Osei")]},
    "consent": {
        "value": "unclear",
        "said": [
            {"whose": "mother", "outcome": "given", "evidence": [place("Mum agreed")]},
            {"whose": "father", "outcome": "not_asked", "evidence": [place("dad was not asked")]},
        ],
    },
    "seen": {"value": "seen", "said": [{"whose": "unclear", "outcome": "seen", "evidence": [place("read it")]}]},
    "ringing_in": {"times": ["11:15"], "evidence": [place("11.15")]},
    "conflicts": ["The mail names more than one day for the conference."],
}
VIEW: dict[str, Any] = {"conference": {"type": "ICPC", "date": "2026-11-12", "children": []}, "facts": FACTS}


def test_every_fact_is_told_with_its_words() -> None:
    """Each fact once, in a fixed order, its evidence by document, and what conflicts last."""
    assert [(one.label, str(one.value), [*map(str, one.places)]) for one in told(VIEW)] == [
        ("child", "Asha Vale, born 02 Mar 2021", ["report.docx: “Asha Vale”, “2/3/21”"]),
        ("child", "Unborn Vale, due 09 Jan 2027", []),
        ("carer", "Mira Vale, mother", ["report.docx: “Mira Vale”"]),
        ("author", "Dr Osei", ["report.docx: “Dr Osei”"]),
        ("agency", "health visitor", ["report.docx: “Health visitor”"]),
        ("conference", "ICPC on 12 Nov 2026", ["subject line or sender: “12 Nov”, “ICPC”", "report.docx: “12 November”"]),
        ("another day", "said elsewhere", ["report.docx: “13 November”"]),
        ("conference before", "01 May 2026; the next review was due by 01 Aug 2026", ["report.docx: “1 May”"]),
        ("consent to share", "mother agreed; father not asked", ["report.docx: “Mum agreed”, “dad was not asked”"]),
        ("seen by the family", "has seen it", ["report.docx: “read it”"]),
        ("rings in", "11:15", ["report.docx: “11.15”"]),
        ("look at", "The mail names more than one day for the conference.", []),
    ]


def test_what_is_not_said_is_told_so() -> None:
    """A report that says nothing of consent is told as saying nothing; mail that could not be read has no facts."""
    silent = {**FACTS, "consent": {"value": "unclear", "said": []}, "author": None}

    assert {one.label: str(one.value) for one in told({**VIEW, "facts": silent})}["consent to share"] == "not said"
    assert told({"facts": None}) == () == told({})


@pytest.mark.parametrize(
    ("card", "today", "warns"),
    [
        ({"pack": "kent", "review_date": "2027-11-30"}, date(2027, 11, 30), 0),
        ({"pack": "kent", "review_date": "2027-11-30"}, date(2027, 12, 1), 1),
        ({"pack": "kent"}, date(2030, 1, 1), 0),
        (None, date(2030, 1, 1), 0),
    ],
)
def test_a_pack_past_its_review_is_told(card: dict[str, Any] | None, today: date, warns: int) -> None:
    """From the day after its review date; not of assessments kept before it was noted."""
    assert len(pack_warnings({"scorecard": card}, today)) == warns
