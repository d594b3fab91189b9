"""Loads once what recognition needs: the language model, the recognisers in Presidio's frame, the tables under `rules/lexicons`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.domain.people import Mention
from pipeline.domain.text import Span
from pipeline.recognition import recognizers
from pipeline.recognition.kinds import KindTable
from pipeline.recognition.language import GivenPass, load_language, parse
from pipeline.recognition.lexicon import PeopleLexicon
from pipeline.recognition.record_signs import RecordTable
from pipeline.recognition.roster import RosterBuilder
from pipeline.recognition.sensitivity import SensitivityModel


class _OwnContext(ContextAwareEnhancer):
    """Leaves scores alone: each recogniser has looked at the words on its own line and in its column's heading."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002 - Presidio's signature
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,  # noqa: ARG002 - Presidio's signature
        recognizers: Any,  # noqa: ARG002 - Presidio's signature
        context: Any = None,  # noqa: ARG002 - Presidio's signature
    ) -> list[RecognizerResult]:
        """What was given."""
        return raw_results


@dataclass(frozen=True)
class Engine:
    """Recognition's warm parts; load one for a process and share it. Nothing in it changes, and nothing touches the network."""

    language: Language = field(repr=False)
    analyzer: AnalyzerEngine = field(repr=False)
    passes: GivenPass = field(repr=False)
    kinds: KindTable = field(repr=False)
    records: RecordTable = field(repr=False)
    lexicon: PeopleLexicon = field(repr=False)
    rosters: RosterBuilder = field(repr=False)
    sensitivity: SensitivityModel = field(repr=False)

    @classmethod
    def load(cls, rules_dir: Path) -> Engine:
        """Loads models and tables; about two seconds.

        Raises:
            RulesError: a table under rules/lexicons cannot be used, or two recognisers claim the same identifier.
            SettingsError: the language model is not installed.
        """
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), fallback_to_snapshot=True, cache_dir=None)
        language = load_language()
        passes = GivenPass(language)
        lexicons = rules_dir / "lexicons"
        lexicon = PeopleLexicon.load(lexicons)
        return cls(
            language,
            _analyzer(passes),
            passes,
            KindTable.load(lexicons / "document_kinds.yaml"),
            RecordTable.load(lexicons / "record_signs.yaml"),
            lexicon,
            RosterBuilder(lexicon),
            SensitivityModel.load(rules_dir),
        )

    def read(self, text: str) -> Doc:
        """The language model's one pass over a text."""
        return parse(self.language, text)

    def identifiers(self, text: str, doc: Doc | None) -> tuple[Mention, ...]:
        """Everything the recognisers find, in text order; names of people too where `doc`, the language model's pass, is given.

        Raises:
            NotFullySearched: a recogniser ran out of time.
        """
        artifacts = self.passes.artifacts(doc if doc is not None else self.language.make_doc(""))
        found = self.analyzer.analyze(text, language="en", nlp_artifacts=artifacts)
        return tuple(sorted((_mention(one) for one in found), key=lambda mention: (mention.span, mention.entity)))


def _analyzer(passes: GivenPass) -> AnalyzerEngine:
    registry = RecognizerRegistry(recognizers=list(recognizers.load_all()), supported_languages=["en"])
    return AnalyzerEngine(registry=registry, nlp_engine=passes, context_aware_enhancer=_OwnContext(), supported_languages=["en"])


def _mention(found: RecognizerResult) -> Mention:
    source = found.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    return Mention(Span(found.start, found.end), found.entity_type, round(float(found.score), 3), source)
