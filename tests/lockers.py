"""Locks files with a password, as senders do: PDF, Word, OpenDocument, 7-Zip, and zip in the old way and with AES."""

from __future__ import annotations

import io
import zipfile
import zlib

import msoffcrypto.format.ooxml
import pikepdf
import py7zr
import pyzipper  # type: ignore[import-untyped]


def locked_pdf(content: bytes, password: str) -> bytes:
    """The PDF with AES-256."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=password, owner=password + "-owner"))
    return out.getvalue()


def locked_office(content: bytes, password: str) -> bytes:
    """The Word or Excel file in the compound file that Office makes of it."""
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def locked_zip(name: str, content: bytes, password: str) -> bytes:
    """A zip with one file, locked with the old cipher (APPNOTE.TXT 6.1), which Python can read and not write."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, bytes(12) + content)
    raw, check = bytearray(out.getvalue()), zlib.crc32(content)
    sealed = _sealed(bytes(11) + bytes([check >> 24]) + content, password.encode())
    start = raw.index(bytes(12) + content)
    raw[start : start + len(sealed)] = sealed
    for magic, flags, crc, size in ((b"PK\x03\x04", 6, 14, 22), (b"PK\x01\x02", 8, 16, 24)):
        place = raw.rindex(magic) if magic[2] == 1 else raw.index(magic)
        raw[place + flags] |= 1
        raw[place + crc : place + crc + 4] = check.to_bytes(4, "little")
        raw[place + size : place + size + 4] = len(content).to_bytes(4, "little")
    return bytes(raw)


def aes_zip(name: str, content: bytes, password: str) -> bytes:
    """A zip with one file, locked with AES-256 as WinZip and 7-Zip do it."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.writestr(name, content)
    return out.getvalue()


def seven_zip(name: str, content: bytes, password: str) -> bytes:
    """A 7-Zip archive with one file, locked; its list of names is open."""
    return _seven(name, content, password, names=False)


def seven_zip_with_names(name: str, content: bytes, password: str) -> bytes:
    """The same with its list of names locked too."""
    return _seven(name, content, password, names=True)


def _seven(name: str, content: bytes, password: str, *, names: bool) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=names) as archive:
        archive.writestr(content, name)
    return out.getvalue()


def _sealed(plain: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in plain:
        mask = keys[2] | 2
        out.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(out)
