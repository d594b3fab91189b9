"""What the gateway could not do is one line that says what and how to mend it, exit code 1, and nothing half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from needs import require
from servers import DovecotServer, free_port
from servers_clamd import ClamdServer
from servers_smtp import SmtpSink

from pipeline import gateway

IMAP = '[[mailboxes]]\nkind = "imap"\nname = "reports"\nhost = "localhost"\nuser = "reports"\ntimeout_seconds = 5\n'


def _imap(dovecot: DovecotServer, *, password: str | None = None, trusted: bool = True) -> str:
    lines = [IMAP, f"port = {dovecot.tls_port}", f'password = "{password or dovecot.password}"']
    return "\n".join([*lines, f'ca_file = "{dovecot.ca_file}"'] if trusted else lines)


WRONG_SETTINGS = [
    ("alarm_after_minutes = 0", "alarm_after_minutes"),
    ("alarm_after = 5", "alarm_after"),
    ('[outgoing]\nkind = "smtp"\nhost = "mail.example"\nsecurity = "none"', "outgoing.smtp.security"),
    ('[outgoing]\nkind = "pigeon"', "outgoing"),
    ('[[mailboxes]]\nkind = "imap"\nname = "a"\nhost = "h"\nport = 99999', "port"),
    ("[reading]\npages = 'many'", "reading.pages"),
    ("data_dir = ", "TOML"),
]


@pytest.mark.parametrize(("text", "named"), WRONG_SETTINGS)
def test_a_wrong_setting_is_named(call: Callable, tmp_path: Path, text: str, named: str) -> None:
    """The line names the key."""
    (tmp_path / "reportgate.toml").write_text(text)

    assert named in call("--config", tmp_path / "reportgate.toml", "queue").reason


def test_a_settings_file_that_is_not_there_is_named(call: Callable, tmp_path: Path) -> None:
    """A mistyped --config does not fall back to other settings."""
    assert "nowhere.toml" in call("--config", tmp_path / "nowhere.toml", "queue").reason


def test_a_variable_that_is_no_setting_is_named(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped variable of ours is an error, since what it was to set would silently stay unset."""
    monkeypatch.setenv("REPORTGATE_STOER__URL", "sqlite:///x")

    assert "REPORTGATE_STOER__URL" in call("queue").reason


def test_a_password_is_never_printed(call: Callable, tmp_path: Path) -> None:
    """Neither does an error show a secret that stands beside the mistake."""
    (tmp_path / "reportgate.toml").write_text(f'{IMAP}password = "hunter-seven"\npassword_file = "/nowhere"\n')

    said = call("--config", tmp_path / "reportgate.toml", "collect")

    assert "not both" in said.reason
    assert "hunter-seven" not in said.out + said.err


def test_a_missing_key_is_named(place) -> None:
    """Without the vault key nothing is read and none is made in its place."""
    (place.data / "vault.key").unlink()

    assert "vault.key" in place.call("queue").reason
    assert not (place.data / "vault.key").exists()


def test_another_key_is_refused(place, call: Callable, tmp_path: Path) -> None:
    """A key that is not the one the store was sealed with stops the start."""
    call("init", tmp_path / "other")
    (place.data / "vault.key").write_bytes((tmp_path / "other" / "reportgate-data" / "vault.key").read_bytes())

    assert "key" in place.call("queue").reason


def test_a_database_of_a_newer_version_is_left_alone(place) -> None:
    """Neither is it read nor changed; the line says what to do."""
    database = place.data / "reportgate.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_tomorrow'")
    connection.close()

    assert "newer" in place.call("queue").reason
    assert "newer" in place.call("init", place.folder).reason
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999_from_tomorrow",)
    connection.close()


def test_a_store_that_was_not_made_says_how(place) -> None:
    """Before `init` the line names it."""
    (place.data / "reportgate.sqlite").unlink()

    assert "reportgate init" in place.call("queue").reason


def test_a_wrong_password_is_one_line(place, dovecot: DovecotServer) -> None:
    """The mailbox refuses us: exit 1, and the password is not repeated."""
    place.settle(_imap(dovecot, password="wrong-horse"))

    said = place.call("collect")

    assert "password" in said.reason
    assert "wrong-horse" not in said.out + said.err


def test_an_untrusted_certificate_is_one_line(place, dovecot: DovecotServer) -> None:
    """A server whose certificate nobody vouches for is not spoken to."""
    place.settle(_imap(dovecot, trusted=False))

    assert "certificate" in place.call("collect").reason


def test_an_unreachable_server_is_one_line(place) -> None:
    """Nobody listens there."""
    place.settle(f'{IMAP}port = {free_port()}\npassword = "x"')

    assert "reports" in place.call("collect").reason


def test_an_expired_token_is_one_line(place, dovecot: DovecotServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that has ended, and that cannot be renewed, is refused by the server itself; the token is not repeated."""
    token = dovecot.token("reports", seconds=-60)
    monkeypatch.setattr("pipeline.intake.oauth.ClientCredentials.token", lambda self, *, fresh=False: token)
    oauth = '\n[mailboxes.oauth]\ntenant = "t"\nclient_id = "c"\nclient_secret = "s"\n'
    place.settle(f'{IMAP}port = {dovecot.tls_port}\nca_file = "{dovecot.ca_file}"{oauth}')

    said = place.call("collect")

    assert said.reason
    assert token not in said.out + said.err


def test_one_mailbox_that_fails_does_not_keep_the_others_from_being_read(place, samples: Path) -> None:
    """The good one is read, and the bad one still makes the call fail."""
    place.deliver(samples / "s10.eml")
    place.settle(
        f'{IMAP}port = {free_port()}\npassword = "x"\n[[mailboxes]]\nkind = "maildir"\nname = "good"\npath = "{place.data / "in"}"'
    )

    said = place.call("collect")

    assert said.reason
    assert "good: 1 new" in said.out


def test_doctor_names_everything_that_is_wrong(place, sink: SmtpSink) -> None:
    """All of it in one go, each with its mend, and exit 1."""
    outgoing = f'[outgoing]\nkind = "smtp"\nhost = "localhost"\nport = {sink.port}\nsecurity = "starttls"\ntimeout_seconds = 5\n'
    place.settle(f'{IMAP}port = {free_port()}\npassword = "x"\n{outgoing}')

    said = place.call("doctor")

    assert "wrong" in said.reason
    shown = " ".join(said.out.split())
    assert "bad mailbox reports" in shown
    assert "bad outgoing mail" in shown
    assert "certificate" in shown
    assert "retired" in shown


def test_doctor_insists_on_trusted_servers_for_live_mail(place, dovecot: DovecotServer) -> None:
    """A mailbox read over IMAP needs the names of the servers whose word on senders is believed; one on this machine does not."""
    outgoing = f'[outgoing]\nkind = "maildir"\npath = "{place.data / "out"}"\n'
    place.settle(f"{_imap(dovecot)}\n{outgoing}")
    said = place.call("doctor")
    assert "1 thing(s) are wrong" in said.reason
    assert "bad sender authentication: trusted_servers is not set" in " ".join(said.out.split())

    place.settle(f'trusted_servers = ["mx.example.nhs.uk"]\n{_imap(dovecot)}\n{outgoing}')
    said = place.call("doctor")
    assert said.code == 0, said.out
    assert "as mx.example.nhs.uk found it" in " ".join(said.out.split())


@pytest.mark.parametrize("words", [("return",), ("unlock", "--password-file", "{file}")])
def test_an_unknown_id_is_told_before_the_language_model_is_loaded(place, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped id is one line at once, and nothing dear is loaded for it."""
    (place.folder / "passwords").write_text("x\n")
    monkeypatch.setattr(gateway, "thinking", lambda _: pytest.fail("the language model was loaded"))
    options = [word.format(file=place.folder / "passwords") for word in words[1:]]
    assert "R-NONE" in place.call(words[0], "R-NONE", "--by", "nurse.1", *options).reason


def test_doctor_asks_the_virus_scanner(place, tmp_path: Path) -> None:
    """A scanner that does not answer is wrong, named with its mend; one that answers tells its version."""
    with ClamdServer(require("clamd"), tmp_path / "clamd") as clamd:
        place.settle(f'[antivirus]\nsocket = "{clamd.socket}"\n')
        answering = " ".join(place.call("doctor").out.split())
    silent = place.call("doctor")
    assert "good virus scanner: ClamAV" in answering
    assert "bad virus scanner" in " ".join(silent.out.split())
    assert "mail waits until it does: start clamd, or mend antivirus.socket" in " ".join(silent.out.split())
    assert silent.reason


def test_doctor_is_content_with_what_init_made(place) -> None:
    """The settings that `init` writes work as they stand."""
    said = place.call("doctor")

    assert said.code == 0, said.out
    assert "bad" not in said.out.split()


def test_doctor_tells_what_one_reading_process_means(place) -> None:
    """With one process mail is still read, but a short report may wait behind a long scan: a warning, not a fault."""
    place.settle("[reading]\nworkers = 1\n")
    said = place.call("doctor")
    assert "look reading: with one reading process a short report may wait behind a long scan" in " ".join(said.out.split())


def test_init_twice_keeps_everything(place) -> None:
    """A second `init` makes no new key and no new settings."""
    before = place.config.read_bytes(), (place.data / "vault.key").read_bytes()

    assert place.call("init", place.folder).code == 0
    assert (place.config.read_bytes(), (place.data / "vault.key").read_bytes()) == before


def test_init_where_nothing_can_be_written_is_one_line(call: Callable, tmp_path: Path) -> None:
    """A folder that cannot be made is named."""
    (tmp_path / "file").write_text("in the way")

    assert "cannot be" in call("init", tmp_path / "file" / "gateway").reason


USAGE = [(), ("nonsense",), ("assess",), ("release", "x"), ("queue", "--nonsense"), ("rules", "show")]


@pytest.mark.parametrize("words", USAGE)
def test_wrong_usage_is_exit_code_2(call: Callable, words: tuple[str, ...]) -> None:
    """Usage errors are told from what the gateway could not do."""
    assert call(*words).code == 2


def test_what_nobody_foresaw_is_one_line_without_its_text(place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug shows no traceback and no text of the exception, which could be a message's."""

    def fail(*_: object) -> None:
        raise ValueError("Mrs Secret of 4 Hidden Lane")

    monkeypatch.setattr("pipeline.gateway.store", fail)

    said = place.call("queue")

    assert "ValueError" in said.reason
    assert "Secret" not in said.out + said.err


def test_a_message_that_is_not_there_is_one_line(call: Callable, tmp_path: Path) -> None:
    """The file is named, before anything is loaded."""
    assert "nowhere.eml" in call("assess", tmp_path / "nowhere.eml").reason
    assert str(tmp_path) in call("assess", tmp_path).reason


def test_two_messages_of_one_name_do_not_overwrite_each_others_letters(call: Callable, samples: Path, tmp_path: Path) -> None:
    """Letters go to a folder of the message's name, so two of one name are refused before anything is written."""
    (tmp_path / "s10.eml").write_bytes((samples / "s10.eml").read_bytes())

    assert "share a file name" in call("assess", samples / "s10.eml", tmp_path / "s10.eml", "--outgoing", tmp_path / "out").reason
    assert not (tmp_path / "out").exists()


DESK = [
    ("show", "nope"),
    ("release", "nope", "--by", "a.b"),
    ("return", "nope", "--by", "a.b"),
    ("rerun", "nope", "--by", "a.b"),
    ("reassess", "nope"),
]


@pytest.mark.parametrize("words", DESK)
def test_an_unknown_id_is_one_line(place, words: tuple[str, ...]) -> None:
    """There is no such submission, and nothing is done."""
    assert "nope" in place.call(*words).reason
