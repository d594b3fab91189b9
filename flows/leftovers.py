"""Ends in Prefect's records the runs that a killed process left behind, which would show as running for ever."""

from __future__ import annotations

import structlog
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterParentTaskRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed

from flows.collect import collect
from flows.dispatch import dispatch
from flows.process import process

log = structlog.get_logger("reportgate.service")

SWEPT = (collect.name, process.name, dispatch.name)
"""The flows that only the service runs, one at a time: at its start none can be running. A `process` within a `rerun` is another's."""
MOST = 200
"""Runs ended at one start; a killed service leaves one."""


async def end_leftovers() -> int:
    """Marks runs of the service's flows that still count as running as crashed; returns how many.

    Where Prefect cannot be asked, that is logged and nothing else: our own store knows what was done, these records only show it.
    """
    flows = FlowFilter(name=FlowFilterName(any_=list(SWEPT)))
    runs = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])),
        parent_task_run_id=FlowRunFilterParentTaskRunId(is_null_=True),
    )
    ended = 0
    try:
        async with get_client() as client:
            for run in await client.read_flow_runs(flow_filter=flows, flow_run_filter=runs, sort=FlowRunSort.ID_DESC, limit=MOST):
                await client.set_flow_run_state(run.id, Crashed(message="the service was ended from outside"), force=True)
                ended += 1
    except Exception as error:  # noqa: BLE001 - the service goes on; only the class is told, since Prefect's texts are not ours
        log.warning("leftover runs not ended", failure=type(error).__name__)
    if ended:
        log.warning("leftover runs ended", runs=ended)
    return ended
