"""The command as people and programs call it: inside this process where that is quick, as a process of its own where that matters."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from roads import dovecot, live_rules, samples, sink

from pipeline import cli

__all__ = ["dovecot", "live_rules", "samples", "sink"]

COMMAND = Path(sys.executable).with_name("reportgate")


@dataclass(frozen=True)
class Said:
    """What a call left: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """The one line on standard error of a call that failed: no traceback, exit code 1, nothing but the reason."""
        assert self.code == 1, self
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("reportgate: ")
        assert "Traceback" not in self.out
        return lines[0]


Call = Callable[..., Said]


def call(*words: object) -> Said:
    """Calls the command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    before, code = sys.argv, 0
    sys.argv = ["reportgate", *map(str, words)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        sys.argv = before
    return Said(code, out.getvalue(), err.getvalue())


def run(*words: object, folder: Path | None = None, **environment: str) -> Said:
    """Calls the command as a process of its own."""
    done = subprocess.run(
        [str(COMMAND), *map(str, words)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **environment},
        timeout=600,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(name="call", scope="session")
def _call() -> Call:
    """Calls the command inside this process."""
    return call


@pytest.fixture(name="run", scope="session")
def _run() -> Call:
    """Calls the command as a process of its own."""
    return run


@dataclass(frozen=True)
class Place:
    """A gateway as `init` makes it."""

    folder: Path

    @property
    def config(self) -> Path:
        """Its settings file."""
        return self.folder / "reportgate.toml"

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "reportgate-data"

    def call(self, *words: object) -> Said:
        """Calls the command with its settings."""
        return call("--config", self.config, *words)

    def settle(self, text: str) -> None:
        """Writes these settings in place of those that `init` wrote; the data folder stays where it is."""
        self.config.write_text(f'data_dir = "{self.data}"\n{text}')

    def deliver(self, *messages: Path | bytes) -> None:
        """Puts messages into its Maildir."""
        for part in ("tmp", "new", "cur"):
            (self.data / "in" / part).mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(messages):
            raw = message.read_bytes() if isinstance(message, Path) else message
            (self.data / "in" / "new" / f"{1_800_000_000 + number}.M{number}.test").write_bytes(raw)


@pytest.fixture(scope="session")
def place_at() -> Callable[[Path], Place]:
    """Makes a gateway in a folder."""

    def make(folder: Path) -> Place:
        made = call("init", folder / "gateway")
        assert made.code == 0, made
        return Place(folder / "gateway")

    return make


@pytest.fixture
def place(tmp_path: Path, place_at: Callable[[Path], Place]) -> Place:
    """A gateway just made by `init`."""
    return place_at(tmp_path)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in [name for name in os.environ if name.startswith("REPORTGATE_") and name != "REPORTGATE_REQUIRE_ALL"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
