"""Turns the bytes of one email into a Submission, whatever state they are in."""

from __future__ import annotations

import email
import re
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from zoneinfo import ZoneInfo

from pipeline.domain.errors import MalformedMessage, UnreadableReason
from pipeline.domain.mail import Address, Attachment, AuthenticationResult, Problem, Submission
from pipeline.domain.text import PersonalText
from pipeline.intake import authentication, headers, signals
from pipeline.intake.parts import Parts, collect

LONDON = ZoneInfo("Europe/London")

KNOWN = re.compile(
    r"from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|mime-version|content-type|delivered-to"
    r"|authentication-results|in-reply-to|references|content-transfer-encoding|dkim-signature|resent-from",
    re.I,
)
"""Fields of which at least one must be there: bytes with none of them are not mail."""


def parse(raw: bytes, *, collected: datetime, trusted: tuple[str, ...] = ()) -> Submission:
    """Reads the message once; what is odd in it is noted and read all the same.

    Args:
        raw: the bytes as they came.
        collected: when they were fetched (aware), for messages that carry no date of their own.
        trusted: names our receiving servers write into Authentication-Results; empty: the topmost field is believed.

    Raises:
        MalformedMessage: the bytes have no header field that mail has.
    """
    message, too_deep = _message(raw)
    parts = _unparsed(message, raw) if too_deep or message.get(headers.NOT_FETCHED) else collect(message)
    sender, sender_notes = _sender(message)
    subject = headers.field(message, "Subject")
    found = signals.markers(message, parts.types, sender, parts.calendar) | parts.markers
    results = headers.fields(message, "Authentication-Results")
    verdict = AuthenticationResult.NONE if sender_notes else authentication.judged(results, sender.domain, trusted=trusted)
    return Submission(
        raw=raw,
        message_id=headers.field(message, "Message-ID"),
        sender=sender,
        recipients=headers.addresses(message, "To", "Cc", "Delivered-To", "X-Original-To"),
        subject=PersonalText(subject),
        received=_received(message, collected).astimezone(LONDON),
        sent=headers.moment(headers.field(message, "Date")),
        body=parts.body,
        attachments=parts.attachments,
        authentication=verdict,
        automatic=signals.automatic(message, found, subject),
        markers=found,
        notes=(*_header_notes(message), *sender_notes, *parts.notes),
    )


def _message(raw: bytes) -> tuple[Message, bool]:
    """The parsed message, and whether it is nested too deep to be taken apart."""
    start = raw.lstrip(b"\xef\xbb\xbf\x00\r\n\t ")
    try:
        message, too_deep = email.message_from_bytes(start, policy=headers.TOLERANT), False
    except RecursionError:
        message, too_deep = BytesHeaderParser(policy=headers.TOLERANT).parsebytes(start), True
    if not any(KNOWN.fullmatch(name) for name in message):
        raise MalformedMessage("the bytes have none of the header fields of an email; look at the original and ask for it to be sent again")
    return message, too_deep


def _unparsed(message: Message, raw: bytes) -> Parts:
    """A message that is not taken apart, as one file that a person must look at."""
    detail = "the message has parts nested too deep to be opened"
    if message.get(headers.NOT_FETCHED):
        detail, raw = "the message is too large and was not downloaded: it is still in the mailbox", b""
    whole = Attachment(PersonalText("message.eml"), raw, "message/rfc822", problem=Problem(UnreadableReason.TOO_LARGE, detail))
    return Parts(attachments=(whole,), notes=(detail,))


def _sender(message: Message) -> tuple[Address, tuple[str, ...]]:
    """The address in From. More than one leaves open whom the receiving server vouched for, and is said."""
    found = headers.addresses(message, "From")
    if not found:
        sender = next(iter(headers.addresses(message, "Sender", "Return-Path")), Address(""))
        return sender, ("the message names no sender that can be read",)
    notes = ("the message names more than one sender",) if len({address.address for address in found}) > 1 else ()
    return found[0], notes


def _received(message: Message, collected: datetime) -> datetime:
    """The newest Received field's date, else Date, else the time of collection."""
    traces = (headers.moment(value.rpartition(";")[2]) for value in headers.fields(message, "Received"))
    newest = next((when for when in traces if when), None)
    return newest or headers.moment(headers.field(message, "Date")) or collected


def _header_notes(message: Message) -> tuple[str, ...]:
    ids = headers.fields(message, "Message-ID")
    notes = {
        "the message has no Message-ID": not any(ids),
        "the message has more than one Message-ID": len(ids) > 1,
        "the message names nobody it was sent to": not headers.addresses(message, "To", "Cc", "Delivered-To", "X-Original-To"),
    }
    return tuple(note for note, holds in notes.items() if holds)
