"""A real PostgreSQL of the tests' own: made by initdb in a folder of its own, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg
from needs import require

_UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


class PostgresServer:
    """A server on a free port of this machine. Use as a context manager."""

    def __init__(self) -> None:
        self._initdb, self._pg_ctl = require("initdb"), require("pg_ctl")
        self._folder = Path(tempfile.mkdtemp(prefix="reportgate-pg-"))
        self._prefix = self._as_somebody_else()
        self.port = _free_port()
        self._names = itertools.count()

    def _as_somebody_else(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = next(name for name in _UNPRIVILEGED if name in names)
        shutil.chown(self._folder, user)
        return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]

    def __enter__(self) -> PostgresServer:
        data = self._folder / "data"
        self._run(self._initdb, "-D", str(data), "-U", "reportgate", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder} -c fsync=off -c timezone=Asia/Tokyo"
        self._run(self._pg_ctl, "-D", str(data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        return self

    def __exit__(self, *exc: object) -> None:
        self._run(self._pg_ctl, "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        # Output goes to a file: the server would keep a pipe open for as long as it lives.
        with (self._folder / "run.log").open("ab") as log:
            subprocess.run([*self._prefix, *command], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", timeout=60)

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = f"test{next(self._names)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._dsn(name)

    def _dsn(self, name: str) -> str:
        return f"postgresql://reportgate@127.0.0.1:{self.port}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
