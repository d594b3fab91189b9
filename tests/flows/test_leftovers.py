"""What a killed service left running in Prefect's records is ended when the next one starts, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.states import Completed, Running, State

from flows import leftovers
from flows.collect import collect
from flows.dispatch import dispatch
from flows.process import process, rerun


async def test_runs_of_a_killed_service_are_ended(prefect_home: Path) -> None:
    """Running sweeps become crashed; finished ones and reruns stay as they are."""
    given: list[tuple[Flow[..., object], State[object]]] = [
        (collect, Running()),
        (process, Running()),
        (dispatch, Completed()),
        (rerun, Running()),
    ]
    async with get_client() as client:
        runs = [
            await client.create_flow_run(flow, state=state, parameters={"submission": "S-1", "actor": "a"} if flow is rerun else {})
            for flow, state in given
        ]
        with structlog.testing.capture_logs() as logged:
            assert await leftovers.end_leftovers() == 2
            assert await leftovers.end_leftovers() == 0
        types = [state.type for run in runs if (state := (await client.read_flow_run(run.id)).state)]
    assert types == [StateType.CRASHED, StateType.CRASHED, StateType.COMPLETED, StateType.RUNNING]
    assert [one["event"] for one in logged] == ["leftover runs ended"]


async def test_prefect_that_does_not_answer_keeps_no_service_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class of the failure is logged, without its text."""

    def refused() -> None:
        raise ConnectionError("http://prefect/Zanzibrook")

    monkeypatch.setattr(leftovers, "get_client", refused)
    with structlog.testing.capture_logs() as logged:
        assert await leftovers.end_leftovers() == 0
    assert [(one["event"], one["failure"]) for one in logged] == [("leftover runs not ended", "ConnectionError")]
