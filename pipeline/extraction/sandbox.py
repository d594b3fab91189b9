"""A pool of reading processes that can be killed: files from outside are opened there and never here.

Each call has its wall time, and a shorter time in which it must show a sign of life, both enforced from here by killing the process with
everything it started; its processor time, memory, network and disk are confined from inside (`pipeline.extraction.confine`). Processes
start when first needed, or early by `warm`, and load the readers before the first file comes. An answer is unpacked into nothing but this
program's own values (`pipeline.extraction.crossing`), so that a file that takes over the reading process gains nothing here.
"""

from __future__ import annotations

import os
import pickle
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pipeline.domain.errors import ReportgateError, Unreadable, UnreadableReason
from pipeline.extraction import crossing
from pipeline.extraction.confine import Limits
from pipeline.extraction.worker import HEADER

T = TypeVar("T")

START_SECONDS = 90.0
"""The longest a process may take to load; one second on an idle machine. It is not counted against the file."""
KEPT_ENVIRONMENT = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "VIRTUAL_ENV"})
"""What a reading process sees of the environment; keys and passwords are not among it."""


class InProcess:
    """The same port without a process: for tests and for files one trusts."""

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Calls `work(*arguments)` here.

        Raises:
            Unreadable: what `work` raised that is no error of this program.
        """
        try:
            return work(*arguments)
        except ReportgateError:
            raise
        except MemoryError:
            raise Unreadable(UnreadableReason.TOO_LARGE, "reading it took more memory than a file may take") from None
        except Exception:  # noqa: BLE001 - as in the reading process: its text may quote the file
            raise Unreadable(UnreadableReason.DAMAGED, "its reader gave up part of the way through") from None


class WorkerPool:
    """Reading processes, kept warm; safe to use from several threads. Close it, or use it as a context manager."""

    def __init__(self, limits: Limits | None = None, *, workers: int = 2) -> None:
        self._limits = limits or Limits()
        self._room = threading.BoundedSemaphore(workers)
        self._most = workers
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._closed = False

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def warm(self, workers: int | None = None) -> None:
        """Starts processes without waiting for them: they load while the caller does something else."""
        with self._lock:
            missing = min(workers or self._most, self._most) - len(self._idle) - len(self._busy)
            self._idle += [self._start() for _ in range(missing)]

    def unconfined(self) -> tuple[str, ...]:
        """What the kernel did not let a process give up, in plain words; empty where it is fully confined."""
        worker = self._take()
        try:
            return worker.ready(START_SECONDS)
        finally:
            self._give_back(worker)

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Calls `work(*arguments)` in a reading process.

        Raises:
            Unreadable: what `work` raised; TIMED_OUT where it had to be killed; DAMAGED where the process crashed on the file.
        """
        request = crossing.packed((work, arguments))
        with self._room:
            worker = self._take()
            try:
                payload = worker.call(request, self._limits)
                done, result = crossing.unpacked_answer(payload, crossing.files_in(arguments))
            except BaseException:
                worker.kill()
                raise
            finally:
                self._give_back(worker)
        if not done:
            raise result
        answer: T = result
        return answer

    def close(self) -> None:
        """Ends every process and removes the folder; calls under way end as if timed out."""
        with self._lock:
            self._closed = True
            for worker in (*self._idle, *self._busy):
                worker.kill()
            self._idle.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _take(self) -> _Worker:
        with self._lock:
            worker = self._idle.pop() if self._idle else self._start()
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        worker.wipe()
        with self._lock:
            self._busy.discard(worker)
            if worker.usable and worker.jobs < self._limits.jobs and not self._closed:
                self._idle.append(worker)
                return
            worker.kill()
            if not self._closed:
                self._idle.append(self._start())  # loads while nobody waits

    def _start(self) -> _Worker:
        if self._closed:
            raise Unreadable(UnreadableReason.TIMED_OUT, "the gateway was shutting down")
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"reportgate-{os.getpid()}-"))
        return _Worker(self._limits, self._folder)


class _Patience:
    """How much longer one waits for a process: `wall` seconds in all, and `silent` seconds from one sign of life to the next."""

    def __init__(self, wall: float, silent: float) -> None:
        self._ends, self._silent = time.monotonic() + wall, silent
        self.renew()

    def renew(self) -> None:
        """It gave a sign of life."""
        self._next = time.monotonic() + self._silent

    def left(self) -> float:
        """Seconds left; none or less where it is to be ended."""
        return min(self._ends, self._next) - time.monotonic()


class _Worker:
    """One reading process, in a session of its own."""

    def __init__(self, limits: Limits, base: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reader-", dir=base))
        self.jobs = 0
        self.usable = True
        self._confined: tuple[str, ...] | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.extraction.worker", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self.folder,
            env=self._environment(),
        )
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        self._send(_framed(pickle.dumps(limits)), _Patience(10.0, 10.0))

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key in KEPT_ENVIRONMENT}
        places = dict.fromkeys(("TMPDIR", "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(self.folder))
        path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
        single = dict.fromkeys(("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        return {**kept, **places, **single, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}

    def ready(self, seconds: float) -> tuple[str, ...]:
        """Waits until it has loaded; what it could not give up."""
        if self._confined is None:
            answer = pickle.loads(self._receive(_Patience(seconds, seconds), 1_000_000))  # noqa: S301 - before any file was opened there
            self._confined = tuple(answer)
        return self._confined

    def call(self, request: bytes, limits: Limits) -> bytes:
        """Sends a call and waits for its answer, no longer than it may take."""
        self.ready(START_SECONDS)
        self.jobs += 1
        patience = _Patience(limits.wall_seconds, limits.silent_seconds)
        self._send(_framed(request), patience)
        return self._receive(patience, limits.result_bytes + 1_000_000)

    def wipe(self) -> None:
        """Empties its folder."""
        for entry in os.scandir(self.folder) if self.folder.exists() else ():
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink(missing_ok=True)

    def kill(self) -> None:
        """Ends it with everything it started, at once, and removes its folder."""
        self.usable = False
        for pid in [*_descendants(self._process.pid), self._process.pid]:
            _kill_group(pid)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _send(self, data: bytes, patience: _Patience) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened in __init__; for the type checker
        view, descriptor = memoryview(data), self._process.stdin.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_WRITE)
            while view:
                self._wait(selector, patience)
                try:
                    view = view[os.write(descriptor, view[:1_000_000]) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    raise self._crashed() from None

    def _receive(self, patience: _Patience, most: int) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened in __init__; for the type checker
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout.fileno(), selectors.EVENT_READ)
            while (size := HEADER.unpack(self._read(HEADER.size, selector, patience))[0]) == 0:
                patience.renew()
            if size > most:
                raise Unreadable(UnreadableReason.TOO_LARGE, "what was read from it is larger than a file's content may be")
            return self._read(size, selector, patience)

    def _read(self, size: int, selector: selectors.BaseSelector, patience: _Patience) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened in __init__; for the type checker
        data = bytearray()
        while len(data) < size:
            self._wait(selector, patience)
            try:
                piece = os.read(self._process.stdout.fileno(), min(size - len(data), 1_000_000))
            except BlockingIOError:
                continue
            if not piece:
                raise self._crashed()
            data += piece
        return bytes(data)

    def _wait(self, selector: selectors.BaseSelector, patience: _Patience) -> None:
        left = patience.left()
        if left <= 0 or not selector.select(left):
            raise Unreadable(UnreadableReason.TIMED_OUT, "reading it took longer than a file may take")

    def _crashed(self) -> Unreadable:
        code = self._process.wait()
        if code in {-signal.SIGXCPU, -signal.SIGKILL}:
            return Unreadable(UnreadableReason.TIMED_OUT, "reading it used more time or memory than a file may use")
        return Unreadable(UnreadableReason.DAMAGED, "the program that reads such files crashed on it")


def _framed(payload: bytes) -> bytes:
    return HEADER.pack(len(payload)) + payload


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        return  # it broke with the process; there is nothing left to flush


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _descendants(pid: int) -> list[int]:
    """Everything a process started, and what that started: LibreOffice leaves the group it was born in."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        for listing in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = [int(child) for child in listing.read_text(encoding="ascii").split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found
