"""The error tree; each class declares what becomes of the work it stopped.

ReportgateError                 (stop)   base of all; its text is one line for an operator and holds no personal text
├── SettingsError               (stop)   a setting is wrong, or a secret is missing
├── RulesError                  (stop)   a pack, rule, directory entry or lexicon cannot be used
├── StoreError                  (stop)   the database is unreachable, or from a newer version
├── VaultError                  (stop)   the key is missing or does not open the originals
├── MailboxError                (retry)  the mailbox could not be reached or answered with nonsense
│   └── MailboxRefused          (stop)   wrong password, expired secret, unknown folder, untrusted certificate
├── ScannerError                (retry)  the virus scanner is set and does not answer: mail waits unopened
├── MalformedMessage            (park)   bytes that no reader of mail can parse
├── Unreadable                  (hold)   a file that could not be read in full; its reason says why
├── NotFullySearched            (hold)   a text that recognition could not search to its end
├── ResidueFound                (hold)   something the plan removes can still be read in what would leave
├── NothingChanged              (stop)   an operator asked for something that is not there or not allowed now
└── DispatchError               (retry)  the mail server put the letter off (4xx, or no answer)
    ├── DispatchRefused         (stop)   the mail server will not take it (5xx), or an address may not be sent to
    └── DispatchUncertain       (hold)   the connection broke after the letter was handed over
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Outcome(StrEnum):
    """What happens to the work an error stopped."""

    PARK = "park"
    """The message is set aside with its bytes and the reason; the next one is taken."""
    HOLD = "hold"
    """A person looks before anything leaves."""
    RETRY = "retry"
    """The same step is tried again later; nothing has been lost."""
    STOP = "stop"
    """Nothing more is done until somebody mends the cause."""


class ReportgateError(Exception):
    """Something the gateway could not do. The message is one line that says what to do, without personal text."""

    outcome: ClassVar[Outcome] = Outcome.STOP


class SettingsError(ReportgateError):
    """A setting is missing or wrong; the message names the key and the mend."""


class RulesError(ReportgateError):
    """A file under rules/ cannot be used; the message names file and line."""


class StoreError(ReportgateError):
    """The database cannot be reached, or was written by a newer version."""


class VaultError(ReportgateError):
    """The key to the originals is missing, or does not open them."""


class MailboxError(ReportgateError):
    """The mailbox could not be reached, or broke off; tried again later."""

    outcome = Outcome.RETRY


class MailboxRefused(MailboxError):
    """The mailbox refused us; somebody must mend a password, a certificate or a name first."""

    outcome = Outcome.STOP


class ScannerError(ReportgateError):
    """The virus scanner is set and does not answer; nothing is opened until it does."""

    outcome = Outcome.RETRY


class MalformedMessage(ReportgateError):
    """Bytes that cannot be parsed as a message."""

    outcome = Outcome.PARK


class UnreadableReason(StrEnum):
    """Why a file could not be read in full."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    REPLACED = "replaced"  # a mail gateway took the file out and left a notice
    TOOL_MISSING = "tool_missing"
    EMPTY = "empty"
    INFECTED = "infected"


class Unreadable(ReportgateError):
    """A file that could not be read in full. `reason` decides what the sender and the reviewer are told."""

    outcome = Outcome.HOLD

    def __init__(self, reason: UnreadableReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def __reduce__(self) -> tuple[type[Unreadable], tuple[UnreadableReason, str]]:
        return (type(self), (self.reason, str(self)))  # crosses the border of the reading process


class NotFullySearched(ReportgateError):
    """Recognition gave up part of the way through a text."""

    outcome = Outcome.HOLD


class ResidueFound(ReportgateError):
    """Text that the plan removes is still in the bytes that would leave, or text that stays cannot be read there."""

    outcome = Outcome.HOLD


class NothingChanged(ReportgateError):
    """What was asked for is not there, or not allowed in its present state; nothing was changed."""


class DispatchError(ReportgateError):
    """The mail server put the letter off; it is tried again."""

    outcome = Outcome.RETRY


class DispatchRefused(DispatchError):
    """The mail server will not take the letter, or its address may not be sent to."""

    outcome = Outcome.STOP


class DispatchUncertain(DispatchError):
    """The connection broke after the letter was handed over: it may or may not have been taken."""

    outcome = Outcome.HOLD
