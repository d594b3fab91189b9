"""A clamd of the tests' own, which knows one virus: a signature written by hand for the EICAR test file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from pathlib import Path
from types import TracebackType

from pipeline.domain.errors import ScannerError
from pipeline.extraction.antivirus import ClamdScanner

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every scanner takes for a virus, in two parts so that this file is none."""

STREAM_BYTES = 3_000_000
"""The largest file it takes."""


class ClamdServer:
    """clamd on a socket in `folder`; `stop` and `start` it as often as needed."""

    def __init__(self, program: str, folder: Path, port: int | None = None) -> None:
        self._program, self._folder = program, folder
        self.socket = folder / "clamd.ctl"
        self._process: subprocess.Popen[bytes] | None = None
        signatures = folder / "signatures"
        signatures.mkdir(parents=True)
        (signatures / "test.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Test.Eicar\n", "ascii")
        lines = [
            f"DatabaseDirectory {signatures}",
            f"LocalSocket {self.socket}",
            f"TemporaryDirectory {folder}",
            "Foreground yes",
            f"StreamMaxLength {STREAM_BYTES}",
            *([f"TCPSocket {port}", "TCPAddr 127.0.0.1"] if port else []),
            *(["User root"] if os.geteuid() == 0 else []),
        ]
        (folder / "clamd.conf").write_text("\n".join(lines) + "\n", "utf-8")

    def __enter__(self) -> ClamdServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, seconds: float = 30.0) -> None:
        """Starts it, and waits until it answers."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen([self._program, "--config-file", str(self._folder / "clamd.conf")], stdout=quiet, stderr=quiet)
        end = time.monotonic() + seconds
        while True:
            try:
                ClamdScanner(str(self.socket), seconds=5.0).version()
            except ScannerError:
                assert time.monotonic() < end, "clamd does not start"
                assert self._process.poll() is None, "clamd ended"
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Ends it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
