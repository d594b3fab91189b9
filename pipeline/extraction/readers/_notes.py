"""Adds notes to a document that another reader made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.domain.documents import Document, Note, NoteCode


def with_notes(document: Document, notes: Iterable[tuple[NoteCode, str]]) -> Document:
    """The document with more notes, each once."""
    more = tuple(Note(code, detail) for code, detail in notes)
    return replace(document, notes=tuple(dict.fromkeys((*document.notes, *more))))
