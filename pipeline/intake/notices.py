"""Recognises what stands in place of a file: a mail gateway's notice, an encrypted wrapper, a link to somewhere else."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Problem

REPLACED = re.compile(
    r"(attach(ment|ed file)s?|file)[^\n]{0,120}?\b(was|were|has been|have been|is being)"
    r"\s+(removed|blocked|deleted|quarantined|stripped|scanned)"
    r"|removed (an? |the )?attachments?|blocked (an? |the )?attachments?"
    r"|safe attachments scan in progress|attachments? in this (message|email) (is|are) being scanned"
    r"|this is a message from the mailscanner",
    re.I,
)
WRAPPED = re.compile(
    r"message encryption by microsoft|office 365 message encryption"
    r"|you('ve| have) received (a|an) (secure|encrypted|protected) (message|e-?mail)"
    r"|private ?post|egress (secure|protect|switch)|switch\.egress\.com|to (open|read|view) this (secure|encrypted) (message|e-?mail)"
    r"|this message is protected with microsoft|encrypted_message\.htm"
    r"|(has sent|have been sent|been sent) (you )?(a|an) (secure|encrypted|protected) (message|e-?mail)"
    r"|registered envelope|proofpoint encryption|mimecast secure messag",
    re.I,
)
CLOUD = re.compile(
    r"https?://[^\s\"'<>/]{0,250}\b(sharepoint\.com|onedrive\.live\.com|1drv\.ms|drive\.google\.com|docs\.google\.com"
    r"|dropbox\.com|wetransfer\.com|we\.tl|transfernow\.net|fromsmash\.com|hightail\.com|filemail\.com|mega\.nz|sendsafely\.com"
    r"|sharefile\.(?:com|eu)|kiteworks\.com|egnyte\.com|quatrix\.it|objectiveconnect\.(?:com|co\.uk)|huddle\.(?:com|net)"
    r"|box\.com|icloud\.com|switch\.egress\.com)(?![\w.-])",
    re.I,
)
TAG = re.compile(r"</?[a-z!][^<>]{0,2000}>", re.I)
PROOFPOINT = re.compile(r"https?-3A__([\w.-]+?)(?=_|&|\s|$)")
MIMECAST = re.compile(r"[?&]domain=([\w.-]+)")
BODY_MARKERS = {"attachment-removed": REPLACED, "encrypted-wrapper": WRAPPED, "cloud-link": CLOUD}
"""Marker, and the words in the text of a message that set it."""

LONGEST_NOTICE = 6_000
"""Bytes; a notice is short, a report that mentions one is not."""


def _as_meant(text: str) -> str:
    """The text without markup, and with the addresses that filters for links wrap in their own (Microsoft's, Proofpoint's, Mimecast's)."""
    bare = html.unescape(TAG.sub(" ", text))
    unwrapped = unquote(unquote(html.unescape(text)))
    unwrapped = PROOFPOINT.sub(r"https://\1/", MIMECAST.sub(r" https://\1/ ", unwrapped))
    return re.sub(r"[ \t]+", " ", bare) + "\n" + unwrapped


def notice_in_body(text: str) -> set[str]:
    """The markers that the text of a message earns."""
    meant = _as_meant(text)
    return {marker for marker, pattern in BODY_MARKERS.items() if pattern.search(text) or pattern.search(meant)}


def notice_in_file(content: bytes, kind: str) -> Problem | None:
    """The problem with a text file that only stands for another one, or None."""
    if not kind.startswith("text/") or kind == "text/calendar":
        return None
    text = content.decode("utf-8", "replace")
    text = f"{text}\n{html.unescape(TAG.sub(' ', text))}"
    if len(content) <= LONGEST_NOTICE and REPLACED.search(text):
        return Problem(UnreadableReason.REPLACED, "a mail gateway took the file out and left a notice in its place")
    if kind == "text/html" and WRAPPED.search(text):
        return Problem(UnreadableReason.ENCRYPTED, "the file is an encrypted message that opens on a web site only")
    return None
