"""Neutral, useful names for what leaves; a sender's own file name often holds a child's, so it is never used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from pipeline.domain.documents import Document
from pipeline.domain.people import DocumentKind
from pipeline.domain.text import PersonalText

STEMS: dict[DocumentKind, str] = {
    DocumentKind.CONFERENCE_REPORT: "Report",
    DocumentKind.RECORD_PRINTOUT: "Record printout",
    DocumentKind.CLINICAL_LETTER: "Letter",
    DocumentKind.MEDICATION_PRINTOUT: "Medicines",
    DocumentKind.LAB_RESULTS: "Results",
    DocumentKind.IMMUNISATION_PRINTOUT: "Immunisation record",
    DocumentKind.REFERRAL: "Referral",
    DocumentKind.MEETING_MINUTES: "Minutes",
    DocumentKind.BLANK_FORM: "Blank form",
    DocumentKind.PHOTO_OR_SCAN: "Picture",
    DocumentKind.OTHER: "Document",
    DocumentKind.UNREADABLE: "Document",
}

_PICTURES = {
    b"\xff\xd8\xff": ".jpg",
    b"\x89PNG": ".png",
    b"II*\x00": ".tif",
    b"MM\x00*": ".tif",
    b"GIF8": ".gif",
    b"BM": ".bmp",
}
MEDIA_TYPES: dict[str, str] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroEnabled.12",
    ".doc": "application/msword",
    ".dot": "application/msword",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".mht": "multipart/related",
    ".eml": "message/rfc822",
    ".msg": "application/vnd.ms-outlook",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".heic": "image/heic",
}

SAME_FORMAT = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods"})
"""Files whose properties can be taken out while the rest stays as it is."""


def extension_of(document: Document) -> str:
    """The extension a file leaves under, from its content: its format where that is one, else its first bytes."""
    content = document.attachment.content
    for signature, extension in _PICTURES.items():
        if content.startswith(signature):
            return extension
    if content[4:8] == b"ftyp" and content[8:11] in {b"hei", b"mif", b"hev"}:
        return ".heic"
    by_format = f".{document.format}"
    if by_format in MEDIA_TYPES:
        return by_format
    own = PurePosixPath(document.attachment.name).suffix.lower()
    return own if own in MEDIA_TYPES else ".bin"


def media_type_of(name: str) -> str:
    """The media type that goes with a name's extension."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def outgoing_names(leaving: Sequence[tuple[DocumentKind, str, bool]]) -> list[PersonalText]:
    """Names for the documents that leave, given each one's kind, extension and whether words were taken out of it.

    The second of two reports becomes `Report 2 of 2, redacted.pdf`; a kind met once goes without numbers, a report always has them.
    """
    total = Counter(STEMS[kind] for kind, _, _ in leaving)
    seen: Counter[str] = Counter()
    names = []
    for kind, extension, redacted in leaving:
        stem = STEMS[kind]
        seen[stem] += 1
        number = f" {seen[stem]} of {total[stem]}" if total[stem] > 1 or kind is DocumentKind.CONFERENCE_REPORT else ""
        names.append(PersonalText(f"{stem}{number}{', redacted' if redacted else ''}{extension}"))
    return names
