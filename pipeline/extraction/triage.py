"""Says what a file is from its bytes; its name decides only between kinds of plain text.

A sign is a short name such as `pdf` or `docx`; readers claim signs (`pipeline.extraction.readers`). What no row of the tables
below knows is `unknown`, never a guess.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePath

import olefile

RTF = b"{\\rtf"
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"%!PS", "postscript"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"7z\xbc\xaf\x27\x1c", "sevenzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "executable"),  # a Windows shortcut starts programs too
)
"""First bytes that settle the matter."""

HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif", b"avif"})

CONTENT_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"wordprocessingml.document.main", "docx"),
    (b"wordprocessingml.template.main", "dotx"),
    (b"ms-word.document.macroEnabled", "docm"),
    (b"ms-word.template.macroEnabledTemplate", "docm"),
    (b"spreadsheetml.sheet.main", "xlsx"),
    (b"spreadsheetml.template.main", "xlsx"),
    (b"ms-excel.sheet.macroEnabled", "xlsx"),
    (b"ms-excel.template.macroEnabled", "xlsx"),
    (b"ms-excel.sheet.binary", "xlsb"),
    (b"presentationml.", "pptx"),
    (b"ms-powerpoint.", "pptx"),
)
"""Main content types in `[Content_Types].xml` (ECMA-376 part 1, section 15.2 and Microsoft's macro-enabled ones)."""

MEMBERS: tuple[tuple[str, str], ...] = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
"""Folders that say what an Office file is where its list of content types does not, or where the file is cut short."""

OPEN_DOCUMENT: dict[bytes, str] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}

OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted_office"),
    ("__properties_version1.0", "msg"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)

EXTENSIONS: dict[str, frozenset[str]] = {
    ".pdf": frozenset({"pdf"}),
    ".docx": frozenset({"docx", "encrypted_office"}),
    ".docm": frozenset({"docm", "encrypted_office"}),
    ".dotx": frozenset({"dotx", "docx"}),
    ".doc": frozenset({"doc", "encrypted_office"}),
    ".dot": frozenset({"doc"}),
    ".rtf": frozenset({"rtf"}),
    ".odt": frozenset({"odt"}),
    ".ods": frozenset({"ods"}),
    ".xls": frozenset({"xls", "encrypted_office"}),
    ".xlsx": frozenset({"xlsx", "encrypted_office"}),
    ".xlsm": frozenset({"xlsx", "encrypted_office"}),
    ".ppt": frozenset({"ppt", "encrypted_office"}),
    ".pptx": frozenset({"pptx", "encrypted_office"}),
    ".txt": frozenset({"text", "csv"}),
    ".csv": frozenset({"csv", "text"}),
    ".xml": frozenset({"xml"}),
    ".svg": frozenset({"xml"}),
    ".htm": frozenset({"html"}),
    ".html": frozenset({"html"}),
    ".mht": frozenset({"mht", "html"}),
    ".mhtml": frozenset({"mht", "html"}),
    ".png": frozenset({"png"}),
    ".jpg": frozenset({"jpeg"}),
    ".jpeg": frozenset({"jpeg"}),
    ".tif": frozenset({"tiff"}),
    ".tiff": frozenset({"tiff"}),
    ".gif": frozenset({"gif"}),
    ".bmp": frozenset({"bmp"}),
    ".webp": frozenset({"webp"}),
    ".heic": frozenset({"heic"}),
    ".zip": frozenset({"zip"}),
}
"""What a file of this extension may be without a word being said about it."""

HEADER = re.compile(rb"^(?:Received|Return-Path|MIME-Version|Message-ID|Content-Type|X-[\w-]+|Delivered-To)[ \t]*:", re.I | re.M)
ANY_HEADER = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:From [^\n]+\n)?[A-Za-z][\w-]*[ \t]*:[^\n]*\n")
SHORTCUT = re.compile(rb'\s*(?:\[InternetShortcut\]|\{\s*"(?:url|doc_id|resource_id)"\s*:)', re.I)
"""How a link to a file begins that Windows or Google Drive keeps in place of the file."""
XML = re.compile(
    rb"\A\s*(<\?xml\b[^>]*\?>)?\s*(?:<\?[^>]*\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]*(?:\[.{0,2000}?\])?>\s*)*<([A-Za-z_][\w:.-]*)([^>]*)",
    re.I | re.S,
)
"""A file's declaration, and the name and attributes of its first element."""
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|meta|p|br)\b", re.I)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sign_of(content: bytes, name: str) -> str:
    """The sign of a file: what its bytes say it is. `name` only tells CSV from other plain text."""
    if not content:
        return "empty"
    return next((sign for look in _LOOKS if (sign := look(content, name))), "unknown")


def mismatch(sign: str, name: str) -> bool:
    """Whether the name promises another kind of file than the bytes are. Unknown extensions promise nothing."""
    expected = EXTENSIONS.get(PurePath(name.lower()).suffix)
    return expected is not None and sign not in expected


def _by_magic(content: bytes, _: str) -> str | None:
    if content[:2] == b"BM" and len(content) > 26 and int.from_bytes(content[2:6], "little") in {0, len(content)}:
        return "bmp"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        return "heic"
    if content[:64].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(RTF):
        return "rtf"
    return next((sign for magic, sign in MAGIC if content.startswith(magic)), None)


def _by_pdf_header(content: bytes, _: str) -> str | None:
    # PDF readers accept the header anywhere in the first kilobyte (ISO 32000-1, annex H, implementation note 13).
    return "pdf" if b"%PDF-" in content[:1024] else None


def _by_ole(content: bytes, _: str) -> str | None:
    if not content.startswith(olefile.MAGIC):
        return None
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            sign = next((sign for stream, sign in OLE_STREAMS if storage.exists(stream)), "unknown")
    except Exception:  # noqa: BLE001 - a damaged storage raises anything; its streams' names are then looked for as they stand
        sign = next((sign for stream, sign in OLE_STREAMS if stream.encode("utf-16-le") in content), "unknown")
    return "encrypted_office" if sign in {"doc", "xls", "ppt"} and _is_locked(content) else sign


def _is_locked(content: bytes) -> bool:
    import msoffcrypto  # noqa: PLC0415 - 60 ms that only old Office files need

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:  # noqa: BLE001 - what it cannot parse is left to the reader, which says what is wrong
        return False


def _by_zip(content: bytes, _: str) -> str | None:
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _by_members(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return next((sign for folder, sign in MEMBERS if folder.encode() in content[:65536]), "zip")


def _by_members(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        return OPEN_DOCUMENT.get(archive.read("mimetype").strip(), "zip")
    if "[Content_Types].xml" not in names:
        return "zip"
    with archive.open("[Content_Types].xml") as part:
        types = part.read(1_000_000)
    by_type = next((sign for mark, sign in CONTENT_TYPES if mark in types), None)
    return by_type or next((sign for folder, sign in MEMBERS if any(name.startswith(folder) for name in names)), "zip")


def _by_mail_headers(content: bytes, name: str) -> str | None:
    head = content[:8192].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    if not ANY_HEADER.match(head + b"\n"):
        return None
    suffix = PurePath(name.lower()).suffix
    if re.search(rb"^Content-Type[ \t]*:\s*multipart/related", head, re.I | re.M) and re.search(rb"^MIME-Version", head, re.I | re.M):
        by_browser = re.search(rb"^(?:Snapshot-Content-Location|Content-Location)|^From:\s*<?Saved by", head, re.I | re.M)
        return "mht" if suffix in {".mht", ".mhtml"} or by_browser else "eml"
    enough = 1 if suffix == ".eml" else 2
    return "eml" if len({match.group().lower() for match in HEADER.finditer(head)}) >= enough else None


def _by_text(content: bytes, name: str) -> str | None:
    if not _is_text(content):
        return None
    head = content[:8192].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if SHORTCUT.match(head):
        return "shortcut"
    if _is_xml(head):
        return "xml"
    if HTML.search(head[:2048]):
        return "html"
    return "csv" if PurePath(name.lower()).suffix in {".csv", ".tsv"} else "text"


def _is_xml(head: bytes) -> bool:
    """Whether programs, not browsers, read it: Word's and Excel's files of 2003, flat OpenDocument, health records, drawings."""
    found = XML.match(head)
    if not found or found[2].lower() == b"html":
        return False
    return bool(found[1]) or b":" in found[2] or (b"xmlns" in found[3] and b"xhtml" not in found[3])


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = content[:65536]
    # One stray control character in two hundred is a printout's form feed or a terminal's escape, more is a binary file.
    return len(CONTROLS.findall(sample)) * 200 <= len(sample)


_LOOKS: tuple[Callable[[bytes, str], str | None], ...] = (_by_pdf_header, _by_magic, _by_ole, _by_zip, _by_mail_headers, _by_text)
