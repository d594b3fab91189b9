"""Flows over a real store and a Maildir, with Prefect's own embedded server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from roads import prefect_home, samples

from flows.workshop import Workshop, lent
from pipeline import gateway
from pipeline.dispatch.maildir import MaildirTransport
from pipeline.domain.states import SubmissionState
from pipeline.intake.maildir import MaildirMailbox
from pipeline.records.outbox import StoreOutbox
from pipeline.records.store import Store
from pipeline.records.vault import create_key
from pipeline.thinking import Tools

__all__ = ["prefect_home", "samples"]


@dataclass
class Shop:
    """A workshop and the Maildir that feeds it. Its tools are none: what would think is put in by each test."""

    workshop: Workshop
    inbox: Path

    def deliver(self, *messages: bytes) -> None:
        """Puts messages into the Maildir."""
        for number, raw in enumerate(messages):
            (self.inbox / "new" / f"{1_800_000_000 + number}.M{number}.test").write_bytes(raw)

    def states(self) -> list[SubmissionState]:
        """Where the submissions stand, in the order they came."""
        with self.workshop.store.reading() as work:
            return [entry.state for entry in work.submissions.in_state(*SubmissionState)]


@pytest.fixture
def shop(tmp_path: Path, prefect_home: Path) -> Iterator[Shop]:
    """A workshop lent to the flows of this process."""
    inbox = tmp_path / "in"
    for part in ("tmp", "new", "cur"):
        (inbox / part).mkdir(parents=True)
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}", create_key(tmp_path / "vault.key"), gateway.now)
    store.migrate()
    outbox = gateway.Outbox(StoreOutbox(store), MaildirTransport(tmp_path / "out"))
    made = Workshop(store, cast("Tools", None), (MaildirMailbox(inbox, "reports"),), outbox)
    with lent(made):
        yield Shop(made, inbox)
    store.close()


MESSAGE = b"From: a@nhs.net\r\nTo: cp.reports.brent@nhs.net\r\nSubject: %d\r\nMessage-ID: <%d@nhs.net>\r\n\r\nhello\r\n"


@pytest.fixture
def message() -> Any:
    """Makes the bytes of a small message by number."""
    return lambda number: MESSAGE % (number, number)
