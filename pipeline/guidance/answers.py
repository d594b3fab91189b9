"""Tells an answer from a blank: empty, a dash, 'N/A', the form's own prompt, or a pointer to something else."""

from __future__ import annotations

import re
from enum import StrEnum

ACCEPTED = re.compile(r"^(?:no concerns (?:identified|have been identified)|not applicable|not known)[.\s]*$", re.IGNORECASE)
"""Exactly the three phrases of the four-questions guidance."""
EMPTY = re.compile(r"^[\s\-–—_.…*•·/\\|:?!]*$")
BARE = re.compile(
    r"^[\s\-–—.]*(?:n\s*[/\\.]?\s*a\.?|nil(?: (?:known|of note|reported|noted))?|tbc|t\.b\.c\.?|tba|to follow|nothing|none|"
    r"no comment|not (?:completed?|answered|sure|available)"
    r"|unknown|unable to (?:comment|say|answer)|cannot comment|can't comment|don't know|no info(?:rmation)?|no)[\s.\-–—]*$",
    re.IGNORECASE,
)
PROMPT = re.compile(
    r"^\s*(?:\[[^\]]{3,600}\]|<[^>]{3,200}>|\((?:please|set out|give|describe|include|use|state|say|list|tick|enter|consider)\b[^)]*\)"
    r"|click (?:or tap )?(?:here )?to (?:enter|add|type).*|(?:type|enter|insert) (?:text |your |here).*|please (?:comment|"
    r"complete|give|state|describe|include|list|set out|tick|outline)\b.*)\s*$",
    re.IGNORECASE | re.DOTALL,
)
POINTER = re.compile(
    r"^\W*(?:\w+ )?as (?:before|above|below|per|stated|discussed|previously|in (?:my|the|our|last))\b|(?:^|"
    r"[.;:(–-]\s*)(?:please )?(?:see|refer to|refer)\b|\bsee (?:above|below|attached|letter|record|plan|report|previous|"
    r"last)\b"
    r"|(?:would|'d|have|will) (?:rather |prefer to |sooner )?(?:talk|leave|left|discuss|speak)\b.{0,60}|left (?:this|that|"
    r"it) to|on the day\b|to be discussed"
    r"|^\W*(?:ditto|same as|unchanged|no change)\b|(?:in|from) (?:the |my |our )?(?:last|previous|earlier) (?:report|"
    r"form)\b|already (?:known|stated|sent)\b",
    re.IGNORECASE,
)
REASON = re.compile(
    r"\b(?:because|since|as (?:he|she|they|we|i|it|there|the|this|mum|dad|nobody|no one|both)|because of|due to|so (?:i|"
    r"we) (?:can't|cannot|have)|never (?:met|seen|been)"
    r"|(?:not|isn't|aren't|n't) (?:registered|known|old enough|at school|been|had|have|hold|seen|met|on|our|asked|told|visited|access|a )"
    r"|no (?:access|record|contact|involvement|home visit|siblings|other)|do(?:es)? not (?:hold|have|visit|see|know)|"
    r"only (?:see|saw|seen|joined|met|registered|child)|too young|outside|elsewhere|under (?:one|two|five|school))\b",
    re.IGNORECASE,
)


class Answer(StrEnum):
    """What stands under a title."""

    GIVEN = "given"
    ACCEPTED = "accepted"  # one of the three phrases that stand for 'nothing to say'
    EMPTY = "empty"
    BARE = "bare"  # 'N/A', 'nil' and the like, with no reason
    PROMPT = "prompt"  # the form's own words, left in
    POINTER = "pointer"  # 'as before', 'see letter'


def answer(text: str) -> Answer:
    """What a piece of text is as an answer."""
    words = text.strip()
    if EMPTY.match(words):
        return Answer.EMPTY
    if ACCEPTED.match(words):
        return Answer.ACCEPTED
    if BARE.match(words):
        return Answer.BARE
    if PROMPT.match(words):
        return Answer.PROMPT
    if points_elsewhere(words):
        return Answer.POINTER
    return Answer.GIVEN


def explained(text: str) -> bool:
    """Whether a reason is given for having nothing to say."""
    return bool(REASON.search(text.replace("’", "'")))


def points_elsewhere(words: str) -> bool:
    """Whether it says nothing but where to look instead: short, and little left without the pointing."""
    words = words.replace("’", "'")
    if len(words.split()) > 30 or not POINTER.search(words):
        return False
    sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s+", words) if sentence.strip()]
    pointing = [sentence for sentence in sentences if POINTER.search(sentence)]
    return len(words.split()) <= 8 or len(pointing) * 2 >= len(sentences)
