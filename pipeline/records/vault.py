"""Seals what must not stand in the clear in the database, with a key that is never in it.

A sealed value is: 4 bytes `RGV1` (the format), 8 bytes key id, 12 bytes nonce, then AES-256-GCM ciphertext with its 16-byte tag. Format,
key id and the record the value belongs to are authenticated with it, so that a value moved to another record does not open.

A key file holds one key a line in base64; the first seals, the others still open what was sealed before a change of key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.domain.errors import VaultError

FORMAT = b"RGV1"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12  # NIST SP 800-38D: 96 random bits, good for 2**32 values under one key
HEADER_BYTES = len(FORMAT) + ID_BYTES + NONCE_BYTES


def key_id(key: bytes) -> str:
    """The name of a key: sixteen hexadecimal digits that say nothing of it."""
    return hashlib.sha256(b"reportgate key id:" + key).digest()[:ID_BYTES].hex()


class Vault:
    """Seals and opens. Its repr shows key ids only.

    Raises:
        VaultError: there is no key, or one is not 32 bytes long.
    """

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys:
            raise VaultError("there is no key to the originals; make one with: reportgate init")
        if any(len(key) != KEY_BYTES for key in keys):
            raise VaultError(f"a key to the originals is not {KEY_BYTES} bytes in base64; restore the key file from its backup")
        self.current = key_id(keys[0])
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}

    def __repr__(self) -> str:
        return f"Vault(current={self.current!r}, keys={len(self._ciphers)})"

    @property
    def key_ids(self) -> frozenset[str]:
        """The keys this vault can open with."""
        return frozenset(self._ciphers)

    def seal(self, data: bytes, record: str) -> bytes:
        """The data encrypted; it opens again only for the same record."""
        head = FORMAT + bytes.fromhex(self.current)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return head + nonce + self._ciphers[self.current].encrypt(nonce, data, head + record.encode())

    def open(self, sealed: bytes, record: str) -> bytes:
        """What was sealed for this record.

        Raises:
            VaultError: the key is not in this vault, or the value was changed, damaged or belongs to another record.
        """
        head, nonce = sealed[: len(FORMAT) + ID_BYTES], sealed[len(FORMAT) + ID_BYTES : HEADER_BYTES]
        if len(nonce) != NONCE_BYTES or not head.startswith(FORMAT):
            raise VaultError("something in the database is not a sealed value of this version; restore it from a backup")
        cipher = self._ciphers.get(head[len(FORMAT) :].hex())
        if cipher is None:
            raise VaultError(missing_key(head[len(FORMAT) :].hex()))
        try:
            return cipher.decrypt(nonce, sealed[HEADER_BYTES:], head + record.encode())
        except InvalidTag:
            raise VaultError("a sealed value in the database was changed or damaged; restore the database from a backup") from None


def missing_key(name: str) -> str:
    """The one line for an operator whose key file lacks a key."""
    return f"the database was sealed with key {name}, which is not in the key file; restore that file, or add the key on a line of its own"


def parse_keys(text: str) -> Vault:
    """The vault for keys in base64, one a line; empty lines and lines that begin with `#` say nothing.

    Raises:
        VaultError: there is no key, or one cannot be read.
    """
    lines = (line.strip() for line in text.splitlines())
    try:
        return Vault(tuple(base64.b64decode(line, validate=True) for line in lines if line and not line.startswith("#")))
    except binascii.Error:
        raise VaultError("a key to the originals is not in base64; restore the key file from its backup") from None


def load_keys(path: Path) -> Vault:
    """The vault for a key file.

    Raises:
        VaultError: the file is missing, may be read by others, or holds no usable key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except FileNotFoundError:
        raise VaultError(f"the key file {path} is not there; restore it, or make a first one with: reportgate init") from None
    except (OSError, UnicodeDecodeError) as error:
        raise VaultError(
            f"the key file {path} cannot be read ({type(error).__name__}); mend its owner or restore it from its backup"
        ) from None
    if mode & 0o077:
        raise VaultError(f"the key file {path} may be read by others than its owner; run: chmod 600 {path}")
    return parse_keys(text)


def create_key(path: Path) -> Vault:
    """Makes a key file with one new key, for its owner's eyes only.

    Raises:
        VaultError: there is a file of that name already, which is left alone, or it cannot be written.
    """
    key = secrets.token_bytes(KEY_BYTES)
    text = f"# The key to the originals. Keep a copy elsewhere: without it nothing stored can be read.\n{base64.b64encode(key).decode()}\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise VaultError(f"the key file {path} is there already and was left as it is") from None
    except OSError as error:
        raise VaultError(f"the key file {path} cannot be written ({type(error).__name__}); name another place or mend its folder") from None
    return Vault((key,))
