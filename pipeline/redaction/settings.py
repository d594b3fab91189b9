"""What the maker of copies is told; picklable, so that it can cross into the process in which files are opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopySettings:
    """How copies are made and proved.

    Attributes:
        dpi: dots an inch of pages that leave as pictures; at 170 small print stays readable and a page of text stays below 150 kB.
        photo_dpi: the most dots an inch of photographs and scans, which lose more by being made smaller than print does.
        ocr_proof: whether pages that leave as pictures are read by tesseract before they may go; only OCR sees what is left in pixels.
        ocr_dpi: dots an inch of that reading.
        ocr_whole_pages: whether pages of printed text are read whole; else what `redaction/sight.py` can vouch for is passed over.
        ocr_workers: pages read at once.
        ocr_seconds: the longest one page may take.
        keep_vector: whether pages of a PDF without removals stay as they are, if they prove clean.
        strip_properties: whether author names and the like go from files that are otherwise clean.
    """

    dpi: int = 170
    photo_dpi: int = 220
    ocr_proof: bool = True
    ocr_dpi: int = 150
    ocr_whole_pages: bool = False
    ocr_workers: int = 2
    ocr_seconds: float = 60.0
    keep_vector: bool = True
    strip_properties: bool = True
