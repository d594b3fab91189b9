"""The flow that hands over every letter that is due."""

from __future__ import annotations

from collections import Counter

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.border import StepFailed, step
from flows.workshop import workshop
from pipeline.domain.states import DispatchState

NEEDS_A_PERSON = frozenset({DispatchState.REFUSED, DispatchState.UNCERTAIN, DispatchState.PARTLY_SENT})


@task(name="hand over letters", persist_result=False, log_prints=False)
async def hand_over() -> dict[str, int]:
    """Hands over what is due; returns how many letters stand where. The outbox itself decides when one is tried again."""
    shop = workshop()
    return await step("-", "dispatch", lambda: dict(Counter(one.state.value for one in shop.outbox.deliver())))


@flow(name="dispatch", persist_result=False, log_prints=False)
async def dispatch() -> State[int]:
    """Hands over all that is due; a letter that needs a person makes the run fail, so that it is seen."""
    try:
        became = await hand_over()
    except StepFailed as failed:
        return Failed(message=str(failed))
    said = ", ".join(f"{number} {state}" for state, number in sorted(became.items())) or "no letter was due"
    trouble = any(DispatchState(state) in NEEDS_A_PERSON for state in became)
    return Failed(message=said) if trouble else Completed(message=said, data=sum(became.values()))
