"""A message as large as mailboxes let through is read in full by the settings' defaults. `make slow` does it with 300 pages and 35 MB."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from long_messages import LINES, marked, message
from needs import require

from pipeline import gateway
from pipeline.domain.documents import Document
from pipeline.settings import Settings
from pipeline.thinking import assess

PAGES = int(os.environ.get("LONG_PAGES", "6"))
"""How many; every run does a few, so that the way itself is always tried."""


def found(document: Document) -> float:
    """The share of the lines' marks that were read."""
    words = set(document.text.split())
    marks = [marked(page.number, line) for page in document.pages for line in range(LINES)]
    return sum(mark in words for mark in marks) / len(marks)


@pytest.mark.timeout(7200)
def test_a_long_message_goes_through_by_the_defaults(rules_dir: Path) -> None:
    """Nothing is cut off: every page of report and scan is read, within the time and size that the defaults allow."""
    require("tesseract")
    raw = message(PAGES)
    with gateway.thinking(Settings(rules_dir=rules_dir)) as tools:
        begun = time.monotonic()
        assessment = assess(raw, tools, collected=datetime(2026, 11, 16, 12, 0, tzinfo=UTC))
        taken = time.monotonic() - begun
    print(f"\n{len(raw) / 1e6:.1f} MB, {PAGES} pages: {taken:.0f} s")
    report, scan = (reading.document for reading in assessment.case.readings if reading.document.pages)
    assert (report.problem, scan.problem) == (None, None)
    assert len(report.pages) + len(scan.pages) == PAGES
    assert found(report) == 1.0
    assert found(scan) > 0.95, "OCR errs, but no page may be missing"
    assert PAGES < 300 or len(raw) > 33_000_000
