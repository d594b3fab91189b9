"""Converts old office files with LibreOffice, in a profile of its own, killed with all its children when it takes too long."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.extraction.readers import _office_kit

_FILTERS = {"docx": "docx:MS Word 2007 XML"}


def program() -> str | None:
    """Where LibreOffice is, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(content: bytes, ending: str, target: str, seconds: float) -> bytes | None:
    """The file in another format, or None where LibreOffice is missing, fails or takes longer than `seconds`.

    Macros are not run and links are not followed: the profile is new, with LibreOffice's own high security, and nobody is there to agree.
    """
    office = program()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as folder:
        source, made, profile = Path(folder, f"file.{ending}"), Path(folder, "out", f"file.{target}"), Path(folder, "profile")
        source.write_bytes(content)
        made.parent.mkdir()
        _run(_command(Path(office), source, made, profile), folder, seconds)
        return made.read_bytes() if made.is_file() else None


def _command(office: Path, source: Path, made: Path, profile: Path) -> list[str]:
    """Through LibreOffice's library where the build has it, since only that works in the confined process; else through its program."""
    program = office.resolve()
    if _office_kit.library(program) is not None:
        return [sys.executable, "-I", str(Path(_office_kit.__file__)), str(program), str(source), str(made), str(profile)]
    switches = ("--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={profile.as_uri()}")
    return [str(office), *switches, "--convert-to", _FILTERS[made.suffix[1:]], "--outdir", str(made.parent), str(source)]


def _run(command: list[str], folder: str, seconds: float) -> None:
    """Runs in the reader's own process group, so that whoever kills the reader kills LibreOffice too."""
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"}
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _kill_family(process.pid)
        process.wait()


def _kill_family(pid: int) -> None:
    """Stops a process and all it started, so that none can start another, then kills them and waits until they are gone."""
    family = [pid]
    for member in family:
        _signal(member, signal.SIGSTOP)
        family += _children(member)
    for member in family:
        _signal(member, signal.SIGKILL)
    for member in family[1:]:
        _wait_until_gone(member)


def _signal(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, what)


def _wait_until_gone(pid: int, seconds: float = 2.0) -> None:
    end = time.monotonic() + seconds
    while (
        Path(f"/proc/{pid}/fd/0").exists() and time.monotonic() < end
    ):  # a process that ended, waited for or not, has no open files any more
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    """What a process started, by the parent each process names; not every kernel keeps a list of children."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            after_name = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(after_name[1]) == pid:
                found.append(int(folder.name))
    return found
