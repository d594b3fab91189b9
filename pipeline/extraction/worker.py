"""The reading process: takes calls on its standard input and answers them, until that closes or it is killed.

Started by `pipeline.extraction.sandbox` as `python -m pipeline.extraction.worker FOLDER`; no use on its own.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.domain import progress
from pipeline.domain.errors import ReportgateError, Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.extraction import crossing
from pipeline.extraction.confine import Limits, allow_cpu, confine

HEADER = struct.Struct("<Q")
ALIVE = HEADER.pack(0)
"""A frame without content: no answer yet, but a sign of life."""


def send(stream: BinaryIO, payload: bytes) -> None:
    """Writes one frame: its length in eight bytes, then itself."""
    stream.write(HEADER.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Reads one frame; None where the other side has gone."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    return stream.read(HEADER.unpack(head)[0])


def main() -> None:
    """Confines itself, loads the readers, and serves."""
    folder = Path(sys.argv[1])
    requests, answers = sys.stdin.buffer, _private_stdout()
    limits: Limits = pickle.loads(receive(requests) or b"")  # noqa: S301 - from the parent, through a pipe only it holds
    missing = confine(limits, folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    _load()
    send(answers, pickle.dumps(missing))
    lock = threading.Lock()
    progress.listen(lambda: _sign(answers, lock))
    while (request := receive(requests)) is not None:
        send(answers, _answer(request, limits))


def _sign(stream: BinaryIO, lock: threading.Lock) -> None:
    """Tells the parent that the work goes on; several threads read pages, and one frame must not run into the next."""
    with lock:
        stream.write(ALIVE)
        stream.flush()


def _private_stdout() -> BinaryIO:
    """The answers' own way out, so that a library that prints cannot garble them."""
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)  # what a parser says of a file may quote it, and goes nowhere
    return answers


def _die_with(parent: int) -> None:
    """Ends this process and its children once the parent is gone, even where a call hangs."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.killpg(0, signal.SIGKILL)


def _load() -> None:
    """Imports what most files need, so that no file waits for it."""
    from pipeline.extraction import readers, reading  # noqa: F401, PLC0415 - loaded here, after the process is confined

    with contextlib.suppress(ReportgateError):
        readers.by_sign()
    gc.freeze()  # what is loaded stays; the collector need not look at it again


def _answer(request: bytes, limits: Limits) -> bytes:
    """What the call gave, or the error it ended in, as bytes."""
    allow_cpu(limits.cpu_seconds)
    try:
        work, arguments = crossing.unpacked_call(request)
        return _packed((True, work(*arguments)), limits, crossing.files_in(arguments))
    except ReportgateError as error:
        return pickle.dumps((False, error))
    except MemoryError:
        return pickle.dumps((False, Unreadable(UnreadableReason.TOO_LARGE, "reading it took more memory than a file may take")))
    except Exception:  # noqa: BLE001 - an exception's text may quote the file; only that it happened is told
        return pickle.dumps((False, Unreadable(UnreadableReason.DAMAGED, "its reader gave up part of the way through")))


def _packed(result: Any, limits: Limits, known: tuple[Attachment, ...]) -> bytes:
    payload = crossing.packed(result, known)
    if len(payload) > limits.result_bytes:
        raise Unreadable(UnreadableReason.TOO_LARGE, "what was read from it is larger than a file's content may be")
    return payload


if __name__ == "__main__":
    main()
