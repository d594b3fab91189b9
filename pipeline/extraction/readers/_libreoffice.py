"""Converts old office files with LibreOffice, in a profile of its own, killed with all its children when it takes too long."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

_FILTERS = {"docx": "docx:MS Word 2007 XML"}


def program() -> str | None:
    """Where LibreOffice is, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(content: bytes, ending: str, target: str, seconds: float) -> bytes | None:
    """The file in another format, or None where LibreOffice is missing, fails or takes longer than `seconds`.

    Macros are not run and links are not followed: a new profile has LibreOffice's own high security, and the conversion is headless.
    """
    office = program()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        source = Path(folder, f"file.{ending}")
        source.write_bytes(content)
        command = [
            office,
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--convert-to",
            _FILTERS[target],
            "--outdir",
            str(Path(folder, "out")),
            str(source),
        ]
        _run(command, folder, seconds)
        made = Path(folder, "out", f"file.{target}")
        return made.read_bytes() if made.is_file() else None


def _run(command: list[str], folder: str, seconds: float) -> None:
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"}
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # also what it left running
        process.wait()
