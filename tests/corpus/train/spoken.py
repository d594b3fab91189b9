"""Finds who is spoken of in a labelled document, from its text alone: whom each statement is about, and who is named where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.domain.documents import Document
from pipeline.domain.people import Statement
from pipeline.recognition.attribution import Attributor
from pipeline.recognition.language import load_language, people_in
from pipeline.recognition.lexicon import PeopleLexicon
from pipeline.recognition.roster import RosterBuilder, Source
from pipeline.recognition.sensitivity.features import Named

LEXICONS = Path(__file__).resolve().parents[3] / "rules" / "lexicons"


class Spoken:
    """What recognition knows of people, without the sensitivity model: that is still to be learnt."""

    def __init__(self) -> None:
        self._language = load_language()
        self._lexicon = PeopleLexicon.load(LEXICONS)
        self._rosters = RosterBuilder(self._lexicon)

    def of(self, document: Document, cut: Sequence[Statement]) -> tuple[list[Statement], Named]:
        """The statements with whom they are about, and the people named."""
        undecided = self._rosters.undecided(document.text)
        asked = [one.span for one in cut if any(one.span.overlaps(span) for span in undecided)]
        believed = people_in(self._language, document.text, asked)
        people = self._rosters.build([Source(document.text, believed)], author="")
        attributor = Attributor(self._lexicon, people)
        return list(attributor.attribute(document, tuple(cut))), Named.of(people.roster, attributor.mentions(document.text, believed))
