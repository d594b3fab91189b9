"""The rule for residue: any run of twelve characters of something removed, found in what leaves, that what stays does not hold too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ahocorasick

from pipeline.domain.plan import Removal

RUN = 12
"""Characters in a run; the labelled cases are measured with the same."""
SHORTEST = 5
"""A removed text shorter than this is not looked for by itself: a three-letter word is found by chance."""

_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """The text with case, ligatures and runs of white space evened out."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def closed_up(text: str) -> str:
    """The folded text without any white space, since extractors disagree on where spaces are."""
    return folded(text).replace(" ", "")


def runs(text: str) -> set[str]:
    """All runs of `RUN` characters of a text already folded; the text itself where it is shorter."""
    if len(text) <= RUN:
        return {text} if len(text) >= SHORTEST else set()
    return {text[start : start + RUN] for start in range(len(text) - RUN + 1)}


@dataclass(frozen=True, slots=True)
class Residue:
    """What to look for, in folded text and in closed-up text."""

    spaced: ahocorasick.Automaton | None
    closed: ahocorasick.Automaton | None

    def found_in(self, text: str) -> bool:
        """Whether anything removed can be read in a text."""
        return _any(self.spaced, folded(text)) or _any(self.closed, closed_up(text))


def _any(automaton: ahocorasick.Automaton | None, text: str) -> bool:
    return automaton is not None and next(automaton.iter(text), None) is not None


def _automaton(words: Iterable[str]) -> ahocorasick.Automaton | None:
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, len(word))
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


def residue_of(text: str, removals: Sequence[Removal]) -> Residue:
    """What must not be found: the runs of what is removed, less those that what stays, or a label, holds too."""
    kept: list[str] = []
    position = 0
    for removal in removals:
        kept += [text[position : removal.span.start], removal.label]
        position = removal.span.end
    stays = "\n".join((*kept, text[position:]))
    automata = []
    for fold in (folded, closed_up):
        gone = set().union(*(runs(fold(removal.span.of(text))) for removal in removals)) if removals else set()
        held = fold(stays)
        automata.append(_automaton(run for run in gone if run not in held))
    return Residue(*automata)
