"""Without tesseract a scan is held and says why; what needs no OCR goes its way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.states import SubmissionState
from pipeline.extraction.sandbox import WorkerPool


def test_a_scan_is_held_and_the_next_message_goes_on(gate: Any, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is not on the PATH of the reading process."""
    monkeypatch.setenv("PATH", "/nowhere")
    gate.deliver(samples / "s07.eml", samples / "s10.eml")
    gate.collect()

    with WorkerPool(workers=1) as pool:
        became = gate.process(pool)

    assert became == [SubmissionState.HELD, SubmissionState.FILED]
    assert any("could not be opened or read" in reason for reasons in gate.reasons() for reason in reasons)
