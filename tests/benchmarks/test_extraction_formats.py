"""Pages a second for each format against the plain library in the same run, and the memory of the gateway over a thousand documents."""

from __future__ import annotations

import csv
import email
import email.policy
import importlib.util
import io
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import docx
import openpyxl
import pytest
import xlrd
from lxml import etree, html
from needs import require
from PIL import Image, ImageDraw, ImageFont
from striprtf.striprtf import rtf_to_text

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool

pytestmark = pytest.mark.benchmark

WORDS_A_PAGE = 450
SAMPLES = Path(__file__).parents[1] / "extraction" / "samples"
SENTENCE = "Kimi was seen at home with her mother and was warm, clean and talkative, though she had not slept well. "
PART = f"{SENTENCE * 8}\n\n- {SENTENCE}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
TEXT = "# Report\n\n" + "".join(f"## Part {number}\n\n{PART}" for number in range(8))


@pytest.fixture(scope="module")
def writers(corpus: Path) -> ModuleType:
    """The corpus' writers."""
    spec = importlib.util.spec_from_file_location("corpus_build", corpus / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_docx(content: bytes) -> str:
    """The paragraphs and cells that python-docx gives."""
    file = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def by_zip(content: bytes) -> str:
    """The text of an OpenDocument file's one part."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(etree.fromstring(archive.read("content.xml")).itertext())


def by_openpyxl(content: bytes) -> str:
    """The cells that openpyxl gives."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def by_xlrd(content: bytes) -> str:
    """The cells that xlrd gives."""
    book = xlrd.open_workbook(file_contents=content)
    return "\n".join(str(cell.value) for sheet in book.sheets() for row in sheet.get_rows() for cell in row)


def by_tesseract(content: bytes) -> str:
    """What tesseract reads by itself."""
    command = [require("tesseract"), "stdin", "stdout", "-l", "eng", "--dpi", "300"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run(command, input=content, capture_output=True, check=True, env=environment).stdout.decode()


def scanned_page() -> bytes:
    """Eight printed lines as a picture of 300 dots an inch."""
    picture = Image.new("L", (2480, 1100), 250)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=46)
    for line in range(8):
        draw.text((200, 150 + 95 * line), SENTENCE[line : line + 80], 20, font=font)
    saved = io.BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()


def by_csv(content: bytes) -> str:
    """The cells that csv gives."""
    return "\n".join(cell for row in csv.reader(io.StringIO(content.decode())) for cell in row)


PAGE = f"<html><body>{''.join(f'<h2>Part {number}</h2><p>{SENTENCE * 8}</p>' for number in range(8))}</body></html>"
MHT = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=p\n\n"
FORMATS: dict[str, tuple[Callable[[ModuleType], bytes], Callable[[bytes], str], float]] = {
    "docx": (lambda writers: bytes(writers.make_docx(TEXT, 1, False, "A")), by_docx, 15),
    "odt": (lambda writers: bytes(writers.make_odt(TEXT, 1, "A")), by_zip, 60),
    "rtf": (lambda writers: bytes(writers.make_rtf(TEXT, 1, "A")), lambda content: rtf_to_text(content.decode("cp1252")), 15),
    "xlsx": (lambda writers: bytes(writers.make_xlsx(TEXT, 1)), by_openpyxl, 15),
    "xls": (lambda _: (SAMPLES / "book.xls").read_bytes(), by_xlrd, 40),
    "ods": (lambda _: (SAMPLES / "book.ods").read_bytes(), by_zip, 60),
    "png": (lambda _: scanned_page(), by_tesseract, 3),
    "html": (lambda _: PAGE.encode(), lambda content: str(html.fromstring(content).text_content()), 150),
    "txt": (lambda writers: bytes(writers.make_txt(TEXT, 1)), lambda content: content.decode(), 100_000),
    "csv": (lambda _: b"Date,Event\n" + b"3 March,Seen\n" * 500, by_csv, 100),
    "mht": (
        lambda _: (
            f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=p\n\n--p\nContent-Type: text/html\n\n{PAGE}\n--p--\n".encode()
        ),
        lambda content: email.message_from_bytes(content, policy=email.policy.default).as_string(),
        150,
    ),
}
"""Each format: a file, the plain library, and how many times as long a reading may take: loose, since what is printed counts."""


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, which a busy machine spoils least."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_read_at_a_bounded_multiple_of_the_plain_library(name: str, writers: ModuleType) -> None:
    """Shape, hidden layers and fields cost a bounded multiple of the bare text."""
    make, plain, most = FORMATS[name]
    file = Attachment(PersonalText(f"a.{name}"), make(writers))
    document: Document = read(file, ReadOptions())
    assert document.problem is None
    pages = max(document.word_count / WORDS_A_PAGE, 0.1)
    bare, full = seconds(lambda: plain(file.content)), seconds(lambda: read(file, ReadOptions()))
    print(f"\n{name}: {pages:.1f} pages, plain {pages / bare:,.0f} pages/s, reader {pages / full:,.0f} pages/s, ratio {full / bare:.1f}")
    assert full < max(most * bare, 0.3)


def resident() -> int:
    """The memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_gateway_stays_as_small_as_it_was_over_a_thousand_documents(writers: ModuleType) -> None:
    """Reading happens elsewhere, and nothing of it is left here."""
    file = Attachment(PersonalText("a.docx"), bytes(writers.make_docx("# Report\n\nRobin is well.\n", 1, False, "A")))
    with WorkerPool(workers=2) as pool:
        for _ in range(100):
            pool.run(read, file, ReadOptions())
        before, peak = resident(), 0
        start = time.perf_counter()
        for _ in range(1_000):
            pool.run(read, file, ReadOptions())
            peak = max(peak, resident())
        taken = time.perf_counter() - start
    print(f"\nparent: {before / 1e6:.0f} MB, {peak / 1e6:.0f} MB at most over 1,000 documents, {taken:.1f} ms each")
    assert peak - before < 20_000_000
