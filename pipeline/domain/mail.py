"""A message as it came: the submission, its attachments, and what the receiving server says of the sender."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.text import PersonalText

BODY = "body"
"""The name under which a message's own text is a document."""


class AuthenticationResult(StrEnum):
    """What the receiving server's Authentication-Results say of SPF, DKIM and DMARC, taken together."""

    PASS = "pass"  # noqa: S105 - the word of RFC 8601, not a password
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox address. `address` is lower case and empty where the header could not be read."""

    address: str = field(repr=False)
    name: PersonalText = PersonalText("")

    @property
    def domain(self) -> str:
        """The part after the @, empty where there is none."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be opened or read in full; `detail` is plain English for the reviewer, without personal text."""

    reason: UnreadableReason
    detail: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as sent, or as taken out of a container.

    Attributes:
        name: its own file name, never a path; `body` for the text of the message itself.
        content: its bytes.
        declared_type: the media type the sender's program gave it; not to be trusted.
        container: the name of the zip, forwarded mail or PDF it came out of.
        inline: shown inside the message, such as a pasted picture.
        small: a picture as small, or shown as small, as a logo; it is a document only if it says something.
        problem: why it could not be opened, for containers that could not.
    """

    name: PersonalText
    content: bytes = field(repr=False)
    declared_type: str = "application/octet-stream"
    container: PersonalText | None = None
    inline: bool = False
    small: bool = False
    problem: Problem | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_body(self) -> bool:
        """Whether this is the text of the message itself."""
        return self.name == BODY and self.container is None


@dataclass(frozen=True, slots=True)
class Submission:
    """One email as received, parsed once.

    Attributes:
        raw: the bytes as they came; the vault keeps them.
        message_id: as given, or `""`; neither unique nor always there.
        sender: the From header.
        recipients: everybody in To, Cc, Delivered-To and X-Original-To, in that order.
        received: when it reached us (aware): the newest Received header, else Date, else the time of collection.
        sent: what the Date header says, if it can be read.
        body: the text of the message (plain, else HTML), or None where it has none.
        attachments: the files in the order sent, containers not yet opened.
        automatic: bounce, out-of-office, read receipt or another message no person wrote (RFC 3834 headers, report parts).
        markers: names of headers and parts worth knowing when deciding what kind of mail this is, such as `calendar`, `delivery-status`.
        notes: what was wrong with the message and how it was read all the same; no personal text.
    """

    raw: bytes = field(repr=False)
    message_id: str = field(repr=False)
    sender: Address
    recipients: tuple[Address, ...]
    subject: PersonalText
    received: datetime
    sent: datetime | None
    body: Attachment | None
    attachments: tuple[Attachment, ...]
    authentication: AuthenticationResult
    automatic: bool = False
    markers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the message as it came, hexadecimal: its identity in the ledger."""
        return hashlib.sha256(self.raw).hexdigest()


class Route(StrEnum):
    """What kind of mail a submission is."""

    CONFERENCE_REPORT = "conference_report"
    ATTENDANCE_OR_RING_IN = "attendance_or_ring_in"
    INVITATION_OR_MINUTES = "invitation_or_minutes"
    BOUNCE_OR_AUTO_REPLY = "bounce_or_auto_reply"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


class Agency(StrEnum):
    """Who reports."""

    GP = "gp"
    HEALTH_VISITOR = "health_visitor"
    SCHOOL_NURSE = "school_nurse"
    MIDWIFE = "midwife"
    SCHOOL = "school"
    ADULT_MENTAL_HEALTH = "adult_mental_health"
    SUBSTANCE_MISUSE = "substance_misuse"
    HOSPITAL = "hospital"
    OTHER = "other"
