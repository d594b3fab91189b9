"""Turns the patterns of a word list into regular expressions, so that a broken one is told with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.domain.text import Span
from pipeline.guidance.sorting import sort
from pipeline.guidance.strict import Location, RulesFile

NEVER = re.compile(r"(?!)")
_TOKEN = re.compile(r"\\.|\(\?P[<=]\w+|[^\\(]+|\(", re.DOTALL)
_REGARDS_CAPITALS = "(?-i:"
_NAMED = re.compile(r"(?<!\?P)<([a-z][a-z ]*)>")
_UP_TO = re.compile(r"<up to (\d{1,3})>")


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns read without regard to capitals: found just as `re.IGNORECASE` would find them, and several times as fast.

    Where nothing has capitals, `re` can tell from one character that an alternative does not begin here; with IGNORECASE it tries each.
    Spans are those of the text given; the words a match shows are in small letters, so take them from the text.

    Attributes:
        small: those that regard no capitals, in small letters, for text in small letters.
        exact: those that do somewhere, for the text as it stands.
    """

    small: re.Pattern[str]
    exact: re.Pattern[str]

    @classmethod
    def of(cls, patterns: Sequence[str], flags: int = 0) -> Words:
        """Any of the patterns.

        Raises:
            re.error: one is not a regular expression.
        """
        exact = [pattern for pattern in patterns if _REGARDS_CAPITALS in pattern]
        plain = [_in_small_letters(pattern) for pattern in patterns if _REGARDS_CAPITALS not in pattern]
        return cls(
            re.compile(sort(plain), flags) if plain else NEVER, re.compile("|".join(exact), re.IGNORECASE | flags) if exact else NEVER
        )

    @classmethod
    def with_capitals(cls, patterns: Sequence[str]) -> Words:
        """Any of the patterns, capitals regarded throughout."""
        return cls(NEVER, re.compile(sort(patterns)))

    @classmethod
    def all_of(cls, lists: Sequence[Words]) -> Words:
        """What any of the lists finds."""
        plain = [one.small.pattern for one in lists if one.small is not NEVER]
        exact = [f"(?:{one.exact.pattern})" for one in lists if one.exact is not NEVER]
        return cls(re.compile(sort(plain)) if plain else NEVER, re.compile("|".join(exact), re.IGNORECASE) if exact else NEVER)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where any is found."""
        return self.small.search(small(text)) if self.exact is NEVER else self._first(text, re.Pattern.search)

    def match(self, text: str) -> re.Match[str] | None:
        """As `search`, at the beginning of the text only."""
        return self.small.match(small(text)) if self.exact is NEVER else self._first(text, re.Pattern.match)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `search`, for the whole of the text."""
        return self._first(text, re.Pattern.fullmatch)

    def _first(self, text: str, look: Callable[[re.Pattern[str], str], re.Match[str] | None]) -> re.Match[str] | None:
        one = None if self.small is NEVER else look(self.small, small(text))
        other = None if self.exact is NEVER else look(self.exact, text)
        return min((found for found in (one, other) if found is not None), key=lambda found: found.start(), default=None)

    def finditer(self, text: str, pieces: Iterable[Span] | None = None) -> Iterator[re.Match[str]]:
        """Every place where any is found, none within another, in the whole text or in each of the pieces given."""
        lists = [(pattern, given) for pattern, given in ((self.small, small(text)), (self.exact, text)) if pattern is not NEVER]
        for piece in (Span(0, len(text)),) if pieces is None else pieces:
            found = [match for pattern, given in lists for match in pattern.finditer(given, piece.start, piece.end)]
            yield from found if len(lists) < 2 else _apart(found, piece.start)

    def blanked(self, text: str) -> str:
        """The text with spaces in place of whatever is found."""
        for match in self.finditer(text):
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        return text


def _apart(found: list[re.Match[str]], reached: int) -> Iterator[re.Match[str]]:
    """Of places in the order of the text those that do not begin within the one before."""
    for match in sorted(found, key=lambda match: match.span()):
        if match.start() >= reached:
            reached = match.end()
            yield match


@cache
def known(words: str) -> Words:
    """One pattern of a rule; made once for all cases."""
    return Words.of((words,))


def small(text: str) -> str:
    """The text in small letters, each in its place: letters that become two, as the Turkish dotted capital I does, stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _in_small_letters(pattern: str) -> str:
    """A regular expression with its letters small; classes such as `\\W` and names of groups stay."""
    return "".join(token if token[0] == "\\" or token.startswith("(?P") else token.lower() for token in _TOKEN.findall(pattern))


def any_of(
    file: RulesFile,
    at: Location,
    patterns: Sequence[str],
    *,
    around: str = "{}",
    words: Mapping[str, str] | None = None,
    flags: int = 0,
    capitals: bool = False,
) -> Words:
    """What finds any of the patterns of a list, one that finds nothing where the list is empty; `capitals` says whether it regards them.

    In a pattern `<up to 40>` stands for at most forty characters of any kind, and `<name>` for the list of that name in `words`.

    Args:
        at: where the list stands in the file.
        around: what is put around each pattern, such as word boundaries, with `{}` for the pattern.

    Raises:
        RulesError: one is not a regular expression, or names words the file does not have.
    """
    made = [around.replace("{}", f"(?:{_expanded(file, (*at, number), pattern, words or {})})") for number, pattern in enumerate(patterns)]
    for number, one in enumerate(made):
        _checked(file, (*at, number), one, flags)
    return Words.with_capitals(made) if capitals else Words.of(made, flags)


def _checked(file: RulesFile, at: Location, pattern: str, flags: int) -> None:
    try:
        re.compile(pattern, re.IGNORECASE | flags)
    except re.error as problem:
        raise file.refuse(f"{at[0]}: this is not a regular expression ({problem.msg})", at) from None


def _expanded(file: RulesFile, at: Location, pattern: str, words: Mapping[str, str]) -> str:
    def listed(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise file.refuse(f"<{match[1]}> is not among the words of this file; there are {', '.join(words) or 'none'}", at)
        return f"(?:{_expanded(file, at, words[match[1]], {name: meant for name, meant in words.items() if name != match[1]})})"

    return _NAMED.sub(listed, _UP_TO.sub(r".{0,\1}?", pattern))
