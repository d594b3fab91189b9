"""A reviewer's changes to a plan, named as a person names them: by the number of a listed removal, or by a document and its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.assessment import Case
from pipeline.domain.errors import NothingChanged
from pipeline.domain.people import Category
from pipeline.domain.plan import RedactionPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.redaction.labels import label_of
from pipeline.redaction.plan import add_removal, drop_removal, resize_removal
from pipeline.redaction.spans import is_word

REVIEWER = "reviewer"
"""Stands in the plan where the gateway's own removals name their rule."""


class Change(StrEnum):
    """What is done to a removal; in this order, so that what is dropped cannot merge with what is added."""

    DROP = "drop"
    NARROW = "narrow"
    WIDEN = "widen"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change.

    Attributes:
        number: of the removal as listed, or, where one is added, of the document; both from 1.
        words: what is to be taken out, in full; empty where a removal is dropped.
        category: why it goes; only where a removal is added.
    """

    change: Change
    number: int
    words: PersonalText = PersonalText("")
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A removal as a reviewer sees it listed; `document` counts from 1."""

    document: int
    removal: Removal
    words: PersonalText


def listed(plan: RedactionPlan, case: Case) -> tuple[Listed, ...]:
    """Every removal of the plan with its words, in the order of documents and text; a reviewer counts them from 1."""
    return tuple(
        Listed(each.document + 1, removal, removal.span.of(case.readings[each.document].document.text))
        for each in plan.documents
        for removal in each.removals
    )


def edited(plan: RedactionPlan, case: Case, edits: Sequence[Edit], *, author: str) -> RedactionPlan:
    """The plan with all these changes, of which the numbers speak of the plan as given. Nothing else of it changes.

    Raises:
        NothingChanged: a number or words are not there or fit twice, or too little of a document would be left to send it.
    """
    given, changed = listed(plan, case), plan
    for edit in sorted(edits, key=lambda each: list(Change).index(each.change)):
        changed = _HANDS[edit.change](changed, case, edit, given, author)
    for before, after in zip(plan.documents, changed.documents, strict=True):
        if after.treatment is Treatment.WITHHOLD and before != after:
            raise NothingChanged(f"next to nothing of document {after.document + 1} would be left; return it to its author instead")
    if [each.removals for each in changed.documents] == [each.removals for each in plan.documents]:
        raise NothingChanged("the plan says that already; nothing was changed")
    return changed


_Hand = Callable[[RedactionPlan, Case, Edit, tuple[Listed, ...], str], RedactionPlan]


def _dropped(plan: RedactionPlan, case: Case, edit: Edit, given: tuple[Listed, ...], author: str) -> RedactionPlan:
    meant = _numbered(edit.number, given)
    return drop_removal(plan, case, meant.document - 1, meant.removal.span, author=author)


def _narrowed(plan: RedactionPlan, case: Case, edit: Edit, given: tuple[Listed, ...], author: str) -> RedactionPlan:
    meant = _numbered(edit.number, given)
    old = meant.removal.span
    places = [span for span in _places(case, meant.document, edit.words) if old.covers(span)]
    return resize_removal(plan, case, meant.document - 1, old, _only(places, edit, "lie within it"), author=author)


def _widened(plan: RedactionPlan, case: Case, edit: Edit, given: tuple[Listed, ...], author: str) -> RedactionPlan:
    meant = _numbered(edit.number, given)
    old = meant.removal.span
    text = case.readings[meant.document - 1].document.text
    place = _only([span for span in _places(case, meant.document, edit.words) if _meet(text, old, span)], edit, "touch it")
    wider = Span(min(old.start, place.start), max(old.end, place.end))
    return resize_removal(plan, case, meant.document - 1, old, wider, author=author)


def _meet(text: str, first: Span, second: Span) -> bool:
    """Whether two places overlap, or stand beside each other with nothing but spaces and marks between."""
    return not any(map(is_word, text[min(first.end, second.end) : max(first.start, second.start)]))


def _added(plan: RedactionPlan, case: Case, edit: Edit, _: tuple[Listed, ...], author: str) -> RedactionPlan:
    places = _places(case, edit.number, edit.words)
    if plan.documents[edit.number - 1].treatment is Treatment.WITHHOLD:
        raise NothingChanged(f"document {edit.number} stays behind as it is; there is nothing to take out of it")
    if not places:
        raise NothingChanged(f"document {edit.number} does not hold the words to be taken out; write them as the preview shows them")
    for place in places:
        plan = add_removal(plan, case, edit.number - 1, Removal(place, label_of(edit.category), REVIEWER), author=author)
    return plan


_HANDS: dict[Change, _Hand] = {Change.DROP: _dropped, Change.NARROW: _narrowed, Change.WIDEN: _widened, Change.ADD: _added}


def _numbered(number: int, given: tuple[Listed, ...]) -> Listed:
    if not 1 <= number <= len(given):
        raise NothingChanged(f"there is no removal {number}; there are {len(given)}, counted from 1")
    return given[number - 1]


def _places(case: Case, document: int, words: str) -> tuple[Span, ...]:
    """Everywhere in a document where these whole words stand, whatever white space parts them."""
    if not 1 <= document <= len(case.readings):
        raise NothingChanged(f"there is no document {document}; there are {len(case.readings)}, counted from 1")
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        raise NothingChanged("name the words to be taken out")
    pattern = r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)"
    return tuple(Span(*found.span()) for found in re.finditer(pattern, case.readings[document - 1].document.text))


def _only(places: Sequence[Span], edit: Edit, where: str) -> Span:
    if len(places) != 1:
        told = "do not" if not places else "more than once"
        raise NothingChanged(f"the words for removal {edit.number} {told} {where}; name the whole of what is to be taken out")
    return places[0]
