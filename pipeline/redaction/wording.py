"""The words of a document as reportlab's paragraph markup, with a labelled bar where something was taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from pipeline.domain.plan import Removal
from pipeline.domain.text import Span
from pipeline.redaction.operators import apply, within
from pipeline.redaction.styles import BAR, BAR_INK
from pipeline.redaction.typefaces import printable


@dataclass(frozen=True, slots=True)
class Wording:
    """The text being set and what goes from it."""

    text: str
    removals: tuple[Removal, ...]

    def removed_whole(self, span: Span) -> Removal | None:
        """The removal that takes away all of a span but its white space, if there is one."""
        for removal in self.removals:
            if removal.span.overlaps(span):
                rest = self.text[span.start : max(span.start, removal.span.start)] + self.text[min(span.end, removal.span.end) : span.end]
                return None if rest.strip() else removal
        return None

    def plain(self, span: Span) -> str:
        """The span without markup, labels in the removals' places."""
        return apply(span.of(self.text), within(self.removals, span)).text

    def markup(self, span: Span, *, spaced: bool = False) -> str:
        """The span as reportlab's paragraph markup; `spaced` keeps runs of spaces."""
        redacted = apply(span.of(self.text), within(self.removals, span))
        parts: list[str] = []
        position = 0
        for bar in redacted.bars:
            parts += (plain(redacted.text[position : bar.start], spaced=spaced), bar_markup(bar.of(redacted.text)))
            position = bar.end
        parts.append(plain(redacted.text[position:], spaced=spaced))
        return "".join(parts)


def bar_markup(label: str) -> str:
    """A label as white letters on a dark bar."""
    return f'<font backColor="{BAR}" color="{BAR_INK}">\xa0{escape(printable(label))}\xa0</font>'


def plain(text: str, *, spaced: bool = False) -> str:
    """A text as markup; `spaced` keeps runs of spaces."""
    safe = escape(printable(text), quote=False)
    if spaced:
        safe = re.sub(r"  +| (?=\n)|(?<=\n) ", lambda run: "\xa0" * len(run.group()), safe.expandtabs(8))
    return safe.replace("\n", "<br/>")
