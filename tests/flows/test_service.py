"""The service goes on whatever happens, and raises the alarm when nothing has gone well for too long."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from flows import service
from pipeline.settings import Settings

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Night:
    """A run of the service in which a sweep takes ten minutes of a clock of its own, and goes as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *sweeps: bool | Exception) -> None:
        self.now, self.sweeps, self.stop = START, list(sweeps), asyncio.Event()
        monkeypatch.setattr(service.gateway, "now", lambda: self.now)
        monkeypatch.setattr(service, "opened", lambda _: contextlib.nullcontext())
        monkeypatch.setattr(service, "sweep", self._sweep)
        monkeypatch.setattr(service, "long_lane", self._none_long)
        monkeypatch.setattr(service, "end_leftovers", self._none_left)
        monkeypatch.setattr("pipeline.leavings.sweep", lambda *_: 0)

    async def _sweep(self, _: object) -> bool:
        self.now += timedelta(minutes=10)
        went = self.sweeps.pop(0)
        if not self.sweeps:
            self.stop.set()
        if isinstance(went, Exception):
            raise went
        return went

    async def _none_long(self) -> bool:
        return True

    async def _none_left(self) -> int:
        return 0

    async def watched(self) -> list[Any]:
        """Runs the service until the last sweep; returns what it logged."""
        with structlog.testing.capture_logs() as logged:
            await service.watch(Settings(alarm_after_minutes=25), every=timedelta(0), stop=self.stop)
        return logged


async def test_the_alarm_is_raised_after_so_many_minutes_without_a_good_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice bad is twenty minutes and no alarm; the third time it is thirty."""
    assert await Night(monkeypatch, True, False, False).watched() == []

    (alarm,) = await Night(monkeypatch, True, False, False, False).watched()
    assert (alarm["event"], alarm["minutes"], alarm["log_level"]) == ("alarm", 30, "error")


async def test_a_good_sweep_ends_the_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad sweeps count from the last good one."""
    assert await Night(monkeypatch, False, False, True, False, False).watched() == []


async def test_a_sweep_that_prefect_cannot_do_does_not_end_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next sweep is made, and what is logged is the class of the failure without its text."""
    (failed,) = await Night(monkeypatch, RuntimeError("no API at http://prefect/Zanzibrook"), True).watched()

    assert (failed["event"], failed["failure"]) == ("sweep failed", "RuntimeError")
    assert "Zanzibrook" not in str(failed)


async def test_it_ends_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal sets `stop`; the sweep under way is finished and no other begun."""
    night = Night(monkeypatch, True)

    await asyncio.wait_for(night.watched(), timeout=10)

    assert night.sweeps == []
