"""The engine and the whole of recognition, with the parts that ship."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import spacy.cli

from pipeline.domain.errors import NotFullySearched, SettingsError
from pipeline.domain.mail import Submission
from pipeline.domain.people import DocumentKind, Role
from pipeline.domain.text import Span
from pipeline.recognition.engine import Engine
from pipeline.recognition.language import PIECE, people_in, pieces
from pipeline.recognition.recognise import recognise
from pipeline.recognition.statements import split

REPORT = """# Report to the initial child protection conference

Child: Ben Orr, born 2 February 2017, NHS number 999 938 4757
Mother: Tessa Orr
Completed by: Amina Hill, health visitor

I have known Ben since March. He told me that he is scared when there is shouting at home and that he hides in the bathroom with his sister.

What needs to happen

Somebody to see the flat and help Tessa with mornings."""

PRINTOUT = "EMIS Web  Full Record\nORR Ben  02-Feb-2017\nActive Problems\n03-Jan-2026 Asthma\nPrinted 02-Oct-2026 11:03"


def test_a_report_is_read_whole(engine: Engine, document: Any, submission: Callable[..., Submission]) -> None:
    """Kind, people, identifiers and statements of a report come back, and it is complete."""
    roster, (reading,) = recognise(submission("Ben Orr, report"), [document(REPORT)], engine)
    assert reading.kind.kind is DocumentKind.CONFERENCE_REPORT
    assert [str(person.names[0]) for person in roster.with_role(Role.SUBJECT_CHILD)] == ["Ben Orr"]
    entities = {mention.entity for mention in reading.mentions}
    assert {"UK_NHS_NUMBER", "DATE_OF_BIRTH", "PERSON"} <= entities
    assert reading.statements
    assert reading.complete


def test_what_never_leaves_is_not_read_for_meaning(engine: Engine, document: Any, submission: Callable[..., Submission]) -> None:
    """A printout gets its kind and identifiers, and neither the language model nor the judge is run on it."""
    _, (reading,) = recognise(submission(), [document(PRINTOUT)], engine)
    assert reading.kind.kind is DocumentKind.RECORD_PRINTOUT
    assert (reading.statements, reading.judgements) == ((), ())


def test_a_recogniser_that_gives_up_makes_the_reading_incomplete(
    engine: Engine, document: Any, submission: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out is never silent: a person looks at the document."""

    def gives_up(*_: object, **__: object) -> None:
        raise NotFullySearched("out of time")

    monkeypatch.setattr(engine.analyzer, "analyze", gives_up)
    _, (reading,) = recognise(submission(), [document(REPORT)], engine)
    assert not reading.complete


def test_nothing_is_searched_past_a_window(engine: Engine) -> None:
    """A text longer than one piece is read to its end, with the offsets of the whole."""
    text = "Nothing was said that day.\n\n" * (PIECE // 20) + "Marjorie Wetherby rang from 020 7946 0123."
    assert "".join(pieces(text)) == text
    found = people_in(engine.language, text, [Span(0, len(text))])
    assert any(span.of(text).startswith("Marjorie") for span in found)
    assert engine.identifiers(text)[-1].span.of(text) == "020 7946 0123"


def test_the_language_model_reads_only_where_it_decides(
    engine: Engine, document: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A capital that no list knows is put to it, with its sentence; sentences whose names the lists know are not read by it."""
    report = document("The meeting went well for all.\n\nSarah was there. I asked whether Zanthorpe rang back.")
    read: list[str] = []
    pipe = engine.language.pipe

    def counted(texts: Iterable[str]) -> Iterator[Any]:
        read.extend(each := list(texts))
        return pipe(each)

    monkeypatch.setattr(engine.language, "pipe", counted)
    engine.believed(report.text, split(report))
    assert read == ["I asked whether Zanthorpe rang back."]


def test_nothing_is_downloaded(engine: Engine) -> None:
    """spaCy's download is refused once the engine is loaded."""
    with pytest.raises(SettingsError, match="nothing is downloaded"):
        spacy.cli.download("en_core_web_lg")
