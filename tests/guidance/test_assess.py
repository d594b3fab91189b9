"""Findings and scorecard: actions, topics, weights, and that nothing depends on chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain.findings import Action, RuleOutcome, Topic
from pipeline.domain.mail import Route
from pipeline.domain.people import Category, DocumentKind, Verdict
from pipeline.guidance import assess, library
from pipeline.guidance.detectors import judgement
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import DocumentFile, ExampleFile, JudgementFile
from pipeline.guidance.library import RuleLibrary
from pipeline.guidance.rule import Status
from pipeline.guidance.view import CaseView


@pytest.fixture(scope="module")
def shipped(rules_dir: Path) -> RuleLibrary:
    """The rules as shipped."""
    return library.load(rules_dir)


GOOD = """# Report
I rang Ms Warsame on 11 September 2026 and she agreed to this report being shared.
## What are you worried about?
Ilyas went to A&E on 2 March and on 19 June 2026. Nobody came to his reviews on 9 March and 26 June.
On 29 June 2026 he told the nurse that he had walked to the chemist himself.
## What is going well?
The children are warm with their mother. They came to every visit since 5 August 2026.
## What needs to happen?
An adult needs to be in charge of his inhalers.
## If nothing changes
The next attack could come at night with nobody awake to help him.
"""


def judged(verdict: Verdict, confidence: float) -> ExampleFile:
    """A report with one judgement in it."""
    said = JudgementFile(
        quote="The children are warm with their mother.",
        category=Category.ADULT_HEALTH_NOT_RELEVANT,
        verdict=verdict,
        confidence=confidence,
    )
    return ExampleFile(name="judged", report=GOOD, judgements=(said,))


@pytest.mark.parametrize(
    ("verdict", "confidence", "action"),
    [
        (Verdict.REDACT, 0.9, Action.REDACT),
        (Verdict.REDACT, 0.1, Action.REDACT),
        (Verdict.ASK, 0.9, Action.REVIEW),
        (Verdict.ASK, 0.06, Action.REVIEW),
        (Verdict.ASK_CONTEXT, 0.9, Action.ADVISE),
        (Verdict.KEEP, 0.9, None),
    ],
)
def test_what_becomes_of_a_judgement(shipped: RuleLibrary, verdict: Verdict, confidence: float, action: Action | None) -> None:
    """What recognition proposes is done, however sure it is, where no pack asks for more."""
    findings, _ = assess.assess(case_of(judged(verdict, confidence)), shipped.pack("brent"))
    assert [finding.action for finding in findings if finding.rule == "adult-health"] == ([] if action is None else [action])


@pytest.mark.parametrize(
    ("verdict", "confidence", "action"),
    [
        (Verdict.REDACT, 0.5, Action.REDACT),
        (Verdict.REDACT, 0.49, Action.REVIEW),
        (Verdict.REDACT, 0.29, None),
        (Verdict.ASK, 0.9, Action.REVIEW),
        (Verdict.ASK, 0.29, None),
    ],
)
def test_a_pack_may_ask_for_more_confidence(shipped: RuleLibrary, verdict: Verdict, confidence: float, action: Action | None) -> None:
    """Below the pack's own points a part that recognition would take out is shown to a person, or left alone."""
    parameters = judgement.Parameters(categories=(Category.ADULT_HEALTH_NOT_RELEVANT,), redact_at=0.5, review_at=0.3)
    found = judgement.detect(CaseView(case_of(judged(verdict, confidence)), shipped.pack("brent").lexicons), parameters)
    assert [match.action for match in found.matches] == ([] if action is None else [action])


def test_a_good_report_passes_everything(shipped: RuleLibrary) -> None:
    """A model report has no finding that holds it, and every topic that could be judged passes."""
    findings, card = assess.assess(case_of(ExampleFile(name="good", report=GOOD, children=("Ilyas Warsame",))), shipped.pack("kent"))
    assert {finding.action for finding in findings} <= {Action.ADVISE}
    failed = {result.id for result in card.results if result.live and result.outcome is RuleOutcome.FAIL}
    assert failed == set()
    assert card.score == 100


def test_an_empty_form_scores_as_empty(shipped: RuleLibrary) -> None:
    """Nothing of a form nobody filled in counts as said, although its titles name every part."""
    form = "\n".join(
        f"| {title} |  |"
        for title in (
            "Consent to share?",
            "What are you worried about?",
            "What is going well?",
            "What needs to happen?",
            "If nothing changes?",
        )
    )
    blank = ExampleFile(name="blank", documents=(DocumentFile(text=form, kind=DocumentKind.BLANK_FORM),))
    _, card = assess.assess(case_of(blank), shipped.pack("brent"))
    outcome = {result.topic: result.outcome for result in card.results if result.live}
    for topic in (Topic.WORRIES_STATED, Topic.STRENGTHS_STATED, Topic.NEEDS_TO_HAPPEN, Topic.IF_NOTHING_CHANGES, Topic.CONSENT_RECORDED):
        assert outcome[topic] is RuleOutcome.FAIL, topic
    assert card.score == 0


def test_what_could_not_be_judged_counts_as_neither(shipped: RuleLibrary) -> None:
    """A report nobody could open has no score, and none of its rules pass for its text."""
    locked = ExampleFile(name="locked", documents=(DocumentFile(name="r.pdf", kind=DocumentKind.UNREADABLE, unreadable=True),))
    findings, card = assess.assess(case_of(locked), shipped.pack("brent"))
    assert card.score is None
    assert [finding.action for finding in findings if finding.rule == "not-fully-read"] == [Action.WITHHOLD]
    text_rules = {"plain-language", "consent-recorded", "worries-stated", "adult-health", "record-printout"}
    assert {result.outcome for result in card.results if result.id in text_rules} == {RuleOutcome.NOT_ASSESSABLE}


def test_mail_without_a_report_is_not_scored_and_nothing_of_it_goes(shipped: RuleLibrary) -> None:
    """An invitation's attachments stay behind, and its author is not judged."""
    invitation = ExampleFile(
        name="invitation",
        route=Route.INVITATION_OR_MINUTES,
        documents=(DocumentFile(name="i.docx", kind=DocumentKind.OTHER, text="Come."),),
    )
    findings, card = assess.assess(case_of(invitation), shipped.pack("kent"))
    assert [finding.action for finding in findings] == [Action.WITHHOLD]
    assert card.score is None


def test_findings_inside_a_withheld_document_are_dropped(shipped: RuleLibrary) -> None:
    """A printout that stays behind as a whole needs no redactions in it."""
    smear = JudgementFile(quote="Smear 2019", category=Category.REPRODUCTIVE_OR_SEXUAL)
    printout = DocumentFile(name="p.pdf", kind=DocumentKind.RECORD_PRINTOUT, text="Smear 2019 normal", judgements=(smear,))
    findings, _ = assess.assess(case_of(ExampleFile(name="two", report=GOOD, documents=(printout,))), shipped.pack("brent"))
    assert [finding.action for finding in findings if finding.document == 1] == [Action.WITHHOLD]


def test_a_trial_rule_is_shown_and_counts_for_nothing(shipped: RuleLibrary) -> None:
    """A rule on trial has its line on the scorecard, changes no score and yields no finding."""
    pack = shipped.pack("brent")
    case = case_of(judged(Verdict.REDACT, 0.9))
    trial = replace(
        pack,
        rules=tuple(
            replace(rule, rule=replace(rule.rule, status=Status.TRIAL)) if rule.rule.id == "adult-health" else rule for rule in pack.rules
        ),
    )
    findings, card = assess.assess(case, trial)
    assert not [finding for finding in findings if finding.rule == "adult-health"]
    line = next(result for result in card.results if result.id == "adult-health")
    assert (line.outcome, line.live) == (RuleOutcome.FAIL, False)
    without = replace(pack, rules=tuple(rule for rule in pack.rules if rule.rule.id != "adult-health"))
    assert card.score == assess.assess(case, without)[1].score


def test_the_same_case_and_pack_give_the_same_answer(shipped: RuleLibrary) -> None:
    """Assessing twice gives equal findings and scorecards, and the version names the settings in force."""
    case, pack = case_of(judged(Verdict.REDACT, 0.9)), shipped.pack("derby")
    assert assess.assess(case, pack) == assess.assess(case, pack)
    assert assess.assess(case, pack)[1].version == pack.version


def test_a_group_counts_for_no_more_than_its_cap(shipped: RuleLibrary) -> None:
    """With a cap of nothing on every other group, only the uncapped group decides the score."""
    pack = shipped.pack("brent")
    groups = {rule.rule.group for rule in pack.rules}
    only_people = replace(pack, caps={group: 0 for group in groups if group != "people"})
    _, card = assess.assess(case_of(judged(Verdict.REDACT, 0.9)), only_people)
    people = [
        result
        for result in card.results
        if result.live and any(rule.rule.id == result.id and rule.rule.group == "people" for rule in pack.rules)
    ]
    earned = sum(result.weight for result in people if result.outcome is RuleOutcome.PASS)
    assert card.score == round(100 * earned / sum(result.weight for result in people))


def test_advice_names_nobody_and_nothing_clinical(shipped: RuleLibrary) -> None:
    """What the sender would be told comes from the rule alone, never from the report."""
    _, card = assess.assess(case_of(judged(Verdict.REDACT, 0.9)), shipped.pack("brent"))
    line = next(result for result in card.results if result.id == "adult-health")
    assert line.advice == str(shipped.rules["adult-health"].advice)
