"""A pack that is changed while the gateway runs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import gateway
from pipeline.settings import Settings
from pipeline.thinking import assess

MESSAGE = (
    b"From: Dr A Example <a.example@nhs.net>\r\nTo: cp.reports.kent@nhs.net\r\nDate: Mon, 12 Oct 2026 10:00:00 +0100\r\n"
    b"Subject: apologies for the conference\r\nMessage-ID: <changed@nhs.net>\r\n\r\nI cannot come on 19 October 2026.\r\n"
)


def test_a_changed_pack_counts_at_the_second_message(rules_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second message is judged by the changed pack; an invalid one leaves that in force, with one line that says so."""
    shutil.copytree(rules_dir, tmp_path / "rules")
    rule = tmp_path / "rules" / "guidance" / "process" / "on-time.yaml"
    good = rule.read_text(encoding="utf-8")
    with gateway.thinking(Settings(rules_dir=tmp_path / "rules")) as tools:

        def version() -> str:
            return assess(MESSAGE, tools, collected=datetime(2026, 10, 12, 9, tzinfo=UTC)).scorecard.version

        first = version()
        rule.write_text(good.replace("weight: 5", "weight: 10"), encoding="utf-8")
        second = version()
        assert second != first
        rule.write_text(good.replace("weight: 5", "weight: heavy"), encoding="utf-8")
        assert version() == second
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("rules_not_used") == 1
    assert "on-time.yaml" in told.err
