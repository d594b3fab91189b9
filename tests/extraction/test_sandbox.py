from __future__ import annotations

import ctypes
import os
import pickle
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.documents import Document
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction import crossing, reading
from pipeline.extraction.confine import Limits
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.sandbox import InProcess, WorkerPool

LIMITS = Limits(wall_seconds=20.0, cpu_seconds=4, memory_bytes=1_500_000_000, file_bytes=5_000_000, result_bytes=5_000_000, jobs=50)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """One pool for all; each test leaves it usable, which is part of what they prove."""
    with WorkerPool(LIMITS, workers=2) as made:
        made.warm()
        yield made


def works(pool: WorkerPool) -> bool:
    """Whether the pool still answers."""
    return pool.run(len, (1, 2, 3)) == 3


def test_reading_in_the_pool_gives_the_same_document(pool: WorkerPool) -> None:
    """Crossing into the process and back changes nothing."""
    attachment = Attachment(PersonalText("a.txt"), b"Kimi was seen at home.\n\nAll well.")
    there: Document = pool.run(reading.read, attachment, ReadOptions())
    assert there == reading.read(attachment, ReadOptions())
    assert isinstance(there.text, PersonalText)


@pytest.mark.parametrize(
    ("work", "arguments", "reason"),
    [
        (os._exit, (3,), UnreadableReason.DAMAGED),
        (ctypes.string_at, (1,), UnreadableReason.DAMAGED),
        (os.kill, (0, 9), UnreadableReason.TIMED_OUT),
        (bytearray, (10**10,), UnreadableReason.TOO_LARGE),
        (bytes, (6_000_000,), UnreadableReason.TOO_LARGE),
        (int, ("Marigold",), UnreadableReason.DAMAGED),
        (sum, (range(10**12),), UnreadableReason.TIMED_OUT),
    ],
    ids=["exit", "segfault", "killed", "memory", "answer", "exception", "processor time"],
)
def test_whatever_happens_there_is_an_unreadable_file_here(
    pool: WorkerPool, work: Any, arguments: tuple[Any, ...], reason: UnreadableReason
) -> None:
    """A crash, a kill, too much memory, time or answer end in one error without the file's text, and the pool goes on."""
    with pytest.raises(Unreadable) as caught:
        pool.run(work, *arguments)
    assert caught.value.reason is reason
    assert "Marigold" not in str(caught.value)
    assert works(pool)


def test_a_hanging_call_is_killed_from_outside_with_all_it_started() -> None:
    """Wall time is enforced by the parent, and programs the call started die with it."""
    with WorkerPool(Limits(wall_seconds=1.0), workers=1) as pool:
        assert works(pool)
        started = time.monotonic()
        with pytest.raises(Unreadable) as caught:
            pool.run(subprocess.run, ["sleep", "87.25"])
        assert caught.value.reason is UnreadableReason.TIMED_OUT
        assert time.monotonic() - started < 5.0
        assert "87.25" not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert works(pool)


PIECES = "import time\nfrom pipeline.domain import progress\nfor _ in range({0}):\n    time.sleep({1})\n    progress.advanced()"
"""Work in so many pieces of so many seconds, with a sign of life after each."""


def test_long_work_that_gets_on_is_let_be_and_work_that_does_not_is_ended_soon() -> None:
    """A scan of many pages takes longer than a hang may, as long as page after page is read; but never longer than the whole time."""
    with WorkerPool(Limits(wall_seconds=6.0, silent_seconds=1.5), workers=1) as pool:
        pool.run(exec, PIECES.format(8, 0.4))
        for pieces, seconds, most in ((1, 120.0, 30.0), (1_000, 0.4, 60.0)):
            started = time.monotonic()
            with pytest.raises(Unreadable) as caught:
                pool.run(exec, PIECES.format(pieces, seconds))
            assert caught.value.reason is UnreadableReason.TIMED_OUT
            assert time.monotonic() - started < most
        assert works(pool)


def test_a_large_file_crosses_and_a_large_file_on_disk_does_not(pool: WorkerPool) -> None:
    """Arguments may be larger than a pipe; what is written to disk is limited."""
    assert pool.run(len, b"x" * 20_000_000) == 20_000_000
    with pytest.raises(Unreadable):
        pool.run(os.truncate, tempfile.gettempdir() + "/none", 10_000_000)


def confined(pool: WorkerPool) -> bool:
    """Whether the kernel lets processes be confined here; in some containers it does not."""
    return not pool.unconfined()


def test_there_is_no_network_and_no_writing_elsewhere(pool: WorkerPool, tmp_path: Path) -> None:
    """A connection has nowhere to go, and no file outside the process's own folder can be made."""
    if not confined(pool):
        pytest.skip("this kernel or container does not let a process confine itself")
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Unreadable):
        pool.run(socket.create_connection, server.getsockname(), 2.0)
    assert pool.run(os.system, f"echo x > {tmp_path / 'leak'}") != 0
    assert not (tmp_path / "leak").exists()


def test_its_own_folder_is_its_temporary_folder_and_is_wiped(pool: WorkerPool) -> None:
    """Files a call leaves behind are gone before the next one."""
    name = pool.run(os.path.expandvars, "$TMPDIR")
    assert pool.run(os.system, "mkdir -p $TMPDIR/deep/er && echo x > $TMPDIR/deep/er/leftover") == 0
    assert works(pool)
    assert not any(Path(name).parent.rglob("leftover"))


def test_the_environment_does_not_cross(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and passwords in the gateway's environment are not seen where files are opened."""
    monkeypatch.setenv("REPORTGATE_VAULT_KEY", "secret")
    with WorkerPool(LIMITS, workers=1) as fresh:
        assert fresh.run(os.path.expandvars, "$REPORTGATE_VAULT_KEY") == "$REPORTGATE_VAULT_KEY"


def test_processes_are_replaced_after_their_jobs() -> None:
    """No process reads files for ever."""
    with WorkerPool(Limits(jobs=2), workers=1) as pool:
        pids = [pool.run(os.getpid) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_closing_leaves_nothing_behind() -> None:
    """After closing there are no processes and no folder."""
    pool = WorkerPool(LIMITS, workers=1)
    folder, pid = Path(pool.run(os.path.expandvars, "$TMPDIR")), pool.run(os.getpid)
    pool.close()
    assert not folder.parent.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


class Evil:
    """A value whose unpickling would run a command here."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("echo owned",))


@pytest.mark.parametrize("answer", [Evil(), Path("/etc"), {"a": Evil()}, len], ids=["command", "path", "nested", "function"])
def test_an_answer_can_hold_only_our_own_values(answer: object) -> None:
    """A process that a file has taken over cannot make this one run anything."""
    with pytest.raises(Unreadable):
        crossing.unpacked_answer(pickle.dumps((True, answer)), ())


def test_garbled_answers_are_refused() -> None:
    """Bytes that are no answer at all are an unreadable file."""
    with pytest.raises(Unreadable):
        crossing.unpacked_answer(b"\x80\x05garbage", ())


def test_the_same_errors_without_a_process() -> None:
    """InProcess keeps our errors and hides all others."""
    with pytest.raises(Unreadable) as caught:
        InProcess().run(int, "Marigold")
    assert "Marigold" not in str(caught.value)
    assert InProcess().run(len, "abc") == 3
