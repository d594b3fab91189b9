"""Collects mail from an IMAP mailbox: only what is new, one message at a time, and never lost when the connection breaks."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, ProtocolError

from pipeline.domain.errors import MailboxError
from pipeline.domain.ports import Collected, Fate, MailKey
from pipeline.intake import imap_session
from pipeline.intake.headers import NOT_FETCHED
from pipeline.intake.imap_session import ImapAccount, Password, Selected

__all__ = ["ImapAccount", "ImapMailbox", "Password"]

T = TypeVar("T")
log = logging.getLogger(__name__)

TRIES = 3
"""How often one thing is asked for, each time over a new connection, before it is given up for this collection."""

PAUSE = 0.2
"""Seconds before the first new connection; doubled each time."""

WAITING = (Fate.HELD, Fate.PARKED)
"""Where messages lie until a person has ruled; out of Processed none is taken back."""

MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~]{3,250}>)", re.IGNORECASE | re.MULTILINE)

BROKEN = (OSError, IMAPClientError, EOFError, ValueError, AssertionError, KeyError, IndexError)
"""What a broken connection, or an answer that makes no sense, raises."""


@dataclass(frozen=True, slots=True)
class _Listed:
    uid: int
    size: int
    received: datetime


class _GaveUp(MailboxError):
    """One question was not answered over several connections."""


class ImapMailbox:
    """One account's mailbox. Messages are known by UIDVALIDITY and UID; flags that people's mail programs set mean nothing.

    Attributes:
        name: the account's name.
        skipped: keys of messages the server would not hand over this time; they stay where they are and are tried again.
    """

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self.name = account.name
        self.skipped: list[MailKey] = []
        self._client: IMAPClient | None = None
        self._selected: Selected | None = None
        self._folders: set[str] = set()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def new(self, known: Callable[[MailKey], bool]) -> Iterator[Collected]:
        """Messages not yet known, oldest first; the next is fetched when it is asked for.

        Raises:
            MailboxError: the connection failed and could not be restored, or the folder was rebuilt meanwhile.
            MailboxRefused: somebody must mend the account first.
        """
        self.skipped = []
        uidvalidity, uids = self._again(self._search)
        fresh = [uid for uid in sorted(uids) if not known(self._key(uidvalidity, uid))]
        for start in range(0, len(fresh), self.account.batch):
            for listed in self._sizes(fresh[start : start + self.account.batch], uidvalidity):
                collected = self._collect(listed, uidvalidity)
                if collected is not None:
                    yield collected

    def settle(self, key: MailKey, fate: Fate, original: Callable[[], bytes] | None = None) -> None:
        """Moves the message to the folder of its fate, or flags it. One that is in neither the inbox nor a folder to wait in was settled.

        Raises:
            MailboxError: it could not be done now.
            MailboxRefused: the account may not move or flag; somebody must mend it.
        """
        self._again(lambda client: self._settle(client, key, fate, original))

    def check(self) -> int:
        """How many messages the folder holds: proof that we can log in and open it.

        Raises:
            MailboxError: it cannot be reached.
            MailboxRefused: somebody must mend the account first.
        """
        return self._again(lambda _: self._select(self.account.folder)).messages

    def _key(self, uidvalidity: int, uid: int) -> MailKey:
        return MailKey(self.name, self.account.folder, uidvalidity, uid)

    def _open(self, *, fresh: bool = False) -> IMAPClient:
        if self._client is None:
            self._client = imap_session.connect(self.account, fresh=fresh)
        return self._client

    def _close(self) -> None:
        imap_session.close(self._client)
        self._client, self._selected = None, None

    def _again(self, ask: Callable[[IMAPClient], T]) -> T:
        """What `ask` returns, over a new connection (with a new token) where the old one breaks."""
        for attempt in range(TRIES):
            try:
                return ask(self._open(fresh=attempt > 0))
            except MailboxError:
                self._close()
                raise
            except BROKEN:
                self._close()
                time.sleep(PAUSE * 2**attempt)
        raise _GaveUp(f"mailbox {self.name} at {self.account.host} broke off {TRIES} times; it is tried again at the next collection")

    def _select(self, folder: str) -> Selected:
        if self._selected is None or self._selected.folder != folder:
            self._selected = imap_session.select(self._open(), self.account, folder)
        return self._selected

    def _search(self, client: IMAPClient) -> tuple[int, list[int]]:
        self._selected = None  # selected anew, so that UIDVALIDITY and what has come meanwhile are the server's latest word
        selected = self._select(self.account.folder)
        criteria: list[Any] = ["SINCE", self.account.since] if self.account.since else ["ALL"]
        for fate in Fate if self._marks(client) else ():
            criteria += ["UNKEYWORD", self.account.keyword(fate)]
        return selected.uidvalidity, [int(uid) for uid in client.search(criteria)]

    def _marks(self, client: IMAPClient) -> bool:
        """Whether settled messages may still lie in the folder, marked by a keyword of ours."""
        return self.account.after == "flag" or not client.has_capability("UIDPLUS")

    def _sizes(self, uids: list[int], uidvalidity: int) -> Iterator[_Listed]:
        """Size and date of each message, in the order asked for. An answer that cannot be read is asked for message by message."""
        try:
            listed = self._again(lambda client: self._list(client, uids, uidvalidity))
        except _GaveUp:
            self.check()
            if len(uids) == 1:
                self._skip(uids[0], uidvalidity)
                return
            for uid in uids:
                yield from self._sizes([uid], uidvalidity)
        else:
            yield from listed

    def _list(self, client: IMAPClient, uids: list[int], uidvalidity: int) -> list[_Listed]:
        self._same_folder(uidvalidity)
        answer = client.fetch(uids, [b"RFC822.SIZE", b"INTERNALDATE"])
        return [
            _Listed(uid, int(answer[uid][b"RFC822.SIZE"]), _aware(answer[uid].get(b"INTERNALDATE")))
            for uid in uids
            if uid in answer and b"RFC822.SIZE" in answer[uid]
        ]

    def _collect(self, listed: _Listed, uidvalidity: int) -> Collected | None:
        whole = listed.size <= self.account.max_bytes
        try:
            raw = self._again(lambda client: self._fetch(client, listed.uid, uidvalidity, whole=whole))
        except _GaveUp:
            self.check()  # raises where it is the server that is away, and not this message that it chokes on
            self._skip(listed.uid, uidvalidity)
            return None
        if raw is None:  # moved or deleted by somebody since it was listed
            return None
        if not whole:
            raw = f"{NOT_FETCHED}: {listed.size}\r\n".encode() + raw
        return Collected(self._key(uidvalidity, listed.uid), raw, listed.received)

    def _fetch(self, client: IMAPClient, uid: int, uidvalidity: int, *, whole: bool) -> bytes | None:
        """The message's bytes, or its header's. PEEK: a fetch must not mark it as read for the people who share the mailbox."""
        self._same_folder(uidvalidity)
        item = b"" if whole else b"HEADER"
        answer = client.fetch([uid], [b"BODY.PEEK[" + item + b"]"])
        if uid not in answer:
            return None
        content = answer[uid][b"BODY[" + item + b"]"]
        if not isinstance(content, bytes):
            raise ProtocolError
        return content

    def _skip(self, uid: int, uidvalidity: int) -> None:
        self.skipped.append(self._key(uidvalidity, uid))
        log.warning("mailbox %s: message %d was not handed over by the server; it stays there and is tried again", self.name, uid)

    def _same_folder(self, uidvalidity: int) -> None:
        if self._select(self.account.folder).uidvalidity != uidvalidity:
            raise MailboxError(f"the folder of mailbox {self.name} was rebuilt while it was read; it is read anew at the next collection")

    def _settle(self, client: IMAPClient, key: MailKey, fate: Fate, original: Callable[[], bytes] | None) -> None:
        if self._select(key.folder).uidvalidity != key.uidvalidity:
            log.warning("mailbox %s: the folder was rebuilt, so message %d is not marked; it is known by its bytes", self.name, key.uid)
            return
        if not client.search(["UID", str(key.uid), "UNDELETED"]):
            if original is not None and self.account.after == "move":
                self._refile(client, fate, original())
            return
        if self._marks(client):
            others = [self.account.keyword(other) for other in Fate if other is not fate]
            client.add_flags([key.uid], [self.account.keyword(fate)], silent=True)
            client.remove_flags([key.uid], others, silent=True)
        if self.account.after == "move":
            self._move(client, key.uid, self._folder(client, self.account.folders[fate]))

    def _refile(self, client: IMAPClient, fate: Fate, raw: bytes) -> None:
        """Moves a message on from a folder to wait in. Its UID there is not known: it is found by its Message-ID, and if others bear that
        too, by its bytes."""
        name = MESSAGE_ID.search(raw)
        target = self._folder(client, self.account.folders[fate])
        for place in WAITING if name else ():
            folder = self._folder(client, self.account.folders[place])
            if name is None or folder == target:
                continue
            self._select(folder)
            found = client.search(["HEADER", "Message-ID", name[1].decode("ascii"), "UNDELETED"])
            if len(found) > 1:
                found = [uid for uid in found if client.fetch([uid], [b"BODY.PEEK[]"])[uid].get(b"BODY[]") == raw]
            if found:
                self._move(client, found[0], target)
                return

    def _move(self, client: IMAPClient, uid: int, folder: str) -> None:
        """MOVE where the server can; else a copy, and the original deleted. Only this message is expunged: others' deletions are theirs."""
        if client.has_capability("MOVE"):
            client.move([uid], folder)
            return
        client.copy([uid], folder)
        client.delete_messages([uid], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge([uid])

    def _folder(self, client: IMAPClient, name: str) -> str:
        """The full name of a folder of ours, made where it is missing."""
        prefix = self._prefix(client)
        full = name if not prefix or name.startswith(prefix) else prefix + name
        if full not in self._folders:
            if not client.folder_exists(full):
                client.create_folder(full)
                client.subscribe_folder(full)
            self._folders.add(full)
        return full

    @staticmethod
    def _prefix(client: IMAPClient) -> str:
        """What the names of personal folders begin with on this server, such as `INBOX.`."""
        if not client.has_capability("NAMESPACE"):
            return ""
        personal = client.namespace().personal
        return str(personal[0][0]) if personal else ""


def _aware(moment: object) -> datetime:
    """The server's date for the message; the present where it gives none."""
    if not isinstance(moment, datetime):
        return datetime.now(UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
