"""Weighs the signs that a message is meant to deceive: a forged sender, answers led elsewhere, a lure, a program sent as a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.domain.mail import AuthenticationResult, Submission
from pipeline.domain.people import Reading

ENOUGH = 3.0
"""The weight from which a message is suspicious. A failed authentication alone (2) is not: honest mail fails it too when forwarded."""

WEBMAIL = re.compile(
    r"(?:^|\.)(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|aol|icloud|me|gmx|proton(mail)?|pm|mail|tutanota|zoho|yandex)"
    r"\.(com|co\.uk|net|org|me|ru|uk)$"
)
PUBLIC = re.compile(
    r"(^|\.)(nhs\.(net|uk|scot|wales)|gov\.(uk|scot|wales)|llyw\.cymru|hscni\.net|sch\.uk|ac\.uk|police\.uk|mod\.uk"
    r"|parliament\.uk|cjsm\.net)$"
)
"""Domains only public bodies of the United Kingdom are given."""

TWIN = re.compile(r"n[-.]?h[-.]?s[-.]?(e?mail|net|uk|secure)|secure[-.]?nhs|gov[-.]?uk|gcsx|gsi\.")
"""A domain made to be taken for nhs.net, nhs.uk or gov.uk; whether it is one, PUBLIC says."""

COUSIN = re.compile(r"n[-.]?h[-.]?s(?=$|[-.\d]|trust)|(^|[-.])(gov|council)[-.]")
"""A domain that only has their names in it, as a real practice's might."""

ELSEWHERE = re.compile(
    r"\b(reply|respond|answer|write|send|e-?mail|use|forward|return)\w*\b[^.!?]{0,120}?[\w.+'-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)"
)
REPLY_LINE = re.compile(r"\breply-to:\s*<?[\w.+'-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")

EXCUSE = re.compile(
    r"\b(account|mail(box)?|inbox|e-?mail|address|system)\b[^.!?]{0,60}\b(is|are|has been|being|was|is currently)\b[^.!?]{0,20}"
    r"\b(migrat|upgrad|mov|clos|lock|chang|suspend|replac|hack|full|down)\w*"
    r"|\b(do not|don't|please don't|cannot|can't)\b[^.!?]{0,30}\b(usual|old|normal|nhs|work|nhs\.net) (address|account|e-?mail|inbox|mail)"
    r"|\b(new|temporary|personal|this|private) (e-?mail |mail )?(address|account|one)\b[^.!?]{0,40}\b(for now|from now|instead"
    r"|until|for anything)"
    r"|\buse this (one|address|account)\b|\bcan(no|')t get (at|into) my\b[^.!?]{0,20}\b(inbox|mail|account)"
)
WANTS = re.compile(
    r"\b(send|let me have|let us have|forward|share|give|provide|confirm|tell|supply|need|reply)\b[^.!?]{0,100}"
    r"\b((other|all|any) (agenc\w+|reports?|professionals?)|agencies' reports|minutes|(new|current|present|home|mother's|mum's"
    r"|her|full|their) "
    r"(new )?(address|whereabouts|location|telephone|phone|mobile|school)|whereabouts|where (she|he|they|mum"
    r"|mother)\b[^.!?]{0,20}\b(is|are|live|stay)"
    r"|link to join|joining link|full (patient |medical )?records?|dates? of birth|passwords?|pass ?codes?|bank details|log-?in)\b"
)
PHISHING = re.compile(
    r"\b(verify|validate|confirm|update|re-?activate|unlock|restore) (your|the) (account|mailbox|identity|password|e-?mail"
    r"|log-?in|credentials|details)"
    r"|\b(mailbox|account|password)\b[^.!?]{0,40}\b(expires?|expired|expiring|will be (closed|deactivated|suspended|deleted)"
    r"|quota|storage (limit|is full))"
    r"|\b(click|log ?in|sign ?in)\b[^.!?]{0,40}\b(here|below|link)\b[^.!?]{0,80}\b(password|credentials|account|mailbox|document"
    r"|view|avoid)"
    r"|\benable (content|macros|editing)\b|\bgift cards?\b|\bwire transfer\b|\bbitcoin\b"
)
PRESSURE = re.compile(
    r"\b(urgent(ly)?|immediately|asap|tonight|before \d{1,2}(:|\.)?\d{0,2} ?(am|pm)?( today)?|within (the|an|one) hour"
    r"|final (notice|warning))\b"
)

PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00", b"#!", b"\xcf\xfa\xed\xfe")
"""First bytes of programs: Windows, Linux, Java, a Windows shortcut, scripts, macOS."""

PROGRAM_NAME = re.compile(
    r"\.(exe|scr|com|pif|bat|cmd|jse?|vb[se]|ws[fh]|hta|lnk|ps1|jar|msix?|iso|img|vhdx?|cpl|reg|chm|xll|one|appref-ms|library-ms"
    r"|search-ms)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What the signs look at: the message, its words in lower case, and its files."""

    submission: Submission
    words: str
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that is rare in honest mail, and how much it weighs."""

    name: str
    weight: float
    holds: Callable[[Letter], bool]


def _says(pattern: re.Pattern[str]) -> Callable[[Letter], bool]:
    return lambda letter: bool(pattern.search(letter.words))


def _forged(letter: Letter) -> bool:
    return letter.submission.authentication is AuthenticationResult.FAIL


def _imitates(pattern: re.Pattern[str]) -> Callable[[Letter], bool]:
    def holds(letter: Letter) -> bool:
        domain = letter.submission.sender.domain
        return bool(pattern.search(domain)) and not PUBLIC.search(domain)

    return holds


def _led_elsewhere(letter: Letter) -> bool:
    """Whether answers are to go to webmail, or to a look-alike, that is not where the message says it comes from."""
    sender = letter.submission.sender.domain
    named = [match.group("domain") for pattern in (ELSEWHERE, REPLY_LINE) for match in pattern.finditer(letter.words)]
    foreign = [domain for domain in named if domain != sender and not PUBLIC.search(domain)]
    return "reply-to-elsewhere" in letter.submission.markers or bool(foreign)


def _webmail(letter: Letter) -> bool:
    return bool(WEBMAIL.search(letter.submission.sender.domain))


def _program(letter: Letter) -> bool:
    files = [reading.document.attachment for reading in letter.readings] or list(letter.submission.attachments)
    return any(file.content.startswith(PROGRAMS) or PROGRAM_NAME.search(file.name) for file in (*files, *letter.submission.attachments))


SIGNS = (
    Sign("a program is sent as a file", 3, _program),
    Sign("the sender's domain is made to look like a secure one", 3, _imitates(TWIN)),
    Sign("the sender's domain has the name of a secure one in it", 1, _imitates(COUSIN)),
    Sign("authentication failed", 2, _forged),
    Sign("answers are led elsewhere", 1.5, _led_elsewhere),
    Sign("it asks for credentials", 2, _says(PHISHING)),
    Sign("it asks for what only the conference should have", 1, _says(WANTS)),
    Sign("it excuses a strange address", 1, _says(EXCUSE)),
    Sign("it comes from webmail", 0.5, _webmail),
    Sign("it presses for time", 0.5, _says(PRESSURE)),
)


def weight(submission: Submission, words: str, readings: Sequence[Reading]) -> float:
    """The signs that hold, added up."""
    letter = Letter(submission, words, readings)
    return sum(sign.weight for sign in SIGNS if sign.holds(letter))


def signs(submission: Submission, words: str, readings: Sequence[Reading]) -> tuple[str, ...]:
    """The names of the signs that hold, for tests and for whoever wonders."""
    letter = Letter(submission, words, readings)
    return tuple(sign.name for sign in SIGNS if sign.holds(letter))
