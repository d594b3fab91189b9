"""Nothing but an id, a step and the class of a failure crosses into Prefect."""

from __future__ import annotations

import pickle
import traceback

import pytest

from flows.border import StepFailed, step
from pipeline.domain.errors import (
    DispatchUncertain,
    MailboxError,
    MailboxRefused,
    MalformedMessage,
    StoreError,
    Unreadable,
    UnreadableReason,
)

SECRET = "Mrs Zanzibrook of 4 Hidden Lane"

FAILURES = [
    (MailboxError(SECRET), "MailboxError", "retry"),
    (MailboxRefused(SECRET), "MailboxRefused", "stop"),
    (MalformedMessage(SECRET), "MalformedMessage", "park"),
    (StoreError(SECRET), "StoreError", "stop"),
    (Unreadable(UnreadableReason.DAMAGED, SECRET), "Unreadable", "hold"),
    (DispatchUncertain(SECRET), "DispatchUncertain", "hold"),
    (ValueError(SECRET), "ValueError", "stop"),
    (KeyError(SECRET), "KeyError", "stop"),
    (UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), "UnicodeDecodeError", "stop"),
    (MemoryError(SECRET), "MemoryError", "stop"),
]


@pytest.mark.parametrize(("error", "kind", "outcome"), FAILURES, ids=lambda value: value if isinstance(value, str) else "")
async def test_only_id_step_and_class_cross(error: Exception, kind: str, outcome: str) -> None:
    """Neither the text of a failure nor its cause, its context or its local variables are in what crosses."""

    def work() -> None:
        words_of_the_message = SECRET
        assert words_of_the_message
        raise error from OSError(SECRET)

    with pytest.raises(StepFailed) as crossed:
        await step("01ABC", "process", work)

    failed = crossed.value
    assert (failed.submission, failed.step, failed.kind, failed.outcome) == ("01ABC", "process", kind, outcome)
    assert failed.__cause__ is None
    assert failed.__context__ is None
    told = "".join(traceback.TracebackException.from_exception(failed, capture_locals=False).format())
    for said in (str(failed), repr(failed), told, str(pickle.dumps(failed)), str(vars(failed))):
        assert "Zanzibrook" not in said


def test_what_crosses_survives_being_pickled() -> None:
    """Prefect pickles exceptions; this one comes back whole."""
    failed = pickle.loads(pickle.dumps(StepFailed("01ABC", "process", "StoreError", "stop")))

    assert (failed.submission, failed.step, failed.kind, failed.outcome) == ("01ABC", "process", "StoreError", "stop")
    assert str(failed) == "process of 01ABC failed: StoreError (stop)"


async def test_a_step_returns_what_the_work_returns() -> None:
    """The border is no burden where nothing goes wrong."""
    assert await step("01ABC", "process", lambda: 7) == 7
