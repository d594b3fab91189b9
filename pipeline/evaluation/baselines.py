"""Two plain ways of doing the same work, to measure progress by: Presidio as it comes, and a dictionary of clinical words.

Both are run over the very text the gateway read. Presidio takes out each thing it finds, as its anonymizer would; the dictionary takes out
every statement with a word of the lexicon's clinical cues. Either holds a mail of which it takes anything, and holds no paper back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from pipeline.domain.people import Category, Reading
from pipeline.domain.text import Span, merge
from pipeline.evaluation.measures import Observed
from pipeline.evaluation.readback import Outgoing, fold
from pipeline.recognition.engine import Engine
from pipeline.recognition.language import MODEL, pieces
from pipeline.recognition.statements import split

CLINICAL = frozenset(
    {
        Category.ADULT_HEALTH_NOT_RELEVANT,
        Category.THIRD_PARTY_HEALTH,
        Category.PASTED_RECORD,
        Category.CLINICAL_CODES,
        Category.MEDICATION_LIST,
        Category.REPRODUCTIVE_OR_SEXUAL,
    }
)
"""Categories whose cues are clinical words; words for relations among them are not."""

Way = Callable[[Reading], list[Span]]
"""What a baseline would take out of one document."""


def presidio() -> AnalyzerEngine:
    """Presidio with its default recognisers over the English model that is shipped; nothing is fetched once an `Engine` is loaded."""
    models = [{"lang_code": "en", "model_name": MODEL}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])


def ways(engine: Engine) -> dict[str, Way]:
    """The baselines by name."""
    analyzer = presidio()
    return {
        "Presidio's defaults": lambda reading: _entities(reading, analyzer),
        "dictionary": lambda reading: _with_clinical_words(reading, engine),
    }


def instead(one: Observed, way: Way) -> Observed:
    """The same case, had a baseline decided what leaves."""
    texts, held = [], False
    for reading in one.assessment.case.readings:
        removed = merge(way(reading))
        texts.append(fold(_without(reading.document.text, removed)))
        held = held or bool(removed)
    return replace(one, outgoing=Outgoing(tuple(texts)), held=held, said=())


def _entities(reading: Reading, analyzer: AnalyzerEngine) -> list[Span]:
    found, start = [], 0
    for piece in pieces(str(reading.document.text)):
        found += [Span(start + each.start, start + each.end) for each in analyzer.analyze(piece, language="en")]
        start += len(piece)
    return found


def _with_clinical_words(reading: Reading, engine: Engine) -> list[Span]:
    text, cues = reading.document.text, engine.sensitivity.cues
    statements = reading.statements or split(reading.document)
    return [
        statement.span
        for statement in statements
        if any(hit.cue.category in CLINICAL and hit.cue.name != "relation" for hit in cues.find(text, statement))
    ]


def _without(text: str, removed: Sequence[Span]) -> str:
    edges = [0, *(edge for span in removed for edge in (span.start, span.end)), len(text)]
    return "\n".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
