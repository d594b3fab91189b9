"""The words of a message that its sender wrote for this occasion: without markup, and without the messages quoted below."""

from __future__ import annotations

import html
import re

from pipeline.domain.mail import Submission

QUOTE_BEGINS = re.compile(
    r"^\s*(_{10,}|-{2,}\s*(original|forwarded) message\s*-{2,}|begin forwarded message:|on .{5,120}\bwrote:|>)"
    r"|^\s*\**from:\**\s.*\n(\s*\**(sent|date|to|subject|cc):\**\s.*\n?)+",
    re.I | re.M,
)
MARKUP = re.compile(r"<(script|style|head)\b.*?</\1>|<!--.*?-->", re.I | re.S)
BREAKS = re.compile(r"<(br|/p|/div|/tr|/li|/h[1-6]|hr)\b[^>]*>", re.I)
TAG = re.compile(r"<[^>]*>")
LONGEST = 100_000
"""Characters of a message that are looked at; what kind of mail it is shows in far fewer."""

FEWEST = 8
"""Words; with fewer above the quotation the sender only passes on what is quoted, and that is what the mail says."""

FOLDED = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\xa0": " "})


def text_of(submission: Submission) -> str:
    """The text of the message, with tags taken out where it is HTML."""
    if submission.body is None:
        return ""
    text = submission.body.content.decode("utf-8", "replace")[:LONGEST]
    if submission.body.declared_type == "text/html":
        text = html.unescape(TAG.sub("", BREAKS.sub("\n", MARKUP.sub("", text))))
    return text.translate(FOLDED)


def own_words(submission: Submission) -> str:
    """The sender's own words, with runs of white space as one space; all of the text where hardly any are his own."""
    text = text_of(submission)
    quote = QUOTE_BEGINS.search(text)
    own = text[: quote.start()] if quote else text
    chosen = own if len(own.split()) >= FEWEST else text
    return re.sub(r"\s+", " ", chosen).strip()
