"""Files that are broken, locked, cut short or meant to harm: each office and text reader refuses them with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from types import ModuleType

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction.options import ReadOptions

Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]
Read = Callable[..., Document]
TEXT = "# Report\n\nRobin is well.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"


def whole(writers: ModuleType, sign: str) -> bytes:
    """A good file of one format."""
    writer: dict[str, Callable[[], bytes]] = {
        "docx": lambda: writers.make_docx(TEXT, 1, False, "A"),
        "odt": lambda: writers.make_odt(TEXT, 1, "A"),
        "rtf": lambda: writers.make_rtf(TEXT, 1, "A"),
        "xlsx": lambda: writers.make_xlsx(TEXT, 1),
    }
    return writer[sign]()


def refusal(read_file: Read, sign: str, content: bytes, options: ReadOptions | None = None) -> Unreadable:
    """The error that refuses a file, in one line."""
    with pytest.raises(Unreadable) as refused:
        read_file(sign, content, options=options)
    assert "\n" not in str(refused.value)
    return refused.value


def reason(read_file: Read, sign: str, content: bytes, options: ReadOptions | None = None) -> UnreadableReason:
    """Why a file is refused."""
    return refusal(read_file, sign, content, options).reason


@pytest.mark.parametrize("sign", ["docx", "odt", "rtf", "xlsx"])
def test_a_file_cut_short_is_damaged(sign: str, writers: ModuleType, read_file: Read) -> None:
    """Half a file is refused, never read in part."""
    content = whole(writers, sign)
    assert reason(read_file, sign, content[: len(content) // 2]) is UnreadableReason.DAMAGED


@pytest.mark.parametrize("sign", ["docx", "doc", "odt", "ods", "rtf", "xlsx", "xls", "pptx"])
def test_nonsense_is_damaged(sign: str, read_file: Read) -> None:
    """Bytes of another kind are refused."""
    assert reason(read_file, sign, b"\x07nonsense" * 50) is UnreadableReason.DAMAGED


@pytest.mark.parametrize("sign", ["docx", "odt", "xlsx"])
def test_a_broken_part_is_damaged(sign: str, writers: ModuleType, read_file: Read, zipped: Zipped) -> None:
    """A part that is not well-formed XML makes the whole file unreadable."""
    source = zipfile.ZipFile(io.BytesIO(whole(writers, sign)))
    main = {"docx": "word/document.xml", "odt": "content.xml", "xlsx": "xl/worksheets/sheet1.xml"}[sign]
    parts = {name: source.read(name) for name in source.namelist()}
    assert reason(read_file, sign, zipped({**parts, main: parts[main][:-30]})) is UnreadableReason.DAMAGED
    del parts[main]
    assert reason(read_file, sign, zipped(parts)) is UnreadableReason.DAMAGED


@pytest.mark.parametrize("sign", ["docx", "odt", "xlsx"])
def test_a_file_that_unpacks_to_too_much_is_refused_unread(sign: str, writers: ModuleType, read_file: Read) -> None:
    """The sizes that the archive declares are summed before anything is unpacked."""
    assert reason(read_file, sign, whole(writers, sign), ReadOptions(unpacked_bytes=1000)) is UnreadableReason.TOO_LARGE


@pytest.mark.parametrize("sign", ["docx", "odt", "rtf", "xlsx"])
def test_a_text_longer_than_allowed_is_refused(sign: str, writers: ModuleType, read_file: Read) -> None:
    """The limit on the face's length holds in every format."""
    assert reason(read_file, sign, whole(writers, sign), ReadOptions(text_characters=10)) is UnreadableReason.TOO_LARGE


def test_entities_are_refused(read_file: Read, zipped: Zipped, writers: ModuleType) -> None:
    """A part that declares entities, as XML bombs do, is refused before it is parsed."""
    source = zipfile.ZipFile(io.BytesIO(whole(writers, "docx")))
    parts = {name: source.read(name) for name in source.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert reason(read_file, "docx", zipped({**parts, "word/document.xml": bomb})) is UnreadableReason.DAMAGED


def test_locked_files_are_encrypted(read_file: Read, zipped: Zipped) -> None:
    """An OpenDocument file whose manifest names an encryption, and a zip with locked members, are told apart from damaged ones."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert reason(read_file, "odt", zipped({"META-INF/manifest.xml": manifest, "content.xml": "x"})) is UnreadableReason.ENCRYPTED
    locked = bytearray(zipped({"word/document.xml": "<x/>"}))
    place = locked.index(b"PK\x01\x02") + 8
    locked[place] |= 1
    assert reason(read_file, "docx", bytes(locked)) is UnreadableReason.ENCRYPTED
    assert reason(read_file, "docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) is UnreadableReason.ENCRYPTED


def test_a_lock_that_no_password_opens_here_says_what_helps(read_file: Read, zipped: Zipped) -> None:
    """Of OpenDocument's own lock, in texts and sheets, the reviewer is told to ask the sender, not to enter a password; of Word's both."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    locked = zipped({"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x00sealed"})
    for sign in ("odt", "ods"):
        for password in (None, "open sesame"):
            told = str(refusal(read_file, sign, locked, ReadOptions(password=password)))
            assert "ask its sender" in told
            assert "as a PDF" in told
            assert "enter" not in told
    assert "enter the password" in str(refusal(read_file, "docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))


def test_two_parts_of_one_name_are_refused(read_file: Read) -> None:
    """Two programs may read different ones of two parts with one name, so neither is trusted."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("Word/document.xml", "<b/>")
    assert reason(read_file, "docx", packed.getvalue()) is UnreadableReason.DAMAGED


def test_deep_nesting_is_refused(read_file: Read) -> None:
    """RTF nested deeper than any word processor writes is refused in good time."""
    assert reason(read_file, "rtf", b"{\\rtf1 " + b"{" * 100_000) is UnreadableReason.DAMAGED
