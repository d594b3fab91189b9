"""All labelled development messages at once, through the Prefect flows: a real Dovecot with access tokens in, a real mail server out."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from roads import COPY, TO, USER, Road, ServiceToken, drained

from flows.service import sweep
from flows.workshop import Workshop, lent
from pipeline import dossier, gateway
from pipeline.domain.states import DispatchState, SubmissionState
from pipeline.records.summary import Entry

GONE_ON = frozenset({SubmissionState.SENT, SubmissionState.RELEASED})
FOLDERS = {SubmissionState.SENT: ".Processed", SubmissionState.FILED: ".Processed", SubmissionState.PARKED: ".Parked"}
"""Where a message lies in the mailbox by the state of its submission; what waits for a person lies in Held."""


@dataclass
class Came:
    """What came of one message of the corpus."""

    name: str
    entry: Entry
    letters: tuple[tuple[str, DispatchState], ...]


@pytest.fixture
def swept(make_road: Callable[[str], Road], corpus: Path) -> Road:
    """The road after two sweeps over the whole corpus; the second finds nothing left to do."""
    road = make_road("sqlite")
    for path in sorted(corpus.glob("*.eml")):
        road.dovecot.deliver(USER, path.read_bytes())
    token = ServiceToken(road.dovecot)
    shop = Workshop(road.store, road.tools, (road.mailbox(token),), gateway.outbox(road.settings, road.store))
    with drained(), lent(shop):
        assert asyncio.run(sweep())
        before = len(road.sink.taken)
        assert asyncio.run(sweep())
    assert token.asked
    assert len(road.sink.taken) == before, "a second sweep sent something again"
    return road


def _message_id(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=email.policy.default)["Message-ID"])


def _all(road: Road, corpus: Path) -> list[Came]:
    """Every submission with the name of its message, found by Message-ID."""
    names = {_message_id(path.read_bytes()): path.stem for path in corpus.glob("*.eml")}
    with road.store.reading() as work:
        return [
            Came(
                names.pop(_message_id(work.dossiers.original(entry.id)), "?"),
                entry,
                tuple((letter.kind, letter.state) for letter in work.outgoing.of(entry.id)),
            )
            for entry in work.submissions.in_state(*SubmissionState)
        ]


@pytest.mark.timeout(900)
def test_every_message_is_accounted_for_and_only_what_is_released_leaves(swept: Road, corpus: Path) -> None:
    """Each message ends in a state and in the folder that goes with it; the authority gets the released ones and no other."""
    came = _all(swept, corpus)
    assert sorted(one.name for one in came) == sorted(path.stem for path in corpus.glob("*.eml"))
    assert not [one.name for one in came if one.entry.state in {SubmissionState.RECEIVED, SubmissionState.RELEASED}]

    lying = Counter(FOLDERS.get(one.entry.state, ".Held") for one in came)
    assert {name: swept.folder(name) for name in ("", ".Processed", ".Held", ".Parked")} == {
        "": 0,
        ".Processed": lying[".Processed"],
        ".Held": lying[".Held"],
        ".Parked": lying[".Parked"],
    }

    reports = [(one.name, state) for one in came for kind, state in one.letters if kind == dossier.TO_AUTHORITY]
    assert sorted(name for name, _ in reports) == sorted(one.name for one in came if one.entry.state in GONE_ON)
    assert {state for _, state in reports} <= {DispatchState.SENT}
    for authority, address in TO.items():
        due = [one for one in came if one.entry.state in GONE_ON and one.entry.authority == authority]
        letters = swept.sent_to(address)
        assert len(letters) == len(due)
        assert all(address in str(letter["To"]) and COPY[authority] in str(letter["Cc"]) for letter in letters)
        assert len(swept.sent_to(COPY[authority])) == len(due)

    with swept.store.reading() as work:
        assert work.audit.verify().fault is None
