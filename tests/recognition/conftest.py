"""What the tests of recognition share: the engine as shipped, and documents made of plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.mail import Address, Attachment, AuthenticationResult, Submission
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.recognition.engine import Engine
from pipeline.recognition.kinds import KindTable
from pipeline.recognition.lexicon import PeopleLexicon

MakeDocument = Callable[..., Document]


def _document(text: str, name: str = "file.docx", format_name: str = "docx") -> Document:
    """A document with a block for each paragraph; lines that start with # are headings, lines with | are table rows."""
    builder = DocumentBuilder(Attachment(PersonalText(name), b""), format_name)
    for piece in re.split(r"\n\s*\n", text.strip("\n")):
        lines = piece.split("\n")
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("|")]
        if rows and len(rows) == len(lines):
            builder.table(rows)
        elif piece.startswith("#"):
            builder.heading(piece.lstrip("# "), 1)
        else:
            builder.paragraph(piece)
    return builder.finish()


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Makes documents of plain text."""
    return _document


@pytest.fixture(scope="session")
def engine(rules_dir: Path) -> Engine:
    """The engine as shipped."""
    return Engine.load(rules_dir)


@pytest.fixture(scope="session")
def kinds(rules_dir: Path) -> KindTable:
    """The table of signs as shipped."""
    return KindTable.load(rules_dir / "lexicons" / "document_kinds.yaml")


@pytest.fixture(scope="session")
def lexicon(rules_dir: Path) -> PeopleLexicon:
    """The words for people as shipped."""
    return PeopleLexicon.load(rules_dir / "lexicons")


@pytest.fixture(scope="session")
def submission() -> Callable[[str], Submission]:
    """A message with a subject and no more."""

    def make(subject: str = "Report for conference") -> Submission:
        return Submission(
            raw=b"",
            message_id="",
            sender=Address("o.bright@nhs.net", PersonalText("Dr Ottoline Bright")),
            recipients=(),
            subject=PersonalText(subject),
            received=datetime(2026, 10, 5, 9, tzinfo=UTC),
            sent=None,
            body=None,
            attachments=(),
            authentication=AuthenticationResult.PASS,
        )

    return make
