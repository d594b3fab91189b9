"""Runs the small encoder over a document's statements: for every token whether it must go, why, and about whom."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from pipeline.domain.errors import RulesError
from pipeline.domain.people import About, Category, Statement
from pipeline.recognition.sensitivity import windows
from pipeline.recognition.sensitivity.windows import Answers, Tokens


@dataclass(frozen=True, slots=True)
class Marks:
    """What the encoder makes of a document, a row for each token of `tokens`.

    Attributes:
        goes: how strongly the token must go (a logit; 0 is even chances before calibration).
        category, about: logits over `Encoder.categories` and `Encoder.about`.
    """

    tokens: Tokens
    goes: Answers
    category: Answers
    about: Answers


class Encoder:
    """The model as shipped under `rules/models/sensitivity`: one process loads it once."""

    def __init__(self, session: Any, tokenizer: Any, card: dict[str, Any]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.name = str(card["name"])
        self.categories = tuple(Category(each) for each in card["categories"])
        self.about = tuple(About(each) for each in card["about"])
        self._start, self._separator = int(card["start"]), int(card["separator"])

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Loads model and tokenizer after checking the model's digest.

        Raises:
            RulesError: a file is missing, or the model is not the one its card describes.
        """
        try:
            card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            content = (folder / "model.onnx").read_bytes()
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (OSError, ValueError) as error:
            raise RulesError(f"the sensitivity model cannot be read ({type(error).__name__}); restore rules/models/sensitivity") from None
        if hashlib.sha256(content).hexdigest() != card["sha256"]:
            raise RulesError("rules/models/sensitivity/model.onnx is not the model its card describes; restore it, or train anew")
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(_session(content), tokenizer, card)

    def read(self, text: str, statements: Sequence[Statement]) -> Marks:
        """The encoder's answers for every token of the statements; `statements` must not be empty."""
        tokens = windows.tokens_of(text, statements, self._tokenizer, self._separator)
        cut = windows.windows(tokens, start_mark=self._start, separator=self._separator)
        joined = windows.joined(tokens, cut, [self._answers(window.ids)[window.skip :] for window in cut])
        first = 1 + len(self.categories)
        return Marks(tokens, joined[:, 0], joined[:, 1:first], joined[:, first:])

    def _answers(self, ids: tuple[int, ...]) -> Answers:
        (answers,) = self._session.run(None, {"ids": np.array([ids], np.int64)})
        return np.asarray(answers[0], np.float32)


def _session(content: bytes) -> Any:
    # Its published builds report to their maker, and write a device id into the home folder, unless this is set before the first import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - after the line above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # many documents are read side by side; one core each is fairest
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
