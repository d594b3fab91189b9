"""The gateway's memory: one database, its vault, and transactions in which everything is done or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.domain.errors import VaultError
from pipeline.domain.ports import Clock, MailKey
from pipeline.records import database
from pipeline.records.audit import Audit
from pipeline.records.dossiers import Dossiers
from pipeline.records.ledger import Ledger
from pipeline.records.models import KeyRow
from pipeline.records.outgoing import Outgoing
from pipeline.records.submissions import Submissions
from pipeline.records.vault import Vault, missing_key


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Work:
    """One transaction. Nothing is kept unless `commit` is called; leaving without it undoes everything.

    Attributes:
        ledger: places in mailboxes.
        submissions: messages taken in and the states they are in.
        dossiers: what was made of them.
        outgoing: the outbox.
        audit: the chain of what was done.
    """

    def __init__(self, session: Session, vault: Vault, clock: Clock) -> None:
        self._session = session
        self.audit = Audit(session)
        self.ledger = Ledger(session, clock)
        self.submissions = Submissions(session, vault, self.audit, clock)
        self.dossiers = Dossiers(session, vault, self.audit, clock, self.submissions)
        self.outgoing = Outgoing(session, vault, self.audit, clock, self.submissions)

    def commit(self) -> None:
        """Keeps all that was done since the transaction began."""
        self._session.flush()
        self.audit.write()
        self._session.commit()


class Store:
    """Opens transactions on one database. Safe to share between threads; each transaction belongs to one."""

    def __init__(self, url: str, vault: Vault, clock: Clock = utc_now) -> None:
        self._engine = database.open_engine(url)
        self._vault = vault
        self._clock = clock

    def migrate(self) -> None:
        """Makes the tables or brings them up to date, and notes the vault's key.

        Raises:
            StoreError: the database cannot be reached, or was written by a newer version.
            VaultError: the database was sealed with a key this vault has not.
        """
        database.migrate(self._engine)
        self.check()
        with database.plain_errors(), Session(self._engine) as session, session.begin():
            if session.get(KeyRow, self._vault.current) is None:
                session.add(KeyRow(id=self._vault.current, since=self._clock()))

    def check(self) -> None:
        """Makes sure that the database can be used by this version with this vault; changes nothing.

        Raises:
            StoreError: the database cannot be reached, has not been made, or is of another version.
            VaultError: it was sealed with a key this vault has not.
        """
        database.check(self._engine)
        with self._session(read_only=True) as session:
            for name in session.scalars(select(KeyRow.id).order_by(KeyRow.since)):
                if name not in self._vault.key_ids:
                    raise VaultError(missing_key(name))

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction that may write; other writers wait for it on SQLite, so do nothing slow inside.

        Raises:
            StoreError: the database failed; nothing was kept.
        """
        with self._session(read_only=False) as session:
            yield Work(session, self._vault, self._clock)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A transaction to look things up in; it waits for nobody.

        Raises:
            StoreError: the database failed.
        """
        with self._session(read_only=True) as session:
            yield Work(session, self._vault, self._clock)

    def known(self, key: MailKey) -> bool:
        """Whether a place in a mailbox has been looked at: what `Mailbox.new` asks."""
        with self.reading() as work:
            return work.ledger.known(key)

    def recover(self, *, older_than: timedelta = timedelta(0)) -> tuple[str, ...]:
        """At start: makes letters uncertain that were being handed over when a process died; returns their ids.

        Args:
            older_than: with other workers running, longer than any handing over lasts, so that theirs are left alone.
        """
        with self.work() as work:
            found = work.outgoing.recover(older_than=older_than)
            work.commit()
        return found

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    @contextmanager
    def _session(self, *, read_only: bool) -> Iterator[Session]:
        options = database.READ_ONLY if read_only else {}
        with database.plain_errors(), self._engine.connect().execution_options(**options) as connection, Session(connection) as session:
            yield session
