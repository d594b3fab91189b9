"""Says which addresses live mail may not be sent to: those retired, and those that stand for nothing."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.dispatch.smtp import Permission
from pipeline.domain.authority import Destination

RESERVED = (".example", ".test", ".invalid", ".localhost", "@example.com", "@example.org", "@example.net")
"""Ends of addresses that never lead to a real mailbox (RFC 2606)."""


def permission(destinations: Iterable[Destination]) -> Permission:
    """A function that gives the reason why an address may not be written to, or None; `destinations` are all of the directory's."""
    retired = {place.address.lower(): place for place in destinations if place.retired}

    def reason(address: str) -> str | None:
        place = retired.get(address.lower())
        if place is not None and place.retired is not None:
            since = f"retired since {place.retired:%d.%m.%Y}"
            return f"the address of {place.label} is {since} ({place.because or 'no reason given'}); set a current one in rules/directory"
        if address.lower().endswith(RESERVED):
            return "an address ends in a name kept for examples, which leads nowhere; set a real one in rules/directory"
        return None

    return reason
