"""Gets and renews access tokens for mailboxes that take no password (Exchange Online's app-only flow)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pipeline.domain.errors import MailboxError, MailboxRefused

SCOPE = "https://outlook.office365.com/.default"
"""What Exchange Online wants to be asked for; the permissions themselves are granted to the app (IMAP.AccessAsApp)."""

MARGIN = 300.0
"""Seconds before its end at which a token is renewed, so that none ends while a message is fetched."""


class TokenSource(Protocol):
    """Something that has an access token at hand."""

    def token(self, *, fresh: bool = False) -> str:
        """A token that is good for some minutes more; `fresh` asks for a new one whatever the clock says.

        Raises:
            MailboxError: none could be got now.
            MailboxRefused: none will be got until somebody mends the registration.
        """
        ...


@dataclass(frozen=True, slots=True)
class AppRegistration:
    """An app registered with Microsoft Entra.

    Attributes:
        tenant: the directory (tenant) id.
        client_id: the application (client) id.
        client_secret: its secret; it expires, and mail then stops.
        authority: the login service; another one for other clouds and for tests.
        verify: a file with the certificate authorities to trust instead of the usual ones.
    """

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    authority: str = "https://login.microsoftonline.com"
    verify: str | None = None


@dataclass(slots=True)
class ClientCredentials:
    """Tokens for one app registration, kept until shortly before they end."""

    registration: AppRegistration
    clock: Callable[[], float] = time.monotonic
    _app: Any = field(default=None, repr=False)
    _token: str = field(default="", repr=False)
    _ends: float = 0.0

    def token(self, *, fresh: bool = False) -> str:
        """The token at hand, or a new one where that has nearly ended."""
        if fresh or not self._token or self.clock() >= self._ends - MARGIN:
            self._renew()
        return self._token

    def _renew(self) -> None:
        from msal.exceptions import MsalError  # noqa: PLC0415 - msal takes a third of a second to import, and most mailboxes need none

        try:
            answer = self._application().acquire_token_for_client(scopes=[SCOPE])
        except (OSError, ValueError, MsalError):  # requests' errors are OSErrors; msal gives ValueError for an answer that is no metadata
            raise MailboxError("the login service for the mailbox could not be reached; check the network and the tenant id") from None
        if "access_token" not in answer:
            raise self._refusal(answer)
        self._token = str(answer["access_token"])
        self._ends = self.clock() + float(answer.get("expires_in", 0))

    def _application(self) -> Any:
        """A new application each time: msal's own cache would hand out a token that the server has just refused."""
        import msal  # noqa: PLC0415 - as above

        registration = self.registration
        return msal.ConfidentialClientApplication(
            registration.client_id,
            client_credential=registration.client_secret,
            authority=f"{registration.authority}/{registration.tenant}",
            instance_discovery=False,
            verify=registration.verify or True,
        )

    @staticmethod
    def _refusal(answer: dict[str, Any]) -> MailboxError:
        codes = {str(code) for code in answer.get("error_codes", [])}
        if codes & {"7000215", "7000222"} or answer.get("error") == "invalid_client":
            return MailboxRefused(
                "the login service refused the client secret: it is wrong or has expired; make a new one and set client_secret"
            )
        if answer.get("error") in {"temporarily_unavailable", "server_error"}:
            return MailboxError("the login service is not available just now; it is tried again later")
        return MailboxRefused("the login service gave no token: check tenant, client_id and the admin consent to IMAP.AccessAsApp")
