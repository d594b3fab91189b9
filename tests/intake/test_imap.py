"""Mail collected from a real IMAP server, and everything that goes wrong with one."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.parser import BytesParser
from pathlib import Path

import pytest
from imapclient import IMAPClient
from needs import require
from servers import Authority, DovecotServer, free_port

from pipeline.domain.errors import MailboxError, MailboxRefused
from pipeline.domain.ports import Collected, Fate, MailKey
from pipeline.intake import mime
from pipeline.intake.imap import ImapAccount, ImapMailbox, Password

Make = Callable[..., ImapAccount]
Letter = Callable[..., bytes]


def subjects(messages: list[Collected]) -> list[str]:
    """What the messages' subjects say."""
    return [str(BytesParser().parsebytes(message.raw)["Subject"]) for message in messages]


class Tokens:
    """A token source that remembers what it was asked for."""

    def __init__(self, *tokens: str) -> None:
        self.tokens, self.asked = list(tokens), list[bool]()

    def token(self, *, fresh: bool = False) -> str:
        """The token at hand; the next one where a fresh one is wanted."""
        self.asked.append(fresh)
        if fresh and len(self.tokens) > 1:
            self.tokens.pop(0)
        return self.tokens[0]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_collects_over_both_kinds_of_tls(dovecot: DovecotServer, account: Make, letter: Letter, security: str) -> None:
    """Mail comes whole and oldest first, over TLS from the first byte as over STARTTLS."""
    dovecot.deliver("gate", letter(1), letter(2), letter(3))
    port = dovecot.tls_port if security == "tls" else dovecot.starttls_port
    with ImapMailbox(account(security=security, port=port)) as mailbox:
        messages = list(mailbox.new(lambda _: False))
    assert [message.raw for message in messages] == [letter(1), letter(2), letter(3)]
    assert all(message.received.tzinfo for message in messages)
    assert mailbox.skipped == []


def test_logs_in_with_a_token(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """XOAUTH2 opens the mailbox of the token's user, and one token is enough."""
    dovecot.deliver("gate", letter(1))
    tokens = Tokens(dovecot.token("gate"))
    with ImapMailbox(account(credentials=tokens)) as mailbox:
        assert subjects(list(mailbox.new(lambda _: False))) == ["number 1"]
    assert tokens.asked == [False]


def test_an_ended_token_is_replaced_at_once(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """A token that the server no longer takes is renewed once before anybody is called."""
    dovecot.deliver("gate", letter(1))
    tokens = Tokens(dovecot.token("gate", seconds=-60), dovecot.token("gate"))
    with ImapMailbox(account(credentials=tokens)) as mailbox:
        assert subjects(list(mailbox.new(lambda _: False))) == ["number 1"]
    assert tokens.asked == [False, True]


def test_a_token_ends_in_the_middle_of_a_batch(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """The server ends the session with the token's time; the rest of the batch comes over a new one with a new token."""
    dovecot.deliver("gate", *(letter(number) for number in range(5)))
    tokens = Tokens(dovecot.token("gate"), dovecot.token("gate", seconds=7200))
    came = []
    with ImapMailbox(account(credentials=tokens)) as mailbox:
        for message in mailbox.new(lambda _: False):
            came.append(message)
            if len(came) == 2:
                dovecot.stop()
                dovecot.start()
    assert subjects(came) == [f"number {number}" for number in range(5)]
    assert tokens.asked == [False, True]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"credentials": Password("wrong")}, "refused the user name or password"),
        ({"credentials": Tokens("nonsense")}, "Object ID of the Enterprise application"),
        ({"ca_file": None}, "set ca_file"),
        ({"folder": "Nowhere"}, "no folder 'Nowhere'"),
    ],
)
def test_what_somebody_must_mend_is_said_in_one_line(account: Make, change: dict[str, object], says: str) -> None:
    """Wrong password, wrong token, unknown certificate, wrong host, unknown folder: each names its mend and holds no secret."""
    with pytest.raises(MailboxRefused) as refused, ImapMailbox(account(**change)) as mailbox:
        list(mailbox.new(lambda _: False))
    text = str(refused.value)
    assert says in text
    assert "\n" not in text
    assert not {"wrong", "nonsense", "gate"} & set(re.findall(r"\w+", text))


def test_certificate_of_another_authority(account: Make, tmp_path: Path) -> None:
    """A certificate signed by an authority that is not in ca_file is refused."""
    other = Authority(tmp_path / "other")
    with pytest.raises(MailboxRefused, match="is not trusted"), ImapMailbox(account(ca_file=other.ca_file)):
        pass


def test_ca_file_that_is_none(account: Make, tmp_path: Path) -> None:
    """A ca_file that cannot be read is said before anything is sent."""
    with pytest.raises(MailboxRefused, match="ca_file"), ImapMailbox(account(ca_file=tmp_path / "missing.pem")):
        pass


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_unreachable_server_is_tried_again(account: Make, security: str) -> None:
    """Nobody listening is no reason to call an operator at once: the collection is tried again."""
    with pytest.raises(MailboxError, match="cannot be reached") as error, ImapMailbox(account(port=free_port(), security=security)):
        pass
    assert not isinstance(error.value, MailboxRefused)


def test_tls_asked_of_a_plain_port(dovecot: DovecotServer, account: Make) -> None:
    """Port and security that do not go together are named."""
    with pytest.raises(MailboxRefused, match="check port and security"), ImapMailbox(account(port=dovecot.starttls_port)):
        pass


def test_secrets_do_not_show(account: Make) -> None:
    """Neither password nor user stands in the settings' repr."""
    shown = repr(account(credentials=Password("hunter2")))
    assert "hunter2" not in shown
    assert "gate" not in shown


def test_only_new_mail_is_fetched(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """Of 2,500 old messages not one is downloaded; the server's own count of body bytes proves it."""
    dovecot.deliver("gate", *(letter(number, 2_000) for number in range(2_500)))
    with ImapMailbox(account()) as mailbox:
        first = next(mailbox.new(lambda _: False)).key
    dovecot.deliver("gate", letter(9_999))
    seen: list[int] = []

    def known(key: MailKey) -> bool:
        seen.append(key.uid)
        return key.uid <= 2_500

    with ImapMailbox(account()) as mailbox:
        assert subjects(list(mailbox.new(known))) == ["number 9999"]
    assert len(seen) == 2_501
    assert first.uid == 1
    assert body_bytes(dovecot)[-1] < 1_000


def body_bytes(server: DovecotServer) -> list[int]:
    """Bytes of messages that each session fetched, as the server counted them."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = [int(count) for count in re.findall(r"body=(\d+)", server.log.read_text())]
        if len(found) >= 2:
            return found
        time.sleep(0.05)
    return found


def test_mail_before_the_first_day_is_left_alone(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """`since` leaves what the mailbox held before the gateway was set up."""
    dovecot.deliver("gate", letter(1), when=datetime(2020, 5, 1, 12, tzinfo=UTC).timestamp())
    dovecot.deliver("gate", letter(2))
    with ImapMailbox(account(since=date(2026, 1, 1))) as mailbox:
        assert subjects(list(mailbox.new(lambda _: False))) == ["number 2"]


def test_read_by_a_person_first(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """The Seen flag means nothing: mail a person has opened is collected, and collecting marks nothing as read."""
    dovecot.deliver("gate", letter(1), letter(2))
    with client(dovecot) as person:
        person.select_folder("INBOX")
        person.add_flags([1], [b"\\Seen"])
        with ImapMailbox(account()) as mailbox:
            assert len(list(mailbox.new(lambda _: False))) == 2
        person.select_folder("INBOX")
        assert person.search(["SEEN"]) == [1]


def client(server: DovecotServer) -> IMAPClient:
    """Somebody else's mail program."""
    person = IMAPClient("localhost", server.tls_port, ssl=True, ssl_context=ssl.create_default_context(cafile=str(server.ca_file)))
    person.login("gate", server.password)
    return person


@pytest.mark.parametrize(
    ("without", "prefix", "separator"), [((), "", "/"), (("MOVE",), "", "/"), (("MOVE", "UIDPLUS"), "", "/"), ((), "INBOX.", ".")]
)
def test_settling_moves_once(account: Make, letter: Letter, without: tuple[str, ...], prefix: str, separator: str) -> None:
    """After its fate a message lies in that fate's folder, made where missing; a second time does nothing; with MOVE or without."""
    server = DovecotServer(require("dovecot"), without=without, prefix=prefix, separator=separator).start()
    try:
        server.deliver("gate", letter(1), letter(2), letter(3))
        with ImapMailbox(account(port=server.tls_port, ca_file=server.ca_file)) as mailbox:
            keys = [message.key for message in mailbox.new(lambda _: False)]
            for key, fate in zip(keys, Fate, strict=True):
                mailbox.settle(key, fate)
                mailbox.settle(key, fate)
            assert list(mailbox.new(lambda _: False)) == []
        with client(server) as person:
            for fate in Fate:
                assert person.select_folder(prefix + fate.value.title())[b"EXISTS"] == 1
    finally:
        server.close()


def test_without_move_only_ours_is_expunged(account: Make, letter: Letter) -> None:
    """Where MOVE is missing, a message somebody else marked as deleted stays theirs to expunge."""
    server = DovecotServer(require("dovecot"), without=("MOVE",)).start()
    try:
        server.deliver("gate", letter(1), letter(2))
        with client(server) as person:
            person.select_folder("INBOX")
            person.delete_messages([2])
        with ImapMailbox(account(port=server.tls_port, ca_file=server.ca_file)) as mailbox:
            key = next(mailbox.new(lambda _: False)).key
            mailbox.settle(key, Fate.PROCESSED)
        with client(server) as person:
            assert person.select_folder("INBOX")[b"EXISTS"] >= 1
            assert 2 in person.search("ALL")
    finally:
        server.close()


@pytest.mark.parametrize(("without", "prefix", "separator"), [((), "", "/"), (("MOVE", "UIDPLUS"), "INBOX.", ".")])
def test_a_held_message_moves_on_once_ruled_upon(
    account: Make, letter: Letter, without: tuple[str, ...], prefix: str, separator: str
) -> None:
    """It is found in the Held folder by its Message-ID, and by its bytes where another bears the same; a second time does nothing."""
    server = DovecotServer(require("dovecot"), without=without, prefix=prefix, separator=separator).start()
    twin = letter(1).replace(b"number 1", b"another with the same Message-ID")
    try:
        server.deliver("gate", twin, letter(1), letter(2))
        with ImapMailbox(account(port=server.tls_port, ca_file=server.ca_file)) as mailbox:
            messages = list(mailbox.new(lambda _: False))
            for message in messages:
                mailbox.settle(message.key, Fate.HELD, lambda: pytest.fail("the bytes of a message that is where it was are not wanted"))
            for message in (messages[1], messages[2], messages[2]):
                mailbox.settle(message.key, Fate.PROCESSED, lambda raw=message.raw: raw)
        with client(server) as person:
            assert [lying(person, prefix + fate.value.title()) for fate in (Fate.PROCESSED, Fate.HELD)] == [[letter(1), letter(2)], [twin]]
    finally:
        server.close()


def lying(person: IMAPClient, folder: str) -> list[bytes]:
    """The messages of a folder."""
    person.select_folder(folder)
    uids = person.search("UNDELETED")
    return [answer[b"BODY[]"] for _, answer in sorted(person.fetch(uids, ["BODY.PEEK[]"]).items())] if uids else []


def test_a_held_message_without_an_id_stays(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """Without a Message-ID nothing is guessed: the message stays in Held, for a person to move."""
    bare = letter(1).replace(b"Message-ID:", b"X-Other:")
    dovecot.deliver("gate", bare)
    with ImapMailbox(account()) as mailbox:
        key = next(mailbox.new(lambda _: False)).key
        mailbox.settle(key, Fate.HELD)
        mailbox.settle(key, Fate.PROCESSED, lambda: bare)
    with client(dovecot) as person:
        assert lying(person, "Held") == [bare]


def test_flags_where_moving_is_forbidden(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """The message stays, carries one keyword for its fate, and is not offered again even to an empty ledger."""
    dovecot.deliver("gate", letter(1), letter(2))
    with ImapMailbox(account(after="flag")) as mailbox:
        key = next(mailbox.new(lambda _: False)).key
        mailbox.settle(key, Fate.HELD)
        mailbox.settle(key, Fate.PROCESSED)
        assert subjects(list(mailbox.new(lambda _: False))) == ["number 2"]
    with client(dovecot) as person:
        person.select_folder("INBOX")
        assert person.search(["KEYWORD", "$ReportgateProcessed"]) == [1]
        assert person.search(["KEYWORD", "$ReportgateHeld"]) == []


def test_a_rebuilt_folder_is_read_anew(dovecot: DovecotServer, account: Make, letter: Letter, ledger) -> None:
    """After UIDVALIDITY changed, low UIDs are new keys: nothing is taken for known, and an old key settles nothing."""
    dovecot.deliver("gate", letter(1))
    with ImapMailbox(account()) as mailbox:
        (old,) = ledger.collect(mailbox)
    dovecot.stop()
    for leftover in dovecot.maildir("gate").glob("dovecot*"):
        leftover.unlink()
    uidlist = dovecot.maildir("gate") / "dovecot-uidlist"
    assert not uidlist.exists()
    time.sleep(1.1)  # UIDVALIDITY is the second in which the folder was made
    dovecot.start()
    dovecot.deliver("gate", letter(2))
    with ImapMailbox(account()) as mailbox:
        came = ledger.collect(mailbox)
        assert subjects(came) == ["number 1", "number 2"]
        assert {message.key.uidvalidity for message in came} != {old.key.uidvalidity}
        mailbox.settle(old.key, Fate.PARKED)
        assert mailbox.check() == 2


def test_line_cut_in_the_middle_of_a_fetch(cutter, dovecot: DovecotServer, account: Make, letter: Letter, ledger) -> None:
    """The line breaks three times inside large messages; all come, once each, whole and in order."""
    sent = [letter(number, 60_000) for number in range(6)]
    dovecot.deliver("gate", *sent)
    cutter.cuts = [40_000, 100_000, 130_000]
    with ImapMailbox(account(port=cutter.port)) as mailbox:
        came = ledger.collect(mailbox)
    assert [message.raw for message in came] == sent
    assert len({message.key for message in came}) == 6
    assert cutter.connections == 4
    assert mailbox.skipped == []


def test_server_killed_and_started_again(dovecot: DovecotServer, account: Make, letter: Letter, ledger) -> None:
    """Killed between two fetches and started later: what came stays good, the rest comes at the next collection, nothing twice."""
    dovecot.deliver("gate", *(letter(number, 5_000) for number in range(4)))
    with ImapMailbox(account()) as mailbox:
        coming = mailbox.new(ledger.known)
        ledger.messages += [next(coming), next(coming)]
        dovecot.stop()
        with pytest.raises(MailboxError):
            next(coming)
    assert subjects(ledger.messages) == ["number 0", "number 1"]
    dovecot.start()
    with ImapMailbox(account()) as mailbox:
        ledger.collect(mailbox)
    assert subjects(ledger.messages) == [f"number {number}" for number in range(4)]


def test_one_message_that_always_breaks_the_line(
    cutter, dovecot: DovecotServer, account: Make, letter: Letter, ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message at which the connection dies every time is skipped, named, and the next ones come."""
    monkeypatch.setattr("pipeline.intake.imap.PAUSE", 0.0)
    dovecot.deliver("gate", letter(1), letter(2, 500_000), letter(3))
    cutter.cuts = [100_000] * 3  # more than the greetings and the small messages need, less than the large one
    with ImapMailbox(account(port=cutter.port)) as mailbox:
        came = ledger.collect(mailbox)
    assert subjects(came) == ["number 1", "number 3"]
    assert [key.uid for key in mailbox.skipped] == [2]
    with ImapMailbox(account()) as mailbox:
        assert subjects(ledger.collect(mailbox)) == ["number 2"]


def test_too_large_is_held_and_not_downloaded(dovecot: DovecotServer, account: Make, letter: Letter) -> None:
    """Of a message over the limit only the header comes; parsed, it holds a file nobody could read, so a person looks."""
    dovecot.deliver("gate", letter(1, 200_000))
    with ImapMailbox(account(max_bytes=100_000)) as mailbox:
        (message,) = mailbox.new(lambda _: False)
    assert len(message.raw) < 1_000
    submission = mime.parse(message.raw, collected=message.received)
    assert submission.subject == "number 1"
    (whole,) = submission.attachments
    assert whole.problem is not None
    assert whole.problem.reason == "too_large"


def test_gone_before_it_was_fetched(dovecot: DovecotServer, account: Make, letter: Letter, ledger) -> None:
    """Mail that a person deletes while a collection runs is passed over without an error."""
    dovecot.deliver("gate", letter(1), letter(2), letter(3))
    with ImapMailbox(account()) as mailbox:
        for message in mailbox.new(ledger.known):
            ledger.messages.append(message)
            if len(ledger.messages) == 1:
                with client(dovecot) as person:
                    person.select_folder("INBOX")
                    person.delete_messages([2])
                    person.expunge()
    assert subjects(ledger.messages) == ["number 1", "number 3"]
