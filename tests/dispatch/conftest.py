"""A mail server over TLS for every test of dispatch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers_smtp import SmtpSink


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """A server on STARTTLS that asks for no login."""
    with SmtpSink(tmp_path) as server:
        yield server
