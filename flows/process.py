"""The flow that assesses what was received; also the one to rerun single submissions with."""

from __future__ import annotations

import structlog
from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.border import DELAYS, RETRIES, STOPS_ALL, StepFailed, may_pass_by_itself, step
from flows.workshop import workshop
from pipeline import gateway, storyline
from pipeline.storyline import Lane

log = structlog.get_logger("reportgate.process")


@task(
    name="process a submission",
    task_run_name="process-{submission}",
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
    retry_condition_fn=may_pass_by_itself,
    persist_result=False,
    log_prints=False,
)
async def process_one(submission: str) -> str:
    """Assesses one submission and does what its decision says; returns the state it is in now."""
    shop = workshop()
    state = await step(submission, "process", lambda: storyline.process(shop.store, shop.tools, submission, gateway.now))
    return state.value


@task(name="settle a mailbox", task_run_name="settle-{mailbox}", persist_result=False, log_prints=False)
async def settle(mailbox: str) -> int:
    """Tells one mailbox where its messages go; returns how many."""
    shop = workshop()

    def work() -> int:
        with shop.mailbox(mailbox) as box:
            return storyline.settle(shop.store, box)

    return await step("-", "settle", work)


@flow(name="process", persist_result=False, log_prints=False)
async def process(submissions: list[str] | None = None, lane: Lane | None = None) -> State[int]:
    """Processes the submissions named, or everything received, or what of it belongs to one lane; then tells the mailboxes.

    A failure of one does not stop the next. The long lane leaves the mailboxes to the short one, which comes round every minute: a mailbox
    is connected to once at a time.
    """
    shop = workshop()
    if submissions is None:
        try:
            submissions = await step("-", "list", lambda: storyline.waiting(shop.store, *([lane] if lane else [])))
        except StepFailed as stopped:
            return Failed(message=str(stopped))
    failed = 0
    for submission in submissions:
        try:
            await process_one(submission)
        except StepFailed as stopped:
            failed += 1
            if stopped.kind in STOPS_ALL:
                log.error("alarm", what="mail waits unopened: something that every message needs does not answer", failure=stopped.kind)  # noqa: TRY400 - a traceback may quote
                break
    for mailbox in shop.mailboxes if lane is not Lane.LONG else ():
        try:
            await settle(mailbox.name)
        except StepFailed:
            failed += 1
    done = f"{len(submissions)} submission(s) processed"
    return Failed(message=f"{done}, {failed} step(s) failed") if failed else Completed(message=done, data=len(submissions))


@flow(name="rerun", persist_result=False, log_prints=False)
async def rerun(submission: str, actor: str) -> State[int]:
    """Has one submission assessed again, from the bytes in the vault."""
    shop = workshop()
    await step(submission, "rerun", lambda: storyline.rerun(shop.store, submission, actor=actor))
    outcome: State[int] = await process([submission], return_state=True)  # type: ignore[assignment]  # a flow that returns a state wraps none
    return outcome
