"""Pages a second for each format against the plain library in the same run, and the memory of the gateway over a thousand documents."""

from __future__ import annotations

import csv
import email
import email.message
import email.policy
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import docx
import olefile
import openpyxl
import pytest
import xlrd
from lxml import etree, html
from needs import require
from PIL import Image, ImageDraw, ImageFont
from striprtf.striprtf import rtf_to_text
from timing import side_by_side

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool
from pipeline.intake.unpack import unpack

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


def by_soffice(content: bytes) -> str:
    """What LibreOffice makes of an old Word file, in a fresh profile."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.doc").write_bytes(content)
        switches = ("--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}")
        command = [require("soffice"), *switches, "--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder, str(Path(folder, "a.doc"))]
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "HOME": folder})
        return Path(folder, "a.txt").read_text("utf-8-sig")


def by_slides(content: bytes) -> str:
    """The text of every slide."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        slides = [name for name in archive.namelist() if name.startswith("ppt/slides/")]
        return " ".join(" ".join(etree.fromstring(archive.read(name)).itertext()) for name in slides)


def by_olefile(content: bytes) -> str:
    """Every stream of an Outlook message as the letters it may hold."""
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        return " ".join(file.openstream(path).read().decode("utf-16-le", "replace") for path in file.listdir())


def by_email(content: bytes) -> str:
    """The texts of a mail as Python's own library decodes them."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    return " ".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SLIDE = f'<p:sld xmlns:a="a" xmlns:p="p"><p:sp><p:txBody><a:p><a:r><a:t>{SENTENCE * 8}</a:t></a:r></a:p></p:txBody></p:sp></p:sld>'


def deck() -> bytes:
    """A show of eight slides full of text."""
    ids = "".join(f'<p:sldId id="{number}" r:id="r{number}"/>' for number in range(8))
    links = "".join(f'<Relationship Id="r{number}" Type="{R}/slide" Target="slides/slide{number}.xml"/>' for number in range(8))
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{R}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation xmlns:p="p" xmlns:r="{R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{links}</Relationships>",
        **{f"ppt/slides/slide{number}.xml": SLIDE for number in range(8)},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


MAIL_TEXT = SENTENCE * 64


def outlook_message() -> bytes:
    """An Outlook message of some pages."""
    spec = importlib.util.spec_from_file_location("outlook_files", Path(__file__).parents[1] / "intake" / "outlook_files.py")
    assert spec is not None
    assert spec.loader is not None
    outlook = importlib.util.module_from_spec(spec)
    sys.modules["outlook_files"] = outlook
    spec.loader.exec_module(outlook)
    return bytes(outlook.compound(outlook.message({"0037001F": "Report", "1000001F": MAIL_TEXT}, header=32)))


def forwarded_mail() -> bytes:
    """A mail of some pages."""
    message = email.message.EmailMessage()
    message["Subject"], message["From"], message["To"] = "Report", "a@surgery.example", "b@council.example"
    message.set_content(MAIL_TEXT)
    return bytes(message)


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
    "doc": (lambda writers: bytes(writers.make_doc(TEXT, 1, "A")), by_soffice, 3),
    "pptx": (lambda _: deck(), by_slides, 30),
    "msg": (lambda _: outlook_message(), by_olefile, 60),
    "eml": (lambda _: forwarded_mail(), by_email, 60),
    "odt": (lambda writers: bytes(writers.make_odt(TEXT, 1, "A")), by_zip, 60),
    "rtf": (lambda writers: bytes(writers.make_rtf(TEXT, 1, "A")), lambda content: rtf_to_text(content.decode("cp1252")), 15),
    "xlsx": (lambda writers: bytes(writers.make_xlsx(TEXT, 1)), by_openpyxl, 15),
    "xls": (lambda _: (SAMPLES / "book.xls").read_bytes(), by_xlrd, 40),
    "ods": (lambda _: (SAMPLES / "book.ods").read_bytes(), by_zip, 60),
    "png": (lambda _: scanned_page(), by_tesseract, 4),
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


def opened_and_read(file: Attachment) -> list[Document]:
    """What a reader makes of the file, or of what intake finds in it where it is a container."""
    return [read(inner, ReadOptions()) for inner in unpack(file)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_read_at_a_bounded_multiple_of_the_plain_library(name: str, writers: ModuleType) -> None:
    """Shape, hidden layers and fields cost a bounded multiple of the bare text."""
    make, plain, most = FORMATS[name]
    if name == "doc":
        require("soffice")  # writes the file, and is what the reader is held against
    file = Attachment(PersonalText(f"a.{name}"), make(writers))
    documents = opened_and_read(file)
    assert [document.problem for document in documents] == [None] * len(documents)
    pages = max(sum(document.word_count for document in documents) / WORDS_A_PAGE, 0.1)

    def holds(bare: float, full: float) -> bool:
        return full < max(most * bare, 0.3)

    rounds = 2 if name == "doc" else 4
    bare, full = side_by_side(lambda: plain(file.content), lambda: opened_and_read(file), holds=holds, rounds=rounds)
    print(f"\n{name}: {pages:.1f} pages, plain {pages / bare:,.0f} pages/s, reader {pages / full:,.0f} pages/s, ratio {full / bare:.1f}")
    assert holds(bare, full)


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
