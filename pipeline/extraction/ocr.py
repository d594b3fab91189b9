"""Reads words out of pictures of pages with tesseract: straightened, with the place of each word on the page as it was.

The result is ink (`pipeline.extraction.ink`) like that of a PDF page, with ruled lines, so that a scanned form is laid out as any other.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
from dataclasses import dataclass, field

from PIL import Image

from pipeline.domain import progress
from pipeline.domain.documents import Box
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.extraction import imaging
from pipeline.extraction.ink import PageInk, Token
from pipeline.extraction.options import ReadOptions

SECONDS = 240.0
"""The longest tesseract may take over one page: a page of dense print takes four on an idle processor, and over a minute on one that a
dozen others want. Shorter than the time in which the reading process must show a sign of life."""
LEAST_CONFIDENCE = 0.2
"""Below this tesseract saw dirt, lines or a drawing and no letters."""
TURN_BELOW = 0.85
"""Where the words of a page are on average less certain than this, it may lie on its side or its head: upside down, 0.66 was measured."""
CLEARLY = 0.05
"""By how much more certain its words must be for a turn to be right."""
UPRIGHT, DEEP = frozenset("bdfhkltiABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789£&()/?!'\"[]|"), frozenset("gjpqyQ()[]|,;")


@dataclass(slots=True)
class Recognised:
    """What OCR made of one picture.

    Attributes:
        ink: its words and lines; places are in points from the top left corner of the picture as given.
        confidence: of its words on average, weighted by length; 0 where it has none.
        look: how the picture itself looks, for judging whether a person can read it.
        unsteady: how far words stray from their line, as a share of the type size; print stays on it, a hand does not.
    """

    ink: PageInk
    confidence: float = 0.0
    look: imaging.Look = field(default_factory=imaging.Look)
    unsteady: float = 0.0

    @property
    def words(self) -> int:
        """How many words of at least two letters or digits it is fairly sure of."""
        return sum(token.confidence >= 0.6 and sum(map(str.isalnum, token.text)) >= 2 for token in self.ink.tokens)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of tesseract's table that holds a word."""

    line: tuple[int, int, int]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def program() -> str:
    """Where tesseract is.

    Raises:
        Unreadable: it is not on this machine.
    """
    found = shutil.which("tesseract")
    if found is None:
        raise Unreadable(
            UnreadableReason.TOOL_MISSING, "it is a picture of text, and the program that reads those (tesseract) is not installed"
        )
    return found


def ready(options: ReadOptions) -> None:
    """Makes sure that pictures of text can be read.

    Raises:
        Unreadable: reading them is switched off, or tesseract is not on this machine.
    """
    if not options.ocr:
        raise Unreadable(UnreadableReason.TOOL_MISSING, "it is a picture of text, and reading those is switched off")
    program()


def is_ready(options: ReadOptions) -> bool:
    """Whether pictures of text can be read."""
    try:
        ready(options)
    except Unreadable:
        return False
    return True


def recognise(picture: Image.Image, dpi: float, number: int) -> Recognised:
    """Reads one picture of a page. `dpi` says how many of its pixels make an inch; `number` is the page's.

    Raises:
        Unreadable: tesseract is missing, failed or took too long.
    """
    straight = imaging.straighten(picture, dpi)
    result = _recognise(straight, dpi, number)
    if _certainty(result) < TURN_BELOW or result.words < 5:
        quarter = _turn(picture, dpi, number, _certainty(result))
        if quarter:
            turned = _recognise(imaging.straighten(picture, dpi, quarter), dpi, number)
            result = turned if _certainty(turned) > _certainty(result) else result
    return result


def _turn(picture: Image.Image, dpi: float, number: int, as_it_lies: float) -> int:
    """How many degrees clockwise the page must be turned to be read clearly better; 0 where no turn helps.

    Tried on the part with most ink. Tesseract's own detection, from few lines, gives one answer for every turn and is sure of it.
    """
    part = imaging.densest(picture.convert("L"))
    found = {quarter: _certainty(_recognise(imaging.straighten(part, dpi, quarter), dpi, number)) for quarter in (180, 90, 270)}
    best = max(found, key=lambda quarter: found[quarter])
    return best if found[best] > as_it_lies + CLEARLY else 0


def _certainty(read: Recognised) -> float:
    """How certain the words of a page are, 0 to 1; 0 where most stand on end: tesseract reads those, too, but their lines are none."""
    long = [token for token in read.ink.tokens if len(token.text) >= 4]
    on_end = sum(token.bottom - token.top > token.x1 - token.x0 for token in long)
    return 0.0 if 2 * on_end > len(long) else read.confidence


def _recognise(straight: imaging.Straight, dpi: float, number: int) -> Recognised:
    rows = _rows(_run(["--psm", "3", "tsv"], straight.picture, dpi))
    scale = 72.0 / dpi
    ink = PageInk(number, straight.width * scale, straight.height * scale)
    ink.tokens = _tokens(rows, straight, scale)
    ink.across, ink.down = imaging.ruled_lines(straight.picture, scale)
    weights = sum(len(token.text) for token in ink.tokens)
    confidence = sum(token.confidence * len(token.text) for token in ink.tokens) / weights if weights else 0.0
    return Recognised(ink, confidence, straight.look, _unsteadiness(rows))


def _run(arguments: list[str], picture: Image.Image, dpi: float) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "PPM")
    command = [program(), "stdin", "stdout", "--dpi", str(round(dpi)), "-l", "eng", *arguments]
    try:
        done = subprocess.run(
            command, input=buffer.getvalue(), capture_output=True, timeout=SECONDS, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(UnreadableReason.TIMED_OUT, "reading a picture of text took longer than a page may take") from None
    finally:
        progress.advanced()  # a page given up is one done: the next may be better
    if done.returncode:
        raise Unreadable(UnreadableReason.DAMAGED, "the program that reads pictures of text failed on it")
    return done.stdout.decode("utf-8", "replace")


def _rows(table: str) -> list[_Row]:
    rows = []
    for line in table.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            block, paragraph, number = map(int, cells[2:5])
            left, top, width, height = map(int, cells[6:10])
            rows.append(_Row((block, paragraph, number), left, top, width, height, max(float(cells[10]), 0.0) / 100, cells[11].strip()))
    return rows


def _tokens(rows: list[_Row], straight: imaging.Straight, scale: float) -> list[Token]:
    lines: dict[tuple[int, int, int], list[_Row]] = {}
    for row in rows:
        if row.confidence >= LEAST_CONFIDENCE and not _is_speck(row):
            lines.setdefault(row.line, []).append(row)
    usual = _usual_size(lines)
    ink = imaging.weights(straight.picture, [(row.left, row.top, row.width, row.height) for line in lines.values() for row in line])
    tokens: list[Token] = []
    for line in lines.values():
        size = _size(line, usual) * scale
        base = _baseline(line) * scale
        for row in line:
            tokens.append(_token(row, straight, scale, base, size, bold=ink[len(tokens)] > imaging.BOLD))
    return tokens


def _token(row: _Row, straight: imaging.Straight, scale: float, base: float, size: float, *, bold: bool) -> Token:
    x0, top, x1, bottom = row.left, row.top, row.left + row.width, row.top + row.height
    corners = [straight.original(x, y) for x, y in ((x0, top), (x1, top), (x0, bottom), (x1, bottom))]
    printed = Box(
        min(x for x, _ in corners) * scale,
        min(y for _, y in corners) * scale,
        max(x for x, _ in corners) * scale,
        max(y for _, y in corners) * scale,
    )
    place = (x0 * scale, top * scale, x1 * scale, bottom * scale)
    return Token(row.text, *place, base, size, bold, confidence=row.confidence, printed=printed)


def _is_speck(row: _Row) -> bool:
    """Marks that are no words: a ruled line taken for a bar, a speck taken for a dot."""
    return row.confidence < 0.6 and not any(character.isalnum() for character in row.text)


def _size(line: list[_Row], usual: float) -> float:
    """The type size of a line in pixels, from how high its letters are; within an eighth of the usual it is the usual."""
    size = statistics.median(_em(row) for row in line)
    return usual if usual and abs(size - usual) <= 0.18 * usual else size


def _usual_size(lines: dict[tuple[int, int, int], list[_Row]]) -> float:
    sizes = [_em(row) for line in lines.values() for row in line]
    return statistics.median(sizes) if sizes else 0.0


def _em(row: _Row) -> float:
    letters = set(row.text)
    up, deep = bool(letters & UPRIGHT), bool(letters & DEEP)
    # Heights of cap, x and descender as parts of the em, about alike in the sans and serif faces of office documents.
    return row.height / ((0.73 if up else 0.54) + (0.2 if deep else 0.0))


def _baseline(line: list[_Row]) -> float:
    level = [float(row.top + row.height) for row in line if not set(row.text) & DEEP]
    return statistics.median(level or [row.top + 0.8 * row.height for row in line])


def _unsteadiness(rows: list[_Row]) -> float:
    lines: dict[tuple[int, int, int], list[_Row]] = {}
    for row in rows:
        if row.confidence >= 0.5 and len(row.text) > 2 and row.text.isalpha() and not set(row.text) & DEEP:
            lines.setdefault(row.line, []).append(row)
    strays = [_stray(line) for line in lines.values() if len({row.left for row in line}) >= 3]
    return statistics.median(strays) if strays else 0.0


def _stray(line: list[_Row]) -> float:
    """How far the feet of words are from the straight line through them, on average, for the type size."""
    feet = [row.top + row.height for row in line]
    slope, start = statistics.linear_regression([row.left for row in line], feet)
    off = statistics.fmean(abs(foot - start - slope * row.left) for foot, row in zip(feet, line, strict=True))
    return off / max(statistics.median(_em(row) for row in line), 1.0)
