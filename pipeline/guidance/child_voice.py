"""Reads of whom each sentence of a report speaks, the child or somebody else, so that what it tells can be put down to the right person."""

from __future__ import annotations

import re

from pipeline.domain.people import Role, Roster
from pipeline.guidance.lexicons import ChildWords
from pipeline.guidance.opinion import Sight
from pipeline.guidance.patterns import Words

SPOKEN = re.compile(r"[\"“][^\"”\n]{3,160}[\"”]")
WRITER = Words.of((r"\bi\b", r"\bwe\b"))
PRONOUN = re.compile(r"\W*(?:he|she|they|his|her|their|both)\b", re.IGNORECASE)
LATER_PRONOUN = Words.of((r"\bhe\b", r"\bshe\b", r"\bthey\b"))
NAME = re.compile(r"\b[A-Z][a-zà-ÿ'’]+(?:-[A-Z][a-zà-ÿ]+)?\b|\b[A-Z]{3,}\b")
NO_SUBJECT = re.compile(r"\b(?:with|w|of|to|by|from|for|via|w/)\s+(?:\w+ )?$", re.IGNORECASE)
"""What stands before a person the sentence is not about: 'lives with mum'."""
_CALLED = r"([A-Z](?<!\w[A-Z])[a-zà-ÿ'’]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z][\w'’-]+){0,3}"
"""A name; that nothing stands before its capital is seen after it, so that `re` looks at capitals alone."""
_AGE = r"(?:(?i:aged?) )?(?:\d|1[0-7])"
_UNIT = r"(?i:years?|yrs?|y|months?|mths?|m|weeks?|wks?|w)"
_BIRTHDAY = r"(?i:born|b\.|dob|d\.o\.b\.?):? ?[\w ./-]{0,16}(?:20(?:0[89]|[12]\d)|[./-](?:0[89]|[12]\d)\b)"
YOUNG = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_CALLED},? ?\({_AGE}(?:\)| {_UNIT})",
        rf"{_CALLED},? {_AGE}(?:,| {_UNIT} (?i:old)|\b(?= ?[;.()]))",
        rf"{_CALLED},?\s{{1,2}}\(?{_AGE}(?: ?{_UNIT}\b|/(?:12|52)\b| and a (?:bit|half))",
        rf"{_CALLED},?\s{{1,2}}\(?(?:[\d/]+ ?{_UNIT}?,? )?{_BIRTHDAY}",
        rf"\b(?i:child(?:ren)?|daughters?|sons?|pupils?|bab(?:y|ies)|boys?|girls?)(?: (?i:name|\(s\)))? ?: ?{_CALLED}",
    )
)
"""A name with a child's age or birthday after it, or after a label such as 'Daughter:'."""


def child_names(text: str, roster: Roster, told: tuple[str, ...], first_names: frozenset[str]) -> frozenset[str]:
    """The first names, in small letters, by which the children of a report are called, with short forms and single letters.

    Args:
        told: the children of the conference by name, where they are known.
    """
    known = [str(name) for person in roster.with_role(Role.SUBJECT_CHILD, Role.SIBLING) for name in person.names]
    names = {name.split()[0].casefold() for name in (*known, *told) if name.split() and len(name.split()[0]) > 1}
    aged = {match[1].casefold() for pattern in YOUNG for match in pattern.finditer(text)}
    names |= {name for name in aged if name in first_names or name.split("-")[0] in first_names}
    names |= {name.split("-")[0] for name in names}
    short = {match[0].casefold() for match in NAME.finditer(text) if len(match[0]) > 2}
    names |= {word for word in short if any(name.startswith(word) for name in names)}
    return frozenset(names | {name[0] for name in names})


class Reader:
    """Reads a report sentence by sentence and remembers of whom it last spoke, so that 'he' and 'she' are the right person."""

    def __init__(self, words: ChildWords, names: frozenset[str]) -> None:
        self._words = words
        self._names = names
        self._called = _called(names)
        self._on_child = False

    def speaks_of_child(self, text: str) -> bool:
        """Whether a text names a child or speaks of one."""
        return bool(self._called.search(text) or self._words.children.search(text))

    def sight(self, given: str) -> Sight:
        """The next sentence."""
        words = given.replace("’", "'")
        called, child = self._called.search(words), self._words.children.search(words)
        children = min((match.start() for match in (called, child) if match), default=None)
        others = [match.start() for match in NAME.finditer(words) if self._is_adult(match[0].casefold())]
        on_child = self._about_child(words, children, others)
        plain = self._called.sub("~k", words) if called else words
        if others:
            plain = NAME.sub(lambda name: "~a" if self._is_adult(name[0].casefold()) else name[0], plain)
        return Sight(plain, on_child, children is not None, self._signs(words))

    def _signs(self, words: str) -> str:
        found = (("e", self._words.experience), ("x", self._words.effect), ("q", SPOKEN))
        return "".join(sign for sign, pattern in found if pattern.search(words))

    def _about_child(self, words: str, child: int | None, others: list[int]) -> bool:
        """Whether the sentence is about the child; a pronoun, or a sentence without a person, goes on with the one before."""
        adult = self._adult(words, others)
        writer = _place(WRITER, words)
        pronoun = 0 if PRONOUN.match(words) else _place(LATER_PRONOUN, words)
        first = min((place for place in (child, adult, writer) if place is not None), default=None)
        if pronoun is not None and (pronoun == 0 or first is None or pronoun < first):
            return self._on_child or (pronoun == 0 and child is not None and adult is None)
        if first is None:
            return self._on_child
        if first == writer:
            return self._told_by_writer(words[first:], child, adult)
        self._on_child = first == child
        return self._on_child

    def _told_by_writer(self, words: str, child: int | None, adult: int | None) -> bool:
        """'I' is nobody's subject: who comes next in the sentence is whom it is about."""
        if child is not None or adult is not None:
            self._on_child = child is not None and (adult is None or child <= adult)
        return self._on_child and adult is None and bool(LATER_PRONOUN.search(words))

    def _adult(self, words: str, others: list[int]) -> int | None:
        """Where the first adult stands of whom the sentence may speak; `others` are where adults are named."""
        called = [match.start() for match in self._words.adults.finditer(words)]
        return next((place for place in sorted(others + called) if not NO_SUBJECT.search(words[:place])), None)

    def _is_adult(self, name: str) -> bool:
        return name in self._words.first_names and name not in self._names


def _place(pattern: Words, words: str) -> int | None:
    match = pattern.search(words)
    return match.start() if match else None


def _called(names: frozenset[str]) -> re.Pattern[str]:
    """The names as they stand in a text; a single letter, as in a hurried note, only as a capital."""
    whole = "|".join(re.escape(name) for name in sorted(names) if len(name) > 1) or "(?!)"
    letters = "".join(sorted(name.upper() for name in names if len(name) == 1)) or "_"
    return re.compile(rf"\b(?:(?i:{whole})|(?<![\w&.'-])[{letters}](?![\w&.'/-]))(?:'s)?\b")
