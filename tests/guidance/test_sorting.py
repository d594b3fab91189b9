"""Alternatives sorted by their first letter."""

import re

import pytest

from pipeline.guidance.sorting import sort

TEXT = """The baby cried, cries and is a cry-baby; a1/7 and 10/52 or 3/40, x 2/7. He's under review, reviewed and to review.
worry worried worries (sic) a|b the child children, child's play: caring for him. T 37 P90 +++ e.g. [x] yes. He heard her. aab ab b"""


@pytest.mark.parametrize(
    "patterns",
    [
        ("cries", "cried", "cr(?:y|ies)"),
        (r"\b(?:cr(?:y|ies)|car\w+)\b", r"\b(?:child|the child(?:ren)?)\b"),
        (r"\b(?:s?he|her)\b", r"\bhe\b's"),
        (r"(?:the )?child", "chi", "childr"),
        (r"(?<![\w/])[1-9]\d?/(?:7|52)", r"(?<![\w/])x\s?\d/7", r"(?<![\w/])\d{2}"),
        (r"(?<!to )(?<!under )review", "review"),
        (r"(?:(?<=a)a|a)b?", "b"),
        (r"[+(|]+", r"\[x\]", r"\(sic"),
        (r"w?orr(?:y|ies)", ".rr", "worried"),
        (r"(?P<one>c)ried", "cries"),
        (r"^the", "the baby", "a{1,2}b"),
        (r"(?:|a)b", "ab"),
        (r"(?:\bh|c)e", r"c\w+", "he"),
        (r"[^a]b", r"[]a]b", r"[\]a-c]b"),
        ("yes|no", "y"),
        (),
    ],
)
def test_finds_what_the_unsorted_would(patterns: tuple[str, ...]) -> None:
    """Sorted alternatives find the same places, with the same ends, in the same order."""
    wanted = [match.span() for match in re.finditer("|".join(patterns), TEXT)]

    assert [match.span() for match in re.finditer(sort(patterns), TEXT)] == wanted


def test_tries_only_what_can_begin_at_a_place() -> None:
    """Alternatives that begin with the same letter stand together behind it, and a boundary is looked for once."""
    assert sort([r"\bcry\b", r"\b(?:child|sad)\b"]) == r"\b(?:c(?:ry\b|hild\b)|sad\b)"
