"""Old Word files: the road through LibreOffice, the fallback without it, and what it costs when LibreOffice hangs."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from needs import require

from pipeline.domain.documents import Document, LayerKind, NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction.options import ReadOptions

Read = Callable[..., Document]
TEXT = "# Report\n\nRobin is well and seen often.\n\n| Date | Event |\n|---|---|\n| 3 March | Seen |\n"


@pytest.fixture(scope="module")
def old_word(writers: ModuleType) -> bytes:
    """A file written by LibreOffice in Word 97's format."""
    require("soffice")
    return bytes(writers.make_doc(TEXT, 1, "Quillfeather"))


def test_without_libreoffice_the_piece_table_is_read_and_said_to_be_lossy(
    old_word: bytes, read_file: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The fallback finds all words, the table's rows and the author, and holds the file."""
    monkeypatch.setenv("PATH", str(tmp_path))
    document = read_file("doc", old_word)
    assert [note.code for note in document.notes] == [NoteCode.LOSSY_READER]
    assert "Robin is well and seen often." in document.text
    assert "3 March\tSeen" in document.text
    assert "Quillfeather" in [layer.text for layer in document.hidden if layer.kind is LayerKind.PROPERTIES]


def test_a_hanging_libreoffice_is_killed_with_all_it_started(
    old_word: bytes, read_file: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When the conversion takes too long it ends, nothing it started lives on, and the fallback is read."""
    marker = tmp_path / "pid"
    fake = tmp_path / "soffice"
    fake.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {marker}\nwait\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    started = time.monotonic()
    document = read_file("doc", old_word, options=ReadOptions(office_seconds=0.5))
    assert time.monotonic() - started < 10
    assert [note.code for note in document.notes] == [NoteCode.LOSSY_READER]
    state = Path(f"/proc/{marker.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_locked_file_is_encrypted(old_word: bytes, read_file: Read) -> None:
    """The flag in the file's head says that it needs a password."""
    place = old_word.index(b"\xec\xa5", 512) + 0x0A
    locked = bytearray(old_word)
    locked[place + 1] |= 0x01
    with pytest.raises(Unreadable) as refused:
        read_file("doc", bytes(locked))
    assert refused.value.reason is UnreadableReason.ENCRYPTED


def test_words_that_a_conversion_loses_are_noticed(old_word: bytes, read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion that gives other words than the file stores is a note that holds."""
    from pipeline.extraction.readers import _word97

    monkeypatch.setattr(_word97.OldWord, "words", lambda self: ["lost"] * 40)
    document = read_file("doc", old_word)
    assert NoteCode.EXTRACTORS_DISAGREE in [note.code for note in document.notes]


def test_a_file_of_before_1997_is_no_damaged_one(old_word: bytes, read_file: Read) -> None:
    """Word 6 and 95 lay a file out otherwise: the sender is asked for another format, not told that it is damaged."""
    start = old_word.index(b"\xec\xa5")  # how the text's stream begins; the number of its version follows
    older = old_word[:start] + b"\xdc\xa5\x68\x00" + old_word[start + 4 :]
    with pytest.raises(Unreadable, match="before 1997") as refused:
        read_file("doc", older)
    assert refused.value.reason is UnreadableReason.UNSUPPORTED
