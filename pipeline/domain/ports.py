"""The ports: what the story needs from the outside, each fulfilled by an adapter and, in tests, by a small fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, TypeVar

from pipeline.domain.authority import Letter
from pipeline.domain.mail import Problem
from pipeline.domain.states import DispatchState

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class MailKey:
    """A message's place in a mailbox: stable for as long as UIDVALIDITY is. A Maildir uses 0 and a number of its own."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Collected:
    """A message fetched from a mailbox. `received` is the mailbox's own date for it (aware)."""

    key: MailKey
    raw: bytes = field(repr=False)
    received: datetime


class Fate(StrEnum):
    """Where a message goes in its mailbox once the store has committed what became of it."""

    PROCESSED = "processed"
    HELD = "held"
    PARKED = "parked"


class Mailbox(Protocol):
    """A place mail is collected from. Use as a context manager; leaving it closes the connection."""

    name: str

    def __enter__(self) -> Mailbox: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def new(self, known: Callable[[MailKey], bool]) -> Iterator[Collected]:
        """Messages whose key is not `known`, oldest first, each fetched only when asked for.

        Raises:
            MailboxError: the connection failed; what was yielded before remains good.
            MailboxRefused: somebody must mend the account first.
        """
        ...

    def settle(self, key: MailKey, fate: Fate, original: Callable[[], bytes] | None = None) -> None:
        """Moves or flags the message, after the store has committed; also one that lies where an earlier fate put it. Safe to repeat.

        Args:
            key: where it was collected.
            fate: what became of it.
            original: how to get its bytes, by which it is recognised where it no longer lies at `key`.

        Raises:
            MailboxError: it could not be done now; it is tried again at the next collection.
        """
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transport did with a letter: the recipients it accepted, and those it refused with the server's code."""

    accepted: tuple[str, ...] = field(repr=False)
    refused: tuple[tuple[str, int], ...] = field(default=(), repr=False)


class Transport(Protocol):
    """Something that hands letters over."""

    def send(self, letter: Letter, recipients: tuple[str, ...]) -> Receipt:
        """Hands the letter to these recipients.

        Raises:
            DispatchError: put off; try again.
            DispatchRefused: will not be taken.
            DispatchUncertain: handed over, not confirmed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Handover:
    """A letter about to be handed over, to whom, and the number of this try from 1."""

    dispatch: str
    letter: Letter
    recipients: tuple[str, ...] = field(repr=False)
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Doubt:
    """A letter that was handed over and not confirmed, since when, and by what it can be recognised where it arrived."""

    dispatch: str
    message_id: str
    since: datetime


class Outbox(Protocol):
    """Letters waiting to leave. Each call is kept before it returns, so that a crash between two of them is seen for what it is."""

    def due(self, limit: int = 100) -> tuple[str, ...]:
        """The ids of letters to hand over now, those waiting longest first."""
        ...

    def begin(self, dispatch: str) -> Handover:
        """Records the intent to hand a letter over.

        Raises:
            NothingChanged: the letter is not waiting; another worker may have it.
        """
        ...

    def record(self, dispatch: str, receipt: Receipt, next_try: datetime) -> DispatchState:
        """Records what a server did; those it put off (4xx) are tried again at `next_try`. Returns where the letter stands now."""
        ...

    def defer(self, dispatch: str, next_try: datetime, failure: str) -> None:
        """Records that the letter was put off until `next_try`."""
        ...

    def refuse(self, dispatch: str, failure: str) -> None:
        """Records that the letter will not be taken."""
        ...

    def doubt(self, dispatch: str, failure: str) -> None:
        """Records that the letter was handed over and not confirmed."""
        ...

    def uncertain(self) -> tuple[Doubt, ...]:
        """The letters of which nobody knows whether they arrived."""
        ...

    def settle(self, dispatch: str, *, arrived: bool) -> None:
        """Settles an uncertain letter: it arrived, or is handed over again to those who have not confirmed it."""
        ...


class Sandbox(Protocol):
    """A process that can be killed, in which files from outside are opened and read."""

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Calls `work(*arguments)` over there and returns what it returns; both must be picklable.

        Raises:
            Unreadable: what `work` raised, or that it ran out of time or memory.
        """
        ...


class Scanner(Protocol):
    """Something that looks for viruses in files before they are opened."""

    def scan(self, content: bytes) -> Problem | None:
        """Why the file must not be opened, or None where nothing was found.

        Raises:
            ScannerError: it could not be asked; nothing is known of the file.
        """
        ...

    def version(self) -> str:
        """What it is and how old its signatures are.

        Raises:
            ScannerError: it could not be asked.
        """
        ...


class Clock(Protocol):
    """The time of day; tests bring their own."""

    def __call__(self) -> datetime:
        """Now, aware."""
        ...
