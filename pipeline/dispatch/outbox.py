"""Hands over the letters that are due, one by one, and records what became of each before the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain.errors import DispatchError, DispatchRefused, DispatchUncertain, NothingChanged
from pipeline.domain.ports import Clock, Handover, Outbox, Transport
from pipeline.domain.states import DispatchState

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after each failed try; the last holds for all that follow: a report that is hours late may miss its conference."""

PATIENCE = 3
"""So many letters put off in a row end the sweep: the server is not well, and each try may last until its timeout."""

GRACE = timedelta(minutes=15)
"""How long an uncertain letter may take to show up where sent mail is kept, before it is handed over again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one letter in this sweep; `failure` is one line without personal text, or empty."""

    dispatch: str
    state: DispatchState
    failure: str = ""


def deliver(outbox: Outbox, transport: Transport, clock: Clock, *, limit: int = 100) -> tuple[Delivery, ...]:
    """Hands over what is due. Letters put off are tried again later, those refused or uncertain wait for somebody.

    Raises:
        StoreError: what became of a letter could not be recorded; at the next start it is found to be uncertain.
    """
    done: list[Delivery] = []
    put_off = 0
    for dispatch in outbox.due(limit):
        try:
            handover = outbox.begin(dispatch)
        except NothingChanged:
            continue  # another worker was faster
        done.append(_hand_over(outbox, transport, handover, clock))
        put_off = put_off + 1 if done[-1].state is DispatchState.DEFERRED else 0
        if put_off >= PATIENCE:
            break
    return tuple(done)


def _hand_over(outbox: Outbox, transport: Transport, handover: Handover, clock: Clock) -> Delivery:
    dispatch = handover.dispatch
    try:
        receipt = transport.send(handover.letter, handover.recipients)
    except DispatchUncertain as error:
        outbox.doubt(dispatch, str(error))
        return Delivery(dispatch, DispatchState.UNCERTAIN, str(error))
    except DispatchRefused as error:
        outbox.refuse(dispatch, str(error))
        return Delivery(dispatch, DispatchState.REFUSED, str(error))
    except DispatchError as error:
        outbox.defer(dispatch, _next_try(handover, clock), str(error))
        return Delivery(dispatch, DispatchState.DEFERRED, str(error))
    state = outbox.record(dispatch, receipt, _next_try(handover, clock))
    codes = sorted({code for _, code in receipt.refused})
    return Delivery(dispatch, state, f"refused {' '.join(map(str, codes))}" if codes else "")


def _next_try(handover: Handover, clock: Clock) -> datetime:
    return clock() + BACK_OFF[min(handover.attempt, len(BACK_OFF)) - 1]


def settle(outbox: Outbox, arrived: Callable[[str], bool], clock: Clock, *, grace: timedelta = GRACE) -> tuple[Delivery, ...]:
    """Settles uncertain letters by looking for their Message-ID where sent or received mail is kept.

    One that is found was sent. One that is not there after `grace` is handed over again: a duplicate is better than a loss, and
    carries the same Message-ID. Without such a place to look a person settles them.

    Args:
        outbox: the letters.
        arrived: whether a message of this Message-ID is there.
        clock: the time.
        grace: how long to go on looking.
    """
    settled: list[Delivery] = []
    for doubt in outbox.uncertain():
        found = arrived(doubt.message_id)
        if found or clock() - doubt.since >= grace:
            outbox.settle(doubt.dispatch, arrived=found)
            settled.append(Delivery(doubt.dispatch, DispatchState.SENT if found else DispatchState.QUEUED))
    return tuple(settled)
