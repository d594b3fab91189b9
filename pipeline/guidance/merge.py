"""Makes a pack whole: what it builds on, then its own choices, each remembered with where it came from."""

from __future__ import annotations

import hashlib
from datetime import time

from pipeline.guidance.detection import registry
from pipeline.guidance.files import AdjustmentFile, DeadlineFile, PackFile
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.packs import DeadlineRule, EffectiveRule, Origin, Pack
from pipeline.guidance.rule import Because, Rule, Status
from pipeline.guidance.strict import RulesFile

PackFiles = dict[str, tuple[RulesFile, PackFile]]
NOT_RUN = frozenset({Status.DRAFT, Status.RETIRED})


def lineage(pack_id: str, files: PackFiles) -> tuple[str, ...]:
    """The packs it builds on and itself, the furthest first, none twice."""
    above = [name for base in files[pack_id][1].builds_on for name in lineage(base, files)]
    return tuple(dict.fromkeys([*above, pack_id]))


def effective_pack(pack_id: str, files: PackFiles, rules: dict[str, Rule], lexicons: Lexicons) -> Pack:
    """The pack with everything it builds on.

    Raises:
        RulesError: it names a group or rule that is not there, or sets a parameter the rule's detector does not have.
    """
    line = lineage(pack_id, files)
    chosen = _chosen(line, files, rules)
    for name in line:
        _adjust(chosen, *files[name])
    deadline = next(files[name][1].deadline for name in reversed(line) if files[name][1].deadline is not None)
    written = files[pack_id][1]
    running = tuple(rule for rule in chosen.values() if rule.rule.status not in NOT_RUN)
    caps = {group: cap for name in line for group, cap in files[name][1].caps.items()}
    return Pack(
        id=pack_id,
        title=written.title,
        version=f"{written.version}+{_fingerprint(running, caps, deadline, lexicons.digest)}",
        author=written.author,
        signed_off_by=written.signed_off_by,
        review_date=written.review_date,
        deadline=_deadline(deadline),
        rules=running,
        caps=caps,
        lexicons=lexicons,
        lineage=tuple(reversed(line[:-1])),
    )


def _chosen(line: tuple[str, ...], files: PackFiles, rules: dict[str, Rule]) -> dict[str, EffectiveRule]:
    """The rules of every group named, with the pack's own documents first among their sources."""
    preferred = [document for name in reversed(line) for document in files[name][1].documents]
    groups: dict[str, str] = {}
    for name in line:
        file, written = files[name]
        for number, group in enumerate(written.groups):
            if not any(rule.group == group for rule in rules.values()):
                raise file.refuse(f"groups: there is no folder guidance/{group}", ("groups", number))
            groups.setdefault(group, name)
    return {
        rule.id: EffectiveRule(rule, {"group": Origin(groups[rule.group])}, _clause(rule, preferred))
        for rule in rules.values()
        if rule.group in groups
    }


def _clause(rule: Rule, preferred: list[str]) -> str:
    ranked = sorted(rule.sources, key=lambda source: preferred.index(source.document) if source.document in preferred else len(preferred))
    return str(ranked[0])


def _adjust(chosen: dict[str, EffectiveRule], file: RulesFile, written: PackFile) -> None:
    for number, change in enumerate(written.adjust):
        at = ("adjust", number)
        if change.rule not in chosen:
            raise file.refuse(f"rule: '{change.rule}' is in none of the pack's groups", (*at, "rule"))
        chosen[change.rule] = _changed(chosen[change.rule], change, written.id, file, at)


def _changed(rule: EffectiveRule, change: AdjustmentFile, pack_id: str, file: RulesFile, at: tuple[str | int, ...]) -> EffectiveRule:
    origin = Origin(pack_id, Because(change.because.document, change.because.clause))
    settings: dict[str, object] = {"status": change.status, "weight": change.weight, "action": change.action}
    if change.parameters is not None:
        merged = {**rule.rule.settings, **change.parameters}
        model = registry()[rule.rule.detector].parameters
        settings |= {"settings": merged, "parameters": file.part(model, merged, (*at, "parameters"))}
    return rule.changed(origin, **settings)


def _deadline(written: DeadlineFile | None) -> DeadlineRule:
    if written is None:
        raise AssertionError("a pack without a deadline is a part, and is not made whole")
    cut_off = written.cut_off if isinstance(written.cut_off, time) else None
    because = Because(written.because.document, written.because.clause)
    return DeadlineRule(written.initial_conference, written.review_conference, cut_off, str(because))


def _fingerprint(rules: tuple[EffectiveRule, ...], caps: dict[str, int], deadline: DeadlineFile | None, lexicons: str) -> str:
    """Eight characters that change with any rule, setting, cap or word list, so that a version never stands for two packs."""
    parts = [f"{rule.rule!r} {rule.clause}" for rule in rules] + [repr(sorted(caps.items())), repr(deadline), lexicons]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
