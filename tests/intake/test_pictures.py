"""Logos do not drown the reviewer, and nothing that could be read is taken for one."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.text import PersonalText
from pipeline.intake.pictures import is_small, is_speck


def picture(width: int, height: int, kind: str = "PNG", *, inline: bool = True) -> Attachment:
    """A picture of that size."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, kind)
    return Attachment(PersonalText(f"a.{kind.lower()}"), buffer.getvalue(), f"image/{kind.lower()}", inline=inline)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG"])
@pytest.mark.parametrize(
    ("width", "height", "decoration"),
    [(200, 80, True), (300, 200, True), (600, 4, True), (1, 1, True), (800, 600, False), (1_240, 1_754, False)],
)
def test_size_tells(kind: str, width: int, height: int, decoration: bool) -> None:
    """Small pictures and thin rules may be decoration; a screenshot or a scanned page is not."""
    assert is_small(picture(width, height, kind)) is decoration


def test_only_pictures_shown_in_the_text() -> None:
    """A file that was attached is a document however small; so is one whose size or content cannot be told."""
    small = picture(20, 20)
    assert not is_small(replace(small, inline=False))
    assert not is_small(replace(small, problem=Problem(UnreadableReason.DAMAGED, "x")))
    assert not is_small(replace(small, content=small.content + bytes(70_000)))
    for content in (b"", b"%PDF-1.4", small.content[:18], b"\xff\xd8\xff", b"GIF89a"):
        assert not is_small(replace(small, content=content))


@pytest.mark.parametrize(
    ("width", "height", "speck"), [(600, 4, True), (32, 32, True), (1, 1, True), (600, 20, False), (120, 40, False), (800, 600, False)]
)
def test_specks_are_not_read(width: int, height: int, speck: bool) -> None:
    """Rules, spacers and icons are passed over; a strip with one line of text, or a logo, is read to see what it says."""
    assert is_speck(picture(width, height)) is speck
    assert not is_speck(picture(width, height, inline=False))
