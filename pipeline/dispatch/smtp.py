"""Hands letters to a mail server over TLS, and says exactly what the server did with them."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.domain.authority import Letter
from pipeline.domain.errors import DispatchError, DispatchRefused, DispatchUncertain, SettingsError
from pipeline.domain.ports import Receipt

Permission = Callable[[str], str | None]
"""Says why an address may not be written to, or None where it may."""


class Security(StrEnum):
    """How the connection is encrypted; there is no way without."""

    TLS = "tls"  # from the first byte, port 465 (RFC 8314)
    STARTTLS = "starttls"  # port 587


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """A mail server and how to log in to it.

    Attributes:
        sender: the envelope sender; bounces come back to it.
        password: for LOGIN or PLAIN; empty where `token` is given, or the server asks for none.
        token: gives a current OAuth 2 access token for XOAUTH2.
        ca_file: certificates of those who may vouch for the server, instead of the machine's own.
        timeout: seconds to wait for any one answer.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout: float = 60.0


def everyone(_address: str) -> str | None:
    """Permits every address."""
    return None


class SmtpTransport:
    """The port `Transport` over SMTP.

    Raises:
        SettingsError: the file of certificates cannot be read.
    """

    def __init__(self, account: SmtpAccount, permitted: Permission = everyone) -> None:
        self._account = account
        self._permitted = permitted
        self._tls = _context(account.ca_file)

    def send(self, letter: Letter, recipients: tuple[str, ...]) -> Receipt:
        """Hands the letter to these recipients, in one transaction.

        Returns:
            Whom the server accepted it for, and whom it refused with which code (also where it refused everybody).

        Raises:
            DispatchError: the server put the letter off, could not be reached, or did not let us log in.
            DispatchRefused: the server will not take it, or an address may not be written to.
            DispatchUncertain: the connection broke after the letter was handed over.
        """
        self._refuse_forbidden(recipients)
        with self._connected() as server:
            self._refuse_oversized(server, len(letter.content))
            return _transact(server, self._account.sender, recipients, letter.content)

    def check(self) -> None:
        """Connects and logs in, and sends nothing: what `doctor` asks.

        Raises:
            DispatchError: the server could not be reached, or did not let us log in.
        """
        with self._connected():
            pass

    def _refuse_forbidden(self, recipients: tuple[str, ...]) -> None:
        reasons = [reason for reason in map(self._permitted, recipients) if reason]
        if reasons:
            raise DispatchRefused(reasons[0])
        if not all(address.isascii() for address in recipients):
            raise DispatchRefused("an address holds letters that mail servers do not take; mend it in the directory")

    def _refuse_oversized(self, server: smtplib.SMTP, size: int) -> None:
        limit = server.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:
            raise DispatchRefused(f"the letter is too large for {self._account.host}: {size} bytes, and it takes {limit}")

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise self._unreachable(error) from None
        try:
            self._log_in(server)
            yield server
        finally:
            _leave(server)

    def _open(self) -> smtplib.SMTP:
        account = self._account
        if account.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(account.host, account.port, timeout=account.timeout, context=self._tls)
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=account.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if account.security is Security.STARTTLS:
                server.starttls(context=self._tls)
                server.ehlo()
        except BaseException:
            server.close()
            raise
        return server

    def _unreachable(self, error: Exception) -> DispatchError:
        place = f"{self._account.host}:{self._account.port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return DispatchError(
                f"the certificate of {place} is not trusted ({error.verify_message}); set ca_file, or mend the server's name"
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return DispatchError(
                f"{place} offers no STARTTLS, and nothing is sent without encryption; set security to tls, or another port"
            )
        return DispatchError(f"the mail server {place} cannot be reached ({type(error).__name__}); check its name, port and security")

    def _log_in(self, server: smtplib.SMTP) -> None:
        account = self._account
        try:
            if account.token is not None:
                _xoauth2(server, account.user, account.token())
            elif account.password:
                server.login(account.user, account.password)
        except smtplib.SMTPAuthenticationError as error:
            raise DispatchError(f"{account.host} does not let us log in ({error.smtp_code}); renew the password or secret") from None
        except (OSError, smtplib.SMTPException) as error:
            raise DispatchError(f"logging in to {account.host} failed ({type(error).__name__}); check the account's settings") from None


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"the certificates in {ca_file} cannot be read ({type(error).__name__}); mend ca_file") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _xoauth2(server: smtplib.SMTP, user: str, token: str) -> None:
    """The mechanism Exchange Online takes; a refusal is answered with an empty line, after which the server says its code."""
    first = base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode()).decode()
    code, said = server.docmd("AUTH", f"XOAUTH2 {first}")
    if code == 334:
        code, said = server.docmd("")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _transact(server: smtplib.SMTP, sender: str, recipients: tuple[str, ...], content: bytes) -> Receipt:
    """MAIL, RCPT for each and DATA, told apart so that each failure is known for what it is."""
    try:
        _expect(server.mail(sender, [f"size={len(content)}"] if server.has_extn("size") else []))
        codes = {address: server.rcpt(address)[0] for address in recipients}
        accepted = tuple(address for address, code in codes.items() if 200 <= code < 300)
        refused = tuple((address, code) for address, code in codes.items() if address not in accepted)
        if not accepted:
            return Receipt((), refused)
        _expect(server.docmd("DATA"), 354)
    except (OSError, smtplib.SMTPException) as error:
        raise DispatchError(
            f"the mail server broke off before the letter was handed over ({type(error).__name__}); it is tried again"
        ) from None
    _hand_over(server, content)
    return Receipt(accepted, refused)


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    """From the first byte on a broken connection leaves the outcome unknown: the server may have taken the letter."""
    try:
        server.send(_stuffed(content))
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise DispatchUncertain(
            f"the connection broke after the letter was handed over ({type(error).__name__}); look for it before sending"
        ) from None
    _expect(answer)


def _stuffed(content: bytes) -> bytes:
    """The content as DATA wants it: lines ended by CR LF, a leading dot doubled, a dot alone at the end (RFC 5321, section 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    body = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")


def _expect(answer: tuple[int, bytes], wanted: int = 250) -> None:
    """Sorts a server's answer; its text is left out, since it may repeat an address."""
    code = answer[0]
    if code == wanted:
        return
    if 500 <= code < 600:
        raise DispatchRefused(f"the mail server refused the letter ({code})")
    if 400 <= code < 500:
        raise DispatchError(f"the mail server put the letter off ({code}); it is tried again")
    raise DispatchError(f"the mail server gave an answer that makes no sense here ({code}); it is tried again")


def _leave(server: smtplib.SMTP) -> None:
    """Says goodbye where the other side still listens; what was done is done either way."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
