"""The virus scanner is set and does not answer: what the flow does with the mail that waits, and what it says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from needs import require
from roads import drained
from servers_clamd import ClamdServer

from flows import process as processing
from flows.workshop import lent
from pipeline import storyline
from pipeline.domain.errors import MalformedMessage, ScannerError
from pipeline.domain.states import SubmissionState
from pipeline.extraction.antivirus import ClamdScanner
from pipeline.extraction.sandbox import InProcess
from pipeline.intake.budget import Limits
from pipeline.thinking import Tools


class Asked(ClamdScanner):
    """The scanner, counting how often it was asked in vain."""

    silent = 0

    def scan(self, content: bytes) -> Any:
        """Asks clamd."""
        try:
            return super().scan(content)
        except ScannerError:
            self.silent += 1
            raise


def tools(scanner: ClamdScanner) -> Tools:
    """What comes before the scanner's answer; of what comes after there is nothing."""
    nothing = cast("Any", None)
    return Tools(
        sandbox=InProcess(),
        engine=nothing,
        library=nothing,
        directory=nothing,
        limits=Limits(),
        reading=nothing,
        copying=nothing,
        sender="gate@reports.example",
        scanner=scanner,
    )


def test_mail_waits_unopened_and_the_alarm_is_raised_at_once(shop: Any, message: Any, tmp_path: Path) -> None:
    """One message finds the scanner silent: the alarm names that, no other is tried in vain, all wait as received, and nothing leaves."""
    shop.deliver(*(message(number) for number in range(3)))
    with shop.workshop.mailbox("reports") as box:
        assert len(list(storyline.collect(shop.workshop.store, box))) == 3
    scanner = Asked(str(tmp_path / "no-clamd"), seconds=2.0)
    with lent(replace(shop.workshop, tools=tools(scanner))), structlog.testing.capture_logs() as logged, drained():
        state = asyncio.run(processing.process(return_state=True))
    assert state.is_failed()
    assert [entry["failure"] for entry in logged if entry["event"] == "alarm" and entry["log_level"] == "error"] == ["ScannerError"]
    assert scanner.silent == 1
    assert shop.states() == [SubmissionState.RECEIVED] * 3
    assert not any((tmp_path / "out").rglob("*.*"))


def test_the_alarm_ends_with_a_scanner_that_answers(shop: Any, message: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same mail goes on at the next sweep, past a real clamd, with nobody doing anything."""
    shop.deliver(message(1))
    with shop.workshop.mailbox("reports") as box:
        list(storyline.collect(shop.workshop.store, box))
    monkeypatch.setattr(storyline, "assess", _scanned_only)
    with ClamdServer(require("clamd"), tmp_path / "clamd") as clamd:
        ready = replace(shop.workshop, tools=tools(ClamdScanner(str(clamd.socket), seconds=20.0)))
        with lent(ready), structlog.testing.capture_logs() as logged, drained():
            asyncio.run(processing.process(return_state=True))
    assert [entry for entry in logged if entry["event"] == "alarm"] == []
    assert shop.states() == [SubmissionState.PARKED]


def _scanned_only(raw: bytes, given: Tools, **_: Any) -> Any:
    """Shows the message to the scanner and ends there, in a way that sets it aside."""
    assert given.scanner is not None
    assert given.scanner.scan(raw) is None
    raise MalformedMessage("enough")
