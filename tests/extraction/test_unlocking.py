"""Locked files and the passwords a reviewer enters for them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable

import openpyxl
import pikepdf
import pytest
from lockers import aes_zip, locked_office, locked_pdf, locked_zip, seven_zip, seven_zip_with_names

from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.unlocking import unlocked
from pipeline.intake.unpack import Limits, unpack

PASSWORD = "grün und Blau 7"


def workbook() -> bytes:
    """A sheet with one cell."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "Robin is well"  # type: ignore[index]  # a new workbook has a sheet
    book.save(out)
    return out.getvalue()


def page() -> bytes:
    """An empty page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


FILES = {"book.xlsx": (workbook, locked_office), "page.pdf": (page, locked_pdf)}


@pytest.mark.parametrize("name", FILES)
def test_a_locked_file_is_recognised_and_opened_by_its_password_only(name: str) -> None:
    """Without a password it is encrypted and says so; a wrong one changes nothing; the right one, even given last, opens it."""
    make, lock = FILES[name]
    locked = Attachment(PersonalText(name), lock(make(), PASSWORD))
    problem = read(locked, ReadOptions()).problem
    assert problem is not None
    assert problem.reason is UnreadableReason.ENCRYPTED
    assert unlocked(locked, ("wrong", "")) == locked
    opened = unlocked(locked, ("wrong", PASSWORD))
    assert read(opened, ReadOptions()).problem is None
    assert (opened.name, opened.declared_type) == (locked.name, locked.declared_type)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 nonsense", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"Robin is well", page(), workbook()]
)
def test_a_file_without_a_lock_comes_back_as_it_is(content: bytes) -> None:
    """Clean, damaged and foreign files are left alone."""
    file = Attachment(PersonalText("a"), content)
    assert unlocked(file, (PASSWORD,)) is file


def test_an_empty_owner_lock_is_left_to_the_reader() -> None:
    """A PDF that opens without a password is read as it came."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert read(Attachment(PersonalText("a.pdf"), out.getvalue()), ReadOptions()).problem is None


ARCHIVES = (locked_zip, aes_zip, seven_zip, seven_zip_with_names)


@pytest.mark.parametrize("lock", ARCHIVES, ids=[lock.__name__ for lock in ARCHIVES])
@pytest.mark.parametrize("passwords", [(), ("wrong",), ("wrong", PASSWORD)], ids=["none", "wrong", "right"])
def test_a_locked_archive(passwords: tuple[str, ...], lock: Callable[[str, bytes, str], bytes]) -> None:
    """Its files come out with the right password; else it is the archive, or each file, that is encrypted."""
    packed = Attachment(PersonalText("a.bin"), lock("in.txt", b"Robin is well", PASSWORD))
    (file,) = unpack(packed, Limits(passwords=passwords))
    if PASSWORD not in passwords:
        assert file.name in {"a.bin", "in.txt"}
        assert file.problem is not None
        assert file.problem.reason is UnreadableReason.ENCRYPTED
    else:
        assert (file.name, file.content, file.problem) == ("in.txt", b"Robin is well", None)


def test_passwords_show_nowhere() -> None:
    """They cross into the reading process and are in no repr."""
    for value in (Limits(passwords=(PASSWORD,)), ReadOptions(password=PASSWORD)):
        assert PASSWORD not in repr(value)
        assert pickle.loads(pickle.dumps(value)) == value
