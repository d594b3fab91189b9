"""What readers are told: limits and tools; picklable, so that it can cross into the reading process."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Limits on one file, and how to read pictures.

    Attributes:
        pages: the most pages a file may have.
        file_bytes: the largest file, in bytes.
        text_characters: the longest face, in characters.
        pixels: the largest picture, in pixels.
        unpacked_bytes: the most bytes a container or zipped format may unpack to.
        ocr: whether pictures of text are read by tesseract.
        ocr_dpi: dots an inch for OCR; 300, since at 200 about two digits in a hundred are misread.
        ocr_workers: pages read at once.
        ocr_seconds: for all pictures of text in a file together, of wall time; what is not read by then is said to be missing. It must end
            before the reading process is killed, so that what was read is kept.
        office_seconds: for LibreOffice to convert one file.
        password: tried on encrypted files; held in memory only.
    """

    pages: int = 400
    file_bytes: int = 60_000_000
    text_characters: int = 5_000_000
    pixels: int = 120_000_000
    unpacked_bytes: int = 400_000_000
    ocr: bool = True
    ocr_dpi: int = 300
    ocr_workers: int = 2
    ocr_seconds: float = 3200.0
    office_seconds: float = 90.0
    password: str | None = field(default=None, repr=False)
