"""What shows what must not leave does not stay on the disk: the service deletes what a preview or a killed process left there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from flows import service
from pipeline import leavings
from pipeline.settings import Settings

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "stays"), [(5, True), (59, True), (61, False)])
def test_a_preview_goes_after_an_hour(tmp_path: Path, minutes: int, stays: bool) -> None:
    """One still looked at stays; nothing else of the data folder is touched, however old."""
    folder = tmp_path / leavings.PREVIEWS
    folder.mkdir()
    (folder / "01-001-original.png").write_bytes(b"x")
    (tmp_path / "vault.key").write_bytes(b"key")
    then = (NOW - timedelta(minutes=minutes)).timestamp()
    for path in (folder, tmp_path / "vault.key"):
        os.utime(path, (then, then))

    assert leavings.sweep(tmp_path, NOW, temporary=tmp_path / "none") == (0 if stays else 1)
    assert folder.exists() is stays
    assert (tmp_path / "vault.key").exists()


def test_the_folder_of_a_dead_reader_goes_and_those_of_the_living_stay(tmp_path: Path) -> None:
    """A process that was killed cannot tidy up; one that lives does; what only looks like ours, or is a link, is left alone."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, *others = [
        tmp_path / name
        for name in (f"reportgate-{ended.pid}-a1", f"reportgate-{os.getpid()}-b2", "reportgate-notes-c3", f"elsewhere-{ended.pid}-d4")
    ]
    for folder in (dead, *others):
        (folder / "reader-1").mkdir(parents=True)
        (folder / "reader-1" / "letter.doc").write_bytes(b"x")
    link = tmp_path / f"reportgate-{ended.pid}-e5"
    link.symlink_to(others[-1])

    assert leavings.sweep(tmp_path / "data", NOW, temporary=tmp_path) == 1
    assert not dead.exists()
    assert all((folder / "reader-1" / "letter.doc").exists() for folder in (*others, link))


async def test_the_service_tidies_when_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything else is waited for; it logs how many and no names."""
    folder = tmp_path / leavings.PREVIEWS
    folder.mkdir()
    os.utime(folder, (0, 0))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "none"))
    stop = asyncio.Event()

    async def none_left() -> int:
        return 0

    async def ended() -> bool:
        stop.set()
        return True

    monkeypatch.setattr(service, "sweep", lambda _: ended())
    monkeypatch.setattr(service, "long_lane", ended)
    monkeypatch.setattr(service, "opened", lambda _: contextlib.nullcontext())
    monkeypatch.setattr(service, "end_leftovers", none_left)
    with structlog.testing.capture_logs() as logged:
        await service.watch(Settings(data_dir=tmp_path), every=timedelta(0), stop=stop)
    assert not folder.exists()
    assert logged == [{"event": "leavings deleted", "folders": 1, "log_level": "warning"}]
