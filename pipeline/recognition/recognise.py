"""Turns documents into readings: what each one is, who is spoken of, and what is said of whom."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFullySearched
from pipeline.domain.mail import Submission
from pipeline.domain.people import DocumentKind, Reading, Roster
from pipeline.recognition.engine import Engine
from pipeline.recognition.kinds import kind_of

NEVER_LEAVES = frozenset(
    {
        DocumentKind.RECORD_PRINTOUT,
        DocumentKind.CLINICAL_LETTER,
        DocumentKind.MEDICATION_PRINTOUT,
        DocumentKind.LAB_RESULTS,
        DocumentKind.PHOTO_OR_SCAN,
        DocumentKind.UNREADABLE,
    }
)
"""Kinds that no pack lets out: nobody asks what is said in them, so that the language model is not run over them."""


def recognise(submission: Submission, documents: Sequence[Document], engine: Engine) -> tuple[Roster, tuple[Reading, ...]]:  # noqa: ARG001 - the roster follows
    """The people of a submission, and a reading of each document, in the documents' order."""
    roster = Roster()
    return roster, tuple(_read(document, engine) for document in documents)


def _read(document: Document, engine: Engine) -> Reading:
    kind = kind_of(document, engine.kinds)
    doc = engine.read(document.text) if kind.kind not in NEVER_LEAVES else None
    try:
        mentions = engine.identifiers(document.text, doc)
    except NotFullySearched:
        return Reading(document, kind, complete=False)
    return Reading(document, kind, mentions)
