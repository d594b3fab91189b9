"""Mail collected from a Maildir."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.domain.errors import MailboxError, MailboxRefused
from pipeline.domain.ports import Fate
from pipeline.intake.maildir import MaildirMailbox, deliver, number_of

Letter = Callable[..., bytes]


@pytest.fixture
def box(tmp_path: Path) -> MaildirMailbox:
    """An empty Maildir."""
    return MaildirMailbox(tmp_path / "Mail", "reports").__enter__()


def put(box: MaildirMailbox, unique: str, raw: bytes, when: float) -> None:
    """Delivers a message that came at that time."""
    os.utime(deliver(box.path, raw, unique=unique), (when, when))


def test_collects_oldest_first(box: MaildirMailbox, letter: Letter) -> None:
    """Mail comes in the order it was delivered, from `new` as from `cur`, with an aware date."""
    put(box, "200.b.host", letter(2), 200)
    put(box, "100.a.host", letter(1), 100)
    (box.path / "new" / "200.b.host").rename(box.path / "cur" / "200.b.host:2,S")
    messages = list(box.new(lambda _: False))
    assert [message.raw for message in messages] == [letter(1), letter(2)]
    assert all(message.received.tzinfo for message in messages)


def test_key_outlives_flags(box: MaildirMailbox, letter: Letter) -> None:
    """A message that a mail program has opened or flagged is still the same one."""
    put(box, "100.a.host", letter(1), 100)
    (key,) = [message.key for message in box.new(lambda _: False)]
    (box.path / "new" / "100.a.host").rename(box.path / "cur" / "100.a.host:2,FS")
    assert list(box.new(lambda other: other == key)) == []
    assert key.uidvalidity == 0
    assert number_of("100.a.host:2,") == number_of("100.a.host") == key.uid < 2**63


@pytest.mark.parametrize("fate", Fate)
def test_settling_moves_once(box: MaildirMailbox, letter: Letter, fate: Fate) -> None:
    """The message goes to its fate's sibling folder whole; doing it again changes nothing; others stay."""
    put(box, "100.a.host", letter(1), 100)
    put(box, "200.b.host", letter(2), 200)
    first = next(box.new(lambda _: False)).key
    box.settle(first, fate)
    box.settle(first, fate)
    assert [message.raw for message in box.new(lambda _: False)] == [letter(2)]
    (moved,) = (box.path / f".{fate.value.title()}" / "cur").iterdir()
    assert moved.read_bytes() == letter(1)


def test_a_held_message_moves_on_once_ruled_upon(box: MaildirMailbox, letter: Letter) -> None:
    """What lies in one fate's folder goes to the next's, and nothing else moves."""
    put(box, "100.a.host", letter(1), 100)
    put(box, "200.b.host", letter(2), 200)
    first, second = [message.key for message in box.new(lambda _: False)]
    box.settle(first, Fate.HELD)
    box.settle(second, Fate.HELD)
    box.settle(first, Fate.PROCESSED)
    lies = {fate: [file.read_bytes() for file in (box.path / f".{fate.value.title()}" / "cur").glob("*")] for fate in Fate}
    assert lies == {Fate.PROCESSED: [letter(1)], Fate.HELD: [letter(2)], Fate.PARKED: []}


def test_half_delivered_mail_is_not_seen(box: MaildirMailbox, letter: Letter) -> None:
    """What is still being written, in `tmp`, is no mail yet."""
    (box.path / "tmp" / "100.a.host").write_bytes(letter(1)[:20])
    assert list(box.new(lambda _: False)) == []
    assert box.check() == 0


def test_taken_away_meanwhile(box: MaildirMailbox, letter: Letter) -> None:
    """A message that vanishes between listing and reading is passed over."""
    put(box, "100.a.host", letter(1), 100)
    put(box, "200.b.host", letter(2), 200)
    coming = box.new(lambda _: False)
    assert next(coming).raw == letter(1)
    (box.path / "new" / "200.b.host").unlink()
    assert list(coming) == []


def test_path_that_cannot_be(tmp_path: Path) -> None:
    """A path where no folder can be made, or that vanished, is said in one line."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(MailboxRefused, match="check the path"), MaildirMailbox(tmp_path / "file" / "Mail", "reports"):
        pass
    with pytest.raises(MailboxError, match="check its path"):
        list(MaildirMailbox(tmp_path / "nowhere", "reports").new(lambda _: False))
