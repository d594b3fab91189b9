"""Counts what a set of proposed removals catches and harms, by the rules of MEASURES.md, on text (nothing is rendered)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from labelled import Labelled

from pipeline.domain.people import Statement
from pipeline.domain.text import Span


def _share(text: str, span: Span, removed: Sequence[Span]) -> float:
    """The share of the span's non-space characters that lie in `removed`."""
    places = [at for at in range(span.start, span.end) if not text[at].isspace()]
    gone = sum(_inside(at, removed) for at in places)
    return gone / max(len(places), 1)


Table = dict[str, tuple[int, int]]
"""Caught and marked, by name."""


def _table() -> Table:
    return defaultdict(lambda: (0, 0))


@dataclass
class Counts:
    """Figures with their counts."""

    caught: int = 0
    lost: int = 0
    kept: int = 0
    by_category: Table = field(default_factory=_table)
    by_letter: Table = field(default_factory=_table)
    by_agency: Table = field(default_factory=_table)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    harmed: list[tuple[str, str]] = field(default_factory=list)
    needless: list[tuple[str, str]] = field(default_factory=list)
    false_release: list[str] = field(default_factory=list)
    false_hold: list[str] = field(default_factory=list)
    over_shared: int = 0
    clean: int = 0

    def line(self) -> str:
        """All in one line."""
        marked = self.caught + len(self.missed)
        return (
            f"recall {self.caught}/{marked} = {self.caught / max(marked, 1):.3f}   "
            f"wrongly removed {self.lost}/{self.kept} = {self.lost / max(self.kept, 1):.3f}   "
            f"false release {len(self.false_release)}/{self.over_shared}   "
            f"false hold {len(self.false_hold)}/{self.clean} = {len(self.false_hold) / max(self.clean, 1):.2f}"
        )


def count(documents: Sequence[Labelled], removals: Sequence[Sequence[Span]], held: Sequence[bool] | None = None) -> Counts:
    """What the removals do. `held`: which documents are held at all, where that is more than those with a removal."""
    counts = Counts()
    over, clean, stopped = set(), set(), defaultdict(bool)
    for number, (document, removed) in enumerate(zip(documents, removals, strict=True)):
        text = document.document.text
        for mark in document.marked:
            if not mark.must:
                continue
            over.add(document.case)
            caught = _share(text, mark.span, removed) >= 0.8
            for table, key in ((counts.by_category, mark.why), (counts.by_letter, document.letter), (counts.by_agency, document.agency)):
                table[key] = (table[key][0] + caught, table[key][1] + 1)
            if caught:
                counts.caught += 1
            else:
                counts.missed.append((document.case, mark.why, mark.span.of(text) + ""))
        _harm(document, removed, counts)
        if document.decision == "release":
            clean.add(document.case)
        stopped[document.case] |= bool(removed) or bool(held and held[number])
    counts.false_release = sorted(case for case in over if not stopped[case])
    counts.false_hold = sorted(case for case in clean if stopped[case])
    counts.over_shared, counts.clean = len(over), len(clean)
    return counts


def statements(cut: Sequence[tuple[Labelled, Sequence[Statement]]], removals: Sequence[Sequence[Span]]) -> tuple[int, int]:
    """Of the statements of four words or more in which nothing is marked, from how many more than a twentieth is removed, and all."""
    harmed = unmarked = 0
    for (document, parts), removed in zip(cut, removals, strict=True):
        text = document.document.text
        for span in (part.span for part in parts):
            if len(span.of(text).split()) >= 4 and not any(mark.span.overlaps(span) for mark in document.marked):
                unmarked += 1
                harmed += _share(text, span, removed) > 0.05
    return harmed, unmarked


LEAST_REST = 15
"""Letters and figures without a mark that a statement must have for its rest to say anything."""


def torn(cut: Sequence[tuple[Labelled, Sequence[Statement]]], removals: Sequence[Sequence[Span]]) -> tuple[int, int]:
    """Of the statements of which a part must go and `LEAST_REST` or more stays, in how many over half of what stays goes too, and all."""
    taken = mixed = 0
    for (document, parts), removed in zip(cut, removals, strict=True):
        text = document.document.text
        for span in (part.span for part in parts):
            marks = [mark for mark in document.marked if mark.span.overlaps(span)]
            rest = [at for at in range(span.start, span.end) if text[at].isalnum() and not _inside(at, [mark.span for mark in marks])]
            if any(mark.must for mark in marks) and len(rest) >= LEAST_REST:
                mixed += 1
                taken += sum(_inside(at, removed) for at in rest) > len(rest) / 2
    return taken, mixed


def _inside(at: int, spans: Sequence[Span]) -> bool:
    return any(each.start <= at < each.end for each in spans)


def _harm(document: Labelled, removed: Sequence[Span], counts: Counts) -> None:
    text = document.document.text
    harmed = [span for span in document.keep if _share(text, span, removed) > 0.05]
    counts.kept += len(document.keep)
    counts.lost += len(harmed)
    counts.harmed.extend((document.case, span.of(text) + "") for span in harmed)
    needless = [span for span in removed if not any(mark.span.overlaps(span) for mark in document.marked)]
    counts.needless.extend((document.case, span.of(text) + "") for span in needless)
