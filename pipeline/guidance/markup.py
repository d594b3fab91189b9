"""Makes a Document from the little markup in which rules write their example reports.

Headings begin with `#`, labels are `**bold**`, tables have `|` between cells, lists begin with `-` or a number, ticks are `[x]`
and `[ ]`; a blank line parts paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.domain.documents import Block, BlockKind, Cell, Document, Field, Row, TextSource, Tick, TickState
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText, Span

HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
ITEM = re.compile(r"^\s*([-*•]|\d{1,2}[.)])\s+(\S.*)$")
RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
LABEL = re.compile(r"\*\*([^*\n]+?)\*\*:?")
TICK = re.compile(r"\[( |x|X)\]")


@dataclass
class _Sheet:
    """The document while it is put together."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)

    def put(self, kind: BlockKind, text: str, level: int = 0, marker: str = "") -> Span:
        """Adds a block and gives its span."""
        if self.text:
            self.text += "\n\n"
        span = Span(len(self.text), len(self.text) + len(text))
        self.text += text
        self.blocks.append(Block(kind, span, None, level, marker))
        for tick in TICK.finditer(text):
            state = TickState.CLEAR if tick[1] == " " else TickState.TICKED
            self.ticks.append(Tick(Span(span.start + tick.start(), span.start + tick.end()), state))
        return span


def document(text: str, attachment: Attachment, format_name: str = "docx") -> Document:
    """The document an example's text stands for."""
    sheet = _Sheet()
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        _part([line.rstrip() for line in part.split("\n") if line.strip() and line.strip() != "---"], sheet)
    source = TextSource.NATIVE if sheet.text.strip() else TextSource.NONE
    return Document(
        attachment=attachment,
        format=format_name,
        text=PersonalText(sheet.text),
        source=source,
        blocks=tuple(sheet.blocks),
        fields=tuple(sheet.fields),
        ticks=tuple(sheet.ticks),
    )


def _part(lines: list[str], sheet: _Sheet) -> None:
    """Adds the blocks of lines that stand together."""
    while lines:
        heading, item = HEADING.match(lines[0]), ITEM.match(lines[0])
        if heading:
            sheet.put(BlockKind.HEADING, _bare(heading[2]), level=len(heading[1]))
            lines = lines[1:]
        elif lines[0].lstrip().startswith("|"):
            lines = _table(lines, sheet)
        elif item:
            lines = _item(item, lines, sheet)
        else:
            lines = _paragraph(lines, sheet)


def _starts_block(line: str) -> bool:
    return bool(HEADING.match(line) or ITEM.match(line)) or line.lstrip().startswith("|")


def _item(item: re.Match[str], lines: list[str], sheet: _Sheet) -> list[str]:
    end = next((number for number, line in enumerate(lines) if number and _starts_block(line)), len(lines))
    words = " ".join([item[2], *(line.strip() for line in lines[1:end])])
    sheet.put(BlockKind.LIST_ITEM, _bare(words), marker="•" if item[1] in "-*•" else item[1])
    return lines[end:]


def _paragraph(lines: list[str], sheet: _Sheet) -> list[str]:
    end = next((number for number, line in enumerate(lines) if number and _starts_block(line)), len(lines))
    marked = "\n".join(line.strip() for line in lines[:end])
    span = sheet.put(BlockKind.PARAGRAPH, _bare(marked))
    _labels(marked, span, sheet)
    return lines[end:]


def _labels(marked: str, span: Span, sheet: _Sheet) -> None:
    """Notes each bold label and what follows it on its line."""
    labels = list(LABEL.finditer(marked))
    for number, label in enumerate(labels):
        following = labels[number + 1].start() if number + 1 < len(labels) else len(marked)
        line_end = marked.find("\n", label.end())
        end = min(following, len(marked) if line_end < 0 else line_end)
        start, stop = (span.start + len(_bare(marked[:place])) for place in (label.start(), label.end()))
        last = span.start + len(_bare(marked[:end]))
        name = Span(start, start + len(label[1].rstrip(": ")))
        sheet.fields.append(Field(name, _trimmed(Span(min(stop, last), last), sheet.text)))


def _trimmed(span: Span, text: str) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(" :"))
    return Span(min(start, span.end), max(min(start, span.end), span.start + len(words.rstrip())))


def _table(lines: list[str], sheet: _Sheet) -> list[str]:
    end = next((number for number, line in enumerate(lines) if not line.lstrip().startswith("|")), len(lines))
    rows = [[_bare(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines[:end] if not RULE.match(line)]
    headed = end > 1 and bool(RULE.match(lines[1]))
    span = sheet.put(BlockKind.TABLE, "\n".join("\t".join(row) for row in rows))
    made, position = [], span.start
    for number, row in enumerate(rows):
        cells = []
        for cell in row:
            cells.append(Cell(Span(position, position + len(cell))))
            position += len(cell) + 1
        made.append(Row(tuple(cells), header=headed and number == 0 and any(row)))
        if len(cells) == 2:
            sheet.fields.append(Field(cells[0].span, cells[1].span))
    sheet.blocks[-1] = Block(BlockKind.TABLE, span, rows=tuple(made))
    return lines[end:]


def _bare(text: str) -> str:
    return text.replace("**", "")
