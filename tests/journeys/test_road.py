"""What becomes of a message, from Dovecot to the authority's mail server."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from roads import COPY, TO, USER, Road, ServiceToken, words_of

from pipeline import gateway, storyline
from pipeline.domain.errors import MailboxError, NothingChanged
from pipeline.domain.states import DispatchState, SubmissionState

CLEAN, OVERSHARED = "s01", "s03"
"""A report that says nothing of any adult's health, and one that tells of a termination and of a neighbour's cancer."""
WITHOUT_PROPERTIES = "s02"
"""A clean report in a file that names nobody in its properties."""
TO_DERBY, TO_BRENT = TO["derby"], TO["brent"]


def _message(samples: Path, case: str) -> bytes:
    return (samples / f"{case}.eml").read_bytes()


def _kill_after(count: int, taken: Iterable[object], road: Road) -> None:
    """Goes on taking, and kills the mail server once so many messages are in."""
    for number, _ in enumerate(taken, start=1):
        if number == count:
            road.dovecot.stop()


def _only(road: Road) -> str:
    (submission,) = road.states()
    return submission


def test_a_clean_report_is_released_and_arrives(road: Road, samples: Path) -> None:
    """A clean report goes to the authority with the copy to the safeguarding team, and its mail to Processed."""
    road.dovecot.deliver(USER, _message(samples, CLEAN))

    road.collect()
    assert road.process() == [SubmissionState.RELEASED]
    road.dispatch()

    (letter,) = road.sent_to(TO_DERBY)
    assert TO_DERBY in str(letter["To"])
    assert COPY["derby"] in str(letter["Cc"])
    (taken,) = [one for one in road.sink.taken if TO_DERBY in one.recipients]
    assert set(taken.recipients) == {TO_DERBY, COPY["derby"]}
    assert set(road.states().values()) == {SubmissionState.SENT}
    assert (road.folder(""), road.folder(".Processed")) == (0, 1)


def test_the_attachment_of_a_clean_report_leaves_byte_for_byte(make_road: Callable[[str], Road], samples: Path) -> None:
    """What is clean is not touched."""
    road = make_road("sqlite")
    raw = _message(samples, WITHOUT_PROPERTIES)
    road.dovecot.deliver(USER, raw)

    road.collect()
    road.process()
    road.dispatch()

    came = {part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if part.get_filename()}
    letters = [email.message_from_bytes(taken.content) for taken in road.sink.taken]
    left = {part.get_payload(decode=True) for letter in letters for part in letter.walk() if part.get_filename()}
    assert left == came


def test_an_overshared_report_is_held_until_a_person_releases_it(road: Road, samples: Path) -> None:
    """Nothing leaves of a held report; after the ruling the redacted copy does, and the ruling is on record."""
    road.dovecot.deliver(USER, _message(samples, OVERSHARED))
    road.collect()

    assert road.process() == [SubmissionState.HELD]
    road.dispatch()
    assert not road.sent_to(TO_BRENT)
    assert road.folder(".Held") == 1

    storyline.release(road.store, _only(road), reviewer="nurse.7", why="proposals accepted", now=gateway.now())
    road.dispatch()
    (letter,) = road.sent_to(TO_BRENT)
    said = words_of(letter)
    assert "pushed her mother against the cooker" in said
    assert not [word for word in ("termination", "Farleigh", "cancer") if word in said]
    assert set(road.states().values()) == {SubmissionState.SENT}
    road.collect()
    assert (road.folder(".Held"), road.folder(".Processed")) == (0, 1)
    with road.store.reading() as work:
        assert [ruling.reviewer for ruling in work.dossiers.rulings(_only(road))] == ["nurse.7"]
        assert work.audit.verify().fault is None


def test_a_release_cannot_be_undone_by_a_rerun(make_road: Callable[[str], Road], samples: Path) -> None:
    """What has left is not assessed again."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, _message(samples, CLEAN))
    road.collect()
    road.process()

    with pytest.raises(NothingChanged):
        storyline.rerun(road.store, _only(road), actor="op.1")


def test_what_is_no_message_is_parked_and_the_next_one_taken(road: Road, samples: Path) -> None:
    """Bytes that are no mail are set aside with their bytes and the reason, and do not stop the next message."""
    road.dovecot.deliver(USER, b"\x00\xff\xfe no header at all", _message(samples, CLEAN))

    road.collect()
    became = road.process()

    assert sorted(became) == [SubmissionState.PARKED, SubmissionState.RELEASED]
    assert road.folder(".Parked") == 1
    parked = next(one for one, state in road.states().items() if state is SubmissionState.PARKED)
    with road.store.reading() as work:
        assert work.submissions.get(parked).note
        assert b"no header at all" in work.dossiers.original(parked)


def test_the_same_message_delivered_twice_is_processed_once(road: Road, samples: Path) -> None:
    """A second copy of the same bytes is entered in the ledger and makes no second letter."""
    road.dovecot.deliver(USER, _message(samples, CLEAN), _message(samples, CLEAN))

    taken = road.collect()
    road.process()
    road.dispatch()

    assert sorted(one.duplicate for one in taken) == [False, True]
    assert len(road.states()) == 1
    assert len(road.sent_to(TO_DERBY)) == 1


def test_a_mail_server_that_dies_loses_nothing(make_road: Callable[[str], Road], samples: Path) -> None:
    """Dovecot killed in the middle of a collection: what was taken is kept, the rest comes with the next, nothing comes twice."""
    road = make_road("sqlite")
    messages = [_message(samples, CLEAN) + f"X-Number: {number}\r\n".encode() for number in range(6)]
    road.dovecot.deliver(USER, *messages)

    with pytest.raises(MailboxError), road.mailbox() as box:
        _kill_after(2, storyline.collect(road.store, box), road)
    before = len(road.states())
    road.dovecot.start()
    road.collect()

    assert 2 <= before < 6
    assert len(road.states()) == 6


@pytest.mark.parametrize(
    ("where", "expected"), [("in", {DispatchState.DEFERRED, DispatchState.UNCERTAIN}), ("after", {DispatchState.UNCERTAIN})]
)
def test_a_receiving_server_that_dies_is_never_taken_for_success(
    make_road: Callable[[str], Road], samples: Path, where: str, expected: set[DispatchState]
) -> None:
    """Cut off in the middle of DATA a letter is sent again, or nobody knows where all was on its way; cut off after it, nobody knows."""
    road = make_road("sqlite")
    road.sink.moods.drop = where
    road.dovecot.deliver(USER, _message(samples, CLEAN))
    road.collect()
    road.process()

    delivered = road.dispatch()

    assert {one.state for one in delivered} & expected
    assert set(road.states().values()) == {SubmissionState.RELEASED}


def test_a_retired_address_is_refused_before_the_server_is_spoken_to(
    make_road: Callable[[str], Road], samples: Path, rules_dir: Path
) -> None:
    """As shipped, Brent's addresses are retired: the letter waits for an operator, and nothing goes out."""
    road = make_road("sqlite")
    road.settings = road.settings.model_copy(update={"rules_dir": rules_dir})
    road.dovecot.deliver(USER, _message(samples, CLEAN))
    road.collect()
    road.process()
    with road.store.work() as work:  # the letter as it would be written with the directory as shipped
        letter = work.outgoing.of(_only(road))[0]
    assert letter.state is DispatchState.QUEUED

    transport = gateway.transport(road.settings)
    with pytest.raises(Exception, match="retired"), road.store.reading() as work:
        transport.send(work.outgoing.letter(letter.id), ("child.protection@brent.gcsx.gov.uk",))
    assert not road.sink.taken


def test_mail_is_collected_with_an_access_token(make_road: Callable[[str], Road], samples: Path) -> None:
    """XOAUTH2 as Exchange Online asks for it, the token checked by the server itself."""
    road = make_road("sqlite")
    road.dovecot.deliver(USER, _message(samples, CLEAN))
    token = ServiceToken(road.dovecot)

    taken = road.collect(token)

    assert len(taken) == 1
    assert token.asked
