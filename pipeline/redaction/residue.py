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
    every = (text[start : start + RUN] for start in range(len(text) - RUN + 1))
    return {run for run in every if run == run.strip()}  # a space at its end would be met by whatever stands next to a kept word


def letters_only(text: str) -> str:
    """The folded text without white space and marks: in a file's raw objects brackets and slashes are grammar, not text."""
    pieces = _BEYOND.split(text)  # turn and turn about: Latin-1, and what is beyond it
    pieces[::2] = [piece.encode("latin-1").translate(_LETTERS, _NO_LETTERS).decode("latin-1") for piece in pieces[::2]]
    pieces[1::2] = [_letters_beyond(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _letters_beyond(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text.translate(_LEFT_OUT)).casefold()
    return "".join(character for character in kept if character.isalnum())


def _letter(byte: int) -> str:
    """What one character of Latin-1 folds to: one letter or digit of Latin-1, or nothing."""
    folded_one = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", chr(byte)).casefold()))
    return folded_one if len(folded_one) == 1 and folded_one < "\u0100" else ""


# A table over bytes is a hundred times as fast as a look at each letter, and a file's raw objects are a million of them.
_LETTERS = bytes(ord(_letter(byte) or "\0") for byte in range(256))
_NO_LETTERS = bytes(byte for byte in range(256) if not _letter(byte))
_BEYOND = re.compile("([\x00-\xff]?[^\x00-\xff]+)")
_LEFT_OUT = {byte: None for byte in _NO_LETTERS if chr(byte).isalnum()}
"""Letters such as the German double s that fold to two: left out everywhere, so that both ways of folding agree."""


@dataclass(frozen=True, slots=True)
class _Search:
    """Runs to look for in text folded in one way."""

    fold: Callable[[str], str]
    automaton: ahocorasick.Automaton | None


@dataclass(frozen=True, slots=True)
class Residue:
    """What must not be found: in text folded and closed up, and in bytes taken for text."""

    readable: tuple[_Search, ...]
    raw: _Search

    @property
    def sought(self) -> bool:
        """Whether there is anything to look for."""
        return any(search.automaton is not None for search in self.readable)

    def in_text(self, text: str) -> bool:
        """Whether anything removed can be read in a text."""
        return any(_hits(search, text) for search in self.readable)

    def in_bytes(self, text: str) -> bool:
        """Whether anything removed stands in bytes taken for text, short runs aside."""
        return _hits(self.raw, text)


def _hits(search: _Search, text: str) -> bool:
    return search.automaton is not None and next(search.automaton.iter(search.fold(text)), None) is not None


def _automaton(words: Iterable[str]) -> ahocorasick.Automaton | None:
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, len(word))
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


def residue_of(text: str, removals: Sequence[Removal], hidden: Sequence[str] = ()) -> Residue:
    """What to look for: the runs of what is removed and of what the file hides, less those that what stays holds too."""
    kept: list[str] = []
    position = 0
    for removal in removals:
        kept.append(text[position : removal.span.start])
        position = removal.span.end
    kept.append(text[position:])
    gone = [*(removal.span.of(text) for removal in removals), *hidden]
    readable = tuple(_search(fold, kept, gone, SHORTEST) for fold in (folded, closed_up))
    return Residue(readable, _search(letters_only, kept, gone, SHORTEST_IN_BYTES))


def _search(fold: Callable[[str], str], kept: Sequence[str], gone: Sequence[str], shortest: int) -> _Search:
    held = "\n".join(map(fold, kept))
    sought = {run for each in gone for run in runs(fold(each)) if len(run) >= shortest and run not in held}
    return _Search(fold, _automaton(sought))
