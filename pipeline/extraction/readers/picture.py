"""Reads pictures (PNG, JPEG, TIFF, HEIC, GIF, BMP, WebP, JPEG 2000) by OCR, and what a camera wrote into the file."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from functools import partial

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pipeline.domain.documents import Document, NoteCode, TextSource
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.extraction import arrange, ocr, pictureinfo, scans
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.compose import Composer, PagePieces
from pipeline.extraction.layout import usual_type
from pipeline.extraction.ocr import Recognised
from pipeline.extraction.options import ReadOptions

NAME = "picture"
SIGNS = frozenset({"png", "jpeg", "tiff", "heic", "gif", "bmp", "webp", "jp2"})

PAGE_INCHES = 11.7
"""The longer side of A4: how large a picture is taken to be that does not say so itself."""
SHOWS = 48
"""Levels of grey, of 255, between ink and paper from which a picture is seen."""
MOST_ENLARGED = 2.0
"""A photograph of part of a page is larger in print than its size tells; three times made tesseract lose every second word of one."""


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads every page or frame.

    Raises:
        Unreadable: it is damaged or too large, tesseract is missing, or nothing of it could be read.
    """
    builder = DocumentBuilder(attachment, NAME)
    with _open(attachment.content, options) as picture:
        pictureinfo.tell(builder, picture, "camera details")
        pictureinfo.tell_rest(builder, attachment.content, picture.format or "")
        ocr.ready(options)
        pages, problem = _recognised(picture, options)
    for _, found in pages:
        scans.judge(builder, found, found.ink.number)
    if sum(found.words for _, found in pages) < scans.FEW_WORDS:
        builder.note(NoteCode.PICTURE, "it is a picture without words, or with very few")
        pages = [(frame, found) for frame, found in pages if found.words]
    Composer(builder).write(arranged([found for _, found in pages]))
    return builder.finish(TextSource.OCR, problem)


def _recognised(picture: Image.Image, options: ReadOptions) -> tuple[list[tuple[scans.Picture, Recognised]], Problem | None]:
    """What was read, and why that is not all: the frames before one that is cut short are worth showing to the reviewer."""
    pages: list[tuple[scans.Picture, Recognised]] = []
    try:
        for page in scans.recognise_all(_frames(picture, options), options):
            pages.append(page)  # noqa: PERF402 - what came before an error is kept
    except Unreadable as unreadable:
        if not pages:
            raise
        return pages, Problem(unreadable.reason, str(unreadable))
    return pages, None


def arranged(pages: list[Recognised]) -> list[PagePieces]:
    """Recognised pages in reading order."""
    usual = usual_type([page.ink.tokens for page in pages])
    return [
        PagePieces(
            page.ink.number,
            page.ink.width,
            page.ink.height,
            arrange.pieces_of(page.ink, page.ink.tokens, usual),
            source=TextSource.OCR,
            confidence=page.confidence,
        )
        for page in pages
    ]


def _open(content: bytes, options: ReadOptions) -> Image.Image:
    if content[4:8] == b"ftyp":
        import pillow_heif  # noqa: PLC0415 - 40 ms that only HEIC needs

        pillow_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own warning of large pictures; the limit below is ours
        try:
            picture = Image.open(io.BytesIO(content))
        except Image.DecompressionBombError:
            raise _too_large() from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: it cannot be opened as a picture") from None
    if picture.width * picture.height > options.pixels:
        raise _too_large()
    if getattr(picture, "n_frames", 1) > options.pages:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"it has more than {options.pages} pages")
    return picture


def _too_large() -> Unreadable:
    return Unreadable(UnreadableReason.TOO_LARGE, "the picture has more dots than a scan or photograph of a page needs")


def _frames(picture: Image.Image, options: ReadOptions) -> Iterator[scans.Picture]:
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        if frame.width * frame.height > options.pixels:
            raise _too_large()
        try:
            upright = _square(_on_paper(ImageOps.exif_transpose(frame)), frame)
        except (OSError, ValueError, SyntaxError, EOFError):
            raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: the picture is cut short") from None
        dpi = max(upright.size) / PAGE_INCHES
        factor = min(MOST_ENLARGED, options.ocr_dpi / dpi) if dpi < 0.8 * options.ocr_dpi else 1.0
        yield scans.Picture(number, dpi * factor, partial(_enlarged, upright, factor))


def _on_paper(frame: Image.Image) -> Image.Image:
    """The picture in grey; where it can be seen through, on white as it is printed, or on black where nothing of it shows on white."""
    if not frame.has_transparency_data:
        return frame.convert("L")
    inked = frame.convert("RGBA")
    for paper in ("white", "black"):
        ground = Image.new("RGBA", inked.size, paper)
        ground.alpha_composite(inked)
        shown = ground.convert("L")
        darkest, lightest = shown.getextrema()
        if int(lightest) - int(darkest) >= SHOWS:  # type: ignore[arg-type]  # of one band it is a pair of numbers
            break
    return shown


def _square(picture: Image.Image, frame: Image.Image) -> Image.Image:
    """The picture with dots as high as they are wide: a fax of standard resolution has twice as many across as down (ITU-T T.4)."""
    across, down = (float(value) for value in frame.info.get("dpi", (1, 1)))
    if frame.format != "TIFF" or not 1.5 <= across / max(down, 1.0) <= 2.5:
        return picture
    return picture.resize((picture.width, round(picture.height * across / down)), Image.Resampling.BICUBIC)


def _enlarged(picture: Image.Image, factor: float) -> Image.Image:
    if factor == 1.0:
        return picture
    return picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BICUBIC)
