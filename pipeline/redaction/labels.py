"""What a reader is told in place of something removed, and which label wins where two removals meet: a table by category."""

from __future__ import annotations

from pipeline.domain.people import Category

_PERSONAL = "[withheld: personal information not needed for this conference]"

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
"""For places with no room, and where the long label would repeat words of what was removed."""

_WEIGHTS = {label: weight for weight, label in enumerate(reversed(LABELS.values()))}


def label_of(category: Category | None) -> str:
    """The words for a category; the plain ones where a finding names none."""
    return LABELS[category] if category is not None else SHORT


def weight_of(label: str) -> int:
    """How weighty a label is; a reviewer's own words outweigh the table, since a person chose them."""
    return _WEIGHTS.get(label, -1 if label == SHORT else len(_WEIGHTS))
