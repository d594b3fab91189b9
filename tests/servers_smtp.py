"""A real mail server over TLS that keeps what it takes and misbehaves when told to."""

from __future__ import annotations

import asyncio
import base64
import ssl
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax
from servers import Authority, free_port


@dataclass(frozen=True)
class Taken:
    """A message the server took: the envelope and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Moods:
    """What the server does wrong; each may be changed while it runs.

    Attributes:
        defer: so many letters are put off with 451 first.
        reject: the code with which every letter is refused after DATA, or 0.
        refuse: the code with which a recipient is refused.
        drop: `before`, `in` or `after` DATA the connection is cut; after: the letter has been taken and its 250 is never said.
        drops: how often, before it goes on well.
    """

    defer: int = 0
    reject: int = 0
    refuse: dict[str, int] = field(default_factory=dict)
    drop: str = ""
    drops: int = 1

    def drops_now(self, where: str) -> bool:
        """Whether the connection is cut here; counts down."""
        if self.drop != where or self.drops <= 0:
            return False
        self.drops -= 1
        return True


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class _Server(SMTP):
    sink: SmtpSink

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self.sink.moods.drops_now("before"):
            _cut(self)
        elif self.sink.moods.drops_now("in"):
            await self.push("354 go on")
            await self._reader.readline()
            _cut(self)
        else:
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self.sink.moods.defer > 0:
            self.sink.moods.defer -= 1
            return "451 try again later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if code := self.sink.moods.refuse.get(address):
            return f"{code} no such luck for {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.sink.moods.reject:
            return f"{self.sink.moods.reject} not this one"
        assert isinstance(envelope.content, bytes)
        self.sink.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        if self.sink.moods.drops_now("after"):
            _cut(server)
        return "250 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        if self.sink.token_is(base64.b64decode(args[1])):
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")  # as Exchange Online does: the refusal first asks for an empty line
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


class _Controller(Controller):
    def __init__(self, sink: SmtpSink, handler: _Handler, **options: Any) -> None:
        self._sink = sink
        super().__init__(handler, **options)

    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it warns of AUTH without STARTTLS, and does not see TLS from the first byte
            server = _Server(self.handler, **self.SMTP_kwargs)
        server.sink = self._sink
        return server


class SmtpSink:
    """A server for `localhost` with a certificate of its own authority. Use as a context manager.

    Attributes:
        taken: what it took, in order.
        moods: what it does wrong.
        ca_file: who vouches for it.
    """

    host = "localhost"
    user, password, token = "gateway", "correct-horse", "a-token"

    def __init__(self, folder: Path, *, implicit_tls: bool = False, login: bool = False, size_limit: int = 33_554_432) -> None:
        authority = Authority(folder / "smtp-tls")
        self.ca_file = authority.ca_file
        self.taken: list[Taken] = []
        self.moods = Moods()
        self.port = free_port()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate, authority.key)
        tls: dict[str, Any] = {"ssl_context": context} if implicit_tls else {"tls_context": context, "require_starttls": True}
        auth: dict[str, Any] = {"auth_required": login, "authenticator": self._authenticate, "auth_require_tls": not implicit_tls}
        self._controller = _Controller(
            self, _Handler(self), hostname="127.0.0.1", port=self.port, data_size_limit=size_limit, ready_timeout=20, **tls, **auth
        )

    def __enter__(self) -> SmtpSink:
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (self.user.encode(), self.password.encode())
        return AuthResult(success=good, handled=False)

    def token_is(self, given: bytes) -> bool:
        """Whether what XOAUTH2 said is the user with the token."""
        return given == f"user={self.user}\x01auth=Bearer {self.token}\x01\x01".encode()
