from __future__ import annotations

import email
import io
import zipfile
from email import policy
from pathlib import Path

import pytest

from pipeline.domain.documents import NoteCode
from pipeline.domain.errors import UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.text import PersonalText
from pipeline.extraction import reading, triage
from pipeline.extraction.options import ReadOptions


def zipped(**members: bytes) -> bytes:
    """A zip of these members; two underscores stand for a slash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("ContentTypes", "[Content_Types].xml"), data)
    return buffer.getvalue()


def office(main: str) -> bytes:
    """An Office file by its list of content types."""
    return zipped(ContentTypes=f'<Types><Override ContentType="application/vnd.{main}+xml"/></Types>'.encode(), word__document=b"<x/>")


MAIL = b"Received: from a by b\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
SAVED_PAGE = b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n"

SIGNS = [
    (b"", "a.pdf", "empty"),
    (b"%PDF-1.7\n1 0 obj", "report.docx", "pdf"),
    (b"\x00\x00junk before\n%PDF-1.4\n", "scan", "pdf"),
    (b"{\\rtf1\\ansi hello}", "letter.doc", "rtf"),
    (b"\x89PNG\r\n\x1a\n....", "x.jpg", "png"),
    (b"\xff\xd8\xff\xe0....", "x", "jpeg"),
    (b"II*\x00\x08\x00\x00\x00", "fax.tif", "tiff"),
    (b"MM\x00*\x00\x00\x00\x08", "fax.tif", "tiff"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "IMG_1.HEIC", "heic"),
    (b"GIF89a....", "a.gif", "gif"),
    (b"BM" + (30).to_bytes(4, "little") + b"\x00" * 24, "a.bmp", "bmp"),
    (b"\x78\x9f\x3e\x22\x01", "winmail.dat", "tnef"),
    (b"7z\xbc\xaf\x27\x1c\x00", "a.7z", "sevenzip"),
    (b"Rar!\x1a\x07\x00", "a.rar", "rar"),
    (b"MZ\x90\x00", "report.pdf.exe", "executable"),
    (b"\x7fELF\x02", "report.pdf", "executable"),
    (office("openxmlformats-officedocument.wordprocessingml.document.main"), "a.bin", "docx"),
    (office("openxmlformats-officedocument.wordprocessingml.template.main"), "a.dotx", "dotx"),
    (office("ms-word.document.macroEnabled.main"), "a.docx", "docm"),
    (office("openxmlformats-officedocument.spreadsheetml.sheet.main"), "a.xlsx", "xlsx"),
    (office("openxmlformats-officedocument.presentationml.presentation.main"), "a.pptx", "pptx"),
    (zipped(mimetype=b"application/vnd.oasis.opendocument.text", content=b"<x/>"), "a.odt", "odt"),
    (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "ods"),
    (zipped(a=b"1", b=b"2"), "reports.zip", "zip"),
    (office("openxmlformats-officedocument.wordprocessingml.document.main")[:90] + b"word/document.xml", "cut.docx", "docx"),
    (b"<!DOCTYPE html><html><body>x</body></html>", "report.pdf", "html"),
    (b"<p>Dear colleague</p>", "a.htm", "html"),
    (SAVED_PAGE, "page", "mht"),
    (b"\r\n{\\rtf1 hello}", "letter.doc", "rtf"),
    (b'<?xml version="1.0"?>\r\n<!DOCTYPE html PUBLIC "x">\n<html xmlns="http://www.w3.org/1999/xhtml"><body>x</body></html>', "a", "html"),
    (b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>x</body></html>', "a.doc", "html"),
    (b'<div xmlns="http://www.w3.org/1999/xhtml">x</div>', "a.htm", "html"),
    (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument><w:body/></w:wordDocument>', "letter.doc", "xml"),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><Workbook xmlns="urn:x"><Table><p>x</p></Table></Workbook>', "results.xls", "xml"),
    (b'<office:document xmlns:office="urn:oasis"><office:body/></office:document>', "report.fodt", "xml"),
    ('<?xml version="1.0" encoding="utf-16"?><ClinicalDocument/>'.encode("utf-16"), "record.xml", "xml"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>', "plan.svg", "xml"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "IMG-WA0001.webp", "webp"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a.wav", "unknown"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "scan.jp2", "jp2"),
    (b"%!PS-Adobe-3.0\n(words) show\n", "a.ps", "postscript"),
    (office("ms-excel.sheet.binary.macroEnabled.main"), "a.xlsb", "xlsb"),
    (b"[InternetShortcut]\r\nURL=https://gp.sharepoint.com/a\r\n", "Report.url", "shortcut"),
    (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "Report.gdoc", "shortcut"),
    (b"<b>Dear</b> colleague, 5 < 6", "a.txt", "text"),
    (MAIL, "fw", "eml"),
    (b"From: Dr A\nTo: social care\nDate: today\n\nPlain letter with a head like a mail\n", "letter.txt", "text"),
    (b"Name,Born\nA,2020\n", "results.csv", "csv"),
    (b"Name,Born\nA,2020\n", "results.txt", "text"),
    ("Zażółć".encode("utf-16"), "a.txt", "text"),
    (bytes(range(256)) * 8, "a.txt", "unknown"),
]


@pytest.mark.parametrize(("content", "name", "sign"), SIGNS, ids=[f"{name}-{sign}" for _, name, sign in SIGNS])
def test_the_bytes_say_what_a_file_is(content: bytes, name: str, sign: str) -> None:
    """Every kind of file is told by its content, whatever its name says."""
    assert triage.sign_of(content, name) == sign


@pytest.mark.parametrize(
    ("name", "sign", "told"),
    [
        ("report.docx", "pdf", True),
        ("report.pdf", "html", True),
        ("REPORT.PDF", "pdf", False),
        ("report", "pdf", False),
        ("report.weird", "pdf", False),
        ("locked.docx", "encrypted_office", False),
        ("a.jpeg", "jpeg", False),
        ("a.jpg", "png", True),
    ],
)
def test_a_name_that_promises_another_kind_is_a_mismatch(name: str, sign: str, told: bool) -> None:
    """Known extensions are held to their word, unknown ones promise nothing."""
    assert triage.mismatch(sign, name) is told


def attached(name: str, content: bytes, **more: object) -> Attachment:
    """A file as sent."""
    return Attachment(PersonalText(name), content, **more)  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.pdf", b"", UnreadableReason.EMPTY),
        ("tool.exe", b"MZ\x90\x00" + b"\x00" * 80, UnreadableReason.UNSUPPORTED),
        ("locked.zip", zipped(a=b"1"), UnreadableReason.UNSUPPORTED),
        ("strange.bin", bytes(range(256)) * 3, UnreadableReason.UNSUPPORTED),
        ("broken.pdf", b"%PDF-1.7\nnothing more", UnreadableReason.DAMAGED),
        ("broken.png", b"\x89PNG\r\n\x1a\nnothing more", UnreadableReason.DAMAGED),
        ("large.txt", b"word " * 300, UnreadableReason.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, reason: UnreadableReason) -> None:
    """No bad file raises: the document says what is wrong with it."""
    document = reading.read(attached(name, content), ReadOptions(file_bytes=1000))
    assert document.problem is not None
    assert document.problem.reason is reason


def test_a_problem_found_while_unpacking_stays() -> None:
    """An attachment that intake could not open keeps its reason."""
    problem = Problem(UnreadableReason.ENCRYPTED, "the zip is locked")
    assert reading.read(attached("a.pdf", b"", problem=problem), ReadOptions()).problem is problem


def test_a_reader_that_breaks_tells_nothing_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception's text may quote the file, so none of it reaches the document."""

    class Broken:
        NAME, SIGNS = "text", frozenset({"text"})

        def read(self, attachment: Attachment, options: ReadOptions) -> None:
            raise ValueError(attachment.content.decode())

    monkeypatch.setattr(reading.readers, "by_sign", lambda: {"text": Broken()})
    document = reading.read(attached("a.txt", b"Marigold Featherstonehaugh"), ReadOptions())
    assert document.problem is not None
    assert document.problem.reason is UnreadableReason.DAMAGED
    assert "Marigold" not in repr(document) + document.problem.detail


def test_a_mismatch_is_noted() -> None:
    """A web page sent under the name of a PDF is read as what it is, and that is said."""
    document = reading.read(attached("report.pdf", b"<html><body><p>Hello there</p></body></html>"), ReadOptions())
    assert [note.code for note in document.notes] == [NoteCode.TYPE_MISMATCH]
    assert "Hello there" in document.text


def test_the_message_text_is_read_as_its_declared_type() -> None:
    """A body has no name to judge by, and plain text that quotes a tag is still plain text."""
    document = reading.read(attached("body", b"we wrote <p> in the margin", declared_type="text/plain"), ReadOptions())
    assert "<p>" in document.text


def test_every_dev_case_file_has_a_sign(corpus: Path) -> None:
    """Nothing in the labelled mail is unknown to triage."""
    for path in sorted(corpus.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for part in message.iter_attachments():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                assert triage.sign_of(content, part.get_filename() or "") != "unknown", path.name
