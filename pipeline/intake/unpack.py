"""Opens containers: a zip, 7-Zip archive, forwarded message or winmail.dat is replaced by what is in it, and so on to the last file.

Pure and picklable: it runs in the process that can be killed. Triage is by content, never by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.intake import appledouble, forwarded, outlook, sevenzip, tnef, zips
from pipeline.intake.budget import Budget, Exhausted, Limits, Locked, Spoiled

__all__ = ["Limits", "unpack"]


@dataclass(frozen=True, slots=True)
class Opener:
    """One kind of container: how it is told, and what takes it apart (one level only)."""

    name: str
    recognises: Callable[[Attachment], bool]
    members: Callable[[Attachment, Budget], Iterable[Attachment]]


OPENERS = (
    Opener("zip", zips.recognises, zips.members),
    Opener("7-Zip archive", sevenzip.recognises, sevenzip.members),
    Opener("Outlook message", outlook.recognises, outlook.members),
    Opener("winmail.dat", tnef.recognises, tnef.members),
    Opener("forwarded message", forwarded.recognises, forwarded.members),
)
"""Tried in turn; the forwarded message last, since it is told by its words and the others by their first bytes."""

STANDARD = Limits()

WHY: dict[type[Exception], tuple[UnreadableReason, str]] = {
    Exhausted: (UnreadableReason.TOO_LARGE, "holds more, or is packed deeper, than is opened"),
    Locked: (UnreadableReason.ENCRYPTED, "is encrypted"),
    Spoiled: (UnreadableReason.DAMAGED, "is damaged and could not be opened"),
}
"""What stopped an opener, and what the reviewer is told."""

SEALED = (
    (b"Rar!\x1a\x07", 0, "RAR"),
    (b"\x1f\x8b\x08", 0, "gzip"),
    (b"BZh", 0, "bzip2"),
    (b"\xfd7zXZ\x00", 0, "xz"),
    (b"MSCF\x00\x00", 0, "cabinet"),
    (b"ustar", 257, "tar"),
    (b"CD001", 0x8001, "disk image"),
)
"""First bytes of archives that are not opened, where they stand, and their name for the reviewer."""


def unpack(attachment: Attachment, limits: Limits = STANDARD) -> tuple[Attachment, ...]:
    """The files in the attachment, each naming its container; any other attachment as it came.

    What cannot be opened comes back itself with `problem` set: encrypted, damaged, too large, or of a kind not opened here.
    """
    return tuple(_opened(attachment, Budget(limits), 0))


def _opened(attachment: Attachment, budget: Budget, depth: int) -> Iterable[Attachment]:
    opener = next((opener for opener in OPENERS if opener.recognises(attachment)), None) if attachment.problem is None else None
    if opener is None:
        return [_sealed(attachment)]
    try:
        budget.enter(depth)
        members = [member for member in opener.members(attachment, budget) if not appledouble.is_clutter(member.content)]
    except (Exhausted, Locked, Spoiled) as stopped:
        reason, detail = WHY[type(stopped)]
        return [_with(attachment, reason, f"the {opener.name} {detail}")]
    if not members:
        return [_with(attachment, UnreadableReason.EMPTY, f"the {opener.name} is empty")]
    return [file for member in members for file in _opened(member, budget, depth + 1)]


def _sealed(attachment: Attachment) -> Attachment:
    for magic, offset, name in SEALED:
        if attachment.problem is None and attachment.content[offset : offset + len(magic)] == magic:
            return _with(attachment, UnreadableReason.UNSUPPORTED, f"the file is a {name} archive, which is not opened here")
    return attachment


def _with(attachment: Attachment, reason: UnreadableReason, detail: str) -> Attachment:
    return replace(attachment, problem=Problem(reason, detail))
