"""A gateway killed with `kill -9` between two steps loses nothing and sends nothing twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from roads import TO, USER, Road

from pipeline.domain.states import DispatchState, SubmissionState

CHILD = Path(__file__).with_name("dying_child.py")
REPORT, LOCKED = "s03", "s09"
pytestmark = pytest.mark.timeout(600)


def _killed(road: Road, folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, str(CHILD), str(folder / "reportgate.toml"), *words], capture_output=True, timeout=300, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


PROCESSING = [
    ("before anything is thought", "pipeline.thinking", "mime.parse"),
    ("before it is saved", "pipeline.storyline", "_save"),
]


@pytest.mark.parametrize(("place", "name"), [case[1:] for case in PROCESSING], ids=[case[0] for case in PROCESSING])
def test_killed_before_saving_it_is_as_if_it_had_not_begun(
    make_road: Callable[[str], Road], samples: Path, tmp_path: Path, place: str, name: str
) -> None:
    """The submission still waits, no letter was queued, and the next processing decides it."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, (samples / f"{REPORT}.eml").read_bytes())
    road.collect()

    _killed(road, tmp_path, "process", place, name)
    assert list(road.states().values()) == [SubmissionState.RECEIVED]
    assert road.folder("") == 1

    assert road.process() == [SubmissionState.HELD]
    assert (road.folder(""), road.folder(".Held")) == (0, 1)


def test_killed_after_saving_the_mailbox_is_told_later(make_road: Callable[[str], Road], samples: Path, tmp_path: Path) -> None:
    """The decision stands, its letter is queued once, and the mailbox hears of it at the next collection."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, (samples / f"{LOCKED}.eml").read_bytes())
    road.collect()

    _killed(road, tmp_path, "process", "pipeline.storyline", "_save", "after")
    assert list(road.states().values()) == [SubmissionState.HELD]
    assert road.folder("") == 1

    assert road.collect() == []
    assert road.process() == []
    assert (road.folder(""), road.folder(".Held")) == (0, 1)
    road.dispatch()
    road.dispatch()
    assert len(road.sink.taken) == 1


def test_killed_in_the_middle_of_collecting_nothing_comes_twice(make_road: Callable[[str], Road], samples: Path, tmp_path: Path) -> None:
    """Killed after the first of three was taken in: the other two come next, and the first does not come again."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, *((samples / f"{name}.eml").read_bytes() for name in ("s10", "s11", "s12")))

    _killed(road, tmp_path, "collect", "pipeline.records.store", "Work.commit", "after")
    assert len(road.states()) == 1

    assert len(road.collect()) == 2
    assert len(road.states()) == 3


@pytest.mark.parametrize(("when", "arrived"), [((), 0), (("after",), 1)], ids=["before it left", "after it left"])
def test_killed_while_handing_over_the_letter_is_uncertain_and_not_sent_again(
    make_road: Callable[[str], Road], samples: Path, tmp_path: Path, when: tuple[str, ...], arrived: int
) -> None:
    """Nobody knows whether it left, so it waits for somebody to look; it is never sent twice."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, (samples / f"{LOCKED}.eml").read_bytes())
    road.collect()
    assert road.process() == [SubmissionState.HELD]

    _killed(road, tmp_path, "dispatch", "pipeline.dispatch.smtp", "SmtpTransport.send", *when)
    assert len(road.sink.taken) == arrived

    road.store.recover()
    assert road.dispatch() == ()
    assert len(road.sink.taken) == arrived
    (submission,) = road.states()
    with road.store.reading() as work:
        assert [letter.state for letter in work.outgoing.of(submission)] == [DispatchState.UNCERTAIN]
    assert not road.sent_to(TO["kent"])
