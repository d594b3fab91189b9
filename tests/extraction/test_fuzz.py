"""Broken files by the thousand: every reader, on samples mutated from a seed, in the reading process. `make fuzz` goes on for longer.

A failure names the sample and the seed; `mutated(sample, seed)` makes the same bytes again.
"""

from __future__ import annotations

import email
import email.policy
import importlib.util
import io
import os
import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType

import pikepdf
import pillow_heif
import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.domain.documents import Document
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import readers, triage
from pipeline.extraction.confine import Limits
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool
from pipeline.intake.unpack import unpack

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
"""For all samples together."""

LIMITS = Limits(wall_seconds=60.0, cpu_seconds=30, memory_bytes=2_000_000_000)
OPTIONS = ReadOptions(ocr=False, office_seconds=0.01)
"""Neither LibreOffice nor tesseract is what is tried here: it is what stands before and behind them."""

TEXT = "# Report\n\nRobin is well.\n\n- one\n- two\n\n**Name:** Robin Vale\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x] Seen alone\n"
SAMPLES = Path(__file__).with_name("samples")
MADE: dict[str, Callable[[ModuleType], bytes]] = {
    "a.docx": lambda writers: bytes(writers.make_docx(TEXT, 1, True, "A")),
    "a.odt": lambda writers: bytes(writers.make_odt(TEXT, 1, "A")),
    "a.rtf": lambda writers: bytes(writers.make_rtf(TEXT, 1, "A")),
    "a.xlsx": lambda writers: bytes(writers.make_xlsx(TEXT, 1)),
    "a.pdf": lambda writers: bytes(writers.make_pdf(TEXT, 1)),
    "a.txt": lambda _: TEXT.encode(),
    "a.csv": lambda _: b"a,b\n1,2\n3,4\n",
    "a.html": lambda _: b"<html><body><h1>Report</h1><p hidden>x</p><table><tr><td>a<td>b</table></body></html>",
    "a.mht": lambda _: (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=p\n\n--p\nContent-Type: text/html\n\n<p>Hi</p>\n--p--\n"
    ),
    "a.pptx": lambda _: _zipped(
        {
            "[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "ppt/presentation.xml": b"<p:presentation xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'/>",
        }
    ),
    "a.zip": lambda _: _zipped({"a.txt": b"Robin", "b.zip": _zipped({"c.txt": b"x"})}),
    "a.7z": lambda _: _seven(),
    "a.tiff": lambda _: _picture("TIFF", pages=2),
    "a.heic": lambda _: _picture("HEIF"),
    "a.xls": lambda _: (SAMPLES / "book.xls").read_bytes(),
    "a.ods": lambda _: (SAMPLES / "book.ods").read_bytes(),
    "a.eml": lambda _: b"From: a@b.c\nMIME-Version: 1.0\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\nHi\n--q--\n",
}
"""Samples made here, or by LibreOffice in `samples/`; those of the corpus in other formats (old Word, scans, photographs) are added."""
FROM_CORPUS = frozenset({".doc", ".png", ".jpg", ".jpeg"})


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _seven() -> bytes:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        archive.writestr(b"Robin", "a.txt")
    return packed.getvalue()


def _picture(kind: str, pages: int = 1) -> bytes:
    pillow_heif.register_heif_opener()
    saved, page = io.BytesIO(), Image.effect_noise((120, 160), 40)
    several = {"save_all": True, "append_images": [page] * (pages - 1)} if pages > 1 else {}
    page.save(saved, kind, **several)
    return saved.getvalue()


@pytest.fixture(scope="module")
def outlook(corpus: Path) -> ModuleType:
    """The maker of Outlook's files, which belongs to the tests of intake."""
    spec = importlib.util.spec_from_file_location("outlook_files", corpus.parent / "intake" / "outlook_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["outlook_files"] = module
    spec.loader.exec_module(module)
    return module


def _by_outlook(outlook: ModuleType) -> dict[str, bytes]:
    """A message and a winmail.dat, each with a file attached."""
    tree = outlook.message({"0037001F": "Old", "1000001F": "Robin is well"}, outlook.attachment("a.txt", b"Robin" * 900))
    body = outlook.properties((0x0102, 0x1013, b"<p>Robin is well</p>"), (0x001F, 0x3001, "a".encode("utf-16-le")))
    attached = ((2, 0x00069002, bytes(14)), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, b"Robin"))
    return {"a.msg": outlook.compound(tree), "winmail.dat": outlook.tnef((1, 0x00069003, body), *attached)}


@pytest.fixture(scope="module")
def samples(writers: ModuleType, outlook: ModuleType, corpus: Path) -> dict[str, bytes]:
    """A good file of every format, by name; the smallest of the corpus where it is not made here."""
    found = {name: make(writers) for name, make in MADE.items()} | _by_outlook(outlook)
    for path in sorted(corpus.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        for part in message.iter_attachments():
            ending, content = Path(str(part.get_filename())).suffix.lower(), part.get_payload(decode=True)
            if ending in FROM_CORPUS and isinstance(content, bytes) and len(content) < len(found.get("b" + ending, b"x" * 3_000_000)):
                found["b" + ending] = content
    return found


def mutated(sample: bytes, seed: int) -> bytes:
    """The sample, broken; in packed formats, most often inside one part that is packed again, so that the break lies deeper."""
    chance = random.Random(seed)
    if seed % 4 and sample.startswith(b"PK"):
        return _mutated_part(sample, chance)
    if seed % 4 and sample.startswith(b"%PDF"):
        return _broken(_laid_open(sample), chance)
    return _broken(sample, chance)


def _laid_open(sample: bytes) -> bytes:
    """The PDF with its streams unpacked, so that a changed byte changes what they say and not only their packing."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        pdf.save(out, qdf=True, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _mutated_part(sample: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    return _zipped({**parts, name: _broken(parts[name], chance)})


def _broken(content: bytes, chance: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        start = chance.randrange(len(broken) + 1)
        stop = min(len(broken), start + chance.choice((1, 2, 8, 64, 1_000)))
        deed = chance.randrange(6)
        if deed == 0:
            broken[start:stop] = chance.randbytes(stop - start)
        elif deed == 1:
            del broken[start:stop]
        elif deed == 2:
            broken[start:start] = broken[start:stop] * chance.choice((1, 3, 50))
        elif deed == 3:
            del broken[start:]
        elif deed == 4:
            broken[start:stop] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"99999999999", b"<", b"{\\", b"&#x0;", b"-1"))
        elif stop > start:
            broken[start] ^= 1 << chance.randrange(8)
    return bytes(broken)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """The reading processes, with limits in which a hang shows soon."""
    with WorkerPool(LIMITS, workers=1) as made:
        yield made


def attempt(pool: WorkerPool, name: str, content: bytes) -> UnreadableReason | None:
    """Unpacks and reads a file there. What stopped the process itself, or None where it answered."""
    try:
        for file in pool.run(unpack, Attachment(PersonalText(name), content))[:20]:
            document: Document = pool.run(read, file, OPTIONS)
            assert document.problem is not None or document.format
            for block in document.blocks:
                assert block.span.end <= len(document.text)
            for field in document.fields:
                assert max(field.label.end, field.value.end) <= len(document.text)
    except Unreadable as error:
        return error.reason
    return None


@pytest.mark.timeout(SECONDS + 300)
def test_no_broken_file_hangs_a_reader_or_harms_the_gateway(samples: dict[str, bytes], pool: WorkerPool) -> None:
    """Every answer is a document whose places lie in its text; no reader runs out of time or memory; the process seldom dies of one."""
    ended, tried, round_ = time.monotonic() + SECONDS, 0, 0
    stopped: list[tuple[str, int, str]] = []
    while time.monotonic() < ended or round_ == 0:
        for name, sample in samples.items():
            reason = attempt(pool, name, mutated(sample, round_))
            stopped += [(name, round_, reason.value)] if reason else []
            tried += 1
        round_ += 1
    print(f"\n{tried} broken files of {len(samples)} formats, {len(stopped)} stopped the process: {stopped}")
    assert [one for one in stopped if one[2] == UnreadableReason.TIMED_OUT.value] == []
    assert len(stopped) <= tried / 50
    assert attempt(pool, "a.txt", b"Robin is well") is None


HEADS = (
    b"",
    b"PK\x03\x04",
    b"%PDF-1.7\n",
    b"{\\rtf1 ",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<html>",
    b"II*\0",
    b"\x89PNG\r\n\x1a\n",
    b"\x78\x9f\x3e\x22",
)


@given(st.sampled_from(HEADS), st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_the_bytes_reading_answers(head: bytes, rest: bytes) -> None:
    """No bytes at all make `read` raise, and what it could not read it names."""
    document = read(Attachment(PersonalText("a"), head + rest), OPTIONS)
    assert document.problem is not None or document.format in readers.by_sign() or document.text


@given(st.sampled_from(sorted(readers.by_sign())), st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_a_reader_given_another_kind_of_file_says_so_at_most(sign: str, content: bytes) -> None:
    """A reader handed bytes that are not its own raises nothing but our own error or what `read` turns into one."""
    kept = triage.sign_of
    try:
        triage.sign_of = lambda *_: sign  # the triage is bypassed: a file may fool it
        assert isinstance(read(Attachment(PersonalText("a"), content), OPTIONS), Document)
    finally:
        triage.sign_of = kept
