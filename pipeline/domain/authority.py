"""Where mail goes: a local authority as the directory describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.domain.mail import Address


@dataclass(frozen=True, slots=True)
class Destination:
    """An address letters are sent to.

    Attributes:
        retired: the day it stopped being usable, where it has; live SMTP refuses it until an operator sets a current one.
        because: why it is retired, for the operator.
    """

    address: str
    label: str
    retired: date | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """A council and its safeguarding partners.

    Attributes:
        id: such as `brent`; also the name of its pack unless `pack` says otherwise.
        mailboxes: the inbound addresses by which it is recognised, lower case.
        reports_to: the inbox for conference reports.
        copy_to: who gets the quality-assurance copy (CCG, now ICB, safeguarding team).
        admin: conference administration, for ring-in notices and invitations.
        secure_domains: sender domains accepted as secure, each with all its subdomains.
        chair: who chairs conferences, where notices of ringing in go to them too.
        letters: the folder of letters in the authority's own language; None where they are the ones shipped, in English.
        subject_marking: put before outgoing subjects, such as `OFFICIAL-SENSITIVE` or `[secure]`.
    """

    id: str
    name: str
    pack: str
    mailboxes: tuple[str, ...]
    reports_to: Destination
    copy_to: tuple[Destination, ...]
    admin: Destination
    secure_domains: tuple[str, ...]
    subject_marking: str = ""
    help_contact: str = ""
    chair: Destination | None = None
    letters: Path | None = None

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Everybody letters may go to on the authority's side."""
        return (self.reports_to, *self.copy_to, self.admin, *((self.chair,) if self.chair else ()))

    def is_secure(self, sender: Address) -> bool:
        """Whether the sender's domain is one of the secure ones, or below one."""
        return any(sender.domain == domain or sender.domain.endswith("." + domain) for domain in self.secure_domains)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to leave. `kind` is its folder under routing/letters, such as `to-authority`; `content` the whole message."""

    kind: str
    message_id: str
    to: tuple[str, ...] = field(repr=False)
    cc: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody it goes to."""
        return self.to + self.cc
