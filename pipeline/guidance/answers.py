"""Tells an answer from a blank: empty, a dash, 'N/A', the form's own prompt, or a pointer to something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from pipeline.guidance.patterns import Words, any_of
from pipeline.guidance.strict import Strict, read

EMPTY = re.compile(r"^[\s\-–—_.…*•·/\\|:?!]*$")
A_POINTER = 30
"""Words; a longer text says something of its own, wherever else it points."""


class Answer(StrEnum):
    """What stands under a title."""

    GIVEN = "given"
    ACCEPTED = "accepted"  # one of the three phrases that stand for 'nothing to say'
    EMPTY = "empty"
    BARE = "bare"  # 'N/A', 'nil' and the like, with no reason
    PROMPT = "prompt"  # the form's own words, left in
    POINTER = "pointer"  # 'as before', 'see letter'


class AnswersFile(Strict):
    """answers.yaml."""

    accepted: tuple[str, ...] = Field(min_length=1)
    bare: tuple[str, ...] = Field(min_length=1)
    prompts: tuple[str, ...] = Field(min_length=1)
    pointers: tuple[str, ...] = Field(min_length=1)
    reasons: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """The words by which an answer is told from a blank."""

    accepted: Words
    bare: Words
    prompts: Words
    pointers: Words
    reasons: Words

    @classmethod
    def load(cls, path: Path) -> AnswerWords:
        """Reads the list.

        Raises:
            RulesError: it is missing, or a pattern in it is not a regular expression.
        """
        file = read(path)
        written = file.as_model(AnswersFile)
        return cls(
            accepted=any_of(file, ("accepted",), written.accepted, around=r"^{}[.\s]*$"),
            bare=any_of(file, ("bare",), written.bare, around=r"^[\s\-–—.]*{}[\s.\-–—]*$"),
            prompts=any_of(file, ("prompts",), written.prompts, around=r"^\s*{}\s*$", flags=re.DOTALL),
            pointers=any_of(file, ("pointers",), written.pointers),
            reasons=any_of(file, ("reasons",), written.reasons, around=r"\b{}\b"),
        )

    def answer(self, text: str) -> Answer:
        """What a piece of text is as an answer."""
        words = text.strip().replace("’", "'")
        if EMPTY.match(words):
            return Answer.EMPTY
        for pattern, meant in ((self.accepted, Answer.ACCEPTED), (self.bare, Answer.BARE), (self.prompts, Answer.PROMPT)):
            if pattern.match(words):
                return meant
        return Answer.POINTER if self.points_elsewhere(words) else Answer.GIVEN

    def explained(self, text: str) -> bool:
        """Whether a reason is given for having nothing to say."""
        return bool(self.reasons.search(text.replace("’", "'")))

    def points_elsewhere(self, words: str) -> bool:
        """Whether it says nothing but where to look instead: short, and little left without the pointing."""
        words = words.replace("’", "'")
        if len(words.split()) > A_POINTER or not self.pointers.search(words):
            return False
        sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s+", words) if sentence.strip()]
        pointing = [sentence for sentence in sentences if self.pointers.search(sentence)]
        return len(words.split()) <= 8 or len(pointing) * 2 >= len(sentences)
