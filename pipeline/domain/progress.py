"""Signs of life of long work, so that whoever waits for it can tell a long scan from a hang."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def advanced() -> None:
    """Says that a piece of the work is done, such as a page. Costs nothing where nobody waits; safe from several threads."""
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Has `listener` called at every sign of life from here on; for the reading process, which passes them on."""
    _listeners.append(listener)
