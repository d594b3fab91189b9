"""The states of long-lived things, and every move between them that is allowed."""

from __future__ import annotations

from enum import StrEnum


class SubmissionState(StrEnum):
    """Where a submission stands."""

    RECEIVED = "received"  # its bytes are in the vault; the mailbox may be marked
    PARKED = "parked"  # could not be parsed, or a step failed for good; an operator may rerun it
    HELD = "held"  # a person must look
    RELEASED = "released"  # its letters are in the outbox
    RETURNED = "returned"  # a reviewer sent it back to its author
    QUARANTINED = "quarantined"  # suspicious; nothing leaves
    FILED = "filed"  # not a report; kept, passed to administration where that is due
    SENT = "sent"  # every letter has been accepted by the receiving server


SUBMISSION_MOVES: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.RECEIVED: frozenset(
        {SubmissionState.PARKED, SubmissionState.HELD, SubmissionState.RELEASED, SubmissionState.QUARANTINED, SubmissionState.FILED}
    ),
    SubmissionState.PARKED: frozenset({SubmissionState.RECEIVED}),
    SubmissionState.HELD: frozenset(
        {SubmissionState.RECEIVED, SubmissionState.RELEASED, SubmissionState.RETURNED, SubmissionState.QUARANTINED, SubmissionState.FILED}
    ),
    SubmissionState.RELEASED: frozenset({SubmissionState.SENT, SubmissionState.HELD}),
    SubmissionState.RETURNED: frozenset({SubmissionState.HELD}),
    SubmissionState.QUARANTINED: frozenset({SubmissionState.HELD, SubmissionState.RECEIVED}),
    SubmissionState.FILED: frozenset({SubmissionState.RECEIVED}),
    SubmissionState.SENT: frozenset(),
}


class DispatchState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENDING = "sending"  # intent recorded; a crash from here on leaves it uncertain
    SENT = "sent"
    PARTLY_SENT = "partly_sent"  # some recipients were refused
    DEFERRED = "deferred"  # put off by the server; tried again after a while
    REFUSED = "refused"  # refused for good; somebody must act
    UNCERTAIN = "uncertain"  # handed over, not confirmed


DISPATCH_MOVES: dict[DispatchState, frozenset[DispatchState]] = {
    DispatchState.QUEUED: frozenset({DispatchState.SENDING, DispatchState.REFUSED}),
    DispatchState.SENDING: frozenset(
        {DispatchState.SENT, DispatchState.PARTLY_SENT, DispatchState.DEFERRED, DispatchState.REFUSED, DispatchState.UNCERTAIN}
    ),
    DispatchState.DEFERRED: frozenset({DispatchState.SENDING, DispatchState.REFUSED}),
    DispatchState.PARTLY_SENT: frozenset({DispatchState.QUEUED, DispatchState.SENT}),
    DispatchState.REFUSED: frozenset({DispatchState.QUEUED}),
    DispatchState.UNCERTAIN: frozenset({DispatchState.SENT, DispatchState.QUEUED}),
    DispatchState.SENT: frozenset(),
}
