"""Opens a connection to an IMAP server, proves who it is, logs in, and says in one line what went wrong."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from pipeline.domain.errors import MailboxError, MailboxRefused
from pipeline.domain.ports import Fate
from pipeline.intake.oauth import TokenSource

PASSING = ("[unavailable]", "[inuse]", "[limit]", "temporar", "try again", "too many", "timed out", "socket error", "bye", "eof")
"""What servers say, or the library for a connection that broke, in a refusal that will pass by itself."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password for LOGIN."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """One mailbox on an IMAP server.

    Attributes:
        name: what it is called in the ledger and in messages to the operator; never changes.
        security: `tls` from the first byte (port 993), or `starttls` (port 143). There is no unprotected way.
        credentials: a password, or a source of tokens for XOAUTH2.
        folder: where mail comes in.
        folders: where a message goes after each fate; made if missing.
        after: `move`, or `flag` where the account may not move mail: the message then gets a keyword.
        since: messages that arrived before this day are left alone (the server's own date for them).
        max_bytes: messages larger than this are not downloaded, but held for a person with their header only.
        ca_file: certificate authorities to trust instead of the system's.
        timeout: seconds without an answer after which the connection is given up.
        batch: messages whose size and date are asked for at once.
    """

    name: str
    host: str
    user: str = field(repr=False)
    credentials: Password | TokenSource = field(repr=False)
    port: int = 993
    security: Literal["tls", "starttls"] = "tls"
    folder: str = "INBOX"
    folders: dict[Fate, str] = field(default_factory=lambda: {fate: fate.value.title() for fate in Fate})
    after: Literal["move", "flag"] = "move"
    since: date | None = None
    max_bytes: int = 75_000_000
    ca_file: Path | None = None
    timeout: float = 60.0
    batch: int = 500

    def keyword(self, fate: Fate) -> bytes:
        """The flag a message gets instead of being moved."""
        return f"$Reportgate{fate.value.title()}".encode()


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that was opened."""

    folder: str
    uidvalidity: int
    messages: int


def connect(account: ImapAccount, *, fresh: bool = False) -> IMAPClient:
    """A connection that is encrypted, to a server whose certificate was checked, and logged in.

    Args:
        account: whose mailbox.
        fresh: ask for a new token, since the last connection broke off.

    Raises:
        MailboxError: the server cannot be reached, or puts us off.
        MailboxRefused: certificate, user or password are not accepted.
    """
    client = _reach(account)
    try:
        _log_in(client, account, fresh=fresh)
    except MailboxRefused:
        close(client)
        if fresh or isinstance(account.credentials, Password):
            raise
        return connect(account, fresh=True)  # the token at hand may have been withdrawn before its time
    except BaseException:
        close(client)
        raise
    return client


def close(client: IMAPClient | None) -> None:
    """Ends a connection, whatever state it is in."""
    if client is not None:
        try:
            client.shutdown()
        except (OSError, IMAPClientError):
            return


def select(client: IMAPClient, account: ImapAccount, folder: str) -> Selected:
    """Opens a folder.

    Raises:
        MailboxError: it cannot be opened just now.
        MailboxRefused: there is no such folder, or we may not open it.
        IMAPClientAbortError, OSError: the connection broke.
    """
    try:
        answer = client.select_folder(folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise _folder_refusal(account, folder, str(error)) from None
    return Selected(folder, int(answer[b"UIDVALIDITY"]), int(answer[b"EXISTS"]))


def _context(account: ImapAccount) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(account.ca_file) if account.ca_file else None)
    except (OSError, ssl.SSLError):
        raise MailboxRefused(f"the ca_file of mailbox {account.name} cannot be read as certificates; set it to a PEM file") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _reach(account: ImapAccount) -> IMAPClient:
    context, client = _context(account), None
    where = f"mailbox {account.name} at {account.host}:{account.port}"
    try:
        client = IMAPClient(
            account.host,
            account.port,
            ssl=account.security == "tls",
            ssl_context=context if account.security == "tls" else None,
            timeout=account.timeout,
        )
        client.normalise_times = False
        if account.security == "starttls":
            client.starttls(context)
    except ssl.SSLCertVerificationError:
        close(client)
        raise MailboxRefused(
            f"the certificate of {where} is not trusted; check the host name, or set ca_file to its authority's file"
        ) from None
    except ssl.SSLError:
        close(client)
        raise MailboxRefused(f"{where} does not speak TLS there; check port and security (tls: 993, starttls: 143)") from None
    except CapabilityError:
        close(client)
        raise MailboxRefused(f"{where} offers no STARTTLS; set security to tls and the port to match") from None
    except (OSError, IMAPClientError, EOFError):
        close(client)
        raise MailboxError(f"{where} cannot be reached; check host, port and network") from None
    return client


def _log_in(client: IMAPClient, account: ImapAccount, *, fresh: bool) -> None:
    credentials = account.credentials
    try:
        if isinstance(credentials, Password):
            client.login(account.user, credentials.secret)
        else:
            client.oauth2_login(account.user, credentials.token(fresh=fresh))
    except LoginError as error:
        raise _login_refusal(account, str(error)) from None
    except (OSError, IMAPClientError, EOFError):
        raise MailboxError(f"mailbox {account.name} at {account.host} broke off the login; it is tried again") from None


def _login_refusal(account: ImapAccount, said: str) -> MailboxError:
    if any(word in said.lower() for word in PASSING):
        return MailboxError(f"mailbox {account.name} cannot be logged in to just now; it is tried again")
    if isinstance(account.credentials, Password):
        return MailboxRefused(f"mailbox {account.name} refused the user name or password; set them anew")
    return MailboxRefused(
        f"mailbox {account.name} refused the access token; check the mailbox permission (FullAccess), and that New-ServicePrincipal"
        " was given the Object ID of the Enterprise application, not that of the App registration"
    )


def _folder_refusal(account: ImapAccount, folder: str, said: str) -> MailboxError:
    if "not connected" in said.lower():  # Exchange lets a wrong app log in and says so only here
        return MailboxRefused(
            f"mailbox {account.name} lets the app log in but not open mail; grant it FullAccess with Add-MailboxPermission"
        )
    if any(word in said.lower() for word in PASSING):
        return MailboxError(f"a folder of mailbox {account.name} cannot be opened just now; it is tried again")
    return MailboxRefused(f"mailbox {account.name} has no folder {folder!r} that may be opened; check the setting of its folder")
