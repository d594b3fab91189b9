from __future__ import annotations

import io

import py7zr
import pytest

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.intake.unpack import Limits, unpack


def seven(**files: bytes) -> Attachment:
    """A 7-Zip archive with these files."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(content, f"folder/{name}.txt")
    return Attachment(PersonalText("a.7z"), out.getvalue())


def reasons(file: Attachment, limits: Limits) -> set[str]:
    """Why it, or what is in it, could not be opened."""
    return {one.problem.reason.value for one in unpack(file, limits) if one.problem}


def test_its_files_come_out_in_order_by_their_last_name() -> None:
    """Each names the archive it was in; archives inside archives are opened too."""
    inner = seven(report=b"Robin is well", second=b"")
    outer = io.BytesIO()
    with py7zr.SevenZipFile(outer, "w") as archive:
        archive.writestr(inner.content, "in.7z")
    found = unpack(Attachment(PersonalText("out.7z"), outer.getvalue()))
    assert [(file.name, file.content, file.container) for file in found] == [
        ("report.txt", b"Robin is well", "in.7z"),
        ("second.txt", b"", "in.7z"),
    ]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(members=1), "too_large"), (Limits(unpacked_bytes=1_000), "too_large"), (Limits(ratio=10, ratio_from=1_000), "too_large")],
    ids=["members", "bytes", "ratio"],
)
def test_the_limits_hold_inside_it(limits: Limits, reason: str) -> None:
    """Too many files, too many bytes, and bytes from nowhere end the opening."""
    assert reasons(seven(a=bytes(100_000), b=b"x"), limits) == {reason}


def test_one_that_is_cut_short_or_spoiled_is_damaged() -> None:
    """Wherever it is broken, it is never taken for read."""
    whole = seven(a=b"Robin is well " * 50)
    for content in (whole.content[:40], whole.content[:-5], whole.content[:34] + b"?" + whole.content[35:]):
        assert reasons(Attachment(whole.name, content), Limits()) == {"damaged"}
