"""The verb `extract`: what is read from a file, layer by layer, and what was not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import gateway, settings
from pipeline.domain.documents import Document
from pipeline.domain.errors import NothingChanged, Unreadable
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.ports import Sandbox
from pipeline.domain.text import PersonalText
from pipeline.extraction.reading import read
from pipeline.intake.unpack import Limits, unpack
from pipeline.settings import Settings

SHOWN = 400
"""Characters of one hidden layer that a table has room for."""


def extract(config: Path | None, file: Path, *, as_json: bool) -> None:
    """Opens and reads the file in the reading process, as if it had come by mail.

    Raises:
        NothingChanged: the file cannot be read from disk.
    """
    try:
        attachment = Attachment(PersonalText(file.name), file.read_bytes())
    except OSError as error:
        raise NothingChanged(f"{file} cannot be read ({error.strerror}); name a file") from None
    chosen = settings.load(config)
    with gateway.reading(chosen) as sandbox:
        for document in _documents(attachment, sandbox, chosen):
            print(json.dumps(as_object(document), ensure_ascii=False)) if as_json else _print(document)


def _documents(attachment: Attachment, sandbox: Sandbox, chosen: Settings, depth: int = 0) -> Iterator[Document]:
    """The file, or what is in it where it is a container, and the files found inside those; what could not be read says why."""
    limits = gateway.limits(chosen)
    for opened in _opened(attachment, sandbox, limits):
        try:
            document = sandbox.run(read, opened, gateway.read_options(chosen))
        except Unreadable as error:
            document = Document(opened, "unknown", problem=Problem(error.reason, str(error)))
        yield document
        for inner in document.embedded if depth < limits.depth else ():
            yield from _documents(inner, sandbox, chosen, depth + 1)


def _opened(attachment: Attachment, sandbox: Sandbox, limits: Limits) -> tuple[Attachment, ...]:
    try:
        return sandbox.run(unpack, attachment, limits)
    except Unreadable as error:
        return (replace(attachment, problem=Problem(error.reason, str(error))),)


def as_object(document: Document) -> dict[str, Any]:
    """The document as plain data; spans are [start, end)."""
    return {
        "name": str(document.name),
        "container": str(document.attachment.container) if document.attachment.container else None,
        "format": document.format,
        "text_source": document.source.value,
        "text": str(document.text),
        "problem": document.problem.reason.value if document.problem else None,
        "notes": [{"code": note.code.value, "detail": note.detail, "page": note.page} for note in document.notes],
        "pages": [{"number": page.number, "source": page.source.value, "confidence": round(page.confidence, 2)} for page in document.pages],
        "blocks": [
            {"kind": block.kind.value, "start": block.span.start, "end": block.span.end, "level": block.level} for block in document.blocks
        ],
        "fields": [{"label": str(one.label.of(document.text)), "value": str(one.value.of(document.text))} for one in document.fields],
        "ticks": [
            {"label": str(tick.label.of(document.text)) if tick.label else None, "state": tick.state.value} for tick in document.ticks
        ],
        "hidden": [{"kind": layer.kind.value, "where": layer.where, "text": str(layer.text)} for layer in document.hidden],
        "embedded": [str(inner.name) for inner in document.embedded],
        "words_with_places": len(document.words),
    }


def _print(document: Document) -> None:
    console = Console()
    source = f"{document.format}, read from {document.source.value}, {document.word_count} words, {len(document.pages) or 'no'} pages"
    console.rule(f"[bold]{escape(str(document.name))}[/] ({source})", align="left")
    if document.problem:
        console.print(f"[red]not read in full ({document.problem.reason.value}):[/] {escape(document.problem.detail)}")
    for note in document.notes:
        console.print(
            f"[yellow]{note.code.value.replace('_', ' ')}:[/] {escape(note.detail)}" + (f" (page {note.page})" if note.page else "")
        )
    console.print(escape(str(document.text)))
    for inner in document.embedded:
        console.print(f"inside it: {escape(str(inner.name))}, read next")
    if document.hidden:
        table = Table(title="Not on the face", title_justify="left")
        for column in ("layer", "where", "text"):
            table.add_column(column, overflow="fold")
        for layer in document.hidden:
            table.add_row(layer.kind.value.replace("_", " "), escape(layer.where), escape(_shortened(str(layer.text))))
        console.print(table)


def _shortened(text: str) -> str:
    left = len(text) - SHOWN
    return text if left <= 0 else f"{text[:SHOWN]}… ({left:,} characters more; --json shows all)"
