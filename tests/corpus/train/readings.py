"""Gives the encoder's marks for labelled documents: from the shipped model, or as written down for writers it had not seen."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from examples import ABOUT, CATEGORIES, SEPARATOR
from labelled import Labelled
from spoken import Spoken
from tokenizers import Tokenizer

from pipeline.domain.people import Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition import statements
from pipeline.recognition.sensitivity import judging, windows
from pipeline.recognition.sensitivity.encoder import Encoder, Marks
from pipeline.recognition.sensitivity.features import Named
from pipeline.recognition.sensitivity.model import SensitivityModel

Read = tuple[Labelled, list[Statement], Marks, Named]


def by_model(documents: Sequence[Labelled], encoder: Encoder) -> Iterator[Read]:
    """What the shipped model makes of them; documents without a statement are left out."""
    spoken = Spoken()
    for document in documents:
        cut = list(statements.split(document.document))
        if cut:
            attributed, named = spoken.of(document.document, cut)
            yield document, attributed, encoder.read(document.document.text, cut), named


def held_out(documents: Sequence[Labelled], folds: Sequence[Path], tokenizer: Path) -> Iterator[Read]:
    """What each fold's model made of the letters left out of it."""
    tokenize = Tokenizer.from_file(str(tokenizer))
    tokenize.no_padding()
    tokenize.no_truncation()
    # the folds are written by this folder's own train.py
    answers = {(case, name): row for fold in folds for case, name, row in pickle.loads((fold / "held_out.pkl").read_bytes())}
    spoken = Spoken()
    for document in documents:
        row = answers.get((document.case, document.name))
        cut = list(statements.split(document.document))
        if row is None or not cut:
            continue
        tokens = windows.tokens_of(document.document.text, cut, tokenize, SEPARATOR)
        if len(tokens.ids) != len(row):
            print(f"{document.case}: statements are cut differently than when the fold was trained; left out")
            continue
        first = 1 + len(CATEGORIES)
        row = np.asarray(row, np.float32)
        attributed, named = spoken.of(document.document, cut)
        yield document, attributed, Marks(tokens, row[:, 0], row[:, 1:first], row[:, first : first + len(ABOUT)]), named


def removals(read: Read, model: SensitivityModel) -> list[Span]:
    """What would be taken out of one document."""
    document, cut, marks, named = read
    text = document.document.text
    weighed = judging.weigh(text, cut, marks, model, named)
    return [each.span for each in judging.judged(text, cut, weighed, marks, model) if each.verdict is Verdict.REDACT]
