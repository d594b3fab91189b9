"""LibreOffice hangs inside the reading process."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from types import ModuleType

import pytest
from broken_programs import put
from needs import require

from pipeline.domain.documents import NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.confine import Limits
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool

WEDGED = "sleep 613.25 &\nwait"
"""Starts a child of its own and waits for it, as `soffice` does."""


@pytest.fixture(scope="module")
def old_word(corpus: Path) -> Attachment:
    """An old Word file."""
    import importlib.util

    require("soffice")
    spec = importlib.util.spec_from_file_location("corpus_build", corpus / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Attachment(PersonalText("a.doc"), module.make_doc("# Report\n\nRobin is well.\n", 1, "A"))


def lives() -> bool:
    """Whether anything the wedged program started still runs."""
    return "613.25" in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_the_lighter_reader_takes_over(old_word: Attachment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time LibreOffice is ended with all it started, and the file is read lightly and held."""
    put(tmp_path / "bin", "soffice", WEDGED, monkeypatch)
    with WorkerPool(Limits(), workers=1) as pool:
        document = pool.run(read, old_word, ReadOptions(office_seconds=1.0))
    assert NoteCode.LOSSY_READER in [note.code for note in document.notes]
    assert "Robin is well" in document.text
    assert not lives()


def test_killed_from_outside_nothing_of_it_lives_on(old_word: Attachment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the whole read takes too long, the process and all that LibreOffice started are gone with it."""
    put(tmp_path / "bin", "soffice", WEDGED, monkeypatch)
    with WorkerPool(Limits(wall_seconds=5.0), workers=1) as pool:
        started = time.monotonic()
        with pytest.raises(Unreadable) as caught:
            pool.run(read, old_word, ReadOptions(office_seconds=300.0))
        assert caught.value.reason is UnreadableReason.TIMED_OUT
        assert time.monotonic() - started < 60
    assert not lives()
