"""Programs that misbehave, put before the real ones, and reading processes that start with them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline import gateway
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.confine import Limits
from pipeline.extraction.reading import read
from pipeline.extraction.sandbox import WorkerPool
from pipeline.thinking import Tools, assess

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def put(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name before the real one."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def scan() -> bytes:
    """A page of print as a picture."""
    page = Image.new("L", (1240, 600), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 32)
    for line in range(6):
        pen.text((80, 40 + 80 * line), f"Robin was seen at home on {line + 1} March and was well.", 0, font)
    out = io.BytesIO()
    page.save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


@contextmanager
def fresh(tools: Tools, limits: Limits) -> Iterator[Tools]:
    """The tools with reading processes of their own, started now."""
    with WorkerPool(limits, workers=1) as pool:
        yield replace(tools, sandbox=pool)


def held_because(tools: Tools, raw: bytes) -> set[UnreadableReason]:
    """Why files of the message could not be read; it is held, and the same process or the next still reads."""
    assessment = assess(raw, tools, collected=gateway.now())
    assert assessment.disposition.decision == "review"
    assert all(plan.treatment == "withhold" for plan in assessment.plan.documents)
    again = tools.sandbox.run(read, Attachment(PersonalText("a.txt"), b"Robin is well"), tools.reading)
    assert again.text == "Robin is well"
    return {one.document.problem.reason for one in assessment.case.readings if one.document.problem}
