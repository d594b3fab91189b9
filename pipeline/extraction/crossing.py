"""Packs calls and answers for the way into the reading process and back, small and quick for documents of hundreds of pages.

Words cross as the columns of numbers that they were read into. A file that the caller has already crosses once only: an answer that
holds it again says which of the call's arguments it was.
"""

from __future__ import annotations

import copyreg
import dataclasses
import enum
import io
import pickle
from collections.abc import Callable
from typing import Any

from pipeline.domain.documents import Document, Word
from pipeline.domain.errors import ReportgateError, Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.columns import Columns, Numbers, without_collection

Reducer = Callable[[Any], tuple[Any, ...]]


def packed(value: object, known: tuple[Attachment, ...] = ()) -> bytes:
    """The value as bytes. Of the `known` files only the places are written; they must be known where it is unpacked."""
    buffer = io.BytesIO()
    packer = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    reducers: dict[type, Reducer] = {Document: _of_document, Attachment: lambda file: _of_attachment(file, known)}
    packer.dispatch_table = {**copyreg.dispatch_table, **reducers}
    with without_collection():
        packer.dump(value)
    return buffer.getvalue()


def files_in(arguments: tuple[Any, ...]) -> tuple[Attachment, ...]:
    """The files that both sides know once a call with these arguments was made."""
    given = (getattr(one, "attachment", one) for one in arguments)
    return tuple(one for one in given if isinstance(one, Attachment))


def unpacked_call(payload: bytes) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A call, in the reading process; it comes from the parent and is trusted."""
    with without_collection():
        work, arguments = pickle.loads(payload)  # noqa: S301 - from the parent
    return work, arguments


def unpacked_answer(payload: bytes, known: tuple[Attachment, ...]) -> tuple[bool, Any]:
    """Whether the call went well, and its result or error. Nothing but this program's own values is made.

    Raises:
        Unreadable: it is no answer.
    """
    try:
        with without_collection():
            done, result = _OwnValues(io.BytesIO(payload), known).load()
    except Exception:  # noqa: BLE001 - whatever it is, it is no answer
        raise Unreadable(UnreadableReason.DAMAGED, "the program that reads such files gave no usable answer") from None
    if not done and not isinstance(result, ReportgateError):
        raise Unreadable(UnreadableReason.DAMAGED, "the program that reads such files gave no usable answer")
    return bool(done), result


def _of_attachment(file: Attachment, known: tuple[Attachment, ...]) -> tuple[Any, ...]:
    for place, one in enumerate(known):
        if file is one:
            return known_file, (place,)
        if file.content is one.content and file.content:
            return same_content, (place, tuple(getattr(file, field.name) for field in dataclasses.fields(file) if field.name != "content"))
    return file.__reduce_ex__(pickle.HIGHEST_PROTOCOL)  # type: ignore[return-value]  # only a string for singletons, which it is not


def known_file(place: int) -> Attachment:
    """Stands in a packed answer for a file of the call; what it means is known only where it is unpacked."""
    raise NotImplementedError  # only its name crosses: the parent's unpickler puts the file in its place


def same_content(place: int, others: tuple[Any, ...]) -> Attachment:
    """Stands for a file with the content of a file of the call, and other fields of its own."""
    raise NotImplementedError  # as above


def _of_document(document: Document) -> tuple[Any, ...]:
    values = tuple(getattr(document, field.name) for field in dataclasses.fields(document) if field.name != "words")
    words = document.words if isinstance(document.words, Columns) else Columns.of(map(_numbers, document.words))
    return document_of, (values, *words.columns)


def _numbers(word: Word) -> Numbers:
    box = word.box
    return word.span.start, word.span.end, word.page, box.x0, box.top, box.x1, box.bottom, word.confidence


def document_of(values: tuple[Any, ...], *columns: bytes) -> Document:
    """The document with these fields in order, less the words, and with its words as columns of numbers."""
    names = (field.name for field in dataclasses.fields(Document) if field.name != "words")
    return Document(**dict(zip(names, values, strict=True)), words=Columns(*columns))


class _OwnValues(pickle.Unpickler):
    """Makes this program's own frozen values, enumerations and errors, and plain data; refuses everything else."""

    PLAIN = frozenset(
        {("datetime", name) for name in ("datetime", "date", "timezone", "timedelta")}
        | {("builtins", name) for name in ("set", "frozenset", "bytearray")}
    )

    def __init__(self, stream: io.BytesIO, known: tuple[Attachment, ...]) -> None:
        super().__init__(stream)
        self._known = known

    def find_class(self, module: str, name: str) -> Any:
        if module == __name__ and name in {"document_of", "known_file", "same_content"}:
            return {"document_of": document_of, "known_file": self._known.__getitem__, "same_content": self._same_content}[name]
        found = super().find_class(module, name) if (module, name) in self.PLAIN or module.startswith("pipeline.") else None
        if (module, name) in self.PLAIN or _is_own_value(found):
            return found
        raise pickle.UnpicklingError("not a value of this program")

    def _same_content(self, place: int, others: tuple[Any, ...]) -> Attachment:
        names = (field.name for field in dataclasses.fields(Attachment) if field.name != "content")
        return Attachment(content=self._known[place].content, **dict(zip(names, others, strict=True)))


def _is_own_value(found: object) -> bool:
    if not isinstance(found, type) or not found.__module__.startswith("pipeline."):
        return False
    return dataclasses.is_dataclass(found) or issubclass(found, enum.Enum | ReportgateError | PersonalText)
