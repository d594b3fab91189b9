"""The ports: what the story needs from the outside, each fulfilled by an adapter and, in tests, by a small fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, TypeVar

from pipeline.domain.authority import Letter

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

    def settle(self, key: MailKey, fate: Fate) -> None:
        """Moves or flags the message, after the store has committed. Safe to repeat.

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


class Sandbox(Protocol):
    """A process that can be killed, in which files from outside are opened and read."""

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Calls `work(*arguments)` over there and returns what it returns; both must be picklable.

        Raises:
            Unreadable: what `work` raised, or that it ran out of time or memory.
        """
        ...


class Clock(Protocol):
    """The time of day; tests bring their own."""

    def __call__(self) -> datetime:
        """Now, aware."""
        ...
