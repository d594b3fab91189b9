"""What a plan's removals come to for one document: whole printed words, and labels that repeat nothing of what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan, Removal, Treatment
from pipeline.redaction.hidden import Hides, what_it_hides
from pipeline.redaction.labels import SHORT
from pipeline.redaction.pagework import on_words
from pipeline.redaction.residue import closed_up, folded, runs
from pipeline.redaction.settings import CopySettings


def effective(document: Document, plan: DocumentPlan) -> DocumentPlan:
    """The plan as it is carried out on this document."""
    return replace(plan, removals=_safely_labelled(document.text, on_words(document, plan.removals)))


def leaves_untouched(document: Document, plan: DocumentPlan, settings: CopySettings) -> bool:
    """Whether a document leaves byte for byte: nothing of it goes, and it hides nothing that the settings want stripped."""
    if plan.treatment is not Treatment.SEND or document.attachment.is_body:
        return False
    return not plan.strip_hidden or (what_it_hides(document) is Hides.PROPERTIES and not settings.strip_properties)


def _safely_labelled(text: str, removals: Sequence[Removal]) -> tuple[Removal, ...]:
    """The removals; a label that shares twelve characters with anything removed gives way to the short one, which cannot."""
    gone = [removal.span.of(text) for removal in removals]
    taken = {fold: set().union(*(runs(fold(each)) for each in gone)) for fold in (folded, closed_up)} if gone else {}
    safe = {
        label: not any(run in fold(label) for fold, found in taken.items() for run in found) for label in {each.label for each in removals}
    }
    return tuple(each if safe[each.label] else replace(each, label=SHORT) for each in removals)
