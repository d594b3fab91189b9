"""What flows work with, opened once in a process and kept warm: the store, the language model, the mailboxes, the outbox.

Flows get it from here and not as a parameter, since Prefect writes parameters down.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Lock

from pipeline import gateway, settings
from pipeline.domain.ports import Mailbox
from pipeline.records.store import Store
from pipeline.settings import Settings
from pipeline.thinking import Tools


@dataclass(frozen=True)
class Workshop:
    """Everything the steps need."""

    store: Store
    tools: Tools
    mailboxes: tuple[Mailbox, ...]
    outbox: gateway.Outbox

    def mailbox(self, name: str) -> Mailbox:
        """The mailbox of that name."""
        return next(mailbox for mailbox in self.mailboxes if mailbox.name == name)


_open: list[Workshop] = []
_kept = ExitStack()
_lock = Lock()


def workshop() -> Workshop:
    """The workshop of this process; opened from the settings at first use, as in a rerun started by a worker."""
    with _lock:
        if not _open:
            _open.append(_kept.enter_context(_made(settings.load())))
        return _open[-1]


@contextmanager
def opened(chosen: Settings) -> Iterator[Workshop]:
    """Opens the workshop for as long as the block lasts."""
    with _made(chosen) as made, lent(made):
        yield made


@contextmanager
def lent(shop: Workshop) -> Iterator[Workshop]:
    """Has the flows of this process work with this workshop for as long as the block lasts."""
    _open.append(shop)
    try:
        yield shop
    finally:
        _open.remove(shop)


@contextmanager
def _made(chosen: Settings) -> Iterator[Workshop]:
    with gateway.store(chosen) as store, gateway.thinking(chosen) as tools:
        store.recover()
        yield Workshop(store, tools, gateway.mailboxes(chosen), gateway.outbox(chosen, store))
