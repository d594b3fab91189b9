"""Holds a case against a pack: the findings and the scorecard."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.domain.assessment import Case
from pipeline.domain.findings import Action, Finding, RuleOutcome, RuleResult, Scorecard
from pipeline.domain.text import PersonalText
from pipeline.guidance.detection import Detection, Match, registry
from pipeline.guidance.packs import EffectiveRule, Pack
from pipeline.guidance.view import CaseView

MILDEST_FIRST = (Action.ADVISE, Action.REVIEW, Action.REDACT, Action.WITHHOLD)
ENOUGH = 0.5
"""The share of a pack's weight that must have been judged before a score is given: a number for less would say more than is known."""


def assess(case: Case, pack: Pack) -> tuple[tuple[Finding, ...], Scorecard]:
    """What the pack makes of the case; the same case and pack version always give the same answer."""
    view = CaseView(case, pack.lexicons)
    findings: list[Finding] = []
    results: list[RuleResult] = []
    for rule in pack.rules:
        detection = registry()[rule.rule.detector].detect(view, rule.rule.parameters)
        made = tuple(_finding(rule, match, case) for match in detection.matches)
        results.append(_result(rule, detection, made))
        if rule.live:
            findings.extend(made)
    points = 0 if view.says_nothing else score(pack, results)
    return _settled(findings), Scorecard(pack.id, pack.version, points, tuple(results), pack.review_date)


def _finding(rule: EffectiveRule, match: Match, case: Case) -> Finding:
    document = None if match.document is None else case.readings[match.document].document
    return Finding(
        rule=rule.rule.id,
        topic=rule.rule.topic,
        action=min(match.action, rule.rule.action, key=MILDEST_FIRST.index),
        why=match.why,
        document=match.document,
        page=document.page_of(match.span.start) if document and match.span else None,
        span=match.span,
        quote=match.span.of(document.text) if document and match.span else PersonalText(""),
        about=match.about,
        category=match.category,
        confidence=match.confidence,
        clause=rule.clause,
    )


def _result(rule: EffectiveRule, detection: Detection, made: tuple[Finding, ...]) -> RuleResult:
    quotes = detection.evidence or tuple(dict.fromkeys(finding.quote for finding in made if finding.quote))
    fails = detection.outcome is RuleOutcome.FAIL
    return RuleResult(
        id=rule.rule.id,
        topic=rule.rule.topic,
        outcome=detection.outcome,
        weight=rule.rule.weight,
        evidence=quotes,
        advice=str(rule.rule.advice) if fails or made else "",
        clause=rule.clause,
        live=rule.live,
    )


def _settled(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of the documents; those inside a document that stays behind as a whole are of no use to anyone."""
    listed = list(findings)
    withheld = {finding.document for finding in listed if finding.action is Action.WITHHOLD and finding.document is not None}
    kept = [finding for finding in listed if finding.document not in withheld or finding.action is Action.WITHHOLD]
    return tuple(sorted(kept, key=_place))


def _place(finding: Finding) -> tuple[int, int, int, str]:
    document = -1 if finding.document is None else finding.document
    start, end = (finding.span.start, finding.span.end) if finding.span else (-1, -1)
    return (document, start, end, finding.rule)


def score(pack: Pack, results: Iterable[RuleResult]) -> int | None:
    """0 to 100: of the weight that was judged, the share that passed, each group counting for no more than its cap.

    None where too little could be judged. Trial rules, and rules that do not apply, count neither way.
    """
    groups: dict[str, list[RuleResult]] = {}
    group_of = {rule.rule.id: rule.rule.group for rule in pack.rules}
    for result in results:
        if result.live and result.weight and result.outcome is not RuleOutcome.NOT_APPLICABLE:
            groups.setdefault(group_of[result.id], []).append(result)
    possible = sum(result.weight for group in groups.values() for result in group)
    judged = {name: [result for result in group if result.outcome is not RuleOutcome.NOT_ASSESSABLE] for name, group in groups.items()}
    seen = sum(result.weight for group in judged.values() for result in group)
    if not seen or seen < ENOUGH * possible:
        return None
    earned, reachable = 0.0, 0.0
    for name, group in judged.items():
        total = sum(result.weight for result in group)
        counted = min(total, pack.caps.get(name, total))
        reachable += counted
        earned += counted * sum(result.weight for result in group if result.outcome is RuleOutcome.PASS) / total if total else 0.0
    return round(100 * earned / reachable) if reachable else None
