"""The flow that takes in new mail from every mailbox, and tells mailboxes where settled messages go."""

from __future__ import annotations

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.border import DELAYS, RETRIES, StepFailed, may_pass_by_itself, step
from flows.workshop import workshop
from pipeline import storyline


@task(
    name="collect from a mailbox",
    task_run_name="collect-{mailbox}",
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
    retry_condition_fn=may_pass_by_itself,
    persist_result=False,
    log_prints=False,
)
async def collect_from(mailbox: str) -> int:
    """Takes in what is new in one mailbox; returns how many messages."""
    shop = workshop()

    def work() -> int:
        with shop.mailbox(mailbox) as box:
            storyline.settle(shop.store, box)
            return sum(1 for _ in storyline.collect(shop.store, box))

    return await step("-", "collect", work)


@flow(name="collect", persist_result=False, log_prints=False)
async def collect() -> State[int]:
    """Collects from every mailbox; one that fails does not keep the others from being read."""
    taken, failed = 0, 0
    for mailbox in workshop().mailboxes:
        try:
            taken += await collect_from(mailbox.name)
        except StepFailed:
            failed += 1
    if failed:
        return Failed(message=f"{failed} mailbox(es) could not be read, {taken} message(s) taken in")
    return Completed(message=f"{taken} message(s) taken in", data=taken)
