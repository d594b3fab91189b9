"""A database that another process keeps to itself is one line; afterwards everything goes on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.errors import StoreError
from pipeline.records import database


def test_a_locked_database_stops_the_step_and_loses_nothing(bare: Any, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the lock, say a backup, makes collecting fail with a line; once it is gone the message is taken in once."""
    monkeypatch.setattr(database, "BUSY_MS", 300)
    bare.deliver(samples / "s10.eml")
    other = sqlite3.connect(bare.settings.data_dir / "reportgate.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError) as failed:
        bare.collect()
    assert "\n" not in str(failed.value)
    other.execute("ROLLBACK")
    other.close()

    assert bare.collect() == 1
    assert bare.collect() == 0
