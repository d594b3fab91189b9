"""Reads finished copies back: the text as pdfium and pdfminer see it, all that is in the file's objects, and the pixels by OCR."""

from __future__ import annotations

import io
import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Any, BinaryIO

import pdfminer
import pikepdf
import pypdfium2
from pdfminer.converter import PDFConverter
from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from PIL import Image

from pipeline.domain import progress

PDFIUM_LOCK = Lock()
"""pdfium serves one thread at a time."""
_TESSERACT = "tesseract"
_POPPLER = "pdftotext"
_SECONDS = 60.0
_MOST_PIXELS = 9_000_000
"""The largest picture given to OCR: an A2 page; a larger page is made smaller, lest one sheet take minutes."""


@dataclass(frozen=True, slots=True)
class Reader:
    """An extractor by name and version, and the function that gives all it sees in a file; `raw` where that is bytes taken for text."""

    name: str
    version: str
    read: Callable[[bytes], str]
    raw: bool = False


def by_pdfium(content: bytes) -> str:
    """The text of all pages as pdfium sees it."""
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            return "\n".join(_page_text(page) for page in document)
        finally:
            document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()
        progress.advanced()


class _Characters(PDFConverter[BinaryIO]):
    """Collects characters in the order they are drawn, those inside forms and figures too."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager, io.BytesIO(), laparams=None)
        self.parts: list[str] = []

    def receive_layout(self, page: Any) -> None:
        self._collect(page)
        self.parts.append("\n")

    def _collect(self, item: Any) -> None:
        if isinstance(item, LTChar):
            self.parts.append(item.get_text())
        elif isinstance(item, LTContainer):
            for each in item:
                self._collect(each)


def by_pdfminer(content: bytes) -> str:
    """The text of all pages as pdfminer sees it, in the order it is drawn."""
    manager = PDFResourceManager()
    collector = _Characters(manager)
    interpreter = PDFPageInterpreter(manager, collector)
    for page in PDFPage.get_pages(io.BytesIO(content)):
        interpreter.process_page(page)
        progress.advanced()
    return "".join(collector.parts)


_APART = "\nþ\n"
"""Stands between two objects: a letter, since marks and spaces are left out of the search, and the end of one object's text with the
beginning of the next would read as words that nobody wrote."""


_SEAM = re.compile(r"/[A-Za-z]+\s*(?=[(<\[])|[)>\]]\s*(?=endobj|endstream|stream|/[A-Za-z]|>>|T[jJ]\b)")
"""Where a file's grammar ends and a string begins, or the other way round: 'Title' before '(Health' is no word 'ehealth'."""


def by_objects(content: bytes) -> str:
    """Everything in the file's objects as text: strings, names and decompressed streams, but not the pixels of pictures."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return _APART.join((_apart(content), *(text for item in pdf.objects for text in _texts(item))))


def _texts(item: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(item, pikepdf.Stream):
        if item.get("/Subtype") != pikepdf.Name.Image:
            yield from _readings(item.read_bytes())
        yield from _of_mapping(item.stream_dict, depth)
    elif isinstance(item, pikepdf.Dictionary):
        yield from _of_mapping(item, depth)
    elif isinstance(item, pikepdf.Array):
        for each in item:
            if not getattr(each, "is_indirect", False):
                yield from _texts(each, depth + 1)
    elif isinstance(item, pikepdf.String):
        yield str(item)
        yield from _readings(bytes(item))
    elif isinstance(item, pikepdf.Name):
        yield str(item)


def _of_mapping(item: Any, depth: int) -> Iterator[str]:
    for key in item.keys():  # noqa: SIM118 - a pikepdf dictionary is not iterable by itself
        yield str(key)
        value = item[key]
        if depth < 60 and not getattr(value, "is_indirect", False):  # indirect ones have their own turn
            yield from _texts(value, depth + 1)


def _apart(data: bytes) -> str:
    """Bytes as Latin-1, strings set apart from the grammar around them."""
    return _SEAM.sub(lambda seam: seam.group() + _APART, data.decode("latin-1"))


def _readings(data: bytes) -> Iterator[str]:
    """The ways bytes can hold text: as they are, as UTF-8, as UTF-16 either way round."""
    yield _apart(data)
    if b"\x00" in data:
        yield data.decode("utf-16-be", "ignore")
        yield data.decode("utf-16-le", "ignore")
        yield data.replace(b"\x00", b"").decode("latin-1")


def by_poppler(content: bytes) -> str:
    """The text of all pages as poppler sees it, in the order it is drawn."""
    return _run([_POPPLER, "-q", "-raw", "-enc", "UTF-8", "-", "-"], content, _SECONDS)


def by_poppler_beyond(content: bytes) -> str:
    """The same, of pages opened as wide as PDF allows: poppler leaves out what stands beyond a page's edge."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.obj.MediaBox = page.obj.CropBox = pikepdf.Array(_WIDEST)
        pdf.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return by_poppler(target.getvalue())


_WIDEST = (-14_400, -14_400, 14_400, 14_400)
"""Points: twice what ISO 32000-1, annex C, lets a page measure, to every side."""


PDFIUM = Reader("pdfium", version("pypdfium2"), by_pdfium)
PDFMINER = Reader("pdfminer", str(pdfminer.__version__), by_pdfminer)
OBJECTS = Reader("objects by qpdf", pikepdf.__libqpdf_version__, by_objects, raw=True)


@cache
def _poppler() -> tuple[Reader, Reader] | None:
    if shutil.which(_POPPLER) is None:
        return None
    said = subprocess.run([_POPPLER, "-v"], capture_output=True, check=False, timeout=30)
    number = " ".join((said.stderr or said.stdout).decode("utf-8", "replace").split()[2:3])
    return Reader("poppler", number, by_poppler), Reader("poppler beyond the pages", number, by_poppler_beyond)


def readers_for(carried: Sequence[int]) -> tuple[Reader, ...]:
    """The extractors a copy is read with: pdfium, poppler and a search of the objects.

    Pages carried over may draw beyond their edges. pdfium sees that by itself, poppler once the edges are moved; pdfminer, which sees it
    too and takes fifteen times as long, reads only where poppler is not there.
    """
    poppler = _poppler()
    second = (PDFMINER,) if poppler is None else poppler if carried else poppler[:1]
    return (PDFIUM, *second, OBJECTS)


def drawn(page: pypdfium2.PdfPage, dpi: int) -> tuple[Image.Image, float]:
    """A page in greys at so many dots an inch, and the pixels a point this came to; a huge page is made smaller."""
    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(_MOST_PIXELS / (width * height)))
    return page.render(scale=scale, grayscale=True).to_pil().convert("L"), scale


def by_ocr(picture: Image.Image, dpi: int, seconds: float, *how: str) -> str:
    """What tesseract reads in a picture of so many dots an inch; `how` is added to its command line."""
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    command = [_TESSERACT, "stdin", "stdout", "--dpi", str(dpi), "-l", "eng", "-c", "tessedit_do_invert=0", *how]
    return _run(command, target.getvalue(), seconds)


def _run(command: list[str], given: bytes, seconds: float) -> str:
    done = subprocess.run(
        command, input=given, capture_output=True, check=True, timeout=seconds, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
    )
    progress.advanced()
    return done.stdout.decode("utf-8", "replace")


@cache
def ocr_version() -> str:
    """Name and version of the OCR program."""
    done = subprocess.run([_TESSERACT, "--version"], capture_output=True, check=True, timeout=30)
    return " ".join((done.stdout or done.stderr).decode("utf-8", "replace").split()[:2])


def pages_with_pictures(content: bytes) -> tuple[int, ...]:
    """The numbers of pages that draw at least one picture."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return tuple(number for number, page in enumerate(pdf.pages, 1) if len(page.get_images()))
