"""Turns labelled documents into windows of tokens with what each token's label is, and windows' answers back into one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import authored
import labelled
import numpy as np
from labelled import Labelled

from pipeline.domain.text import Span
from pipeline.recognition import statements
from pipeline.recognition.sensitivity import clauses, windows

CATEGORIES = (
    "adult_health_not_relevant", "third_party_health", "pasted_record", "clinical_codes", "medication_list", "reproductive_or_sexual",
    "identifier_of_third_party", "risk_increasing_detail", "legally_restricted", "excess_detail",
)  # fmt: skip
ABOUT = ("child", "adult", "sibling", "third_party")
START, SEPARATOR = 101, 102
BODIES, OVERLAP = (240, 320, 400, 440), 80
"""Tokens of text in a window: of several lengths in training, so that the encoder sees texts cut in many ways."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window with the labels of its text tokens (after `skip` tokens of prefix)."""

    ids: tuple[int, ...]
    skip: int
    goes: np.ndarray
    weight: np.ndarray
    category: np.ndarray
    about: np.ndarray
    clause: np.ndarray


def training_documents() -> list[Labelled]:
    """The labelled letters and what was written for this project; emails' bodies without any mark are thinned out."""
    return [*labelled.read(labelled.CORPUS / "training"), *authored.read(labelled.CORPUS / "authored")]


def _tokens(document: Labelled, tokenizer) -> tuple[windows.Tokens, list]:
    text = document.document.text
    cut = statements.split(document.document)
    return windows.tokens_of(text, cut, tokenizer, SEPARATOR), list(cut)


def windows_of(document: Labelled, tokenizer, offset: int = 0, body: int = BODIES[-1]) -> list[Example]:
    """The windows of one document with their labels. Parts that are a judgement call (`must: false`) count neither way."""
    tokens, cut = _tokens(document, tokenizer)
    if not tokens.ids:
        return []
    text = document.document.text
    length = len(text) + 1
    goes = np.zeros(length, np.float32)
    category = np.full(length, -1, np.int64)
    about = np.full(length, -1, np.int64)
    weight = np.ones(length, np.float32)
    clause = np.full(length, -1, np.int64)
    number = 0
    for statement in cut:
        for piece in clauses.split(text, statement.span):
            clause[piece.start : piece.end] = number
            number += 1
    for span in [*document.keep, *mixed(document, [statement.span for statement in cut])]:
        weight[span.start : span.end] = 2.0
    for mark in document.marked:
        part = slice(mark.span.start, mark.span.end)
        goes[part] = 1.0 if mark.must else -1.0
        if mark.must:
            category[part] = CATEGORIES.index(mark.why)
            about[part] = ABOUT.index(mark.about) if mark.about in ABOUT else -1
    at = np.array(tokens.starts)
    inside = at >= 0

    def pick(values, outside):
        return np.where(inside, values[np.where(inside, at, 0)], outside)

    goes, weight, category = pick(goes, -1.0), pick(weight, 0.0), pick(category, -1)
    about, clause = pick(about, -1), pick(clause, -1)
    found = []
    for window in windows.windows(tokens, start_mark=START, separator=SEPARATOR, body=body, overlap=OVERLAP, offset=offset):
        part = slice(window.at, window.at + len(window.ids) - window.skip)
        found.append(Example(window.ids, window.skip, goes[part], weight[part], category[part], about[part], clause[part]))
    return found


LEAST = 15
"""Characters of a statement that must go, and that must stay, for it to be one of which half goes."""


def mixed(document: Labelled, statements: list[Span]) -> list[Span]:
    """The statements of which a part must go and a part stays: they teach where to cut."""
    must = [mark.span for mark in document.marked if mark.must]
    gone = [(span, sum(max(0, min(span.end, mark.end) - max(span.start, mark.start)) for mark in must)) for span in statements]
    return [span for span, letters in gone if LEAST <= letters <= len(span) - LEAST]


def assemble(document: Labelled, tokenizer, run: Callable[[tuple[int, ...]], np.ndarray]) -> np.ndarray:
    """One row of logits per token of the document (the encoder's answers, weighted towards the middle of each window)."""
    tokens, _ = _tokens(document, tokenizer)
    if not tokens.ids:
        return np.zeros((0, 1 + len(CATEGORIES) + len(ABOUT)), np.float32)
    cut = windows.windows(tokens, start_mark=START, separator=SEPARATOR)
    return windows.joined(tokens, cut, [run(window.ids)[window.skip :] for window in cut])
