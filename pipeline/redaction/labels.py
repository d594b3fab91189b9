"""What a reader is told in place of something removed, and which label wins where two removals meet: a table by category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pipeline.domain.people import Category
from pipeline.domain.plan import Removal
from pipeline.redaction.residue import RUN

_PERSONAL = "[withheld: personal details not needed for this conference]"

LABELS: dict[Category, str] = {
    # Most weighty first. The first two and adult health share their words on purpose: a label that said 'reproductive' or
    # 'restricted by law' would tell a violent partner what was taken out.
    Category.LEGALLY_RESTRICTED: _PERSONAL,
    Category.RISK_INCREASING_DETAIL: "[withheld: detail left out to keep people safe]",
    Category.REPRODUCTIVE_OR_SEXUAL: _PERSONAL,
    Category.THIRD_PARTY_HEALTH: "[withheld: health information about another person]",
    Category.IDENTIFIER_OF_THIRD_PARTY: "[withheld: details that identify another person]",
    Category.ADULT_HEALTH_NOT_RELEVANT: _PERSONAL,
    Category.PASTED_RECORD: "[withheld: part of a health record]",
    Category.MEDICATION_LIST: "[withheld: list of medicines from a health record]",
    Category.CLINICAL_CODES: "[withheld: clinical codes from a health record]",
    Category.EXCESS_DETAIL: "[withheld: detail not needed for this conference]",
    Category.HIDDEN_CONTENT: "[withheld: content hidden in the file]",
    Category.FORBIDDEN_ATTACHMENT: "[withheld: not for the conference]",
}

SHORT = "[withheld]"
"""For places with no room, and where any longer label would repeat words of what was removed."""

BRIEF: dict[Category, str] = {
    Category.LEGALLY_RESTRICTED: "[withheld: personal]",
    Category.RISK_INCREASING_DETAIL: "[withheld: for safety]",
    Category.REPRODUCTIVE_OR_SEXUAL: "[withheld: personal]",
    Category.THIRD_PARTY_HEALTH: "[withheld: someone's health]",
    Category.IDENTIFIER_OF_THIRD_PARTY: "[withheld: who it is]",
    Category.ADULT_HEALTH_NOT_RELEVANT: "[withheld: personal]",
    Category.PASTED_RECORD: "[withheld: record]",
    Category.MEDICATION_LIST: "[withheld: medicines]",
    Category.CLINICAL_CODES: "[withheld: codes]",
    Category.EXCESS_DETAIL: "[withheld: not needed]",
    Category.HIDDEN_CONTENT: "[withheld: hidden]",
    Category.FORBIDDEN_ATTACHMENT: SHORT,
}
"""For texts of which the label would repeat words, which would look as if they had been left behind."""

_BRIEFER = {LABELS[category]: BRIEF[category] for category in Category}
_WEIGHTS = {label: weight for weight, label in enumerate(reversed(LABELS.values()))}
_WEIGHTS |= {brief: _WEIGHTS[label] for label, brief in _BRIEFER.items() if brief != SHORT}


def label_of(category: Category | None) -> str:
    """The words for a category; the plain ones where a finding names none."""
    return LABELS[category] if category is not None else SHORT


def weight_of(label: str) -> int:
    """How weighty a label is; a reviewer's own words outweigh the table, since a person chose them."""
    return _WEIGHTS.get(label, -1 if label == SHORT else len(_WEIGHTS))


def safely_labelled(removals: Sequence[Removal], gone: Iterable[str]) -> tuple[Removal, ...]:
    """The removals; a label that shares twelve characters with any of the texts gone gives way to a briefer one, which can hardly do so."""
    taken = [" ".join(each.casefold().split()) for each in gone]
    runs = {run for each in (*taken, *(each.replace(" ", "") for each in taken)) for run in _windows(each)}
    safe = {label: _safe(label, runs) for label in {each.label for each in removals}}
    return tuple(replace(each, label=safe[each.label]) for each in removals)


def _safe(label: str, runs: AbstractSet[str]) -> str:
    offered = (label, _BRIEFER.get(label, SHORT))
    return next((each for each in offered if runs.isdisjoint({*_windows(each.casefold()), *_windows(_closed(each))})), SHORT)


def _closed(label: str) -> str:
    return label.casefold().replace(" ", "")


def _windows(text: str) -> Iterator[str]:
    """Every run of a text, those that begin or end with a space too: how residue is measured from outside."""
    return (text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1)) if text)
