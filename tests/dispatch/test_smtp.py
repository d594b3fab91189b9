from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from servers import Authority, free_port
from servers_smtp import SmtpSink

from pipeline.dispatch.permission import permission
from pipeline.dispatch.smtp import Security, SmtpAccount, SmtpTransport
from pipeline.domain.authority import Destination, Letter
from pipeline.domain.errors import DispatchError, DispatchRefused, DispatchUncertain, SettingsError

TO, CC = "reports@council.gov.uk", "team@icb.nhs.uk"
CONTENT = b"From: a@b\r\nTo: c@d\r\nMessage-ID: <x@gateway>\r\nSubject: s\r\n\r\n.a line with a dot\r\n..two\r\n.\r\nZebulon\r\n"
LETTER = Letter("to-authority", "<x@gateway>", (TO,), (CC,), "s", CONTENT)


def account(sink: SmtpSink, **changes: Any) -> SmtpAccount:
    """How to reach the sink."""
    usual = SmtpAccount("localhost", "gateway@reportgate.nhs.uk", port=sink.port, ca_file=sink.ca_file, timeout=10)
    return replace(usual, **changes)


def send(sink: SmtpSink, letter: Letter = LETTER, **changes: Any) -> Any:
    """Sends the letter to both its recipients."""
    return SmtpTransport(account(sink, **changes)).send(letter, letter.recipients)


def test_hands_the_bytes_over(sink: SmtpSink) -> None:
    """The server gets the letter byte for byte, with our address and both recipients on the envelope."""
    receipt = send(sink)
    (taken,) = sink.taken
    assert taken.content == CONTENT
    assert taken.recipients == receipt.accepted == (TO, CC)
    assert taken.sender == "gateway@reportgate.nhs.uk"
    assert receipt.refused == ()


def test_speaks_tls_from_the_first_byte(tmp_path: Path) -> None:
    """Port 465 works as well as STARTTLS."""
    with SmtpSink(tmp_path, implicit_tls=True) as sink:
        assert send(sink, security=Security.TLS).accepted == (TO, CC)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("login", "works"),
    [
        ({"user": SmtpSink.user, "password": SmtpSink.password}, True),
        ({"user": SmtpSink.user, "password": "wrong"}, False),
        ({"user": SmtpSink.user, "token": lambda: SmtpSink.token}, True),
        ({"user": SmtpSink.user, "token": lambda: "expired"}, False),
    ],
    ids=["password", "wrong password", "token", "expired token"],
)
def test_logs_in(tmp_path: Path, implicit: bool, login: dict[str, Any], works: bool) -> None:
    """Password and XOAUTH2 open the door; a wrong one is told in one line that holds neither."""
    with SmtpSink(tmp_path, implicit_tls=implicit, login=True) as sink:
        options = {"security": Security.TLS if implicit else Security.STARTTLS, **login}
        if works:
            assert send(sink, **options).accepted == (TO, CC)
            SmtpTransport(account(sink, **options)).check()
        else:
            with pytest.raises(DispatchError, match=r"does not let us log in \(535\); renew the password or secret") as error:
                send(sink, **options)
            assert "wrong" not in str(error.value)
            assert sink.taken == []


def test_an_untrusted_certificate_is_refused(sink: SmtpSink, tmp_path: Path) -> None:
    """A server that another authority vouches for gets nothing, and the line says what to mend."""
    stranger = Authority(tmp_path / "stranger")
    for ca_file in (None, stranger.ca_file):
        with pytest.raises(DispatchError, match=r"is not trusted .*set ca_file"):
            send(sink, ca_file=ca_file)
    assert sink.taken == []


def test_a_certificate_for_another_name_is_refused(sink: SmtpSink) -> None:
    """A certificate counts only for the name it was asked by."""
    with pytest.raises(DispatchError, match="is not trusted"):
        send(sink, host="127.1")


def test_nothing_goes_out_in_the_clear() -> None:
    """A server without STARTTLS gets neither password nor letter."""
    heard: list[bytes] = []
    with _plain_server(heard) as port:
        plain = SmtpAccount("localhost", "a@b.nhs.uk", port=port, user="u", password="secret", timeout=5)
        with pytest.raises(DispatchError, match="nothing is sent without encryption"):
            SmtpTransport(plain).send(LETTER, LETTER.recipients)
    said = b"".join(heard)
    assert b"AUTH" not in said
    assert b"MAIL" not in said


@contextmanager
def _plain_server(heard: list[bytes]) -> Iterator[int]:
    """A server that knows EHLO and nothing else."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 plain\r\n")
                while line := connection.recv(1000):
                    heard.append(line)
                    connection.sendall(b"250 plain\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def test_an_unreachable_server_is_a_matter_of_time() -> None:
    """Nobody listening is put off, with the place to check."""
    with pytest.raises(DispatchError, match=r"localhost:\d+ cannot be reached"):
        SmtpTransport(SmtpAccount("localhost", "a@b.nhs.uk", port=free_port(), timeout=2)).send(LETTER, (TO,))


def test_a_missing_file_of_certificates_is_a_wrong_setting(tmp_path: Path) -> None:
    """The key to mend is named."""
    with pytest.raises(SettingsError, match="mend ca_file"):
        SmtpTransport(SmtpAccount("localhost", "a@b.nhs.uk", ca_file=tmp_path / "none.pem"))


def test_put_off_with_4xx(sink: SmtpSink) -> None:
    """A 4xx is tried again, and then taken."""
    sink.moods.defer = 1
    with pytest.raises(DispatchError, match=r"put the letter off \(451\)") as error:
        send(sink)
    assert type(error.value) is DispatchError
    assert send(sink).accepted == (TO, CC)


def test_refused_with_5xx(sink: SmtpSink) -> None:
    """A 5xx after DATA is for good, and repeats nothing the server said."""
    sink.moods.reject = 554
    with pytest.raises(DispatchRefused, match=r"^the mail server refused the letter \(554\)$"):
        send(sink)


@pytest.mark.parametrize("code", [550, 450])
def test_recipients_are_refused_one_by_one(sink: SmtpSink, code: int) -> None:
    """One refused recipient does not keep the letter from the other."""
    sink.moods.refuse = {CC: code}
    receipt = send(sink)
    assert receipt.accepted == (TO,)
    assert receipt.refused == ((CC, code),)
    assert sink.taken[0].recipients == (TO,)


def test_everybody_refused_is_a_receipt_too(sink: SmtpSink) -> None:
    """Where nobody is accepted no letter is handed over, and each code is told."""
    sink.moods.refuse = {TO: 550, CC: 452}
    receipt = send(sink)
    assert receipt.accepted == ()
    assert dict(receipt.refused) == {TO: 550, CC: 452}
    assert sink.taken == []


def test_broken_before_data_is_tried_again(sink: SmtpSink) -> None:
    """Nothing was handed over, so nothing is in doubt."""
    sink.moods.drop = "before"
    with pytest.raises(DispatchError, match="before the letter was handed over") as error:
        send(sink)
    assert type(error.value) is DispatchError


@pytest.mark.parametrize("where", ["in", "after"])
def test_broken_in_or_after_data_is_uncertain(sink: SmtpSink, where: str) -> None:
    """From the first byte on nobody knows; after DATA the server has indeed taken it."""
    sink.moods.drop = where
    with pytest.raises(DispatchUncertain, match="after the letter was handed over"):
        send(sink, replace(LETTER, content=CONTENT + b"line\r\n" * 200_000))
    assert len(sink.taken) == (where == "after")


def test_too_large_is_known_before_it_is_sent(tmp_path: Path) -> None:
    """The size a server announces is minded, and the line says both sizes."""
    with SmtpSink(tmp_path, size_limit=1000) as sink:
        with pytest.raises(DispatchRefused, match="too large for localhost: 2000 bytes, and it takes 1000"):
            send(sink, replace(LETTER, content=b"x" * 2000))
        assert send(sink).accepted == (TO, CC)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("child.protection@brent.gcsx.gov.uk", r"Brent reports is retired since 31\.03\.2019 \(gcsx closed\); set a current one"),
        ("CHILD.protection@Brent.gcsx.gov.uk", "retired since"),
        ("reports@council.example", "leads nowhere"),
        ("someone@example.com", "leads nowhere"),
        ("reports@grâce.gov.uk", "letters that mail servers do not take"),
    ],
)
def test_forbidden_addresses_are_refused_before_connecting(address: str, reason: str) -> None:
    """Retired and made-up addresses stop the letter without a word to any server."""
    retired = Destination("child.protection@brent.gcsx.gov.uk", "Brent reports", date(2019, 3, 31), "gcsx closed")
    transport = SmtpTransport(SmtpAccount("localhost", "a@b.nhs.uk", port=free_port()), permission([retired, Destination(TO, "live")]))
    with pytest.raises(DispatchRefused, match=reason):
        transport.send(LETTER, (TO, address))


def test_secrets_do_not_show() -> None:
    """Neither password nor token is in the repr of an account."""
    shown = repr(SmtpAccount("localhost", "a@b.nhs.uk", user="u", password="hunter2", token=lambda: "hunter2"))
    assert "hunter2" not in shown
    assert "lambda" not in shown
