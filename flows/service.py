"""The service that runs day and night: collect, process, dispatch, again and again, in one warm process."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog

from flows.collect import collect
from flows.dispatch import dispatch
from flows.leftovers import end_leftovers
from flows.process import process
from flows.workshop import opened
from pipeline import gateway, leavings, settings
from pipeline.domain.errors import ReportgateError
from pipeline.settings import Settings
from pipeline.storyline import Lane

Round = Callable[[], Awaitable[bool]]

log = structlog.get_logger("reportgate.service")


async def sweep(lane: Lane | None = None) -> bool:
    """One round of the road, for all mail or for that of one lane; returns whether every part of it went well.

    A part that fails does not keep the next from running.
    """
    states = [
        await collect(return_state=True),
        await process(lane=lane, return_state=True),
        await dispatch(return_state=True),
    ]
    return all(state.is_completed() for state in states)


async def long_lane() -> bool:
    """One round of the long lane, which only processes: mailboxes and letters are the sweep's, a minute later at most."""
    state = await process(lane=Lane.LONG, return_state=True)
    return bool(state.is_completed())


async def tidied(chosen: Settings) -> bool:
    """One round of tidying: pages and files that a preview or a killed process left open on the disk are deleted."""
    if swept := await asyncio.to_thread(leavings.sweep, chosen.data_dir, gateway.now()):
        log.warning("leavings deleted", folders=swept)
    return True


async def watch(chosen: Settings, *, every: timedelta, stop: asyncio.Event) -> None:
    """Sweeps until `stop` is set, and works beside that at what takes long, so that no short report waits for a long scan.
    What was left lying open on the disk is deleted at the start, and each time round.

    Raises the alarm once no round of either has gone well for as long as the settings allow.
    """
    patience = timedelta(minutes=chosen.alarm_after_minutes)
    with opened(chosen):
        await end_leftovers()
        rounds: tuple[Round, ...] = (partial(tidied, chosen), partial(sweep, Lane.SHORT), long_lane)
        await asyncio.gather(*(_again(one, every=every, patience=patience, stop=stop) for one in rounds))


async def _again(once: Round, *, every: timedelta, patience: timedelta, stop: asyncio.Event) -> None:
    last_good = gateway.now()
    while not stop.is_set():
        if await _went_well(once):
            last_good = gateway.now()
        elif gateway.now() - last_good > patience:
            log.error("alarm", what="no sweep has gone well", minutes=int((gateway.now() - last_good).total_seconds() // 60))
        try:
            await asyncio.wait_for(stop.wait(), every.total_seconds())
        except TimeoutError:
            continue


async def _went_well(once: Round) -> bool:
    """One round; what Prefect itself cannot do (its server away, its database locked) is a round that did not go well, and no end."""
    try:
        return await once()
    except Exception as error:  # noqa: BLE001 - the service goes on; only the class is told, since Prefect's texts are not ours
        failure = type(error).__name__
    log.error("sweep failed", failure=failure)
    return False


def main() -> None:
    """Watches the mailboxes of the settings until the process is told to end. What keeps it from starting is one line and exit code 1."""

    async def run() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await watch(settings.load(), every=timedelta(seconds=60), stop=stop)

    try:
        asyncio.run(run())
    except ReportgateError as error:
        sys.exit(f"reportgate: {error}")


if __name__ == "__main__":
    main()
