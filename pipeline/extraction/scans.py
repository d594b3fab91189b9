"""Pages that are pictures: reads several at once, and judges whether a person could read them and what to say of them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from pipeline.domain.documents import Box, NoteCode
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction import imaging, ocr
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.ink import Token
from pipeline.extraction.ocr import Recognised
from pipeline.extraction.options import ReadOptions

FEW_WORDS = 5
"""A picture with fewer words that tesseract is fairly sure of is a photograph or drawing, not a page of text."""
HARD_TO_READ = 0.8
"""Certainty of tesseract below which a page is hard to read; good scans have 0.95."""
UNSTEADY, PRINTED = 0.022, 0.9
"""Straying from the line above which a page is written by hand, and certainty from which it is not: a photographed page may be bent.
Measured on the labelled scans: pages of print stray by 0.017 at most, those written by hand by 0.028 to 0.096."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to be read.

    Attributes:
        page: the page it is on.
        dpi: its dots an inch.
        draw: how to get it; called in turn, in the caller's thread.
        corner: where its top left corner lies on the page, in points.
        whole: whether it is the whole page.
    """

    page: int
    dpi: float
    draw: Callable[[], Image.Image]
    corner: tuple[float, float] = (0.0, 0.0)
    whole: bool = True


def recognise_all(pictures: Iterable[Picture], options: ReadOptions) -> Iterator[tuple[Picture, Recognised]]:
    """Reads pictures, `options.ocr_workers` at a time, in order. No more pictures than that are in memory.

    A picture that cannot be read is passed over, so that one bad page does not cost those after it; once `options.ocr_seconds` are over,
    so is the rest.

    Raises:
        Unreadable: after the last, where any was passed over; it names the pages.
    """
    waiting: deque[tuple[Picture, Future[Recognised]]] = deque()
    missed = _Missed()
    ends = time.monotonic() + options.ocr_seconds
    with ThreadPoolExecutor(options.ocr_workers, thread_name_prefix="ocr") as pool:
        for picture in pictures:
            if time.monotonic() > ends:
                missed.add(picture.page, _OVERTIME)
                continue
            waiting.append((picture, pool.submit(ocr.recognise, picture.draw(), picture.dpi, picture.page)))
            if len(waiting) > options.ocr_workers:
                yield from missed.noted(*waiting.popleft())
        while waiting:
            yield from missed.noted(*waiting.popleft())
    missed.tell()


_OVERTIME = Unreadable(UnreadableReason.TIMED_OUT, "the time for reading pictures of text in one file was over")


class _Missed:
    """The pages that were passed over, and why the first of them was."""

    def __init__(self) -> None:
        self._pages: dict[int, None] = {}
        self._why: Unreadable | None = None

    def add(self, page: int, why: Unreadable) -> None:
        """One more."""
        self._pages[page] = None
        self._why = self._why or why

    def noted(self, picture: Picture, future: Future[Recognised]) -> Iterator[tuple[Picture, Recognised]]:
        """The picture with what was read from it, or nothing where it must be passed over."""
        try:
            yield picture, future.result()
        except Unreadable as why:
            self.add(picture.page, why)

    def tell(self) -> None:
        """Raises what happened, where anything did."""
        if self._why is None:
            return
        first, *others = self._pages
        and_others = f" and of {len(others)} more" if others else ""
        raise Unreadable(self._why.reason, f"the picture of page {first}{and_others} could not be read: {self._why}")


def move(tokens: Iterable[Token], right: float, down: float) -> None:
    """Shifts words from a picture's own corner to where it stands on the page."""
    for token in tokens:
        token.x0, token.x1, token.top, token.bottom = token.x0 + right, token.x1 + right, token.top + down, token.bottom + down
        token.base += down
        if token.printed is not None:
            box = token.printed
            token.printed = Box(box.x0 + right, box.top + down, box.x1 + right, box.bottom + down)


def judge(builder: DocumentBuilder, found: Recognised, page: int) -> None:
    """Says of a page read by OCR what a person should know of it."""
    if found.words < FEW_WORDS:
        return
    if is_handwritten(found):
        builder.note(NoteCode.HANDWRITING, "the page looks handwritten, and what was read from it cannot be relied on", page)
    elif is_poor(found):
        builder.note(NoteCode.POOR_SCAN, "the scan is too poor to be read with certainty", page)


def is_handwritten(found: Recognised) -> bool:
    """Whether the page looks written by hand: words stray from their lines, and were read with little certainty."""
    return found.unsteady > UNSTEADY and found.confidence < PRINTED


def is_poor(found: Recognised) -> bool:
    """Whether the scan is hard to read: grainy or faint, or read with little certainty."""
    return found.look.noise > imaging.GRAINY or found.confidence < HARD_TO_READ
