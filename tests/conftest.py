"""Fixtures every test may use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS))  # `from needs import require` works wherever a test stands


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The labelled development messages: pairs of `<id>.eml` and `<id>.yaml`."""
    return TESTS / "corpus"


@pytest.fixture(scope="session")
def rules_dir() -> Path:
    """The rules as shipped."""
    return TESTS.parent / "rules"
