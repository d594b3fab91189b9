"""Finds what forms are made of in running text: labels with their values, and tick boxes with the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain.documents import Field, Tick, TickState
from pipeline.domain.text import Span
from pipeline.extraction.readers._rich import Rich

TICKED, CLEAR = "☒", "☐"
"""How readers write a box that a file keeps as a control, form field or symbol."""

SYMBOL_BOXES = {
    "wingdings": {0x6F: CLEAR, 0x71: CLEAR, 0x72: CLEAR, 0x78: TICKED, 0xA8: CLEAR, 0xFC: "✓", 0xFD: TICKED, 0xFE: "☑", 0xFB: "✗"},
    "wingdings 2": {0x2A: CLEAR, 0x30: CLEAR, 0x50: "✓", 0x51: TICKED, 0x52: "☑", 0x53: TICKED, 0x54: TICKED, 0xA3: CLEAR, 0x4F: "✗"},
    "webdings": {0x63: CLEAR, 0x61: "✓", 0x67: "■"},
    "symbol": {0xB7: "•"},
}
"""Characters of symbol fonts that are boxes or marks on the page (code points as in the fonts' own tables)."""


def in_symbols(font: str, point: int) -> str | None:
    """What a symbol font prints for a code, as a character that says it: empty for what is no box or mark, None for any other font."""
    table = SYMBOL_BOXES.get(font.lower())
    return None if table is None else table.get(point & 0xFF, "")


def printed(font: str, text: str) -> str:
    """Text as its font prints it: in a symbol font, letters are boxes and marks, and programs also write them as private characters."""
    if font.lower() not in SYMBOL_BOXES:
        return text
    return "".join(letter if letter.isspace() else in_symbols(font, ord(letter)) or letter for letter in text)


_BOX = re.compile(r"\[(?:[xX✓✔√]|[ _\u00a0]?)\](?!\()|[☐☑☒□▢✓✔🗹🗷]")
_MARKED = frozenset("xX✓✔√☑☒🗹🗷")
_CHOICE = r"(?:yes|no|y|n|n/?a|not\s+applicable|not\s+known|unknown|don.?t\s+know|unsure)"
_YES_NO = re.compile(rf"\b(?:yes|y)\s*(?:[/|\\,]|\t|\s)\s*(?:no|n)\b(?:\s*(?:[/|\\,]|\t|\s)\s*{_CHOICE}\b)*", re.IGNORECASE)
_INSTRUCTION = re.compile(r"[\s(*\[]*(?:please\s+)?(?:delete|circle|tick|highlight|cross)\b[^()\n]{0,60}[)\]*]*\s*", re.IGNORECASE)
_SEGMENT = re.compile(r"\t| {3,}")
_LABEL = re.compile(r"(?P<label>[^\W_][^:\n\t]{0,110}?)\s*:(?!\S*//)(?!\d)(?P<value>.*)", re.DOTALL)
_NOT_LABEL = re.compile(
    r"\b(?:said|says|told|states?|stated|reports?|reported|asked|asks|replied|wrote|added|that|because|which|is|are|was|were|me|her|him|them)$|https?$",
    re.IGNORECASE,
)
_LONGEST_TYPED_LABEL = 9  # words; a longer run before a colon is a sentence unless it is set in bold


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label at the head of a stretch of text, and where its value begins and ends; the label's span is without its colon."""

    label: Span
    value: Span


def trimmed(text: str, start: int, end: int) -> Span:
    """The range without white space at its ends; an empty one stays where it ends."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)


def labelled(text: Rich, start: int, end: int) -> Labelled | None:
    """`Label: value`, or a bold label before a value, in one stretch of a line."""
    whole = trimmed(text.text, start, end)
    bold = next((span for span in text.bold if span.start <= whole.start < span.end), None)
    match = _LABEL.match(text.text, whole.start, whole.end)
    if match and _is_label(match["label"], bold=bool(bold and bold.end >= match.end("label"))):
        return Labelled(trimmed(text.text, match.start("label"), match.end("label")), trimmed(text.text, match.start("value"), whole.end))
    if bold and whole.start < bold.end < whole.end and len(text.text[whole.start : bold.end].split()) <= 15:
        return _bold_label(text.text, whole, bold.end)
    return None


def _bold_label(text: str, whole: Span, edge: int) -> Labelled | None:
    """A bold beginning is a label only where it ends like one, so that an emphasised word is not."""
    label = trimmed(text, whole.start, edge)
    return Labelled(label, trimmed(text, edge, whole.end)) if text[label.start : label.end].endswith(("?", ":", " -", "–")) else None


def _is_label(label: str, *, bold: bool) -> bool:
    words = label.split()
    if not words or not (label[0].isupper() or label[0].isdigit()) or _NOT_LABEL.search(label.rstrip()):
        return False
    sentence = re.search(r"[a-z]{2}[.;!]\s", label)
    return not sentence and (len(words) <= 18 if bold else len(words) <= _LONGEST_TYPED_LABEL or label.rstrip().endswith("?"))


def fields(text: Rich) -> Iterator[Field]:
    """Every label with its value, line by line; a label alone on its line takes the lines below it up to the next label."""
    lines = [_line_fields(text, start, end) for start, end in text.lines()]
    spans = list(text.lines())
    for number, found in enumerate(lines):
        for one in found:
            value = one.value
            if not len(value) and one is found[-1]:
                value = _below(text.text, lines, spans, number) or value
            yield Field(one.label, value)


def _line_fields(text: Rich, start: int, end: int) -> list[Labelled]:
    found: list[Labelled] = []
    place = start
    for piece in _SEGMENT.split(text.text[start:end]):
        at = text.text.index(piece, place) if piece else place
        one = labelled(text, at, at + len(piece))
        if one:
            found.append(one)
        elif found and piece.strip():  # the value went on beyond a tab
            found[-1] = Labelled(found[-1].label, trimmed(text.text, found[-1].value.start, at + len(piece)))
        place = at + len(piece)
    return found


def _below(text: str, lines: list[list[Labelled]], spans: list[tuple[int, int]], number: int) -> Span | None:
    last = number
    while last + 1 < len(lines) and not lines[last + 1]:
        last += 1
    return trimmed(text, spans[number + 1][0], spans[last][1]) if last > number else None


def ticks(text: str) -> Iterator[Tick]:
    """Every tick box, and every printed choice of yes and no with neither marked, line by line."""
    start = 0
    for line in text.split("\n"):
        boxes = list(_BOX.finditer(line))
        yield from (_tick(line, boxes, number, start) for number in range(len(boxes)))
        if not boxes:
            yield from _unanswered(line, start)
        start += len(line) + 1


def only_box(text: str) -> bool:
    """Whether the text is one box and nothing else."""
    return bool(_BOX.fullmatch(text.strip()))


def _tick(line: str, boxes: list[re.Match[str]], number: int, offset: int) -> Tick:
    box = boxes[number]
    state = TickState.TICKED if _MARKED & set(box.group()) else TickState.CLEAR
    behind = not line[boxes[-1].end() :].strip() and bool(line[: boxes[0].start()].strip())
    if behind:  # 'Yes ☒ No ☐': the words stand before their box
        first = boxes[number - 1].end() if number else 0
        head = line[first : box.start()]
        first += max((m.end() for m in re.finditer(r"[?:]\s|\t| {2,}", head.rstrip() + " ")), default=0) if head.strip() else 0
        label = trimmed(line, min(first, box.start()), box.start())
        label = label if len(label) else trimmed(line, boxes[number - 1].end() if number else 0, box.start())
    else:
        last = boxes[number + 1].start() if number + 1 < len(boxes) else len(line)
        cut = re.search(r"\t| {3,}", line[box.end() : last].lstrip())
        lead = len(line[box.end() : last]) - len(line[box.end() : last].lstrip())
        label = trimmed(line, box.end(), box.end() + lead + cut.start() if cut else last)
    return Tick(Span(box.start() + offset, box.end() + offset), state, label.shifted(offset) if len(label) else None)


def _unanswered(line: str, offset: int) -> Iterator[Tick]:
    """'Yes / No' standing alone, or at the end of a line after a question or label; one choice in prose is not it."""
    for match in _YES_NO.finditer(line):
        rest = line[match.end() :]
        before = line[: match.start()].rstrip(" \t(")
        alone = not before or before.endswith(("?", ":", "-", "–")) or line[: match.start()].endswith(("\t", "   "))
        if alone and (not rest.strip(" )\t.*") or _INSTRUCTION.fullmatch(rest)):
            label = trimmed(line, 0, len(before))
            yield Tick(
                Span(match.start() + offset, match.end() + offset), TickState.UNANSWERED, label.shifted(offset) if len(label) else None
            )
