"""Changes what must not be learnt by heart: names, and the little damage that scanning and typing do."""

from __future__ import annotations

import dataclasses
import json
import random
import re

from labelled import CORPUS, Labelled, Marked

from pipeline.domain.documents import Block, Cell, Document, Field, Row
from pipeline.domain.text import PersonalText, Span

_WORD = re.compile(r"\b[A-Z][a-z]+(?:'[A-Z][a-z]+)?\b")


class Shift:
    """Carries spans over from a text to its changed copy, given the replaced pieces in order."""

    def __init__(self, pieces: list[tuple[int, int, str]]) -> None:
        self._pieces = pieces

    def text(self, text: str) -> str:
        """The changed copy."""
        made, at = [], 0
        for start, end, new in self._pieces:
            made += [text[at:start], new]
            at = end
        return "".join([*made, text[at:]])

    def point(self, position: int) -> int:
        """Where a character of the old text stands in the new one."""
        by = 0
        for start, end, new in self._pieces:
            if end <= position:
                by += len(new) - (end - start)
            elif start < position:
                return start + by + min(position - start, len(new))
            else:
                break
        return position + by

    def span(self, span: Span) -> Span:
        """The same for a span."""
        return Span(self.point(span.start), self.point(span.end))


def changed(document: Labelled, pieces: list[tuple[int, int, str]]) -> Labelled:
    """The document with pieces of its text replaced, its blocks and labels moved along."""
    if not pieces:
        return document
    shift = Shift(pieces)
    old = document.document

    def block(each: Block) -> Block:
        rows = tuple(Row(tuple(Cell(shift.span(c.span), c.columns) for c in row.cells), row.header) for row in each.rows)
        return dataclasses.replace(each, span=shift.span(each.span), rows=rows)

    new: Document = dataclasses.replace(
        old,
        text=PersonalText(shift.text(old.text)),
        blocks=tuple(block(each) for each in old.blocks),
        fields=tuple(Field(shift.span(f.label), shift.span(f.value)) for f in old.fields),
    )
    marked = tuple(Marked(shift.span(m.span), m.why, m.about, m.must) for m in document.marked)
    return dataclasses.replace(document, document=new, marked=marked, keep=tuple(shift.span(k) for k in document.keep))


class Renamer:
    """Gives the people of a document other names, the same one everywhere."""

    def __init__(self) -> None:
        names = json.loads((CORPUS / "train" / "names.json").read_text(encoding="utf-8"))
        self._forenames = {"male": names["male"], "female": names["female"]}
        self._sex = {name: sex for sex in ("male", "female") for name in names[sex]}
        self._surnames = names["last"]
        self._is_surname = set(names["last"])

    def renamed(self, document: Labelled, rng: random.Random) -> Labelled:
        """The document with every name it knows replaced."""
        given: dict[str, str] = {}
        pieces = []
        for match in _WORD.finditer(document.document.text):
            word = match.group()
            if word not in given:
                given[word] = self._another(word, rng)
            if given[word] != word:
                pieces.append((match.start(), match.end(), given[word]))
        return changed(document, pieces)

    def _another(self, word: str, rng: random.Random) -> str:
        if word in self._sex:
            return str(rng.choice(self._forenames[self._sex[word]]))
        return str(rng.choice(self._surnames)) if word in self._is_surname else word


_LOOKS_LIKE = {"l": "1", "I": "l", "O": "0", "rn": "m", "m": "rn", "e": "c", "5": "S", "0": "O", "h": "b", "cl": "d"}


def noisy(document: Labelled, rng: random.Random) -> Labelled:
    """The document as a fair scan gives it, or typed in lower case."""
    text = document.document.text
    if rng.random() < 0.3:
        return changed(document, [(0, len(text), text.lower())]) if len(text.lower()) == len(text) and not document.marked else document
    found = [match for match in re.finditer(r"rn|cl|[lIOme50h]", text) if rng.random() < 0.006]
    pieces = [(match.start(), match.end(), _LOOKS_LIKE[match.group()]) for match in found]
    return changed(document, pieces)
