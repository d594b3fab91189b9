"""A store on each database, so that every test of records runs on both."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from servers_postgres import PostgresServer

from pipeline.records.store import Store
from pipeline.records.vault import Vault

KEY = hashlib.sha256(b"test").digest()


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **by: float) -> None:
        """Lets time go by."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests of this room."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def vault() -> Vault:
    """A vault with a key of the test's own."""
    return Vault((KEY,))


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def open_store(url: str, vault: Vault, clock: Clock) -> Iterator[Callable[[], Store]]:
    """Opens the same database again and again, as processes do."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(Store(url, vault, clock))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database whose tables are made, to be copied."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_made(postgres: PostgresServer) -> str:
    """A PostgreSQL database whose tables are made, to be emptied between tests."""
    url = postgres.fresh()
    _migrate(url)
    return url


def _migrate(url: str) -> None:
    store = Store(url, Vault((KEY,)), Clock())
    store.migrate()
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, clock: Clock) -> Iterator[Store]:
    """A store whose tables are made, on each kind of database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "store.db")
        url = f"sqlite:///{tmp_path / 'store.db'}"
    else:
        url = request.getfixturevalue("postgres_made")
        PostgresServer.empty(url)
    made = Store(url, vault, clock)
    yield made
    made.close()
