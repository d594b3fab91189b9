"""Tokens from a login service over TLS: kept, renewed before they end, and refusals that say what to mend."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from servers import Authority, free_port

from pipeline.domain.errors import MailboxError, MailboxRefused
from pipeline.intake.oauth import SCOPE, AppRegistration, ClientCredentials

SECRET = "the-client-secret"


class LoginService:
    """The part of Microsoft's login service that the flow for apps needs."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.answer: tuple[int, dict[str, object]] | None = None
        self.authority = Authority(folder)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                base = f"https://localhost:{service.port}/tenant"
                self.reply(200, {"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token"})

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                service.asked.append(form)
                token = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token {len(service.asked)}"}
                self.reply(*(service.answer or (200, token)))

            def reply(self, status: int, content: dict[str, object]) -> None:
                raw = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the library
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.certificate, self.authority.key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def registration(self, port: int | None = None) -> AppRegistration:
        """An app registered there."""
        return AppRegistration("tenant", "client", SECRET, f"https://localhost:{port or self.port}", str(self.authority.ca_file))


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoginService]:
    """A running login service; a machine's own bundle of authorities would otherwise be asked first."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    running = LoginService(tmp_path)
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_token_is_kept_and_renewed_before_it_ends(service: LoginService) -> None:
    """One request serves until five minutes before the end; then, or when asked for a fresh one, there is another."""
    now = [0.0]
    tokens = ClientCredentials(service.registration(), clock=lambda: now[0])
    assert [tokens.token(), tokens.token()] == ["token 1", "token 1"]
    now[0] = 3_299
    assert tokens.token() == "token 1"
    now[0] = 3_301
    assert tokens.token() == "token 2"
    assert tokens.token(fresh=True) == "token 3"
    assert {form["scope"][0] for form in service.asked} == {SCOPE}
    assert {form["grant_type"][0] for form in service.asked} == {"client_credentials"}


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (
            (401, {"error": "invalid_client", "error_codes": [7000222], "error_description": "AADSTS7000222"}),
            MailboxRefused,
            "make a new one",
        ),
        (
            (400, {"error": "unauthorized_client", "error_codes": [700016], "error_description": "x"}),
            MailboxRefused,
            "check tenant, client_id",
        ),
        ((400, {"error": "temporarily_unavailable", "error_description": "x"}), MailboxError, "tried again"),
    ],
)
def test_refusals(service: LoginService, answer: tuple[int, dict[str, object]], kind: type[MailboxError], says: str) -> None:
    """An expired secret, a wrong registration and a pause of the service are three different things to mend."""
    service.answer = answer
    with pytest.raises(MailboxError, match=says) as refused:
        ClientCredentials(service.registration()).token()
    assert type(refused.value) is kind
    assert SECRET not in str(refused.value)


def test_unreachable(service: LoginService) -> None:
    """A login service that does not answer is tried again later."""
    with pytest.raises(MailboxError, match="could not be reached") as error:
        ClientCredentials(service.registration(free_port())).token()
    assert not isinstance(error.value, MailboxRefused)


def test_secrets_do_not_show(service: LoginService) -> None:
    """Neither secret nor token stands in a repr."""
    tokens = ClientCredentials(service.registration())
    assert "token 1" in tokens.token()
    assert not [word for word in (SECRET, "token 1") if word in repr(tokens)]
