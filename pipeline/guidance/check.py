"""Runs every rule's own examples and looks for gaps between rules, packs and guidance documents."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.domain.errors import RulesError
from pipeline.domain.findings import RuleOutcome
from pipeline.guidance.detection import Detection, registry
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import ExampleFile
from pipeline.guidance.library import RuleLibrary
from pipeline.guidance.rule import Rule, Status
from pipeline.guidance.view import CaseView


def check(library: RuleLibrary) -> list[str]:
    """What is wrong with the library, a plain line each; nothing where all is well."""
    return [*_broken_examples(library), *_uncovered_clauses(library), *_unused_rules(library)]


def _broken_examples(library: RuleLibrary) -> Iterator[str]:
    for rule, example, must_fire in examples(library):
        complaint = complaint_about(rule, example, library, must_fire=must_fire)
        if complaint:
            yield complaint


def examples(library: RuleLibrary) -> Iterator[tuple[Rule, ExampleFile, bool]]:
    """Every example of every rule that is not a draft, and whether the rule must fire on it."""
    for rule_id, proof in library.examples.items():
        rule = library.rules[rule_id]
        if rule.status is not Status.DRAFT:
            yield from ((rule, example, True) for example in proof.must_fire)
            yield from ((rule, example, False) for example in proof.must_stay_quiet)


def complaint_about(rule: Rule, example: ExampleFile, library: RuleLibrary, *, must_fire: bool) -> str | None:
    """What is wrong with one example, or None where the rule does what it must."""
    try:
        case = case_of(example)
    except RulesError as problem:
        return f"{rule.file}: example '{example.name}': {problem}"
    detection = registry()[rule.detector].detect(CaseView(case, library.lexicons), rule.parameters)
    if fires(detection) is must_fire:
        return None
    return f"{rule.file}: example '{example.name}' must {'fire' if must_fire else 'stay quiet'}, and does not"


def fires(detection: Detection) -> bool:
    """Whether a detector found something to say."""
    return detection.outcome is RuleOutcome.FAIL or bool(detection.matches)


def _uncovered_clauses(library: RuleLibrary) -> Iterator[str]:
    carried = {(source.document, source.clause) for rule in library.rules.values() for source in rule.sources}
    for file, pack in library.pack_files.values():
        del file
        carried |= {(change.because.document, change.because.clause) for change in pack.adjust}
        if pack.deadline is not None:
            carried.add((pack.deadline.because.document, pack.deadline.because.clause))
    for document in library.documents.values():
        for clause in document.clauses:
            if (document.id, clause.clause) not in carried and not clause.carried_by and not clause.cannot:
                yield f"documents/{document.id}.yaml: clause '{clause.clause}' is carried by no rule, and nothing says why"


def _unused_rules(library: RuleLibrary) -> Iterator[str]:
    grouped = {group for _, pack in library.pack_files.values() for group in pack.groups}
    for rule in library.rules.values():
        if rule.group not in grouped:
            yield f"{rule.file}: no pack uses the group '{rule.group}'"
