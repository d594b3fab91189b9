"""A message whose files together take longer than a message may: what was read is kept, the rest is named, and a person looks."""

from __future__ import annotations

import email
import email.policy
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline import gateway, thinking
from pipeline.domain.assessment import Decision
from pipeline.domain.mail import Attachment
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import InProcess
from pipeline.thinking import OVERDUE, Tools, assess


@dataclass
class Clock:
    """A monotonic clock that goes on when it is told to."""

    now: float = 0.0

    def monotonic(self) -> float:
        """What it shows."""
        return self.now


class Slow(InProcess):
    """A sandbox in which reading a file of that name takes a thousand seconds, and which notes how long pictures of text might take."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name, self.clock = name, clock
        self.for_pictures: list[float] = []

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Does the work, and lets the time pass."""
        if work is read:
            self.for_pictures.append(arguments[1].ocr_seconds)
            self.clock.now += 1_000.0 if arguments[0].name == self.name else 1.0
        return super().run(work, *arguments)


def with_more(raw: bytes) -> bytes:
    """The message with a long file, a text and a zip after its own files."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.txt", "Robin is well.")
    for name, content in (("long.txt", b"Robin is well."), ("later.txt", b"Robin is well."), ("later.zip", packed.getvalue())):
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_what_is_not_read_in_time_is_named_and_held(tools: Tools, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file at which the time ends is kept, those after it are named unread, packed ones too; without the long one all is read."""
    raw = with_more((samples / "s01.eml").read_bytes())
    clock = Clock()
    monkeypatch.setattr(thinking, "time", clock)
    slow = Slow("long.txt", clock)
    assessment = assess(raw, replace(tools, sandbox=slow, message_seconds=900.0), collected=gateway.now())
    unread = {str(one.document.name): one.document.problem for one in assessment.case.readings if one.document.problem is not None}
    assert unread == {"later.txt": OVERDUE, "later.zip": OVERDUE}
    assert "long.txt" in {str(one.document.name) for one in assessment.case.readings}
    assert assessment.disposition.decision is Decision.REVIEW
    assert "A document could not be opened or read in full." in assessment.disposition.reasons
    assert all(0.0 <= seconds <= 900.0 for seconds in slow.for_pictures)
    others = assess(raw, replace(tools, sandbox=Slow("nothing", clock), message_seconds=900.0), collected=gateway.now())
    assert [one.document.problem for one in others.case.readings if one.document.problem is not None] == []


def test_without_a_limit_reading_is_as_before(tools: Tools) -> None:
    """A message of no limit never runs out of time, and files keep what is wrong with them."""
    assert tools.message_seconds == 7_200.0
    assert replace(tools, message_seconds=float("inf")).begun().seconds_left == float("inf")
    wrong = Attachment(OVERDUE.detail, b"", problem=replace(OVERDUE, detail="another"))  # type: ignore[arg-type]  # any text will do
    assert thinking._in_time(wrong, replace(tools, ends=-1.0)) is wrong
