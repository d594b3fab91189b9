"""Without Prefect's server the service says so and goes on; with it back the mail is collected."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from roads import drained
from servers import free_port

from flows import service
from flows.workshop import Workshop, lent
from pipeline import gateway
from pipeline.domain.states import SubmissionState
from pipeline.storyline import Lane


def test_a_sweep_without_the_server_fails_and_the_next_goes_well(bare: Any, samples: Path, prefect_home: Path) -> None:
    """The failure is logged by its class, nothing is lost, and the story goes on once the server is back."""
    bare.deliver(samples / "s10.eml")
    outbox = gateway.outbox(bare.settings, bare.store)
    away = {PREFECT_API_URL: f"http://127.0.0.1:{free_port()}/api", PREFECT_CLIENT_MAX_RETRIES: 0}

    with drained(), lent(Workshop(bare.store, bare.tools, gateway.mailboxes(bare.settings), outbox)):
        with temporary_settings(away), structlog.testing.capture_logs() as logged:
            assert not asyncio.run(service._went_well(partial(service.sweep, Lane.SHORT)))
        assert [one["event"] for one in logged] == ["sweep failed"]
        assert "127.0.0.1" not in str(logged)

        assert asyncio.run(service.collect(return_state=True)).is_completed()
    with bare.store.reading() as work:
        assert [entry.state for entry in work.submissions.in_state(*SubmissionState)] == [SubmissionState.RECEIVED]
