"""Opens the database named by one URL, SQLite or PostgreSQL, brings its tables up to date, and turns its errors into one line."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from pipeline.domain.errors import StoreError

BUSY_MS = 30_000
"""How long a writer waits for another; the longest transaction of ours writes one large message."""
BUSY_PAUSE_SECONDS = 0.02
"""Between two tries at what SQLite does not wait for by itself."""
CONNECT_SECONDS = 10
READ_ONLY = {"reportgate_read_only": True}
"""Execution option of a connection that will not write, so that on SQLite it waits for nobody."""
_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x7265706F  # any number, as long as all of ours use the same
_EXAMPLES = "such as sqlite:////var/lib/reportgate/reportgate.db or postgresql://reportgate@host/reportgate"


def open_engine(url: str) -> Engine:
    """An engine for the URL; nothing is connected to yet.

    Raises:
        StoreError: the URL cannot be read, or names a database other than SQLite and PostgreSQL, or a folder that is not there.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    options = {"connect_timeout": CONNECT_SECONDS}
    return create_engine(parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True, connect_args=options)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):  # its text would show the password
        raise StoreError(f"the database URL cannot be read; write one {_EXAMPLES}") from None
    if backend not in {"sqlite", "postgresql", "postgres"}:
        raise StoreError(f"the database is to be SQLite or PostgreSQL, not {backend}; write a URL {_EXAMPLES}")
    return parsed


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError(f"the database must be a file, or it is lost with the process; write a URL {_EXAMPLES}")
    path = Path(url.database)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"the database file {path} cannot be opened ({type(error).__name__}); make its folder, or mend its owner"
        ) from None
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; Python's driver says it too late
    # FULL: what a mailbox or server was told of must be on the disc when the power goes.
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: SqliteConnection) -> None:
    """Turns a new file to the write-ahead journal; where a writer is at it, SQLite refuses at once, whatever `busy_timeout` says."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except SqliteError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place in the queue at once: begun as a reader it could fail halfway with 'database is locked'.
    read_only = connection.get_execution_options().get("reportgate_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns the database's errors, whose text may hold data, into a StoreError of one line."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or "no code"
        raise StoreError(
            f"the database failed ({type(error.orig).__name__}, {code}); check that it runs, has room and is writable"
        ) from None
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed ({type(error).__name__}); check the database URL and that it runs") from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def newest_revision() -> str:
    """The revision this version of reportgate works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def migrate(engine: Engine) -> None:
    """Makes the tables, or brings them up to date, in one transaction; one process at a time.

    Raises:
        StoreError: the database cannot be reached, or was written by a newer version.
    """
    config = _config()
    with plain_errors(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        refuse_newer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Makes sure that the tables are those of this version.

    Raises:
        StoreError: the database cannot be reached, has not been made, or is of another version.
    """
    with plain_errors(), engine.connect().execution_options(**READ_ONLY) as connection:
        refuse_newer(connection)
        if MigrationContext.configure(connection).get_current_revision() != newest_revision():
            raise StoreError("the database has not been made or brought up to date; run: reportgate init")


def refuse_newer(connection: Connection) -> None:
    """Stops before a database of which this version knows nothing.

    Raises:
        StoreError: it was written by a newer version.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"the database was written by a newer reportgate (revision {found}); install that version again, or restore a backup"
        )
