"""The service that runs day and night: collect, process, dispatch, again and again, in one warm process."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

import structlog

from flows.collect import collect
from flows.dispatch import dispatch
from flows.leftovers import end_leftovers
from flows.process import process
from flows.workshop import opened
from pipeline import gateway, settings
from pipeline.domain.errors import ReportgateError
from pipeline.settings import Settings

log = structlog.get_logger("reportgate.service")


async def sweep() -> bool:
    """One round of the whole road; returns whether every part of it went well. A part that fails does not keep the next from running."""
    states = [
        await collect(return_state=True),
        await process(return_state=True),
        await dispatch(return_state=True),
    ]
    return all(state.is_completed() for state in states)


async def watch(chosen: Settings, *, every: timedelta, stop: asyncio.Event) -> None:
    """Sweeps until `stop` is set. Raises the alarm once no sweep has gone well for as long as the settings allow."""
    last_good = gateway.now()
    with opened(chosen):
        await end_leftovers()
        while not stop.is_set():
            if await _went_well():
                last_good = gateway.now()
            elif gateway.now() - last_good > timedelta(minutes=chosen.alarm_after_minutes):
                log.error("alarm", what="no sweep has gone well", minutes=int((gateway.now() - last_good).total_seconds() // 60))
            try:
                await asyncio.wait_for(stop.wait(), every.total_seconds())
            except TimeoutError:
                continue


async def _went_well() -> bool:
    """One sweep; what Prefect itself cannot do (its server away, its database locked) is a sweep that did not go well, and no end."""
    try:
        return await sweep()
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
