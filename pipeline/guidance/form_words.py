"""Knows the words of forms and reports that can stand where a name does: those of every word list that are no given names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.domain.errors import RulesError

_COMMENT = re.compile(r"^#.*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\[a-z]", re.IGNORECASE)
_WHOLE = re.compile(r"(?<![a-z(?])[a-z]{3,}(?![a-z(?*+\[])")
"""A word that stands in a list as it is, and is not the beginning or a part of a pattern."""


def form_words(lists: Iterable[Path], given_names: frozenset[str]) -> frozenset[str]:
    """The words of the lists, in small letters.

    Args:
        given_names: what is left out, since a child may be called so.

    Raises:
        RulesError: a list cannot be read.
    """
    found: set[str] = set()
    for path in lists:
        try:
            written = path.read_text(encoding="utf-8")
        except OSError:
            raise RulesError(f"{path.parent.name}/{path.name}: cannot be read") from None
        found.update(_WHOLE.findall(_ESCAPED.sub(" ", _COMMENT.sub("", written)).casefold()))
    return frozenset(found) - given_names
