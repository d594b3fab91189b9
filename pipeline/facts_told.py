"""The facts of an assessment in plain words, each with the words it rests on: the same for every page a reviewer sees.

It reads the object of schema `assessment/1`, so that an assessment kept long ago is told as one made now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.text import PersonalText

WORDS = {
    "given": "agreed",
    "refused": "did not agree",
    "asked": "asked or told; no answer is told",
    "not_asked": "not asked",
    "shared_without": "shared without agreement",
    "seen": "has seen it",
    "not_yet": "has not seen it yet",
    "unclear": "not clear",
}
NOBODY = "unclear"


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words.

    Attributes:
        places: the words it rests on, each with the document they stand in.
    """

    label: str
    value: PersonalText
    places: tuple[PersonalText, ...] = ()


def told(view: dict[str, Any]) -> tuple[Told, ...]:
    """Every fact that the assessment has, in the order a reviewer asks for them; none for mail that could not be read."""
    return tuple(_told(view, view["facts"])) if view.get("facts") else ()


def _told(view: dict[str, Any], facts: dict[str, Any]) -> Iterator[Told]:
    for child in facts["children"]:
        born = f", born {_day(child['born'])}" if child["born"] else f", due {_day(child['due'])}" if child["due"] else ""
        yield Told("child", PersonalText(f"{child['name']}{born}"), _places((*child["evidence"], *child["birth_evidence"])))
    for carer in facts["carers"]:
        yield Told("carer", PersonalText(f"{carer['name']}, {_plain(carer['role'])}"), _places(carer["evidence"]))
    author = facts["author"]
    if author is not None:
        yield Told("author", PersonalText(", ".join(filter(None, (author["name"], author["role"])))), _places(author["evidence"]))
    yield Told("agency", PersonalText(_plain(facts["agency"]["value"])), _places(facts["agency"]["evidence"]))
    yield from _conference(view["conference"], facts["conference"])
    yield _said("consent to share", facts["consent"])
    yield _said("seen by the family", facts["seen"])
    if facts["ringing_in"]["times"]:
        yield Told("rings in", PersonalText(", ".join(facts["ringing_in"]["times"])), _places(facts["ringing_in"]["evidence"]))
    for conflict in facts["conflicts"]:
        yield Told("look at", PersonalText(conflict))


def _conference(named: dict[str, Any], conference: dict[str, Any]) -> Iterator[Told]:
    what = " on ".join(filter(None, (named["type"], named["date"] and _day(named["date"])))) or "not said"
    yield Told("conference", PersonalText(what), _places(conference["evidence"]))
    if conference["otherwise"]:
        yield Told("another day", PersonalText("said elsewhere"), _places(conference["otherwise"]))
    if conference["earlier"]:
        due = f"; the next review was due by {_day(conference['review_due'])}" if conference["review_due"] else ""
        yield Told("conference before", PersonalText(f"{_day(conference['earlier'])}{due}"), _places(conference["earlier_evidence"]))


def _said(label: str, facts: dict[str, Any]) -> Told:
    """The outcome in a word, and whose it is where that is told."""
    each = dict.fromkeys(f"{_plain(one['whose'])} {WORDS[one['outcome']]}" for one in facts["said"] if one["whose"] != NOBODY)
    value = "; ".join(each) or (WORDS[facts["value"]] if facts["said"] else "not said")
    return Told(label, PersonalText(value), _places(place for one in facts["said"] for place in one["evidence"]))


def _places(evidence: Iterable[dict[str, Any]]) -> tuple[PersonalText, ...]:
    """The words by document, each once."""
    said: dict[str, dict[str, None]] = {}
    for one in evidence:
        said.setdefault(one["document"] or "subject line or sender", {})[f"\u201c{' '.join(one['quote'].split())}\u201d"] = None
    return tuple(PersonalText(f"{document}: {', '.join(words)}") for document, words in said.items())


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _day(written: str) -> str:
    return f"{date.fromisoformat(written):%d %b %Y}"


def pack_warnings(view: dict[str, Any], today: date) -> Sequence[str]:
    """What a reviewer should know of the pack a report was judged by: that it is past its review date."""
    card = view.get("scorecard") or {}
    written = card.get("review_date")  # kept since 0.1
    if written is None or today <= date.fromisoformat(written):
        return ()
    return (f"Pack {card['pack']}, by which the report was judged, was due for review on {_day(written)}.",)
