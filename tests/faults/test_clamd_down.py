"""The virus scanner is set and does not answer; and what it finds once it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desks import Desk, desk, with_file
from needs import require
from servers_clamd import EICAR, ClamdServer

from pipeline.domain.errors import ScannerError
from pipeline.domain.states import SubmissionState
from pipeline.extraction.antivirus import ClamdScanner
from pipeline.storyline import ATTEMPTS
from pipeline.thinking import Tools


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[ClamdServer]:
    """A clamd that has not been started."""
    server = ClamdServer(require("clamd"), tmp_path / "clamd")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def scanned(tmp_path: Path, tools: Tools, clamd: ClamdServer) -> Iterator[Desk]:
    """A gateway that shows every file to that clamd."""
    with desk(tmp_path, replace(tools, scanner=ClamdScanner(str(clamd.socket), seconds=20.0))) as made:
        yield made


def test_mail_waits_while_the_scanner_is_silent_and_goes_on_when_it_answers(scanned: Desk, clamd: ClamdServer, samples: Path) -> None:
    """However often it is tried, the message stays as received and nothing leaves; it is not set aside; then it is released."""
    submission = scanned.take((samples / "s01.eml").read_bytes())
    for _ in range(ATTEMPTS + 2):
        with pytest.raises(ScannerError):
            scanned.process(submission)
    assert scanned.state(submission) is SubmissionState.RECEIVED
    assert scanned.queued(submission) == []
    clamd.start()
    assert scanned.process(submission) is SubmissionState.RELEASED


def test_an_infected_message_is_quarantined_and_nothing_leaves(scanned: Desk, clamd: ClamdServer, samples: Path) -> None:
    """The file is not opened, the reviewer is told, and neither report nor feedback waits to be sent or could be."""
    clamd.start()
    submission = scanned.take(with_file((samples / "s01.eml").read_bytes(), "report.docx", EICAR))
    assert scanned.process(submission) is SubmissionState.QUARANTINED
    assert scanned.queued(submission) == []
    kept = scanned.kept(submission)
    assert kept.letters == ()
    assert any("virus" in reason for reason in kept.view["reasons"])
