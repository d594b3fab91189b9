"""What a plan's removals come to for one document: whole printed words, and labels that repeat nothing of what they stand for."""

from __future__ import annotations

from dataclasses import replace

from pipeline.domain.documents import Document
from pipeline.domain.plan import DocumentPlan, Treatment
from pipeline.redaction.hidden import Hides, what_it_hides
from pipeline.redaction.labels import safely_labelled
from pipeline.redaction.pagework import on_words
from pipeline.redaction.settings import CopySettings


def effective(document: Document, plan: DocumentPlan) -> DocumentPlan:
    """The plan as it is carried out on this document."""
    removals = on_words(document, plan.removals)
    return replace(plan, removals=safely_labelled(removals, [removal.span.of(document.text) for removal in removals]))


def leaves_untouched(document: Document, plan: DocumentPlan, settings: CopySettings) -> bool:
    """Whether a document leaves byte for byte: nothing of it goes, and it hides nothing that the settings want stripped."""
    if plan.treatment is not Treatment.SEND or document.attachment.is_body:
        return False
    return not plan.strip_hidden or (what_it_hides(document) is Hides.PROPERTIES and not settings.strip_properties)
