"""Containers: everything in them comes out, and what cannot be opened says why and keeps nobody waiting."""

from __future__ import annotations

import base64
import importlib.util
import io
import pickle
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.intake.mapi import decompressed
from pipeline.intake.unpack import Limits, unpack

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(scope="module")
def outlook() -> ModuleType:
    """The maker of Outlook's files."""
    spec = importlib.util.spec_from_file_location("outlook_files", Path(__file__).with_name("outlook_files.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["outlook_files"] = module
    spec.loader.exec_module(module)
    return module


FORK = b"\x00\x05\x16\x07\x00\x02\x00\x00".ljust(26, b"\x00")


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> Attachment:
    """An attachment."""
    return Attachment(PersonalText(name), content, kind)


def zipped(*members: tuple[str, bytes], **options: int) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def shape(files: tuple[Attachment, ...]) -> list[tuple[str, str | None, str | None]]:
    """Name, container and problem of each."""
    return [(str(f.name), f.container and str(f.container), f.problem and f.problem.reason.value) for f in files]


def encrypted(content: bytes) -> bytes:
    """The same zip with every member marked as encrypted."""
    raw = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(magic)
        while place >= 0:
            raw[place + offset] |= 1
            place = raw.find(magic, place + 4)
    return bytes(raw)


ZIP = zipped(("report.pdf", PDF), ("notes/imms.txt", b"MMR"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ZIP, [("report.pdf", "a.zip", None), ("imms.txt", "a.zip", None)]),
        (zipped(("in.zip", ZIP)), [("report.pdf", "in.zip", None), ("imms.txt", "in.zip", None)]),
        (zipped(("../../etc/x", b"1"), ("C:\\Temp\\y", b"2"), ("/z", b"3")), [(name, "a.zip", None) for name in "xyz"]),
        (zipped(("__MACOSX/._a.pdf", FORK), ("a.pdf", PDF), ("folder/", b"")), [("a.pdf", "a.zip", None)]),
        (zipped(("._a.pdf", PDF)), [("._a.pdf", "a.zip", None)]),
        (encrypted(ZIP), [("a.zip", None, "encrypted")]),
        (ZIP[:60], [("a.zip", None, "damaged")]),
        (zipped(), [("a.zip", None, "empty")]),
        (zipped(("word/document.xml", b""), ("[Content_Types].xml", b"")), [("a.zip", None, None)]),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")), [("a.zip", None, None)]),
        (b"7z\xbc\xaf\x27\x1c rest", [("a.zip", None, "damaged")]),
        (b"Rar!\x1a\x07\x01\x00 rest", [("a.zip", None, "unsupported")]),
        (b"\x1f\x8b\x08 rest", [("a.zip", None, "unsupported")]),
        (PDF, [("a.zip", None, None)]),
        (b"", [("a.zip", None, None)]),
    ],
)  # fmt: skip
def test_zips(content: bytes, expected: list[tuple[str, str | None, str | None]]) -> None:
    """Zips are told by content, opened at any depth, never yield a path; documents that are zips stay whole (F29, F30, F32)."""
    assert shape(unpack(file("a.zip", content))) == expected


def test_a_member_that_is_damaged_or_encrypted() -> None:
    """One bad member is named with its problem, and the others are read."""
    raw = bytearray(zipped(("good.txt", b"good"), ("bad.txt", b"bad" * 50), compression=zipfile.ZIP_STORED))
    raw[raw.rfind(b"badbad")] ^= 0xFF
    assert shape(unpack(file("a.zip", bytes(raw)))) == [("good.txt", "a.zip", None), ("bad.txt", "a.zip", "damaged")]
    half = bytearray(zipped(("good.txt", b"good"), ("locked.txt", b"x")))
    half[half.rfind(b"PK\x01\x02") + 8] |= 1
    assert shape(unpack(file("a.zip", bytes(half)))) == [("good.txt", "a.zip", None), ("locked.txt", "a.zip", "encrypted")]


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (zipped(("zeros", bytes(20_000_000))), Limits()),
        (zipped(("many", bytes(200_000)), ("more", bytes(200_000))), Limits(unpacked_bytes=300_000)),
        (zipped(*((f"{number}.txt", b"x") for number in range(30))), Limits(members=20)),
    ],
)
def test_bombs(content: bytes, limits: Limits) -> None:
    """A zip that unpacks to far too much, or to far too many files, is not unpacked to the end (F29)."""
    assert shape(unpack(file("a.zip", content), limits)) == [("a.zip", None, "too_large")]


def test_zips_in_zips_without_end() -> None:
    """Depth is bounded, and what lies too deep is named."""
    content = PDF
    for _ in range(20):
        content = zipped(("in.zip", content))
    (last,) = unpack(file("a.zip", content))
    assert last.problem is not None
    assert last.problem.reason == "too_large"


FORWARDED = (
    b"From: Ann <a@nhs.net>\r\nTo: b@nhs.net\r\nDate: Mon, 12 Oct 2026 10:00:00 +0100\r\nSubject: =?utf-8?q?Report_Zo=C3=AB?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\ncaf\xe9\r\n"
    b"--B\r\nContent-Type: application/zip; name=docs.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(ZIP)
    + b"\r\n--B--\r\n"
)


@pytest.mark.parametrize("kind", ["message/rfc822", "application/octet-stream"])
def test_forwarded_message(kind: str) -> None:
    """Its text is a document under its own name with who, when and what above it; its files follow, the zip's too (F21)."""
    files = unpack(file("FW report.eml", FORWARDED, kind))
    assert shape(files) == [("FW report.eml", None, None), ("report.pdf", "docs.zip", None), ("imms.txt", "docs.zip", None)]
    text = files[0].content.decode()
    assert text.startswith("From: Ann <a@nhs.net>\nTo: b@nhs.net\nDate: Mon, 12 Oct 2026 10:00:00 +0100\nSubject: Report Zoë\n\n")
    assert text.rstrip().endswith("café")
    assert files[0].declared_type == "text/plain"


def test_forwarded_page() -> None:
    """A formatted message keeps its markup; what is put above it cannot break out of it."""
    raw = b"From: <script>x</script> <a@nhs.net>\r\nMessage-ID: <1@a>\r\nContent-Type: text/html\r\n\r\n<body><p>Hello</p>"
    (page,) = unpack(file("a.eml", raw))
    assert page.declared_type == "text/html"
    assert b"<body><div>From: &lt;script&gt;" in page.content


def test_note_that_looks_like_a_message() -> None:
    """A text file that begins with From: and To: lines is a text file."""
    note = file("note.txt", b"From: Mum\nTo: the chair\n\nPlease read this out.", "text/plain")
    assert unpack(note) == (note,)


def test_saved_pages_are_no_messages() -> None:
    """A page saved by a browser or by Word is laid out as a message, but is left whole for its own reader, frames and all."""
    for head in (b"From: <Saved by Blink>\n", b'From: "Dr A"\nContent-Location: file:///C:/report.htm\n'):
        page = head + b"Subject: Report\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n--b--\n"
        saved = file("report.mht", page)
        assert unpack(saved) == (saved,)
    message = b"From: a@example.org\nSubject: Report\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n--b--\n"
    assert unpack(file("report.eml", message))[0].content.endswith(b"x")


def test_outlook_message(outlook: ModuleType) -> None:
    """A .msg gives its text, its files, and the same of a message inside it."""
    inner = outlook.message({"0037001F": "Old", "1000001F": "Inner text"}, outlook.attachment("big.pdf", PDF + b"x" * 9_000), header=24)
    tree = outlook.message(
        {"0037001F": "Report", "0C1A001F": "Dr Ann", "5D01001F": "ann@nhs.net", "0E04001F": "Bo", "1000001F": "Dear Bo\r\nattached"},
        outlook.attachment("..\\rep\u202eort.pdf", PDF),
        outlook.embedded("Old mail", inner),
        outlook.attachment("docs.zip", ZIP),
        when=134_058_204_000_000_000,
    )
    files = unpack(file("fw.msg", outlook.compound(tree)))
    assert shape(files) == [
        ("fw.msg", None, None),
        ("report.pdf", "fw.msg", None),
        ("Old mail.msg", "fw.msg", None),
        ("big.pdf", "Old mail.msg", None),
        ("report.pdf", "docs.zip", None),
        ("imms.txt", "docs.zip", None),
    ]
    text = files[0].content.decode()
    assert text.splitlines()[0:2] == ["From: Dr Ann <ann@nhs.net>", "To: Bo"]
    assert "2025" in text.splitlines()[2]
    assert text.endswith("Dear Bo\nattached")
    assert files[2].content.endswith(b"Inner text")
    assert files[3].content == PDF + b"x" * 9_000


@pytest.mark.parametrize(
    ("properties", "kind", "holds"),
    [
        ({"10130102": b"<p>Only page</p>"}, "text/html", b"Only page"),
        ({"1000001F": "Same words", "10130102": b"<p>Same <b>words</b></p>"}, "text/plain", b"Same words"),
        ({"1000001E": b"caf\xe9"}, "text/plain", "café".encode()),
        ({"10090102": bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")}, "application/rtf", b"WXYZWXYZ"),
    ],
)
def test_outlook_texts(outlook: ModuleType, properties: dict[str, bytes | str], kind: str, holds: bytes) -> None:
    """Whichever form the text has, it is found: page, plain, 8-bit, compressed rich text."""
    (text,) = unpack(file("a.msg", outlook.compound(outlook.message(properties))))
    assert text.declared_type == kind
    assert holds in text.content


def test_rich_text_has_the_head_of_its_message(outlook: ModuleType) -> None:
    """Who wrote it and about what is read with it, whatever signs the subject has."""
    rich = rb"{\rtf1\ansi Dear all\par}"
    stored = struct.pack("<IIII", len(rich) + 12, len(rich), 0x414C454D, 0) + rich
    message = {"0037001F": "Re: {Kimi} \\ caf\u00e9 \U0001f600", "5D01001F": "ann@nhs.net", "10090102": stored}
    (text,) = unpack(file("a.msg", outlook.compound(outlook.message(message))))
    lines = str(read(text, ReadOptions()).text).split("\n\n")
    assert lines == ["Dear all", "From: <ann@nhs.net>", "Subject: Re: {Kimi} \\ caf\u00e9 \U0001f600"]


def test_pictures_that_an_outlook_message_shows_are_told_from_files(outlook: ModuleType) -> None:
    """A picture with a name by which the text shows it is inline, as a logo is; a report that was given such a name is a file."""
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    named = {"3712001F": "image001.png@01DA"}
    files = [("logo.png", png, named), ("photo.png", png, {}), ("report.pdf", PDF, named)]
    attached = [outlook.message({"3707001F": name, "37010102": content} | more, header=8) for name, content, more in files]
    opened = unpack(file("a.msg", outlook.compound(outlook.message({"1000001F": "Dear all"}, *attached))))
    assert {str(each.name): each.inline for each in opened[1:]} == {"logo.png": True, "photo.png": False, "report.pdf": False}


def test_other_compound_files_stay_whole(outlook: ModuleType) -> None:
    """An old Word file is a compound file too, and no container."""
    word = file("a.msg", outlook.compound({"WordDocument": b"x" * 5_000}))
    assert unpack(word) == (word,)


def test_damaged_outlook_message(outlook: ModuleType) -> None:
    """A .msg cut short says so."""
    whole = outlook.compound(outlook.message({"1000001F": "x" * 9_000}, outlook.attachment("a.pdf", PDF * 900)))
    for cut in (600, 2_000, len(whole) - 3_000):
        for found in unpack(file("a.msg", whole[:cut])):
            assert found.problem is None or found.problem.reason in {"damaged", "empty"}


def test_winmail(outlook: ModuleType) -> None:
    """Files in a winmail.dat come out under their long names; rubbish at the end is passed over (F22)."""
    long_name = outlook.properties((0x0003, 0x3705, struct.pack("<I", 1)), (0x001F, 0x3707, "a very long name.pdf\0".encode("utf-16-le")))
    raw = outlook.tnef(
        (1, 0x00069007, struct.pack("<II", 1252, 0)),
        (1, 0x00069003, outlook.properties((0x000B, 0x8001, bytes(4)), (0x001F, 0x1000, "Dear all".encode("utf-16-le")))),
        (2, 0x00069002, bytes(14)),
        (2, 0x00018010, b"AVERYL~1.PDF\0"),
        (2, 0x0006800F, PDF),
        (2, 0x00069005, long_name),
        (2, 0x00069002, bytes(14)),
        (2, 0x00018010, b"docs.zip\0"),
        (2, 0x0006800F, ZIP),
    )
    files = unpack(file("winmail.dat", raw + b"\x00\xffgarbage", "application/ms-tnef"))
    assert shape(files) == [
        ("winmail.dat", None, None),
        ("a very long name.pdf", "winmail.dat", None),
        ("report.pdf", "docs.zip", None),
        ("imms.txt", "docs.zip", None),
    ]
    assert files[0].content.endswith(b"Dear all")
    assert files[1].content == PDF


def test_winmail_with_a_text_and_no_file(outlook: ModuleType) -> None:
    """A winmail.dat that holds only the text is not taken for empty (F22)."""
    raw = outlook.tnef((1, 0x00069003, outlook.properties((0x0102, 0x1013, b"<p>All of the report</p>"))))
    (text,) = unpack(file("winmail.dat", raw))
    assert b"All of the report" in text.content
    assert text.declared_type == "text/html"


@pytest.mark.parametrize("raw", [b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22\x01\x00" + b"\x01" + struct.pack("<II", 0x00069003, 9_999) + b"x"])
def test_damaged_winmail(raw: bytes) -> None:
    """A winmail.dat cut short says so."""
    assert shape(unpack(file("winmail.dat", raw))) == [("winmail.dat", None, "damaged")]


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        ("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
         rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)  # fmt: skip
def test_compressed_rich_text(packed: str, text: bytes) -> None:
    """The two worked examples of Microsoft's specification (MS-OXRTFCP, section 4) come out right."""
    assert decompressed(bytes.fromhex(packed)) == text


def test_crosses_into_the_reading_process() -> None:
    """The work and what it returns can be pickled."""
    work: Callable[..., tuple[Attachment, ...]] = pickle.loads(pickle.dumps(unpack))
    assert pickle.loads(pickle.dumps(work(file("a.zip", encrypted(ZIP)), Limits())))


@given(st.sampled_from(["zip", "eml", "tnef"]), st.binary(max_size=60), st.integers(0, 900))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(kind: str, noise: bytes, at: int) -> None:
    """Whatever is done to a container, something comes back and no error comes out."""
    whole = {"zip": ZIP, "eml": FORWARDED, "tnef": b"\x78\x9f\x3e\x22\x01\x00\x02" + struct.pack("<II", 0x00069005, 40) + bytes(42)}[kind]
    assert unpack(file("a", whole[:at] + noise + whole[at:]))
    assert unpack(file("a", whole[:at] + noise + whole[at + len(noise) :]))


def test_names_and_links_in_a_zip_from_a_mac() -> None:
    """Names in UTF-8 that are not said to be so are read; a link to a file is a problem and not a text that holds a path."""
    link = zipfile.ZipInfo("report.docx")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "../report.docx")
        archive.writestr("XXX.txt", "words")
    opened = unpack(file("a.zip", packed.getvalue().replace(b"XXX", "Oë".encode())))
    assert shape(opened) == [("report.docx", "a.zip", "unsupported"), ("Oë.txt", "a.zip", None)]
