"""Patterns read without regard to capitals."""

import re

import pytest

from pipeline.guidance.patterns import Words, small


@pytest.mark.parametrize(
    ("patterns", "text"),
    [
        (("going well",), "What is GOING WELL here"),
        ((r"\bA&E\b", "999"), "went to a&e"),
        ((r"[A-Z]+-[A-C]", r"\W\d"), "an x-b (3"),
        ((r"(?P<Who>Mum|Dad) said",), "then MUM said"),
        ((r"to (?:the )?\D{3}", r"\bÉlise\b"), "to THE end, ÉLISE"),
        ((r"by (?-i:[A-Z])", "late"), "LATE by a hair, by B"),
        (("yes",), "İ said YES"),
        ((), "anything"),
        (("nothing",), "something else"),
    ],
)
def test_finds_what_ignoring_capitals_would(patterns: tuple[str, ...], text: str) -> None:
    """Every place found is the one `re.IGNORECASE` finds, in the same place; patterns that regard capitals still do."""
    wanted = re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)
    words, first = Words.of(patterns), wanted.search(text)
    found = words.search(text)

    assert (found and found.span()) == (first and first.span())
    assert [match.span() for match in words.finditer(text)] == [match.span() for match in wanted.finditer(text)]
    assert bool(words.match(text)) is bool(wanted.match(text))
    assert bool(words.fullmatch(text)) is bool(wanted.fullmatch(text))


def test_small_letters_keep_their_places() -> None:
    """A letter whose small form is two stays, so that spans are those of the text."""
    assert small("İ AM") == "İ am"


def test_blanks_what_is_found() -> None:
    """What is found becomes spaces and the rest keeps its place."""
    assert Words.of(("one", "(?-i:TWO)")).blanked("ONE two TWO end") == "    two     end"
