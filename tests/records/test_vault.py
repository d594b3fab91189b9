from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pipeline.domain.errors import VaultError
from pipeline.records.vault import Vault, create_key, load_keys, parse_keys

OLD, NEW = b"o" * 32, b"n" * 32


def test_opens_what_it_sealed() -> None:
    """The data comes back; sealed it shows nothing, and never the same twice."""
    vault = Vault((OLD,))
    sealed = vault.seal(b"Zebulon", "original:1")
    assert vault.open(sealed, "original:1") == b"Zebulon"
    assert b"Zebulon" not in sealed
    assert sealed != vault.seal(b"Zebulon", "original:1")


def test_an_empty_value_can_be_sealed() -> None:
    """Nothing is something too."""
    vault = Vault((OLD,))
    assert vault.open(vault.seal(b"", "x"), "x") == b""


def test_a_changed_value_does_not_open() -> None:
    """Any bit turned, anything cut off, or another record's value is noticed."""
    vault = Vault((OLD,))
    sealed = vault.seal(b"Zebulon", "original:1")
    for place in range(len(sealed)):
        turned = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(VaultError):
            vault.open(turned, "original:1")
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            vault.open(sealed[:length], "original:1")
    with pytest.raises(VaultError, match="changed or damaged"):
        vault.open(sealed, "original:2")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    """After a change of key both generations open; without the old key its name is told."""
    sealed = Vault((OLD,)).seal(b"Zebulon", "x")
    rotated = Vault((NEW, OLD))
    assert rotated.open(sealed, "x") == b"Zebulon"
    assert rotated.current == Vault((NEW,)).current != Vault((OLD,)).current
    with pytest.raises(VaultError, match=f"sealed with key {Vault((OLD,)).current}, which is not in the key file"):
        Vault((NEW,)).open(sealed, "x")


def test_a_new_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It is made with mode 0600 in a folder made for it, loads again, and is never overwritten."""
    path = tmp_path / "secrets" / "vault.key"
    made = create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(path).current == made.current
    before = path.read_bytes()
    with pytest.raises(VaultError, match="left as it is"):
        create_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", "there is no key to the originals"),
        ("# only a remark\n", "there is no key to the originals"),
        ("not base64!", "not in base64"),
        (base64.b64encode(b"short").decode(), "not 32 bytes"),
    ],
)
def test_unusable_keys_say_what_to_mend(text: str, mend: str) -> None:
    """Missing, garbled and short keys are told apart."""
    with pytest.raises(VaultError, match=mend):
        parse_keys(text)


def test_a_file_others_may_read_is_refused(tmp_path: Path) -> None:
    """The line is the command that mends it."""
    path = tmp_path / "vault.key"
    create_key(path)
    path.chmod(0o640)
    with pytest.raises(VaultError, match="run: chmod 600"):
        load_keys(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """Restoring comes before making a new one."""
    with pytest.raises(VaultError, match="restore it, or make a first one with: reportgate init"):
        load_keys(tmp_path / "vault.key")


def test_a_file_of_rubbish_is_refused(tmp_path: Path) -> None:
    """Bytes that are no text end in one line."""
    path = tmp_path / "vault.key"
    path.touch(0o600)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VaultError, match="cannot be read"):
        load_keys(path)


def test_keys_do_not_show() -> None:
    """A vault in a traceback shows the key's id only."""
    assert "oooo" not in repr(Vault((OLD,)))
