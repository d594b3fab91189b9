"""LibreOffice and tesseract work inside the reading process as the gateway starts it, and die with it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from needs import require
from PIL import Image, ImageDraw, ImageFont

from pipeline import gateway
from pipeline.domain.documents import BlockKind, Document, NoteCode, TextSource
from pipeline.domain.mail import Attachment
from pipeline.domain.ports import Sandbox
from pipeline.domain.text import PersonalText
from pipeline.extraction.reading import read
from pipeline.settings import Settings

TEXT = "# Report\n\nRobin is well and seen often.\n\n| Date | Event |\n|---|---|\n| 3 March | Seen |\n"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The reading processes with the limits of the settings, as the gateway makes them."""
    with gateway.reading(Settings()) as made:
        yield made


def read_there(sandbox: Sandbox, name: str, content: bytes) -> Document:
    """The file, read in the reading process."""
    return sandbox.run(read, Attachment(PersonalText(name), content), gateway.read_options(Settings()))


def test_an_old_word_file_is_converted_in_the_confined_process(sandbox: Sandbox, writers: ModuleType) -> None:
    """LibreOffice starts within the limits, without network and disk: the whole shape comes back, with no fallback."""
    require("soffice")
    document = read_there(sandbox, "a.doc", writers.make_doc(TEXT, 1, "Quillfeather"))
    assert document.problem is None
    assert NoteCode.LOSSY_READER not in [note.code for note in document.notes]
    assert any(block.kind is BlockKind.TABLE for block in document.blocks)


def test_a_picture_is_read_in_the_confined_process(sandbox: Sandbox) -> None:
    """Tesseract works within the limits."""
    require("tesseract")
    page = Image.new("L", (1240, 800), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), 32)
    for line in range(8):
        pen.text((80, 60 + 80 * line), f"Robin was seen at home on {line + 1} March and was well.", 0, font)
    content = io.BytesIO()
    page.save(content, "PNG", dpi=(150, 150))
    document = read_there(sandbox, "a.png", content.getvalue())
    assert document.source is TextSource.OCR
    assert "Robin was seen at home" in document.text
