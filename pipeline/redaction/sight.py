"""Reads by OCR what can be seen in pages that leave as pictures: of scans all, of printed text all that nothing else vouches for.

A page of which the letters were set as text need not be read whole, which is what makes OCR dear. A line of it is passed over where

1. the copy shows there what the original shows, pixel by pixel: bars, their labels and words moved up to them differ, and are read;
2. the original draws nothing there but level text: no picture, form or shape that could be a letter;
3. that text, as the original's own drawing says it whatever the reader of the file made of it, holds nothing that the plan removes;
4. its typeface says what it shows: each letter in it was read by OCR, somewhere in the document, as the letter it is said to be.

What one of these does not hold for is read; a page of which most would be read is read whole. To pass unread, a leak would have to be
put together from ruled lines as letters more than a quarter inch high, or be set in a typeface forged to hold two drawings of one
letter, a true one that is read and a false one, by a sender who wrote the same words openly elsewhere; `ocr_whole_pages` reads those too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image

from pipeline.domain.documents import Document, TextSource
from pipeline.redaction import readback, strips
from pipeline.redaction.annotations import settled
from pipeline.redaction.printed import Honest, Letter, Line, Print, printed
from pipeline.redaction.residue import Residue
from pipeline.redaction.settings import CopySettings

_LEAST_DPI = 100
_DOTS = 14
"""Dots from the top of a line of print to its foot: with so many OCR reads as many words as with half as many again (.961 each)."""
_MOST_READ = 0.6
"""A page of which more than this share of its lines must be read is read whole."""
_TOUCHED = 0.25
"""A line of which more than this share of rows must be read is read whole. A bar reaches into the tails of the line above: those rows are
read, but the rest of that line is as the original shows it."""
_DIFFERENT = 80
"""Levels of 255 by which a pixel of the copy may be darker or lighter than those around its place in the original."""
_ASIDE = 2
"""Pixels around: a picture of a page shows the edge of a letter up to so far aside of where the page itself does."""

Rows = npt.NDArray[np.bool_]
"""Which rows of a page's picture are meant."""


@dataclass(slots=True)
class _Sheet:
    """One page under the eye: its picture, its print, and which of its rows must be read."""

    number: int
    dpi: int
    picture: Image.Image
    print: Print | None
    must: Rows = field(repr=False)
    changed: Rows = field(repr=False)

    @property
    def whole(self) -> bool:
        """Whether all of it is to be read as one page."""
        return self.print is None

    def take(self, line: Line) -> None:
        self.must[line.top : line.bottom] = True

    def shows(self, line: Line) -> bool:
        """Whether the line stands there just as in the original, so that it can vouch for its letters."""
        return not self.changed[line.top : line.bottom].any()

    def left_out(self) -> list[Line]:
        """The lines that are passed over; one that is more than touched is read whole."""
        lines = self.print.lines if self.print else ()
        for line in lines:
            rows = self.must[line.top : line.bottom]
            if rows.sum() > _TOUCHED * len(rows):
                self.take(line)
        return [line for line in lines if not self.must[line.top : line.bottom].all()]

    def judged(self, residue: Residue) -> None:
        """To be read whole where what is passed over would not bear it, or where it is not worth the trouble."""
        if self.print is None:
            return
        over = self.left_out()
        if len(over) < (1 - _MOST_READ) * len(self.print.lines) or residue.in_text("\n".join(line.text for line in over)):
            self.print = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen. `page` is the number of a page on which something removed can be read, or None."""

    page: int | None
    whole: int
    in_part: int


def look(content: bytes, numbers: Sequence[int], document: Document, residue: Residue, settings: CopySettings) -> Sight:
    """Looks for what must not be seen on these pages of a copy."""
    with readback.PDFIUM_LOCK, ExitStack() as stack:
        copy = stack.enter_context(closing(pypdfium2.PdfDocument(content)))
        original = _original(document, settings, stack)
        # Pages stay open to the end: a typeface is known by its place in memory.
        sheets = [_sheet(copy, original, number, document, settings, stack) for number in numbers]
        _choose_specimens(sheets)
    for sheet in sheets:
        sheet.judged(residue)
    return _read(sheets, residue, settings)


def _original(document: Document, settings: CopySettings, stack: ExitStack) -> pypdfium2.PdfDocument | None:
    if settings.ocr_whole_pages or document.format != "pdf":
        return None
    return stack.enter_context(closing(pypdfium2.PdfDocument(settled(document.attachment.content, document.text))))


def _sheet(
    copy: pypdfium2.PdfDocument,
    original: pypdfium2.PdfDocument | None,
    number: int,
    document: Document,
    settings: CopySettings,
    stack: ExitStack,
) -> _Sheet:
    dpi = sharpness(document, number, settings)
    page = stack.enter_context(closing(copy[number - 1]))
    picture, scale = readback.drawn(page, dpi)
    nothing = np.zeros(picture.height, dtype=bool)
    sheet = _Sheet(number, dpi, picture, None, nothing, nothing)
    native = any(page.number == number and page.source is TextSource.NATIVE for page in document.pages)
    if original is None or not native or len(original) != len(copy):
        return sheet
    before = stack.enter_context(closing(original[number - 1]))
    shown = readback.drawn(before, dpi)[0]
    sheet.print = printed(before, scale, stack) if shown.size == picture.size else None
    if sheet.print is not None:
        sheet.changed = _changed(picture, shown)
        sheet.must = sheet.changed.copy()
        for top, bottom in sheet.print.other:
            sheet.must[max(0, top) : bottom] = True
    return sheet


def _changed(copy: Image.Image, original: Image.Image) -> Rows:
    """The rows in which a pixel of the copy is darker or lighter than all that the original has around it."""
    seen = np.asarray(copy).astype("int16")
    shown = np.asarray(original)
    added, gone = _around(shown, np.minimum) - seen > _DIFFERENT, seen - _around(shown, np.maximum) > _DIFFERENT
    rows: Rows = (added | gone).any(axis=1)
    return rows


def _around(levels: npt.NDArray[np.uint8], least: np.ufunc) -> npt.NDArray[np.int16]:
    """For each pixel the least, or most, of those up to `_ASIDE` away."""
    wide = np.pad(levels, _ASIDE, mode="edge")
    height, width = levels.shape
    across = least.reduce([wide[:, by : by + width] for by in range(2 * _ASIDE + 1)])
    both: npt.NDArray[np.int16] = least.reduce([across[by : by + height] for by in range(2 * _ASIDE + 1)]).astype("int16")
    return both


def _choose_specimens(sheets: Sequence[_Sheet]) -> None:
    """Takes lines until each letter of each typeface that is passed over is met."""
    lines = [(sheet, line) for sheet in sheets for line in sheet.left_out()]
    wanted = set().union(*(line.letters for _, line in lines)) if lines else set()
    for sheet in sheets:
        if sheet.print is not None:
            for line in sheet.print.lines:
                if sheet.must[line.top : line.bottom].all() and sheet.shows(line):
                    wanted -= line.letters
    for sheet, line in _specimens(lines, wanted):
        sheet.take(line)


def _specimens(lines: Sequence[tuple[_Sheet, Line]], wanted: set[Letter]) -> Iterator[tuple[_Sheet, Line]]:
    """Lines that together show all the letters wanted: those first that show most of them, and of such the short ones, which cost less.

    Letters that only changed lines show are left: those lines are read in the end, since nothing vouches for them.
    """
    lines = [(sheet, line) for sheet, line in lines if sheet.shows(line)]
    wanted = wanted.intersection(*[set().union(*(line.letters for _, line in lines))])
    while wanted:
        sheet, line = max(lines, key=lambda each: (len(each[1].letters & wanted), -len(each[1].setting)))
        yield sheet, line
        wanted = wanted - line.letters


def _read(sheets: Sequence[_Sheet], residue: Residue, settings: CopySettings) -> Sight:
    """Reads what must be read, then other specimens of letters that were misread, then whatever is not vouched for by now."""
    in_part = {sheet.number: sheet for sheet in sheets if not sheet.whole}
    honest = Honest()
    page = None
    for rows_of in (_at_first, _once_more, _not_vouched_for):
        if page is None:
            page = _in_strips(in_part, rows_of(in_part, honest), residue, honest, settings.ocr_seconds)
    if page is None:
        page = _whole([sheet for sheet in sheets if sheet.whole], residue, settings)
    return Sight(page, len(sheets) - len(in_part), len(in_part))


def _at_first(sheets: Mapping[int, _Sheet], honest: Honest) -> dict[int, Rows]:  # noqa: ARG001 - the same signature as the others'
    return {number: sheet.must for number, sheet in sheets.items()}


def _once_more(sheets: Mapping[int, _Sheet], honest: Honest) -> dict[int, Rows]:
    """A letter may be misread by chance: before every line that has it is read, one line that shows it is."""
    lines = _doubtful(sheets, honest)
    letters = set().union(*(line.letters for _, line in lines)) if lines else set()
    return _rows(sheets, _specimens(lines, letters - honest.letters))


def _not_vouched_for(sheets: Mapping[int, _Sheet], honest: Honest) -> dict[int, Rows]:
    return _rows(sheets, _doubtful(sheets, honest))


def _doubtful(sheets: Mapping[int, _Sheet], honest: Honest) -> list[tuple[_Sheet, Line]]:
    return [(sheet, line) for sheet in sheets.values() for line in sheet.left_out() if not honest.vouches_for(line)]


def _rows(sheets: Mapping[int, _Sheet], lines: Iterable[tuple[_Sheet, Line]]) -> dict[int, Rows]:
    rows = {number: np.zeros_like(sheet.must) for number, sheet in sheets.items()}
    for sheet, line in lines:
        rows[sheet.number][line.top : line.bottom] = True
    return rows


def _in_strips(sheets: Mapping[int, _Sheet], rows: Mapping[int, Rows], residue: Residue, honest: Honest, seconds: float) -> int | None:
    """The first page on which something is seen in these rows; what is read true is noted."""
    pieces = [strip for number, wanted in rows.items() for strip in strips.cut(number, sheets[number].picture, wanted)]
    for group in strips.pictures(pieces):
        words = strips.read(group, seconds)
        for number in sheets:
            if residue.in_text(strips.as_text([word for word in words if word.page == number])):
                return number
        _learn(sheets, words, honest)
    return None


def _learn(sheets: Mapping[int, _Sheet], words: Sequence[strips.Seen], honest: Honest) -> None:
    for number, sheet in sheets.items():
        here = [word for word in words if word.page == number]
        for line in sheet.print.lines if sheet.print and here else ():
            if sheet.shows(line):
                honest.learn(line, "".join(word.text for word in here if line.top <= word.row < line.bottom))


def _whole(sheets: Sequence[_Sheet], residue: Residue, settings: CopySettings) -> int | None:
    def seen(sheet: _Sheet) -> bool:
        return residue.in_text(readback.by_ocr(sheet.picture, sheet.dpi, settings.ocr_seconds))

    with ThreadPoolExecutor(settings.ocr_workers) as pool:
        found = [sheet.number for sheet, hit in zip(sheets, pool.map(seen, sheets), strict=True) if hit]
    return found[0] if found else None


def sharpness(document: Document, number: int, settings: CopySettings) -> int:
    """Dots an inch at which OCR reads a page: enough for its smallest common print; scans and pages of unknown print get the most."""
    page = next((page for page in document.pages if page.number == number), None)
    heights = sorted(word.box.bottom - word.box.top for word in document.words if word.page == number)
    if page is None or page.source is not TextSource.NATIVE or not heights:
        return settings.ocr_dpi
    small = heights[len(heights) // 10]
    return min(settings.ocr_dpi, max(_LEAST_DPI, round(_DOTS / max(small, 1.0) * 72)))
