"""A real PostgreSQL of the tests' own: made by initdb in a folder of its own, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from needs import require

_UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


class PostgresServer:
    """A server on a free port of this machine. Use as a context manager."""

    def __init__(self) -> None:
        self._initdb = require("initdb")
        self._postgres = str(Path(self._initdb).with_name("postgres"))
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
        data = str(self._folder / "data")
        with (self._folder / "log").open("ab") as log:
            options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "cwd": "/"}
            makes = [self._initdb, "-D", data, "-U", "reportgate", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
            subprocess.run([*self._prefix, *makes], check=True, timeout=60, **options)
            # A zone of its own, so that a time read back without its zone is noticed.
            settings = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._folder), "-c", "fsync=off", "-c", "timezone=Asia/Tokyo"]
            self._process = subprocess.Popen([*self._prefix, self._postgres, "-D", data, *settings], **options)
        self._wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self._dsn("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("PostgreSQL did not start")

    def fresh(self) -> str:
        """The URL of a new, empty database. Each is three hundred files: where many are wanted, `empty` one instead."""
        name = f"test{next(self._names)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._dsn(name)

    @staticmethod
    def empty(url: str) -> None:
        """Empties every table of ours, also those that refuse it, and begins the audit chain anew."""
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
            tables = [str(row[0]) for row in found]
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY".encode())
            connection.execute("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, repeat('0', 64))")

    def _dsn(self, name: str) -> str:
        return f"postgresql://reportgate@127.0.0.1:{self.port}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
