"""What recognition costs, as a ratio to the bare language model on the same text in the same process."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from timing import side_by_side

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import DocumentBuilder
from pipeline.recognition import record_blocks
from pipeline.recognition.attribution import Attributor
from pipeline.recognition.engine import Engine
from pipeline.recognition.kinds import kind_of
from pipeline.recognition.language import people_in
from pipeline.recognition.sightings import Source
from pipeline.recognition.statements import split


@pytest.mark.benchmark
def test_everything_but_the_encoder_against_the_bare_language_pass(rules_dir: Path, corpus: Path) -> None:
    """Kinds, people, identifiers, statements, attribution and record blocks cost at most as much again as the language pass."""
    engine = Engine.load(rules_dir)
    text = yaml.safe_load((corpus / "d01.yaml").read_text(encoding="utf-8"))["attachments"][0]["text"]
    builder = DocumentBuilder(Attachment(PersonalText("report.docx"), b""), "docx")
    for piece in text.split("\n\n"):
        builder.paragraph(piece)
    document = builder.finish()

    def rest() -> None:
        kind_of(document, engine.kinds)
        people = engine.rosters.build([Source(str(document.text))])
        engine.identifiers(document.text)
        Attributor(engine.lexicon, people).attribute(document, split(document))
        record_blocks.find(document, engine.records, engine.kinds)

    def times(language: float, other: float) -> float:
        return (language + other) / language

    rest()
    language, other = side_by_side(
        lambda: people_in(engine.language, document.text, [Span(0, len(document.text))]),
        rest,
        holds=lambda *taken: times(*taken) < 2.0,
    )
    print(f"language pass {language * 1000:.0f} ms, the rest {other * 1000:.0f} ms, together {times(language, other):.2f} times the pass")
    assert times(language, other) < 2.0
