"""A real IMAP server, and a way to cut its line."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from needs import require
from servers import DovecotServer

from pipeline.domain.ports import Collected, MailKey
from pipeline.intake.imap import ImapAccount, ImapMailbox, Password

USER = "gate"


@pytest.fixture
def dovecot() -> Iterator[DovecotServer]:
    """Dovecot with an empty mailbox."""
    server = DovecotServer(require("dovecot"))
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def account(dovecot: DovecotServer) -> Callable[..., ImapAccount]:
    """Makes the settings of the account, with what a test wants otherwise."""

    def make(**other: Any) -> ImapAccount:
        settings: dict[str, Any] = {
            "name": "reports",
            "host": "localhost",
            "port": dovecot.tls_port,
            "user": USER,
            "credentials": Password(dovecot.password),
            "ca_file": dovecot.ca_file,
            "timeout": 10.0,
        }
        return ImapAccount(**(settings | other))

    return make


@pytest.fixture
def letter() -> Callable[..., bytes]:
    """Makes a small message whose subject says which it is."""

    def make(number: int, size: int = 0) -> bytes:
        head = (
            f"From: a{number}@nhs.net\r\nTo: cp.reports.brent@nhs.net\r\nSubject: number {number}\r\nMessage-ID: <{number}@nhs.net>\r\n\r\n"
        )
        return head.encode() + b"Dear colleague\r\n" + b"x" * 70 * (size // 70) + b"\r\n"

    return make


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger."""
    return Ledger()


class Ledger:
    """What a store would know: keys it has seen, and the messages in the order they came."""

    def __init__(self) -> None:
        self.messages: list[Collected] = []
        self.asked = 0

    def known(self, key: MailKey) -> bool:
        """Whether the key was taken in."""
        self.asked += 1
        return any(message.key == key for message in self.messages)

    def collect(self, mailbox: ImapMailbox, most: int = 10_000) -> list[Collected]:
        """Takes in what is new, as the storyline does: one by one, each known as soon as it is here."""
        came = []
        for message in mailbox.new(self.known):
            self.messages.append(message)
            came.append(message)
            if len(came) == most:
                break
        return came


@pytest.fixture
def cutter(dovecot: DovecotServer) -> Iterator[Cutter]:
    """A line to the server that can be cut after a number of bytes."""
    line = Cutter(dovecot.tls_port)
    yield line
    line.close()


class Cutter:
    """Passes bytes on between client and server; each entry of `cuts` ends one connection after so many bytes from the server."""

    def __init__(self, target: int) -> None:
        self.target, self.cuts, self.connections = target, list[int](), 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            left = self.cuts.pop(0) if self.cuts else None
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, left), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket, left: int | None) -> None:
        try:
            while data := source.recv(4096):
                target.sendall(data if left is None else data[:left])
                if left is not None:
                    left -= len(data)
                    if left <= 0:
                        break
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
