"""Files made to use up time and memory: each is answered in good time, the gateway stays small, and the next file is read."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import py7zr
import pytest
from quines import zip_quine

from pipeline import gateway
from pipeline.domain.documents import Document
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.ports import Sandbox
from pipeline.domain.text import PersonalText
from pipeline.extraction.reading import read
from pipeline.intake.unpack import unpack
from pipeline.settings import Settings

SECONDS = 90.0
"""For one bomb on a busy machine; the slowest takes about ten on an idle one."""
GROWTH = 200_000_000
"""Bytes the gateway itself may grow by, for good, while a bomb is answered; its own bytes are among them."""

TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
WORD = '<?xml version="1.0"?>{0}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{1}</w:body></w:document>'


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """A zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def ratio() -> bytes:
    """A gigabyte of zeros in a megabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.txt", "w") as member:
        for _ in range(1_000):
            member.write(bytes(1_000_000))
    return packed.getvalue()


def seven() -> bytes:
    """Sixty megabytes of zeros in some kilobytes, by 7-Zip."""
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        archive.writestr(bytes(60_000_000), "zeros.txt")
    return packed.getvalue()


def branching() -> bytes:
    """Sixteen zips in each of sixteen zips, and so on six levels down: seventeen million files, if one opened them."""
    content = zipped({"letter.txt": "Robin is well. " * 6_000})
    for _ in range(6):
        content = zipped({f"{number}.zip": content for number in range(16)})
    return content


def deep() -> bytes:
    """A zip in a zip, two hundred times."""
    content = b"Robin is well"
    for _ in range(200):
        content = zipped({"in.zip": content})
    return content


def overlapping() -> bytes:
    """Like a quine, a zip that gives more the longer one opens it: 65,000 names in its directory for the same few bytes."""
    inner = zipped({"a.txt": bytes(9_000_000)})
    start = inner.rindex(b"PK\x05\x06")
    entry = inner[inner.index(b"PK\x01\x02") : start]
    directory, end = entry * 65_000, bytearray(inner[start:])
    struct.pack_into("<HHI", end, 8, 65_000, 65_000, len(directory))
    return inner[: inner.index(b"PK\x01\x02")] + directory + bytes(end)


def entities() -> bytes:
    """A word file whose few words would become a thousand million."""
    names = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10 if number else "lol"}">' for number in range(10))
    return zipped(
        {"[Content_Types].xml": TYPES, "word/document.xml": WORD.format(f"<!DOCTYPE x [{names}]>", "<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>")}
    )


def objects() -> bytes:
    """A PDF with a million objects."""
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    body = b"".join(b"%d 0 obj<</A %d 0 R>>endobj\n" % (number, number - 1) for number in range(4, 1_000_000))
    return head + body + b"trailer<</Root 1 0 R/Size 1000000>>\n%%EOF\n"


def picture() -> bytes:
    """A picture of 60,000 by 60,000."""
    pack, rows = zlib.compressobj(9), bytearray()
    for _ in range(60):
        rows += pack.compress(bytes(7_501 * 1_000))
    rows += pack.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)), (b"IDAT", bytes(rows)), (b"IEND", b""))
    made = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def paragraph() -> bytes:
    """A word file with one paragraph of 100 MB."""
    text = "Robin is well. " * 6_700_000
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": WORD.format("", f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")})


BOMBS: dict[str, tuple[Callable[[], bytes], frozenset[UnreadableReason]]] = {
    "ratio.zip": (ratio, frozenset({UnreadableReason.TOO_LARGE})),
    "branching.zip": (branching, frozenset({UnreadableReason.TOO_LARGE})),
    "deep.zip": (deep, frozenset({UnreadableReason.TOO_LARGE})),
    "quine.zip": (zip_quine, frozenset({UnreadableReason.TOO_LARGE})),
    "zeros.7z": (seven, frozenset({UnreadableReason.TOO_LARGE})),
    "overlapping.zip": (overlapping, frozenset({UnreadableReason.TOO_LARGE, UnreadableReason.DAMAGED})),
    "entities.docx": (entities, frozenset({UnreadableReason.DAMAGED})),
    "objects.pdf": (objects, frozenset({UnreadableReason.DAMAGED, UnreadableReason.TOO_LARGE})),
    "picture.png": (picture, frozenset({UnreadableReason.TOO_LARGE})),
    "paragraph.docx": (paragraph, frozenset({UnreadableReason.TOO_LARGE, UnreadableReason.DAMAGED})),
}
"""Each bomb, and what may be said of it."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The reading processes as the gateway starts them."""
    with gateway.reading(Settings()) as made:
        yield made


def size() -> int:
    """How much memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def opened(sandbox: Sandbox, file: Attachment) -> list[Document]:
    """The file unpacked and read, as the gateway does it."""
    settings = Settings()
    try:
        files = sandbox.run(unpack, file, gateway.limits(settings))
        sealed = [Document(one, "unknown", problem=one.problem) for one in files if one.problem]
        return sealed + [sandbox.run(read, one, gateway.read_options(settings)) for one in files[:3]]
    except Unreadable as error:
        return [Document(file, "unknown", problem=Problem(error.reason, str(error)))]


def test_the_quine_is_one() -> None:
    """What it holds is itself, byte for byte: it has no end for whoever opens what he finds."""
    quine = zip_quine()
    with zipfile.ZipFile(io.BytesIO(quine)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [quine]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_answered_and_the_gateway_goes_on(name: str, sandbox: Sandbox) -> None:
    """Bounded in time and memory; never taken for a file that was read; and the next file is read."""
    make, reasons = BOMBS[name]
    file = Attachment(PersonalText(name), make())
    before, started = size(), time.monotonic()
    documents = opened(sandbox, file)
    taken, grown = time.monotonic() - started, size() - before
    print(
        f"\n{name}: {len(file.content) / 1e6:.1f} MB, {taken:.1f} s, gateway grew by {grown / 1e6:.0f} MB",
        {one.problem.reason for one in documents if one.problem},
    )
    problems = {one.problem.reason for one in documents if one.problem}
    assert problems or any(note.holds for one in documents for note in one.notes)
    assert problems <= reasons
    assert taken < SECONDS
    assert grown < GROWTH
    assert opened(sandbox, Attachment(PersonalText("a.txt"), b"Robin is well"))[0].text == "Robin is well"
