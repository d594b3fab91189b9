"""Takes the lock off a PDF or Office file with a password that a reviewer entered, so that all later steps see an ordinary file.

Picklable: it runs in the reading process. The passwords are held in memory only and written nowhere.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import msoffcrypto
import pikepdf

from pipeline.domain.mail import Attachment
from pipeline.extraction import triage


def unlocked(attachment: Attachment, passwords: tuple[str, ...]) -> Attachment:
    """The file without its lock, where it has one that a password opens; any other file as it came.

    What leaves later is the unlocked file: its receiver has no password. A PDF is written afresh, without earlier states of itself.
    """
    opener = OPENERS.get(triage.sign_of(attachment.content, attachment.name)) if attachment.problem is None else None
    if opener is None:
        return attachment
    for password in passwords:
        content = opener(attachment.content, password)
        if content is not None:
            return dataclasses.replace(attachment, content=content)
    return attachment


def _open_office(content: bytes, password: str) -> bytes | None:
    plain = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        locked.load_key(password=password)
        locked.decrypt(plain)
    except Exception:  # noqa: BLE001 - one answer whatever went wrong: it stays locked, and its reader says so
        return None
    return plain.getvalue() or None


def _open_pdf(content: bytes, password: str) -> bytes | None:
    plain = io.BytesIO()
    try:
        if _opens_freely(content):
            return None
        with pikepdf.open(io.BytesIO(content), password=password) as pdf:
            pdf.save(plain, encryption=False)
    except (pikepdf.PasswordError, pikepdf.PdfError, ValueError, RuntimeError, OSError):
        return None
    return plain.getvalue()


def _opens_freely(content: bytes) -> bool:
    try:
        pikepdf.open(io.BytesIO(content)).close()
    except pikepdf.PasswordError:
        return False
    return True


OPENERS: dict[str, Callable[[bytes, str], bytes | None]] = {"pdf": _open_pdf, "encrypted_office": _open_office}
"""What a locked file is by its first bytes, and what opens it; zips are opened with the password by intake."""
