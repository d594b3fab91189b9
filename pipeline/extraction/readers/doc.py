"""Reads old Word files: through LibreOffice, checked against the file's own piece table; by the piece table alone where that fails."""

from __future__ import annotations

import io
from collections import Counter

import olefile

from pipeline.domain.documents import Document, LayerKind, NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _libreoffice as libreoffice
from pipeline.extraction.readers import _ole as ole
from pipeline.extraction.readers import _summary as summary
from pipeline.extraction.readers import docx
from pipeline.extraction.readers._notes import with_notes
from pipeline.extraction.readers._package import unlock
from pipeline.extraction.readers._word97 import OldWord, clean, open_old_word

NAME = "doc"
SIGNS = frozenset({"doc"})

_MOST_MISSING = 0.01
"""The share of the piece table's words that the conversion may lack: field results and list numbers are counted differently."""


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads an old Word file.

    Raises:
        Unreadable: it is encrypted or damaged.
    """
    content = attachment.content
    try:
        old = open_old_word(content)
    except Unreadable as error:
        if error.reason is not UnreadableReason.ENCRYPTED or options.password is None:
            raise
        content = unlock(content, options.password)
        old = open_old_word(content)
    converted = libreoffice.convert(content, "doc", "docx", options.office_seconds)
    if converted is None:
        return _by_piece_table(attachment, content, old, options)
    document = docx.read_as(attachment, converted, options, NAME)
    return with_notes(document, _about(old, document))


def _about(old: OldWord, document: Document) -> list[tuple[NoteCode, str]]:
    notes = [(NoteCode.MACROS, "the file holds macros; they were not run")] if old.macros else []
    if _disagree(old, document):
        notes.append((NoteCode.EXTRACTORS_DISAGREE, "LibreOffice and the file's own table of text do not give the same words"))
    if old.objects and not document.embedded:
        notes.append((NoteCode.EMBEDDED_FILE_UNREAD, "an object inside the file could not be opened"))
    return notes


def _disagree(old: OldWord, document: Document) -> bool:
    """Whether words that the file stores are neither on the face nor in a hidden layer."""
    stored = Counter(word.lower() for word in old.words())
    read_words = " ".join([document.text, *(layer.text for layer in document.hidden), *(block.marker for block in document.blocks)])
    found = Counter("".join(letter.lower() if letter.isalnum() or letter == "_" else " " for letter in read_words).split())
    missing = sum((stored - found).values())
    return missing > 3 + _MOST_MISSING * sum(stored.values())


def _by_piece_table(attachment: Attachment, content: bytes, old: OldWord, options: ReadOptions) -> Document:
    builder = DocumentBuilder(attachment, NAME)
    builder.note(NoteCode.LOSSY_READER, "LibreOffice is missing or gave up; only the plain text of the file was read")
    if old.macros:
        builder.note(NoteCode.MACROS, "the file holds macros; they were not run")
    builder.hide(LayerKind.COMMENT, clean(old.stories["comments"]), "comments")
    for label, value in summary.properties(content):
        builder.hide(LayerKind.PROPERTIES, value, label)
    if old.objects:
        _objects(builder, content)
    face.lay(builder, list(old.pieces()))
    return face.finish(builder, options)


def _objects(builder: DocumentBuilder, content: bytes) -> None:
    builder.note(NoteCode.EMBEDDED_FILE_UNREAD, "an object inside the file could not be opened")
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        for path in file.listdir():
            if path[0] == "ObjectPool":
                builder.hide(LayerKind.EMBEDDED_OBJECT, ole.strings(file.openstream(path).read()), "ObjectPool")
