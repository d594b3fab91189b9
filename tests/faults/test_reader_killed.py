"""A reading process that is killed in the middle of a file, as by the kernel when memory runs out."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_programs import fresh, held_because, put, scan
from desks import with_file

from pipeline.domain.errors import UnreadableReason
from pipeline.extraction.confine import Limits
from pipeline.thinking import Tools


def test_a_killed_reader_is_replaced_and_the_message_held(
    tools: Tools, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is unreadable, nothing else is lost, and a new process reads the next file."""
    put(tmp_path / "bin", "tesseract", "kill -9 $PPID", monkeypatch)
    with fresh(tools, Limits()) as struck:
        reasons = held_because(struck, with_file((samples / "s01.eml").read_bytes(), "scan.png", scan()))
    assert reasons == {UnreadableReason.TIMED_OUT}
