"""Opens a forwarded message: its text becomes a document under its own file name, followed by its files."""

from __future__ import annotations

import email
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.intake import headers
from pipeline.intake.budget import Budget, Spoiled
from pipeline.intake.parts import MESSAGES, collect

FIELDS = ("From", "To", "Cc", "Date", "Subject")
"""What a reader sees above a forwarded message, in this order."""

HEADER_BLOCK = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,200}\r?\n")
MAIL_ONLY = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Return-Path|X-Mailer|Content-Type):", re.I | re.M)
SAVED_PAGE = re.compile(rb"^(?:Snapshot-)?Content-Location:|^From:\s*<?Saved by", re.I | re.M)
RELATED = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
"""A page that a browser or Word saved (MHT) is laid out as a message; it has a reader of its own."""
NAMED = re.compile(rb"^(?:From|Subject|To):", re.I | re.M)
"""A text that merely begins with From: and To: lines is somebody's note; a message has fields only programs write."""


def recognises(attachment: Attachment) -> bool:
    """Whether the content is a message, by its first lines."""
    if attachment.declared_type in MESSAGES:
        return True
    block = HEADER_BLOCK.match(attachment.content[:65_536].lstrip(b"\xef\xbb\xbf\r\n"))
    return bool(block and NAMED.search(block[0]) and MAIL_ONLY.search(block[0]) and not _is_saved_page(attachment, block[0]))


def _is_saved_page(attachment: Attachment, block: bytes) -> bool:
    named = attachment.name.lower().endswith((".mht", ".mhtml"))
    return bool(RELATED.search(block)) and (named or bool(SAVED_PAGE.search(block)))


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:
    """The message's text with its From, To, Cc, Date and Subject above it, then its files.

    Raises:
        Exhausted: it holds too much.
        Spoiled: it cannot be parsed.
    """
    try:
        message = email.message_from_bytes(attachment.content.lstrip(b"\xef\xbb\xbf\r\n\t "), policy=headers.TOLERANT)
        parts = collect(message)
    except RecursionError:
        raise Spoiled from None
    if not message.keys() and parts.body is None:
        raise Spoiled
    budget.file()
    yield text_of(attachment, lines(message), parts.body)
    for file in parts.attachments:
        budget.file()
        budget.data(len(file.content))
        yield replace(file, container=attachment.name)


def lines(message: Message) -> list[tuple[str, str]]:
    """The fields a reader sees, decoded."""
    return [(name, headers.field(message, name)) for name in FIELDS if headers.field(message, name)]


def text_of(container: Attachment, head: list[tuple[str, str]], body: Attachment | None) -> Attachment:
    """The document a message's text makes: HTML where the message is, else plain."""
    content = body.content if body else b""
    if body and body.declared_type == "text/html":
        above = "".join(f"<div>{html.escape(name)}: {html.escape(value)}</div>" for name, value in head)
        opening = re.search(rb"<body[^>]*>", content, re.I)
        at = opening.end() if opening else 0
        whole, kind = content[:at] + above.encode() + content[at:], "text/html"
    else:
        whole, kind = ("\n".join(f"{name}: {value}" for name, value in head) + "\n\n").encode() + content, "text/plain"
    return Attachment(PersonalText(container.name), whole, kind, container=container.container)
