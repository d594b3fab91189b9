"""Pages that are pictures: whether a person could read them, and how many are held in memory at once."""

from __future__ import annotations

import email
import email.policy
import random
import threading
import time
from pathlib import Path

import pytest
from needs import require
from PIL import Image

from pipeline.domain.documents import NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import ocr, reading, scans
from pipeline.extraction.ink import PageInk
from pipeline.extraction.ocr import Recognised
from pipeline.extraction.options import ReadOptions

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
LEGIBILITY = {NoteCode.HANDWRITING, NoteCode.POOR_SCAN}


def _attached(case: str) -> bytes:
    """The first attachment of a labelled message."""
    message = email.message_from_bytes((CORPUS / f"{case}.eml").read_bytes(), policy=email.policy.default)
    return next(part.get_payload(decode=True) for part in message.iter_attachments())


@pytest.mark.parametrize(
    ("case", "told"),
    [("d13", set()), ("d36", {NoteCode.HANDWRITING})],
    ids=["a good scan", "written by hand"],
)
def test_what_a_person_could_not_read_is_told(case: str, told: set[NoteCode]) -> None:
    """A printed page scanned well is simply read; one written by hand and faxed is named as such, so that a person looks."""
    require("tesseract")
    document = reading.read(Attachment(PersonalText("scan.pdf"), _attached(case)), ReadOptions())
    assert {note.code for note in document.notes} & LEGIBILITY == told


def _grainy(picture: Image.Image, share: float) -> Image.Image:
    """The picture with this share of its dots turned black or white."""
    made, dice = picture.convert("L"), random.Random(7)
    for _ in range(round(share * made.width * made.height)):
        made.putpixel((dice.randrange(made.width), dice.randrange(made.height)), dice.choice((0, 255)))
    return made


@pytest.mark.parametrize(("share", "poor"), [(0.0, False), (0.25, True)])
def test_a_grainy_page_is_told_from_a_clean_one(share: float, poor: bool) -> None:
    """The same printed page, clean and with every fourth dot wrong."""
    require("tesseract")
    pdfium = pytest.importorskip("pypdfium2")
    page = pdfium.PdfDocument(_attached("d13"))[0].render(scale=150 / 72).to_pil()
    found = ocr.recognise(_grainy(page, share), 150.0, 1)
    assert scans.is_poor(found) is poor


def test_no_more_pages_are_in_memory_than_are_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred pages of a scan are drawn one by one, as fast as they are read: never more than the workers and one that waits."""
    held, most, lock = 0, 0, threading.Lock()

    def draw() -> Image.Image:
        nonlocal held, most
        with lock:
            held += 1
            most = max(most, held)
        return Image.new("L", (9, 9))

    def recognise(picture: Image.Image, dpi: float, number: int) -> Recognised:
        nonlocal held
        time.sleep(0.002)
        with lock:
            held -= 1
        return Recognised(PageInk(number, 1.0, 1.0))

    monkeypatch.setattr(ocr, "recognise", recognise)
    pages = (scans.Picture(number, 150.0, draw) for number in range(1, 301))
    assert [picture.page for picture, _ in scans.recognise_all(pages, ReadOptions(ocr_workers=2))] == list(range(1, 301))
    assert 1 < most <= 4
