"""Opens zip files, and tells them from the many file formats that are zips inside."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.intake.budget import Budget, Exhausted, Locked, Spoiled
from pipeline.intake.names import file_name

START = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

DOCUMENT_PARTS = frozenset(
    {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "Index/Document.iwa", "FixedDocumentSequence.fdseq"}
)
"""Members that make a zip a document: Office Open XML, OpenDocument and EPUB, Apple's, XPS."""

CHUNK = 1 << 16
ENCRYPTED = 0x1
SAYS_UTF8 = 0x800
UNIX = 3
AES = 99
"""The way of packing that stands for encryption with AES (WinZip, AE-1 and AE-2)."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, IndexError, KeyError, UnicodeError)
"""What the zip reader raises for bytes that are not what they claim."""

CLUTTER = (
    (".DS_Store", b"\x00\x00\x00\x01Bud1"),
    ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
)
"""What computers add to a folder by themselves: the end of its name, and its first bytes. It holds nobody's words."""


def recognises(attachment: Attachment) -> bool:
    """Whether the content is a zip that is not a document of its own."""
    if not attachment.content.startswith(START):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(attachment.content)) as archive:
            return not DOCUMENT_PARTS & set(archive.namelist())
    except BROKEN:
        return not any(part.encode() in attachment.content[:4096] for part in DOCUMENT_PARTS)


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:
    """The files in the zip. One that is encrypted or damaged comes with its problem; names are reduced to their last part.

    Raises:
        Exhausted: it holds too much.
        Locked: all of it is encrypted, and no password was given.
        Spoiled: its directory cannot be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(attachment.content))
    except BROKEN:
        raise Spoiled from None
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if infos and all(info.flag_bits & ENCRYPTED for info in infos) and not budget.limits.passwords:
            raise Locked
        for number, info in enumerate(infos, 1):
            budget.file()
            content, problem = _read(archive, info, budget)
            if not any(info.filename.endswith(end) and content.startswith(magic) for end, magic in CLUTTER):
                yield Attachment(file_name(_name(info), f"file {number}"), content, container=attachment.name, problem=problem)


def _name(info: zipfile.ZipInfo) -> str:
    """The name; some programs, a Mac's among them, write it in UTF-8 without saying so (APPNOTE.TXT, appendix D)."""
    if info.flag_bits & SAYS_UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> tuple[bytes, Problem | None]:
    if info.create_system == UNIX and stat.S_ISLNK(info.external_attr >> 16):
        return b"", Problem(UnreadableReason.UNSUPPORTED, "it only points to another file, which is not in the zip")
    if info.flag_bits & ENCRYPTED:
        return _unlocked(archive, info, budget)
    try:
        with archive.open(info) as stream:
            return _bounded(stream, max(info.compress_size, 1), budget), None
    except NotImplementedError:
        return b"", Problem(UnreadableReason.UNSUPPORTED, "the file is packed in a way that is not opened here")
    except BROKEN:
        return b"", Problem(UnreadableReason.DAMAGED, "the file is damaged inside its zip")


def _unlocked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> tuple[bytes, Problem | None]:
    """A locked file, with the first password that opens it: a wrong one is found out by its check bytes, or by the check sum at the end."""
    if info.compress_type == AES and budget.limits.passwords:
        archive, info = _knowing_aes(archive, info)
    for password in budget.limits.passwords:
        try:
            with archive.open(info, pwd=password.encode()) as stream:
                return _bounded(stream, max(info.compress_size, 1), budget), None
        except (*BROKEN, NotImplementedError):
            continue
    return b"", Problem(UnreadableReason.ENCRYPTED, "the file is encrypted inside its zip")


def _knowing_aes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[zipfile.ZipFile, zipfile.ZipInfo]:
    """The same member by a library that knows the cipher of WinZip, 7-Zip and others, which Python's own does not."""
    import pyzipper  # type: ignore[import-untyped]  # noqa: PLC0415 - 300 ms that only such archives need

    same: zipfile.ZipFile = pyzipper.AESZipFile(archive.fp)
    return same, next(one for one in same.infolist() if one.header_offset == info.header_offset)


def _bounded(stream: IO[bytes], packed: int, budget: Budget) -> bytes:
    """All of the stream, counted while it is unpacked: a bomb is found before it fills the memory."""
    pieces, size = [], 0
    while piece := stream.read(CHUNK):
        pieces.append(piece)
        size += len(piece)
        budget.data(len(piece))
        if size > budget.limits.ratio_from and size > packed * budget.limits.ratio:
            raise Exhausted
    return b"".join(pieces)
