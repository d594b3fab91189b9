"""Fixtures for reading files: the corpus' own writers, small packages built by hand, and what every document must keep to."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.readers import by_sign


@pytest.fixture(scope="session")
def writers(corpus: Path) -> ModuleType:
    """The corpus' builder, whose `make_docx`, `make_rtf` … write a file from a marked-up text."""
    spec = importlib.util.spec_from_file_location("corpus_build", corpus / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def read_file() -> Callable[..., Document]:
    """Reads bytes with the reader of a sign, and proves that the document keeps its promises."""

    def read(sign: str, content: bytes, name: str = "file", options: ReadOptions | None = None) -> Document:
        document = by_sign()[sign].read(Attachment(PersonalText(name), content), options or ReadOptions(office_seconds=60))
        check_sound(document)
        return document

    return read


@pytest.fixture(scope="session")
def zipped() -> Callable[[Mapping[str, str | bytes]], bytes]:
    """Packs parts into a zip, as office files are."""

    def pack(parts: Mapping[str, str | bytes]) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return packed.getvalue()

    return pack


def check_sound(document: Document) -> None:
    """Every span lies in the text, blocks stand in order and apart, cells lie in their tables."""
    whole = len(document.text)
    for before, after in pairwise(document.blocks):
        assert before.span.end < after.span.start, "blocks overlap or touch"
    for block in document.blocks:
        assert block.span.of(document.text).strip()
        assert block.span.end <= whole
        for row in block.rows:
            assert all(block.span.covers(cell.span) for cell in row.cells)
    for field in document.fields:
        assert field.label.of(document.text).strip()
        assert max(field.label.end, field.value.end) <= whole
    for tick in document.ticks:
        assert tick.span.of(document.text).strip()
        assert tick.label is None or tick.label.of(document.text).strip()
    for page, following in pairwise(document.pages):
        assert page.span.end == following.span.start
