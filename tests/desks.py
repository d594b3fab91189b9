"""A gateway without mail servers: a store on disk and the thinking, for what becomes of messages once they are in."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from pipeline import dossier, gateway, storyline
from pipeline.domain.authority import Letter
from pipeline.domain.ports import Collected, MailKey
from pipeline.domain.states import SubmissionState
from pipeline.records.store import Store
from pipeline.records.vault import create_key
from pipeline.thinking import Tools


@dataclass
class Desk:
    """One store, and the tools its mail is assessed with."""

    store: Store
    tools: Tools

    def take(self, raw: bytes) -> str:
        """Takes a message in; its submission."""
        with self.store.work() as work:
            key = MailKey("reports", "INBOX", 1, 1 + len(work.submissions.in_state(*SubmissionState)))
            reception = work.submissions.receive(Collected(key, raw, gateway.now()))
            work.commit()
        return reception.submission

    def process(self, submission: str) -> SubmissionState:
        """Assesses it."""
        return storyline.process(self.store, self.tools, submission, gateway.now)

    def state(self, submission: str) -> SubmissionState:
        """Where it stands."""
        with self.store.reading() as work:
            return work.submissions.get(submission).state

    def kept(self, submission: str) -> dossier.Dossier:
        """What is kept of its assessment."""
        with self.store.reading() as work:
            found = work.dossiers.assessment(submission)
        assert found is not None
        return dossier.unpacked(found.payload)

    def queued(self, submission: str) -> list[str]:
        """The kinds of letters that wait to leave for it."""
        with self.store.reading() as work:
            return [one.kind for one in work.outgoing.of(submission)]


@contextmanager
def desk(folder: Path, tools: Tools) -> Iterator[Desk]:
    """A desk with an empty store."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{folder / 'records.sqlite'}", create_key(folder / "vault.key"), gateway.now)
    store.migrate()
    try:
        yield Desk(store, tools)
    finally:
        store.close()


def with_file(raw: bytes, name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """The message with its first file replaced."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    part = next(message.iter_attachments())
    maintype, _, subtype = kind.partition("/")
    part.clear()
    part.set_content(content, maintype=maintype, subtype=subtype, filename=name, disposition="attachment")
    return message.as_bytes()


def first_file(raw: bytes) -> bytes:
    """The content of the message's first file."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    content = next(message.iter_attachments()).get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def files_of(letter: Letter) -> dict[str, bytes]:
    """The files in a letter, by name."""
    message = email.message_from_bytes(letter.content, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return {str(part.get_filename()): bytes(part.get_payload(decode=True) or b"") for part in message.iter_attachments()}
