"""A reader that never comes back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from broken_programs import fresh, held_because, put, scan
from desks import with_file

from pipeline.domain.errors import UnreadableReason
from pipeline.extraction.confine import Limits
from pipeline.thinking import Tools


def test_a_hanging_read_is_ended_and_the_message_held(tools: Tools, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with the time allowed, the file is unreadable, the message is looked at by a person, and the next file is read."""
    put(tmp_path / "bin", "tesseract", "sleep 600", monkeypatch)
    with fresh(tools, Limits(wall_seconds=8.0)) as slow:
        started = time.monotonic()
        reasons = held_because(slow, with_file((samples / "s01.eml").read_bytes(), "scan.png", scan()))
        assert reasons == {UnreadableReason.TIMED_OUT}
        assert time.monotonic() - started < 60
