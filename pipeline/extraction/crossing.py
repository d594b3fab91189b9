"""Packs calls and answers for the way into the reading process and back, small and quick for documents of hundreds of pages.

Words, of which a long document has a hundred thousand, cross as columns of numbers. A file that the caller has already crosses once only:
an answer that holds it again says which of the call's arguments it was. Python's collector of rings rests meanwhile, since each full
round of it would look at all that was made so far.
"""

from __future__ import annotations

import copyreg
import dataclasses
import enum
import gc
import io
import operator
import pickle
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, overload

from pipeline.domain.documents import Box, Document, Word
from pipeline.domain.errors import ReportgateError, Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText, Span

WHOLE, REAL = "q", "d"
"""Columns of whole numbers and of fractions, eight bytes each."""

COLUMNS = (
    (WHOLE, "span.start"),
    (WHOLE, "span.end"),
    (WHOLE, "page"),
    *((REAL, f"box.{edge}") for edge in ("x0", "top", "x1", "bottom")),
    (REAL, "confidence"),
)
"""What is told of a word, in order."""

Reducer = Callable[[Any], tuple[Any, ...]]


def packed(value: object, known: tuple[Attachment, ...] = ()) -> bytes:
    """The value as bytes. Of the `known` files only the places are written; they must be known where it is unpacked."""
    buffer = io.BytesIO()
    packer = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    reducers: dict[type, Reducer] = {Document: _of_document, Attachment: lambda file: _of_attachment(file, known)}
    packer.dispatch_table = {**copyreg.dispatch_table, **reducers}
    with _without_collection():
        packer.dump(value)
    return buffer.getvalue()


def files_in(arguments: tuple[Any, ...]) -> tuple[Attachment, ...]:
    """The files that both sides know once a call with these arguments was made."""
    given = (getattr(one, "attachment", one) for one in arguments)
    return tuple(one for one in given if isinstance(one, Attachment))


def unpacked_call(payload: bytes) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A call, in the reading process; it comes from the parent and is trusted."""
    with _without_collection():
        work, arguments = pickle.loads(payload)  # noqa: S301 - from the parent
    return work, arguments


def unpacked_answer(payload: bytes, known: tuple[Attachment, ...]) -> tuple[bool, Any]:
    """Whether the call went well, and its result or error. Nothing but this program's own values is made.

    Raises:
        Unreadable: it is no answer.
    """
    try:
        with _without_collection():
            done, result = _OwnValues(io.BytesIO(payload), known).load()
    except Exception:  # noqa: BLE001 - whatever it is, it is no answer
        raise Unreadable(UnreadableReason.DAMAGED, "the program that reads such files gave no usable answer") from None
    if not done and not isinstance(result, ReportgateError):
        raise Unreadable(UnreadableReason.DAMAGED, "the program that reads such files gave no usable answer")
    return bool(done), result


@contextmanager
def _without_collection() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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
    return document_of, (values, *Columns.of(document.words).columns)


def document_of(values: tuple[Any, ...], *columns: bytes) -> Document:
    """The document with these fields in order, less the words, and with its words as columns of numbers."""
    names = (field.name for field in dataclasses.fields(Document) if field.name != "words")
    return Document(**dict(zip(names, values, strict=True)), words=Columns(*columns))


class Columns(Sequence[Word]):
    """Words as columns of numbers, made into words when first asked for: most of those who hold a document never ask.

    Raises:
        ValueError: the columns are of different lengths, or a span is none.
    """

    __slots__ = ("_made", "columns")

    def __init__(self, *columns: bytes) -> None:
        self.columns = columns
        self._made: tuple[Word, ...] | None = None
        starts, ends = array(WHOLE, columns[0]), array(WHOLE, columns[1])
        if len(columns) != len(COLUMNS) or len({len(column) for column in columns}) > 1 or min(starts, default=0) < 0:
            raise ValueError("the columns of words do not fit each other")
        if not all(map(operator.le, starts, ends)):
            raise ValueError("a word ends before it starts")

    @classmethod
    def of(cls, words: Sequence[Word]) -> Columns:
        """The columns of these words."""
        if isinstance(words, cls):
            return words
        columns = (array(kind, map(operator.attrgetter(what), words)) for kind, what in COLUMNS)
        return cls(*(column.tobytes() for column in columns))

    def _words(self) -> tuple[Word, ...]:
        if self._made is None:
            numbers = (array(kind, column) for (kind, _), column in zip(COLUMNS, self.columns, strict=True))
            with _without_collection():
                self._made = tuple(
                    Word(Span(start, end), page, Box(x0, top, x1, bottom), confidence)
                    for start, end, page, x0, top, x1, bottom, confidence in zip(*numbers, strict=True)
                )
        return self._made

    def __len__(self) -> int:
        return len(self.columns[0]) // 8

    @overload
    def __getitem__(self, index: int) -> Word: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...

    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        return self._words()[index]

    def __iter__(self) -> Iterator[Word]:
        return iter(self._words())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._words() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._words())

    def __reduce__(self) -> tuple[Any, ...]:
        return Columns, self.columns


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
