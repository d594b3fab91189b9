"""Says from headers and parts whether a person wrote the message, and what else about it helps to route it."""

from __future__ import annotations

import re
from email.message import Message

from pipeline.domain.mail import Address
from pipeline.intake import headers

AUTOMATIC_HEADERS = {
    "Auto-Submitted": re.compile(r"^(?!\s*no\b).*\S", re.I),  # RFC 3834: anything but 'no'
    "X-Autoreply": re.compile(r"\S"),
    "X-Autorespond": re.compile(r"\S"),
    "X-Auto-Reply": re.compile(r"\S"),
    "X-Failed-Recipients": re.compile(r"\S"),
    "Precedence": re.compile(r"^\s*auto_reply", re.I),
    "X-Precedence": re.compile(r"^\s*auto_reply", re.I),
}
"""Header, and what its value looks like in a message no person wrote."""

AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatic(ally generated)? (reply|response)|auto(matic)?[- :]?(reply|response|svar)|auto:|out of (the )?office|ateb awtomatig"
    r"|undeliver(able|ed)|delivery (status notification|failure|has failed|delayed|incomplete)"
    r"|mail delivery (failed|failure|system|subsystem)"
    r"|returned mail|failure notice|message (could not be delivered|undeliverable)|(read|not read|delivered|relayed|recall):\s|read receipt"
    r"|(accepted|declined|tentative|cancell?ed|tentatively accepted):\s)",
    re.I,
)
AUTOMATIC_SENDER = re.compile(r"^(mailer-daemon|postmaster|mail[-_.]?delivery|microsoftexchange[0-9a-f]+|bounces?)([-+._=][^@]*)?@", re.I)

PART_MARKERS = {
    "text/calendar": "calendar",
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/rfc822": "forwarded",
    "message/global": "forwarded",
    "text/rfc822-headers": "returned-headers",
    "message/partial": "partial",
    "multipart/signed": "signed",
    "multipart/encrypted": "encrypted",
    "application/ms-tnef": "tnef",
}
"""Media type of a part, and the marker it sets."""

CALENDAR_ANSWER = re.compile(rb"^METHOD:(REPLY|COUNTER)", re.I | re.M)


def markers(message: Message, part_types: set[str], sender: Address, calendar: bytes = b"") -> frozenset[str]:
    """Names of what is worth knowing when deciding what kind of mail this is."""
    found = {marker for kind, marker in PART_MARKERS.items() if kind in part_types}
    report = message.get_content_type() == "multipart/report" or "multipart/report" in part_types
    replies = headers.addresses(message, "Reply-To")
    rules = {
        "report": report,
        "list": any(message.get(name) for name in ("List-Id", "List-Unsubscribe", "List-Post")),
        "bulk": headers.field(message, "Precedence").lower() in {"bulk", "junk", "list"},
        "empty-return-path": headers.field(message, "Return-Path").replace(" ", "") == "<>",
        "calendar-answer": bool(CALENDAR_ANSWER.search(calendar)),
        "reply-to-elsewhere": any(reply.domain and sender.domain and reply.domain != sender.domain for reply in replies),
        "system-sender": bool(AUTOMATIC_SENDER.match(sender.address)),
        "answer": bool(message.get("In-Reply-To") or message.get("References")),
    }
    return frozenset(found | {name for name, holds in rules.items() if holds})


def automatic(message: Message, found: frozenset[str], subject: str) -> bool:
    """Whether a program wrote it: bounce, out-of-office, receipt, calendar answer. Bulk mail by itself is written by people."""
    by_header = any(pattern.search(value) for name, pattern in AUTOMATIC_HEADERS.items() for value in headers.fields(message, name))
    by_part = bool(found & {"delivery-status", "disposition-notification", "report", "calendar-answer", "system-sender"})
    return by_header or by_part or "empty-return-path" in found or bool(AUTOMATIC_SUBJECT.match(subject))
