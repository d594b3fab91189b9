"""Sorts the alternatives of a regular expression by the letter they begin with, so that `re` tries only those that can begin at a place.

What is found stays the same: alternatives that begin with different letters never meet at one place, those that begin with the same keep
their order, and whatever this module does not understand stays as it is, where it is. `\\d` is read as the digits 0 to 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")
_KEEPS = re.compile(r"(?<!\\)\((?:\?P|(?!\?))|\\[1-9]")
"""What keeps a part of what it found, which must stay in one piece."""
_BOUNDARY = r"\b"
_BEHIND = ("(?<!", "(?<=")
_PART = re.compile(r"(?P<first>\w)-(?P<last>\w)|\\(?P<escaped>[^\w\s])|(?P<digit>\\d)|(?P<one>[^\\])", re.DOTALL)
_SPECIAL = frozenset("^$.|()*+?{}[]\\")
_WIDEST = 40
"""Characters of a class; one that has more is left as it is."""
_DIGITS = "0123456789"

Ends = dict[str, list[str]]
"""For each letter with which something may begin, what may follow it, in the order in which it is tried."""


def sort(patterns: Sequence[str]) -> str:
    """One expression that finds what `"|".join(patterns)` does, at the same places, sooner."""
    if any(_KEEPS.search(pattern) for pattern in patterns):
        return "|".join(patterns)
    begun = [(one, _begun(one)) for pattern in patterns for one in alternatives_of(pattern)]
    pieces: list[str] = []
    for boundary, run in groupby(begun, key=lambda one: None if one[1] is None else one[0].startswith(_BOUNDARY)):
        if boundary is None:
            pieces += [one for one, _ in run]
        else:
            ends = _merged(ends for _, ends in run if ends is not None)
            either = "|".join(letter + _either(rests) for letter, rests in ends.items())
            pieces.append(rf"\b(?:{either})" if boundary else either)
    return "|".join(pieces)


def _merged(all_ends: Iterable[Ends]) -> Ends:
    merged: Ends = {}
    for ends in all_ends:
        for letter, rests in ends.items():
            merged.setdefault(letter, []).extend(rests)
    return merged


def _either(rests: Sequence[str]) -> str:
    return rests[0] if len(rests) == 1 and "|" not in rests[0] else f"(?:{'|'.join(rests)})"


def alternatives_of(pattern: str) -> list[str]:
    """The alternatives of an expression, parted at each `|` outside brackets."""
    found, depth = [""], 0
    for atom in _ATOM.findall(pattern):
        depth += (atom == "(") - (atom == ")")
        if atom == "|" and not depth:
            found.append("")
        else:
            found[-1] += atom
    return [one for each in found for one in _unwrapped(each)]


def _unwrapped(alternative: str) -> list[str]:
    """The alternatives of a group where there is nothing else."""
    atom, quantifier, rest = _first(alternative)
    return alternatives_of(atom[3:-1]) if atom.startswith("(?:") and not quantifier and not rest else [alternative]


def _begun(alternative: str) -> Ends | None:
    """What may follow each letter with which an alternative may begin, in order; None where that cannot be told."""
    atom, quantifier, rest = _first(alternative.removeprefix(_BOUNDARY))
    if atom.startswith(_BEHIND):
        return None if quantifier else _behind(atom, rest)
    begun = _begun_by(atom) if quantifier in {"", "?"} else None
    if begun is None:
        return None
    found = {letter: [_either(ends) + rest] for letter, ends in begun.items()}
    if not quantifier:
        return found
    without = None if rest.startswith(_BOUNDARY) else _begun(rest)
    return None if without is None else _merged((found, without))


def _behind(atom: str, rest: str) -> Ends | None:
    """A look behind a letter is moved after it, and looks behind the letter."""
    begun = None if rest.startswith(_BOUNDARY) or len(alternatives_of(atom[4:-1])) > 1 else _begun(rest)
    return None if begun is None else {letter: [f"{atom[:-1]}{letter}){one}" for one in rests] for letter, rests in begun.items()}


def _first(pattern: str) -> tuple[str, str, str]:
    """The first atom of an expression (a group as a whole), how often it may stand, and what follows."""
    end = depth = 0
    for found in _ATOM.finditer(pattern):
        depth += (found[0] == "(") - (found[0] == ")")
        end = found.end()
        if not depth:
            break
    quantifier = _QUANTIFIER.match(pattern, end)
    return pattern[:end], quantifier[0] if quantifier else "", pattern[quantifier.end() if quantifier else end :]


def _begun_by(atom: str) -> Ends | None:
    """What may follow each letter with which one atom may begin."""
    if not atom.startswith("(?:"):
        letters = _letters(atom)
        return None if letters is None else {letter: [""] for letter in letters}
    each = [None if one.startswith(_BOUNDARY) else _begun(one) for one in alternatives_of(atom[3:-1])]
    known = [ends for ends in each if ends is not None]
    return _merged(known) if len(known) == len(each) else None


def _letters(atom: str) -> list[str] | None:
    """The characters for which an atom stands, as they are written in an expression."""
    if atom == r"\d":
        return list(_DIGITS)
    if len(atom) == 1:
        return None if atom in _SPECIAL else [re.escape(atom)]
    if atom.startswith("\\"):
        return None if atom[1].isalnum() else [atom]
    return _of_class(atom[1:-1]) if atom.startswith("[") and not atom.startswith("[^") else None


def _of_class(inside: str) -> list[str] | None:
    """The characters of a class; None where they are many, or some have no end."""
    found: list[str] = []
    while inside:
        part = _PART.match(inside)
        if part is None:
            return None
        if part["first"]:
            found += [re.escape(chr(code)) for code in range(ord(part["first"]), ord(part["last"]) + 1)]
        else:
            found += _DIGITS if part["digit"] else [re.escape(part["escaped"] or part["one"])]
        inside = inside[part.end() :]
    return list(dict.fromkeys(found)) if len(found) <= _WIDEST else None
