"""A case as detectors look at it: what several of them need is worked out once, when first asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.assessment import Case
from pipeline.domain.documents import TextSource
from pipeline.domain.mail import Route
from pipeline.domain.people import DocumentKind, Reading, Roster
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer
from pipeline.guidance.child_voice import Reader, child_names
from pipeline.guidance.in_time import is_dated
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.opinion import Bounds, Opinion
from pipeline.guidance.sections import Section, sections
from pipeline.guidance.sentences import sentences

A_SENTENCE = 4
"""Words; fewer are a name, a date or a place."""
A_FULL_SENTENCE = 5
"""Words; fewer tell nothing that a date could place."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that is no title, without the title it may begin with, and the part it stands under; none where no title says."""

    span: Span
    part: str


class ReportView:
    """One document that is looked at as a report."""

    def __init__(
        self, index: int, reading: Reading, lexicons: Lexicons, *, roster: Roster | None = None, children: tuple[str, ...] = ()
    ) -> None:
        self._roster = roster or Roster()
        self._children = children
        self.index = index
        self.reading = reading
        self.document = reading.document
        self.text = str(reading.document.text)
        self.lexicons = lexicons

    @property
    def is_scan(self) -> bool:
        """Whether its text was read from pictures, at least in part, so that letters may have been read wrongly."""
        return self.document.source in {TextSource.OCR, TextSource.MIXED}

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its titles, each with what stands under it."""
        return sections(self.document, self.lexicons)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences and rows, in order."""
        return sentences(self.document)

    @cached_property
    def full_sentences(self) -> tuple[Span, ...]:
        """The sentences that tell something."""
        return tuple(one for one in self.sentences if len(self.text[one.start : one.end].split()) >= A_FULL_SENTENCE)

    @cached_property
    def dated(self) -> tuple[Span, ...]:
        """Those of them that place something in time; a birthday or the date of the conference does not."""
        return tuple(one for one in self.full_sentences if is_dated(self.text[one.start : one.end]))

    def is_title(self, sentence: Span) -> bool:
        """Whether a piece of text is nothing but a title."""
        starts, ends = self._titles
        before = bisect_right(starts, sentence.start)
        return before > 0 and ends[before - 1] >= sentence.end

    @cached_property
    def _titles(self) -> tuple[list[int], list[int]]:
        """Where titles begin, in order, and up to where those so far reach."""
        titles = sorted(section.title for section in self.sections if len(section.title))
        return [title.start for title in titles], list(accumulate((title.end for title in titles), max))

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Its sentences, each with the part it stands under, in order."""
        pieces = [(piece, part) for section, part in zip(self.sections, self._parts, strict=True) for piece in section.body]
        found, place = [], 0
        for sentence in self.sentences:
            while place < len(pieces) and pieces[place][0].end <= sentence.start:
                place += 1
            if place < len(pieces) and pieces[place][0].start < sentence.end and not self.is_title(sentence):
                piece, part = pieces[place]
                found.append(Told(Span(max(sentence.start, piece.start), sentence.end), part))
        return tuple(found)

    @property
    def _parts(self) -> list[str]:
        """The part of each section: its own, or that of the title it belongs under."""
        above: list[tuple[int, str]] = []
        parts = []
        for section in self.sections:
            while above and above[-1][0] >= section.level:
                above.pop()
            part = section.slot or (above[-1][1] if above else "")
            above.append((section.level, part))
            parts.append(part)
        return parts

    @cached_property
    def scores(self) -> dict[str, NDArray[np.float64]]:
        """For each part of which something was learnt how much each of `told` sounds like it (a logit)."""
        reader, model = Reader(self.lexicons.child, self._called), self.lexicons.part_model
        return model.scores(model.rows([reader.sight(str(told.span.of(self.text))) for told in self.told]))

    @cached_property
    def speaks_of_child(self) -> bool:
        """Whether a child is named or spoken of anywhere, titles and labels included."""
        return Reader(self.lexicons.child, self._called).speaks_of_child(self.text)

    @cached_property
    def _called(self) -> frozenset[str]:
        """The names by which the children are called."""
        return child_names(self.text, self._roster, self._children, self.lexicons.child.first_names)

    def opinion(self, part: str) -> Opinion | None:
        """What the wording of its sentences says of a part; nothing where nothing was learnt of it or there is nothing to judge."""
        scores = self.scores.get(part)
        return None if scores is None else self.lexicons.part_model.opinion(part, scores)

    def bounds(self, part: str) -> Bounds:
        """From where on a sentence or a report sounds like a part."""
        return self.lexicons.part_model.bounds[part]

    def carries(self, part: str, known: Callable[[], Span | None]) -> Span | None:
        """A sentence that carries a part without a title: by its wording or, where that leaves it open, the one `known` finds."""
        opinion = self.opinion(part)
        if opinion is None or opinion.settled is None:
            return known()
        return self.told[opinion.best[0]].span if opinion.settled else None


class CaseView:
    """A case, its reports, and the word lists."""

    def __init__(self, case: Case, lexicons: Lexicons) -> None:
        self.case = case
        self.lexicons = lexicons

    @cached_property
    def carries_report(self) -> bool:
        """Whether the mail hands in a report; a suspicious one is judged too where it looks like one, so that the reviewer sees how."""
        looks_like_one = any(reading.kind.kind is DocumentKind.CONFERENCE_REPORT for reading in self.case.readings)
        return self.case.route is Route.CONFERENCE_REPORT or (self.case.route is Route.SUSPICIOUS and looks_like_one)

    @cached_property
    def reports(self) -> tuple[ReportView, ...]:
        """The readable documents that make up the report, several where it came in parts; an unfilled form only where there is no other."""
        if not self.carries_report:
            return ()
        return self._views(DocumentKind.CONFERENCE_REPORT) or self._views(DocumentKind.BLANK_FORM)

    @cached_property
    def says_nothing(self) -> bool:
        """Whether there is a report and nobody has written anything in it: a form with its own words alone."""
        pieces = [report.text[piece.start : piece.end] for report in self.reports for section in report.sections for piece in section.body]
        answer = self.lexicons.answers.answer
        return bool(self.reports) and not any(len(piece.split()) >= A_SENTENCE and answer(piece) is Answer.GIVEN for piece in pieces)

    def _views(self, kind: DocumentKind) -> tuple[ReportView, ...]:
        children = tuple(map(str, self.case.facts.conference.children))
        return tuple(
            ReportView(index, reading, self.lexicons, roster=self.case.roster, children=children)
            for index, reading in enumerate(self.case.readings)
            if reading.kind.kind is kind and reading.document.problem is None and reading.document.text.strip()
        )
