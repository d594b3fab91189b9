"""Changes what must not be learnt by heart: names, and the little damage that scanning and typing do."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from typing import Any

import yaml
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


_FULL_STOP = re.compile(r"(?<=[a-z0-9)])\.[ ](?P<next>[A-Z][a-z]*)")
_OPENER = re.compile(
    r"(?:She|He|They|It|Her|His|Their|Its|The|This|That|These|There|An?|In|On|At|Since|Both|After|Before|When|While|Then|As|For|With|From|To|By"
    r"|During|Although|Because|If|No|Some|Two|Three|Four|My|Our|Last)"
)
"""Words that begin a sentence and lose their capital inside one."""


class Joiner:
    """Makes one sentence of two neighbours, so that what goes and what stays stand in the same sentence more often than people write it."""

    CONNECTORS = (", and ", ", and ", "; ", ", but ", " - ")
    LONGEST = 320
    AT_AN_EDGE, ELSEWHERE = 0.5, 0.2
    """How often two sentences are joined where a mark begins or ends between them, and elsewhere, lest being joined tell of it."""

    def joined(self, document: Labelled, rng: random.Random) -> Labelled:
        """The document with some of its full stops between sentences of one paragraph replaced; marks keep their words."""
        text = document.document.text
        pieces: list[tuple[int, int, str]] = []
        last = -1
        for match in _FULL_STOP.finditer(text):
            before, after = match.start(), match.start("next")
            edge = self._mark_at(document, before - 1) != self._mark_at(document, after)
            begin = max(text.rfind(". ", 0, before), text.rfind("\n", 0, before), last)
            end = min(each for each in (text.find(". ", after), text.find("\n", after), len(text)) if each >= 0)
            if begin == last >= 0 or end - begin > self.LONGEST or rng.random() > (self.AT_AN_EDGE if edge else self.ELSEWHERE):
                continue
            first = text[after].lower() if _OPENER.fullmatch(match["next"]) else text[after]
            pieces.append((before, after + 1, rng.choice(self.CONNECTORS) + first))
            last = before
        return changed(document, pieces)

    @staticmethod
    def _mark_at(document: Labelled, at: int) -> bool:
        return any(mark.span.start <= at < mark.span.end for mark in document.marked)


class Salt:
    """Strews made-up sentences into a text: some that must go, some with the same words that are fit to stay."""

    def __init__(self) -> None:
        self._words: dict[str, Any] = yaml.safe_load((CORPUS / "train" / "salt.yaml").read_text(encoding="utf-8"))

    def salted(self, document: Labelled, rng: random.Random) -> Labelled:
        """The document with one to three sentences or clauses more."""
        changes = document
        for _ in range(rng.randrange(1, 4)):
            changes = self._one(changes, rng)
        return changes

    def _one(self, document: Labelled, rng: random.Random) -> Labelled:
        text = document.document.text
        ends = [match.start() for match in re.finditer(r"(?<=[a-z])\.(?= [A-Z]|\n|$)", text)]
        ends = [at for at in ends if not any(mark.span.start <= at < mark.span.end for mark in document.marked)]
        if not ends:
            return document
        at = rng.choice(ends)
        sentence = text[max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) : at]
        if rng.random() < 0.35 and re.search(r"\b(?:mum|mother|dad|father|mrs?|ms)\b", sentence, re.IGNORECASE):
            why, frame = rng.choice(self._words["clauses"])
            return self._put(document, at, self._filled(frame, rng), why)
        sort = rng.random()
        if sort < 0.4:
            return self._put(document, at + 1, " " + self._filled(rng.choice(self._words["child_frames"]), rng), None)
        frames, why = rng.choice(
            [
                ("adult_frames", "adult_health_not_relevant"),
                ("reproductive_frames", "reproductive_or_sexual"),
                ("outsider_frames", "third_party_health"),
            ]
        )
        return self._put(document, at + 1, " " + self._filled(rng.choice(self._words[frames]), rng), why)

    def _put(self, document: Labelled, at: int, words: str, why: str | None) -> Labelled:
        made = changed(document, [(at, at, words)])
        if why is None:
            return made
        about = "third_party" if why == "third_party_health" else "adult"
        mark = Marked(Span(at + len(words) - len(words.lstrip()), at + len(words)), why, about, must=True)
        return dataclasses.replace(made, marked=(*made.marked, mark))

    def _filled(self, frame: str, rng: random.Random) -> str:
        words = self._words
        parent, outsider = rng.choice(words["parents"]), rng.choice(words["outsider"])
        fixed = {"c": rng.choice(words["children"]), "w": outsider, "W": outsider[0].upper() + outsider[1:]}
        fixed |= {
            "p": parent,
            "pl": parent.split()[0].lower(),
            "month": rng.choice(words["months"]),
            "ci": rng.choice(words["child_illness"]),
        }
        lists = {"i": "illness", "o": "operation", "r": "reproductive", "m": "mental", "I": "illness"}

        def word(match: re.Match[str]) -> str:
            name = match.group(1)
            chosen = str(fixed[name]) if name in fixed else str(rng.choice(words[lists[name]]))
            return chosen[0].upper() + chosen[1:] if name == "I" or match.start() == 0 else chosen

        return re.sub(r"\{(\w+)\}", word, frame)
