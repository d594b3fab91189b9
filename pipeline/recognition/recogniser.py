"""The shape of a recogniser inside Presidio's frame: written forms, the words around them, and no silent giving up.

Presidio skips a pattern that runs out of time; here that raises `NotFullySearched`, so that a person looks. And where Presidio drops a
hit whose check digit fails, a recogniser here lowers its score: a mistyped NHS number still names a child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import regex  # type: ignore[import-untyped] # ships no types; used for its time limit
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.domain.errors import NotFullySearched

SECONDS = 10.0
"""How long one pattern may take on one text; ordinary reports take milliseconds."""

BEFORE = 70
AFTER = 30
"""How many characters before and after a hit count as its surroundings."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way something is written.

    Attributes:
        pattern: what is looked for; a group named `value` narrows the hit.
        score: how sure a hit is by itself, 0 to 1; 0 means that it counts only with its context.
        in_context: how sure it is where `Recogniser.cues` is found around it.
        ignore_case: whether capitals and small letters are the same to it.
    """

    pattern: str
    score: float
    in_context: float
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its place and words, and the text around it on its line and in its column's heading."""

    start: int
    end: int
    text: str
    before: str
    after: str
    heading: str


class Recogniser(EntityRecognizer):
    """Finds one sort of identifier by its written forms; each file under `recognizers/` defines one as its class `Found`."""

    entity: ClassVar[str]
    forms: ClassVar[tuple[Form, ...]]
    cues: ClassVar[str] = r"(?!)"
    """Words that speak for it, before it on its line, above it as a label, or as its column's heading. Lower case."""

    name: str
    """The name of its file."""

    def __init__(self) -> None:
        self._forms = tuple((form, regex.compile(form.pattern, regex.IGNORECASE if form.ignore_case else 0)) for form in self.forms)
        self._cues = regex.compile(self.cues, regex.IGNORECASE)
        super().__init__(supported_entities=[self.entity], name=type(self).__module__.rpartition(".")[2])

    def load(self) -> None:
        """Nothing to load: the forms are compiled already."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002 - Presidio's signature
        """The hits in `text`.

        Raises:
            NotFullySearched: a pattern ran out of time.
        """
        try:
            return [
                self._result(hit, score)
                for form, pattern in self._forms
                for hit in hits(pattern, text)
                if (score := self._score(form, hit)) > 0
            ]
        except TimeoutError:
            raise NotFullySearched(f"the recogniser {self.name} ran out of time; look at the document by hand") from None

    def _score(self, form: Form, hit: Hit) -> float:
        in_context = self._cues.search(hit.before) is not None or (bool(hit.heading) and self._cues.search(hit.heading) is not None)
        return self.judge(hit, form.in_context if in_context else form.score, in_context=in_context)

    def judge(self, hit: Hit, score: float, *, in_context: bool) -> float:  # noqa: ARG002 - for subclasses
        """The score of a hit after a closer look (check digits, look-alikes); 0 drops it."""
        return score

    def _result(self, hit: Hit, score: float) -> RecognizerResult:
        return RecognizerResult(entity_type=self.entity, start=hit.start, end=hit.end, score=score)


def hits(pattern: Any, text: str) -> Iterator[Hit]:
    """Every place where `pattern` is found, with its surroundings."""
    for match in pattern.finditer(text, timeout=SECONDS):
        start, end = match.span("value") if "value" in pattern.groupindex else match.span()
        yield Hit(start, end, text[start:end], surroundings(text, start), text[end : end + AFTER], column_heading(text, start))


def surroundings(text: str, position: int) -> str:
    """What stands before `position` on its line; where that is nothing, the line above, where a form prints the label."""
    line_start = text.rfind("\n", 0, position) + 1
    before = text[max(line_start, position - BEFORE) : position]
    if before.strip(" \t:-"):
        return before
    above = text[:line_start].rstrip()
    return above[max(above.rfind("\n") + 1, len(above) - BEFORE) :]


def column_heading(text: str, position: int) -> str:
    """The first cell of the column that `position` stands in, where its line is a row of a table (cells parted by tabs)."""
    line_start = text.rfind("\n", 0, position) + 1
    column = text.count("\t", line_start, position)
    if not column and "\t" not in text[position : _line_end(text, position)]:
        return ""
    top = line_start
    while top:
        previous = text.rfind("\n", 0, top - 1) + 1
        if "\t" not in text[previous : top - 1]:
            break
        top = previous
    if top == line_start:
        return ""
    cells = text[top : _line_end(text, top)].split("\t")
    return cells[column] if column < len(cells) else ""


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return end if end >= 0 else len(text)
