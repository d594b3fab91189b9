"""Reads PDF files: the face of every page with the place of each word, by OCR where a page is a picture, and everything the file hides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from pipeline.domain.documents import Box, Document, LayerKind, NoteCode, TextSource
from pipeline.domain.errors import Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem
from pipeline.extraction import arrange, ocr, pdfcheck, pdfink, pdfparts, scans
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.compose import Composer, PagePieces
from pipeline.extraction.decoration import decorates
from pipeline.extraction.ink import PageInk
from pipeline.extraction.layout import usual_type
from pipeline.extraction.likeness import Watch
from pipeline.extraction.ocr import Recognised
from pipeline.extraction.options import ReadOptions

NAME = "pdf"
SIGNS = frozenset({"pdf"})

WRONG_PASSWORD, UNKNOWN_SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
PICTURE_SHARE = 0.06
"""A picture that covers less of its page may be a logo or signature; its words tell."""
SPECK = (60.0, 9.0)
"""Points: a picture narrower or lower than that is an icon or a rule, in which no word of any length can be read."""
SCAN_SHARE, SCAN_WORDS = 0.5, 40
"""A page mostly covered by a picture with fewer printed words is a scan that something was stamped on."""
GARBLED = 0.2
AS_SHOWN = 0.6
"""The share of words that a page's text and what OCR reads from its pixels have in common where the text is right; OCR errs, too."""
MOST_PIXELS = 36_000_000
"""Of a page drawn for OCR: A3 at 300 dots an inch is half of it."""


def read(attachment: Attachment, options: ReadOptions) -> Document:
    """Reads the file in full.

    Raises:
        Unreadable: it is locked, damaged or has too many pages.
    """
    builder = DocumentBuilder(attachment, NAME)
    source = _open(attachment.content, options)
    try:
        parts = pdfparts.explore(attachment, builder, options)
        return _Reading(source, parts, builder, options).document(attachment.content)
    except pdfium.PdfiumError:
        raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: one of its pages cannot be opened") from None
    finally:
        source.close()


def _open(content: bytes, options: ReadOptions) -> Any:
    try:
        source = pdfink.open_document(content, options.password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {WRONG_PASSWORD, UNKNOWN_SECURITY}:
            told = "it is locked with a password" if options.password is None else "it is locked, and the password given does not open it"
            raise Unreadable(UnreadableReason.ENCRYPTED, told) from None
        raise Unreadable(UnreadableReason.DAMAGED, "it is damaged: no page can be opened") from None
    count = len(source)
    if 0 < count <= options.pages:
        return source
    source.close()
    if count:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"it has more than {options.pages} pages")
    raise Unreadable(UnreadableReason.DAMAGED, "it has no pages")


class _Reading:
    """One file on its way to a Document."""

    def __init__(self, source: Any, parts: pdfparts.Parts, builder: DocumentBuilder, options: ReadOptions) -> None:
        self._source = source
        self._parts = parts
        self._builder = builder
        self._options = options
        self._sources: dict[int, TextSource] = {}
        self._confidence: dict[int, float] = {}
        self._problem: Problem | None = None
        known = parts.lettering
        self._watch = Watch(known.twofold, forgetful=known.namesakes) if known.own else None
        self._lying = False
        """Whether a letter was found that is drawn as another."""
        self._overwritten = {number + 1 for number in parts.unread}
        """Pages on which words are put over others that are drawn, or drawn so that only the eye sees them."""

    def document(self, content: bytes) -> Document:
        """All pages, and what is to be said of them."""
        inks = [pdfink.page_ink(self._source, index, self._parts, self._watch) for index in range(len(self._source))]
        native = "\n".join(_native(ink) for ink in inks)
        self._second_looks(content, inks, native)
        self._spoken(content, inks)
        for ink in inks:
            self._tell_hidden(ink)
        self._read_pictures(inks)
        Composer(self._builder).write(arranged(inks, self._sources, self._confidence))
        return self._builder.finish(self._source_of_all(inks), self._problem)

    def _second_looks(self, content: bytes, inks: list[PageInk], native: str) -> None:
        gone = pdfcheck.removed_since(content, native)
        self._builder.hide(LayerKind.EARLIER_REVISION, "\n".join(gone), "an earlier state of the file")
        doubtful = [ink for ink in inks if ink.tokens and (self._parts.risky or 0.01 < ink.garbled <= GARBLED or ink.hidden)]
        pages = pdfcheck.sample((ink.number - 1, len(ink.tokens)) for ink in doubtful)
        if not pages:
            return
        other = pdfcheck.other_extractor(content, pages, self._options.password)
        if other is not None and not pdfcheck.agree("\n".join(_native(inks[page]) for page in pages), other):
            self._builder.note(NoteCode.EXTRACTORS_DISAGREE, "two programs read different words from the file")

    def _spoken(self, content: bytes, inks: list[PageInk]) -> None:
        """Words put over what is drawn: pdfplumber reads what is drawn, pdfium what is to be read instead."""
        for number in sorted(self._parts.lettering.spoken):
            other = pdfcheck.other_extractor(content, [number], self._options.password)
            if other is None or pdfcheck.letters_beyond(_native(inks[number]), other):
                self._builder.note(NoteCode.TEXT_DIFFERS_FROM_PICTURE, "words are put over others that the page shows", number + 1)
                self._overwritten.add(number + 1)

    def _tell_hidden(self, ink: PageInk) -> None:
        for kind in sorted({kind for kind, _ in ink.hidden}):
            self._builder.hide(kind, " ".join(text for found, text in ink.hidden if found is kind), f"page {ink.number}")

    def _read_pictures(self, inks: list[PageInk]) -> None:
        pictures = list(self._pictures(inks))
        if not pictures:
            return
        try:
            ocr.ready(self._options)
            for picture, found in scans.recognise_all(pictures, self._options):
                self._take(inks[picture.page - 1], found, picture)
        except Unreadable as unreadable:  # the pages that have text are still worth showing to the reviewer
            self._problem = Problem(unreadable.reason, str(unreadable))

    def _pictures(self, inks: Iterable[PageInk]) -> Iterator[scans.Picture]:
        for ink in inks:
            if _is_scan(ink) or self._doubted(ink):
                yield self._drawn(ink, Box(0, 0, ink.width, ink.height), whole=True)
            else:
                for area in ink.pictures:
                    if ink.share(area.box) >= PICTURE_SHARE or self._may_say_something(area.box):
                        yield self._drawn(ink, area.box, whole=False)

    def _may_say_something(self, box: Box) -> bool:
        """Whether a small picture is to be read; without OCR one is taken for a logo, lest every letterhead be held."""
        return box.x1 - box.x0 >= SPECK[0] and box.bottom - box.top >= SPECK[1] and ocr.is_ready(self._options)

    def _drawn(self, ink: PageInk, box: Box, *, whole: bool) -> scans.Picture:
        dpi = min(float(self._options.ocr_dpi), 72.0 * (MOST_PIXELS / max(ink.width * ink.height, 1.0)) ** 0.5)
        return scans.Picture(ink.number, dpi, partial(self._draw, ink.number - 1, dpi, box), (max(box.x0, 0.0), max(box.top, 0.0)), whole)

    def _draw(self, index: int, dpi: float, box: Box) -> Image.Image:
        page = self._source[index]
        picture: Image.Image = page.render(scale=dpi / 72.0, grayscale=True).to_pil().convert("L")
        page.close()
        edges = (box.x0, box.top, box.x1, box.bottom)
        left, top, right, bottom = (round(edge * dpi / 72.0) for edge in edges)
        area = (max(left, 0), max(top, 0), min(right, picture.width), min(bottom, picture.height))
        return picture if area == (0, 0, *picture.size) else picture.crop(area)

    def _take(self, ink: PageInk, found: Recognised, picture: scans.Picture) -> None:
        if picture.whole:
            self._take_page(ink, found)
            return
        fresh = [token for token in found.ink.tokens if token.confidence >= 0.5]
        scans.move(fresh, *picture.corner)
        fresh = [token for token in fresh if not any(pdfcheck.overlap(token, printed) for printed in ink.tokens)]
        if found.ink.width * found.ink.height < PICTURE_SHARE * ink.width * ink.height:
            if decorates(" ".join(token.text for token in fresh)):
                return
        elif sum(len(token.text) > 2 for token in fresh) < scans.FEW_WORDS:
            self._builder.note(NoteCode.PICTURE, "there is a picture without words on the page", ink.number)
            return
        else:
            scans.judge(self._builder, found, ink.number)
        ink.tokens += fresh
        self._sources[ink.number] = TextSource.MIXED
        self._confidence[ink.number] = min(self._confidence.get(ink.number, 1.0), found.confidence)

    def _take_page(self, ink: PageInk, found: Recognised) -> None:
        layer = " ".join(text for kind, text in ink.hidden if kind in {LayerKind.OCR_LAYER, LayerKind.INVISIBLE_TEXT})
        seen = _printed(found.ink)
        if layer and not pdfcheck.agree(layer, seen, AS_SHOWN):
            self._builder.note(NoteCode.TEXT_DIFFERS_FROM_PICTURE, "the text behind the picture is not what the picture shows", ink.number)
        doubted = ink.garbled <= GARBLED and (self._doubted(ink) or pdfcheck.unlikely(_printed(ink)))
        if doubted and self._borne_out(ink, found):
            return
        if doubted:
            self._builder.note(NoteCode.TEXT_DIFFERS_FROM_PICTURE, "the page's text is not what the page shows", ink.number)
        if found.words < scans.FEW_WORDS and not ink.tokens:
            self._builder.note(NoteCode.PAGE_WITHOUT_TEXT, "the page is a picture in which no words could be read", ink.number)
        scans.judge(self._builder, found, ink.number)
        if doubted or found.words >= len(ink.tokens) or ink.garbled > GARBLED:
            ink.tokens, ink.across, ink.down = found.ink.tokens, found.ink.across, found.ink.down
            self._sources[ink.number] = TextSource.OCR
            self._confidence[ink.number] = found.confidence

    def _doubted(self, ink: PageInk) -> bool:
        """Whether a letter of the page's words looks like another, or words are put over them."""
        return ink.number in self._overwritten or (self._watch is not None and not self._watch.suspected.isdisjoint(ink.glyphs))

    def _borne_out(self, ink: PageInk, found: Recognised) -> bool:
        """Whether OCR reads the words that were doubted as the file gives them."""
        suspected = self._watch.suspected if self._watch is not None else set()
        words = [word for word, glyph in ink.suspects if glyph in suspected]
        self._lying = self._lying or not all(pdfcheck.shown(word, found.ink.tokens) for word in words)
        if ink.number in self._overwritten or (self._lying and self._doubted(ink)):
            return False
        return not pdfcheck.unlikely(_printed(ink)) or pdfcheck.agree(_printed(ink), _printed(found.ink), AS_SHOWN)

    def _source_of_all(self, inks: list[PageInk]) -> TextSource:
        kinds = {self._sources.get(ink.number, TextSource.NATIVE) for ink in inks if ink.tokens}
        return next(iter(kinds)) if len(kinds) == 1 else TextSource.MIXED if kinds else TextSource.NONE


def _native(ink: PageInk) -> str:
    """Everything the file has as text on a page, seen or not."""
    return " ".join([*(token.text for token in ink.tokens), *(text for _, text in ink.hidden)])


def _printed(ink: PageInk) -> str:
    """The words on a page."""
    return " ".join(token.text for token in ink.tokens)


def _is_scan(ink: PageInk) -> bool:
    """Whether the page must be read from its pixels as a whole."""
    if not ink.tokens:
        return bool(ink.pictures) or ink.drawings > 30
    if ink.garbled > GARBLED or pdfcheck.unlikely(_printed(ink)):
        return True
    return ink.pictured > SCAN_SHARE and len(ink.tokens) < SCAN_WORDS


def arranged(inks: list[PageInk], sources: dict[int, TextSource], confidence: dict[int, float]) -> list[PagePieces]:
    """Pages in reading order, headers and footers apart."""
    edges = arrange.furniture(inks)
    bodies = []
    for ink, (header, footer) in zip(inks, edges, strict=True):
        outside = {id(token) for token in (*header, *footer)}
        bodies.append([token for token in ink.tokens if id(token) not in outside])
    usual = usual_type(bodies)
    return [
        PagePieces(
            ink.number,
            ink.width,
            ink.height,
            arrange.pieces_of(ink, body, usual),
            header,
            footer,
            sources.get(ink.number, TextSource.NATIVE),
            confidence.get(ink.number, 1.0),
        )
        for ink, body, (header, footer) in zip(inks, bodies, edges, strict=True)
    ]
