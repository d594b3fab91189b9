from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from samples_assessment import NOW, OURS, SECRETS, assessment, clean_document
from sqlalchemy import text

from pipeline.domain.errors import StoreError, VaultError
from pipeline.domain.ports import Collected, MailKey
from pipeline.domain.states import SubmissionState
from pipeline.records import database
from pipeline.records.models import Base
from pipeline.records.store import Store
from pipeline.records.summary import Summary
from pipeline.records.vault import Vault
from pipeline.routing import correspondence


def test_migrating_makes_the_tables_of_the_models(open_store: Callable[[], Store]) -> None:
    """What the migrations make is exactly what the models say; doing it again changes nothing."""
    store = open_store()
    store.migrate()
    store.migrate()
    store.check()
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_an_unmade_database_says_so(open_store: Callable[[], Store]) -> None:
    """The line names the command that makes it, and checking makes nothing."""
    store = open_store()
    for _ in range(2):
        with pytest.raises(StoreError, match="run: reportgate init"):
            store.check()


def test_a_newer_database_is_left_alone(open_store: Callable[[], Store]) -> None:
    """Neither check nor migrate touches what a newer version wrote."""
    store = open_store()
    store.migrate()
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (store.check, store.migrate):
        with pytest.raises(StoreError, match=r"written by a newer reportgate \(revision 9999\); install that version"):
            act()


def test_processes_migrate_one_at_a_time(open_store: Callable[[], Store]) -> None:
    """Several starting at once on an empty database all succeed."""
    stores = [open_store() for _ in range(4)]
    failures: list[Exception] = []

    def start(store: Store) -> None:
        try:
            store.migrate()
        except StoreError as error:
            failures.append(error)

    threads = [Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    stores[0].check()


def test_a_new_database_is_waited_for_while_another_writes_it(tmp_path: Path) -> None:
    """SQLite does not wait by itself to change the journal of a new file that somebody is writing; the start of a second process does."""
    path = tmp_path / "new.db"
    failures: list[Exception] = []

    def start() -> None:
        with closing(Store(f"sqlite:///{path}", Vault((b"k" * 32,)))) as store:
            try:
                store.migrate()
            except StoreError as error:
                failures.append(error)

    second = Thread(target=start)
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive(), failures
        first.execute("COMMIT")
    second.join()
    assert failures == []


def test_another_key_is_noticed_at_the_start(open_store: Callable[[], Store], url: str) -> None:
    """A key file lost and made anew does not go unnoticed until the first original is wanted."""
    first = open_store()
    first.migrate()
    stranger = Store(url, Vault((b"s" * 32,)))
    for act in (stranger.check, stranger.migrate):
        with pytest.raises(VaultError, match=f"sealed with key {first._vault.current}"):
            act()
    stranger.close()


def test_a_changed_key_is_noted(open_store: Callable[[], Store], url: str) -> None:
    """After a change of key the database knows both, and wants both."""
    open_store().migrate()
    old = open_store()._vault
    rotated = Store(url, Vault((b"s" * 32, b"\0" * 32)))
    with pytest.raises(VaultError, match=old.current):
        rotated.migrate()
    rotated.close()


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("nonsense", "cannot be read; write one such as sqlite:"),
        ("postgresql://user:hunter2@host:port/x", "cannot be read"),
        ("mysql://user:hunter2@host/x", "SQLite or PostgreSQL, not mysql"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite:////nowhere/at/all/store.db", "make its folder"),
    ],
)
def test_wrong_urls_say_what_to_mend(url: str, mend: str) -> None:
    """Each mistake has its line, and no line shows a password."""
    with pytest.raises(StoreError, match=mend) as error:
        database.open_engine(url)
    assert "hunter2" not in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unreachable_server_is_one_line(vault: Vault) -> None:
    """A server that is not there ends in a line without the password."""
    store = Store("postgresql://user:hunter2@127.0.0.1:1/x", vault)
    with pytest.raises(StoreError, match=r"the database failed \(OperationalError") as error:
        store.migrate()
    assert "hunter2" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path, vault: Vault) -> None:
    """Rubbish in the file's place is told and left as it is."""
    path = tmp_path / "store.db"
    path.write_bytes(b"Zebulon" * 1000)
    with pytest.raises(StoreError, match="SQLITE_NOTADB"):
        Store(f"sqlite:///{path}", vault).migrate()
    assert path.read_bytes() == b"Zebulon" * 1000


def test_sqlite_is_for_its_owner_and_keeps_what_it_confirmed(tmp_path: Path, vault: Vault) -> None:
    """The file has mode 0600, its journal is a WAL, and a commit is on the disc."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}", vault)
    store.migrate()
    assert (tmp_path / "store.db").stat().st_mode & 0o777 == 0o600
    with store._engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]
    store.close()


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """While one transaction writes another may look, and sees what was committed before."""
    message = Collected(MailKey("m", "f", 1, 1), b"x", NOW)
    with store.work() as writing:
        writing.submissions.receive(message)
        assert not store.known(message.key)
        writing.commit()
    assert store.known(message.key)


def test_an_error_of_the_database_shows_no_data(store: Store) -> None:
    """What was being written is not in the exception, nor behind it."""
    with pytest.raises(StoreError) as error, store.work() as work:
        work._session.execute(text("INSERT INTO ledger (mailbox) VALUES (:name)"), {"name": "Zebulon"})
    assert "Zebulon" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def _walk_everything_through(store: Store) -> None:
    """One submission with all that can be kept of it, full of words that must not show."""
    case = assessment()
    letter = correspondence.to_authority(case, [clean_document()], sender=OURS, now=NOW)
    assert letter is not None
    prose = " ".join(SECRETS)
    with store.work() as work:
        raw = f"Subject: {prose}\r\n\r\n{prose}".encode()
        submission = work.submissions.receive(Collected(MailKey("cp@nhs.net", "INBOX", 1, 1), raw, datetime.now(UTC))).submission
        summary = Summary.of(case)
        work.dossiers.add_assessment(submission, prose.encode(), summary)
        work.dossiers.add_plan(submission, 1, prose.encode())
        work.submissions.move(submission, SubmissionState.HELD, code="review", note=prose)
        work.dossiers.rule(submission, SubmissionState.RELEASED, reviewer="nurse.one", why=prose)
        work.outgoing.queue(submission, letter, [clean_document().proof])
        work.commit()


def test_no_personal_text_stands_in_the_clear(tmp_path: Path, vault: Vault) -> None:
    """Words of a report, reasons, names and addresses of senders are nowhere in the database's files; nor is the key."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}", vault)
    store.migrate()
    _walk_everything_through(store)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    everything += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    hidden = [*SECRETS, "dr.okafor@nhs.net", "reports@testshire.example", "a person looks", "OFFICIAL-SENSITIVE"]
    assert [word for word in hidden if re.search(re.escape(word.encode()), everything, re.IGNORECASE)] == []
    assert b"testshire" in everything  # what stands in the clear is found by this search
    with closing(sqlite3.connect(tmp_path / "store.db")) as raw:
        assert raw.execute("SELECT count(*) FROM dispatches").fetchone() == (1,)
