"""Fixtures every test may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is required (in CI), a skip for whatever reason is a failure; an expected failure stays one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("REPORTGATE_REQUIRE_ALL"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REPORTGATE_REQUIRE_ALL says that every test must run: {report.longrepr}"
    return report


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names long bytes by their argument: a zip made for a test holds the time of day, and two workers must agree on the tests' names."""
    return argname if isinstance(val, bytes) and len(val) > 24 else None
