"""The rule for residue: any run of twelve characters of something removed, found in what leaves, that what stays does not hold too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ahocorasick

from pipeline.domain.plan import Removal

RUN = 12
"""Characters in a run; the labelled cases are measured with the same."""
SHORTEST = 5
"""A removed text shorter than this is not looked for by itself: a three-letter word is found by chance."""
SHORTEST_IN_BYTES = 9
"""The same for a file's raw bytes, in which compressed data hold short runs by chance (one in a thousand files at seven)."""

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
class _Search:
    """Runs to look for in text folded in one way."""

    fold: Callable[[str], str]
    any_length: ahocorasick.Automaton | None
    long_only: ahocorasick.Automaton | None


@dataclass(frozen=True, slots=True)
class Residue:
    """What must not be found: in folded text and in closed-up text."""

    searches: tuple[_Search, ...]

    @property
    def sought(self) -> bool:
        """Whether there is anything to look for."""
        return any(search.any_length is not None for search in self.searches)

    def in_text(self, text: str) -> bool:
        """Whether anything removed can be read in a text."""
        return any(_hits(search.any_length, search.fold(text)) for search in self.searches)

    def in_bytes(self, text: str) -> bool:
        """Whether anything removed stands in bytes taken for text, short runs aside."""
        return any(_hits(search.long_only, search.fold(text)) for search in self.searches)


def _hits(automaton: ahocorasick.Automaton | None, text: str) -> bool:
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
    """What to look for: the runs of what is removed, less those that what stays holds too."""
    kept: list[str] = []
    position = 0
    for removal in removals:
        kept.append(text[position : removal.span.start])
        position = removal.span.end
    stays = "\n".join((*kept, text[position:]))
    return Residue(tuple(_search(fold, stays, [removal.span.of(text) for removal in removals]) for fold in (folded, closed_up)))


def _search(fold: Callable[[str], str], stays: str, gone: Sequence[str]) -> _Search:
    held = fold(stays)
    sought = {run for each in gone for run in runs(fold(each)) if run not in held}
    return _Search(fold, _automaton(sought), _automaton(run for run in sought if len(run) >= SHORTEST_IN_BYTES))
