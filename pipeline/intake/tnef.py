"""Opens winmail.dat (TNEF)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain.mail import Attachment
from pipeline.intake.budget import Budget


def recognises(attachment: Attachment) -> bool:  # noqa: ARG001 - written next
    """Whether the content is a TNEF stream."""
    return False


def members(attachment: Attachment, budget: Budget) -> Iterator[Attachment]:  # noqa: ARG001 - written next
    """Its text and files."""
    return iter(())
