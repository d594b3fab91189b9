"""What an evaluation counts: by why, by whom and by agency; what the model said; what plain methods would have done; the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from samples_assessment import assessment, reading

from pipeline.domain.people import About, Category, DocumentKind, Judgement, Reading, Statement, Verdict
from pipeline.domain.plan import DocumentPlan, RedactionPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.evaluation import baselines, picture, reliability
from pipeline.evaluation.breakdown import NOT_A_JUDGEMENT, Row, break_down
from pipeline.evaluation.labels import LabelledAttachment, LabelledCase, Quote
from pipeline.evaluation.measures import Observed, measure
from pipeline.evaluation.places import Places
from pipeline.evaluation.readback import Outgoing, fold
from pipeline.evaluation.reliability import Said
from pipeline.evaluation.results import Results
from pipeline.recognition.engine import Engine
from pipeline.recognition.statements import split

TEXT = "Zofia was seen at home on Monday and was well. Her mother has gout. Her aunt has cancer. Her father drinks and hits the wall."
GOUT = Quote("Her mother has gout.", "adult", "adult_health_not_relevant", must=True)
CANCER = Quote("Her aunt has cancer.", "third_party", "third_party_health", must=True)
KEPT = ("was seen at home on Monday", "Her father drinks and hits the wall.")


def _case(**changes: object) -> LabelledCase:
    report = LabelledAttachment("report.docx", None, "conference_report", "redact", "docx", (GOUT, CANCER), KEPT)
    usual = LabelledCase("x01", Path("x01.eml"), "gp", (report,), (), None, None, "met", {}, "review", "conference_report")
    return replace(usual, **changes)  # type: ignore[arg-type]


def _reading(*judged: tuple[str, Category, About]) -> Reading:
    usual = reading("report.docx", DocumentKind.CONFERENCE_REPORT)
    document = replace(usual.document, text=PersonalText(TEXT))
    judgements = tuple(
        Judgement(Span(TEXT.index(quote), TEXT.index(quote) + len(quote)), category, Verdict.REDACT, about, 0.9, "Why.", "rule:test")
        for quote, category, about in judged
    )
    return replace(usual, document=document, judgements=judgements)


def _observed(left: str, *judged: tuple[str, Category, About], **changes: object) -> Observed:
    made = assessment(case={"readings": (_reading(*judged),)})
    return Observed(_case(**changes), made, Outgoing((fold(left),)), held=True, said=(Said(0.92, True), Said(0.05, False)))


def test_a_label_is_found_whatever_the_white_space_and_misread_letters() -> None:
    """The place is exact for words that are there, near for words a scan misread, and none for words that are not."""
    text = "He said “no”\n  and  left. Tbe mother of the chi1d was there."
    places = Places(text)
    assert text[places.of('"no" and left').start : places.of('"no" and left').end] == "“no”\n  and  left"  # type: ignore[union-attr]
    near = places.of("The mother of the child was there.")
    assert near is not None
    assert text[near.start : near.end].startswith("Tbe mother")
    assert places.of("an elephant in the room") is None
    assert Places("").of("x") is None


def test_each_sort_is_counted_apart() -> None:
    """What was caught goes by its label; what was harmed goes by the judgement that took it, and to none where none did."""
    taken = _observed(
        "Zofia was well. Her aunt has cancer.",
        ("Her mother has gout.", Category.ADULT_HEALTH_NOT_RELEVANT, About.ADULT),
        ("Her father drinks", Category.EXCESS_DETAIL, About.ADULT),
    )
    found = break_down([taken])
    assert found["category"] == [
        Row("adult_health_not_relevant", 1, 1, 0, 2),
        Row("third_party_health", 0, 1, 0, 2),
        Row("excess_detail", 0, 0, 1, 2),
        Row(NOT_A_JUDGEMENT, 0, 0, 1, 2),
    ]
    assert found["about"] == [Row("adult", 1, 1, 1, 2), Row("third_party", 0, 1, 0, 2), Row(NOT_A_JUDGEMENT, 0, 0, 1, 2)]
    assert found["agency"] == [Row("gp", 1, 2, 2, 2)]
    assert Row("x", 0, 0, 1, 2).recall is None


def _planned(*taken: str, treatment: Treatment = Treatment.REDACT) -> RedactionPlan:
    spans = (Span(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in taken)
    return RedactionPlan(1, (DocumentPlan(0, treatment, tuple(Removal(span, "[withheld]", "r") for span in spans)),))


@pytest.mark.parametrize(
    ("left", "plan", "counts"),
    [
        (TEXT, _planned("Her mother has gout."), (0, 2)),
        ("Zofia was seen at home on Monday.", _planned("Her mother has gout."), (1, 2)),
        ("Zofia was seen at home on Monday.", _planned("Her mother has gout.", "hits the wall."), (0, 1)),
        ("", _planned("Her mother has gout."), (2, 2)),
        ("", _planned(treatment=Treatment.WITHHOLD), (0, 0)),
    ],
    ids=["all kept", "one lost in the copy", "taken by the plan", "the whole copy lost", "withheld by the plan"],
)
def test_what_the_plan_leaves_alone_must_be_there(left: str, plan: RedactionPlan, counts: tuple[int, int]) -> None:
    """Only clauses of which the plan takes nothing are counted, by the plan as it was when copies were made."""
    one = replace(_observed(left), proposed=plan)
    (lost,) = (each for each in measure([one]) if each.name == "lost in the copy")
    assert (lost.hits, lost.of) == counts


def test_a_file_that_leaves_as_it_came_loses_nothing() -> None:
    """Where the very bytes leave, a clause that no OCR reads is not lost; wrongly removed still counts what cannot be read."""
    usual = replace(_observed(""), proposed=_planned(treatment=Treatment.SEND))
    content = usual.assessment.case.readings[0].document.attachment.content
    counted = {each.name: each for each in measure([replace(usual, outgoing=Outgoing((), (content,)))])}
    assert (counted["lost in the copy"].of, counted["wrongly removed"].hits) == (0, 2)


def test_papers_that_are_withheld_have_nothing_to_keep() -> None:
    """Clauses count as wrongly removed only in papers that are to be sent."""
    printout = replace(_case().attachments[0], expect="withhold")
    assert break_down([_observed("", attachments=(printout,))])["agency"] == [Row("gp", 2, 2, 0, 0)]


def test_what_was_said_is_held_against_what_had_to_go() -> None:
    """Steps hold the mean of what was said, the count, and how many had to go; the error weighs each by its clauses."""
    found = reliability.steps([Said(0.1, goes=False), Said(0.15, goes=True), Said(1.0, goes=True)])
    assert [(step.start, step.clauses, step.gone) for step in found] == [(0.1, 2, 1), (0.9, 1, 1)]
    assert found[0].said == pytest.approx(0.125)
    assert reliability.error(found) == pytest.approx((2 * 0.375 + 0.0) / 3)
    assert reliability.error([]) is None


def test_every_clause_of_a_paper_that_is_sent_is_held_against_its_label(rules_dir: Path) -> None:
    """Clauses in a part that must go count as going, a judgement call counts neither way, and withheld papers are left out."""
    engine = Engine.load(rules_dir)
    statements = _statements()
    made = assessment(case={"readings": (replace(_reading(), statements=statements),)})
    said = list(reliability.said_of(_case(), made, engine.sensitivity))
    assert sum(one.goes for one in said) == 2
    assert all(0.0 <= one.probability <= 1.0 for one in said)
    unsure = replace(_case().attachments[0], overshared=(GOUT, replace(CANCER, must=False)))
    assert len(list(reliability.said_of(_case(attachments=(unsure,)), made, engine.sensitivity))) == len(said) - 1
    withheld = replace(_case().attachments[0], expect="withhold")
    assert list(reliability.said_of(_case(attachments=(withheld,)), made, engine.sensitivity)) == []


def _statements() -> tuple[Statement, ...]:
    return split(_reading().document)


def test_plain_methods_are_measured_on_the_same_text(rules_dir: Path) -> None:
    """Presidio takes the day and leaves the illness; the dictionary takes the statements with an illness, and either holds the mail."""
    ways = baselines.ways(Engine.load(rules_dir))
    one = _observed(TEXT)
    presidio, dictionary = (baselines.instead(one, way) for way in ways.values())
    assert list(ways) == ["Presidio's defaults", "dictionary"]
    assert fold("Monday") not in presidio.outgoing.texts[0]
    assert fold(GOUT.text) in presidio.outgoing.texts[0]
    assert fold("Monday") in dictionary.outgoing.texts[0]
    assert fold("gout") not in dictionary.outgoing.texts[0]
    assert fold("cancer") not in dictionary.outgoing.texts[0]
    assert presidio.held
    assert dictionary.held


def test_results_become_json_and_a_picture() -> None:
    """The object holds all tables; the picture is well-formed, stands alone, and names every sort with its counts."""
    one = _observed("Zofia was well. Her aunt has cancer.", ("Her father drinks", Category.EXCESS_DETAIL, About.ADULT))
    results = Results.of([one], {"dictionary": [one]})
    given = json.loads(json.dumps(results.as_object()))
    assert given["schema"] == "evaluation/1"
    assert [row["name"] for row in given["baselines"]["dictionary"]] == [
        "over-share recall",
        "wrongly removed",
        "false release",
        "false hold",
    ]
    assert given["by"]["agency"] == [{"name": "gp", "caught": 1, "quotes": 2, "removed": 2, "kept": 2, "recall": 0.5}]
    assert [step["clauses"] for step in given["calibration"]["steps"]] == [1, 1]
    drawn = picture.draw(results)
    root = ET.fromstring(drawn)
    words = " ".join(root.itertext())
    assert "third party health" in words
    assert "1 of 2" in words
    assert "dictionary" in words
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_nothing_measured_is_drawn_too() -> None:
    """A folder in which nothing must go gives a picture without bars, not a failure."""
    clean = replace(_case().attachments[0], overshared=(), must_keep=())
    one = replace(_observed(TEXT, attachments=(clean,)), said=())
    ET.fromstring(picture.draw(Results.of([one], {})))
