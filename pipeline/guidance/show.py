"""Lists what is in force in a pack, and where each value came from."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.guidance.packs import EffectiveRule, Origin, Pack


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as a pack uses it, in words for a table."""

    rule: str
    title: str
    topic: str
    status: str
    weight: int
    action: str
    clause: str
    brought_in_by: str
    changed: str


def effective(pack: Pack) -> tuple[Row, ...]:
    """A row for each rule the pack runs, in the order of groups."""
    return tuple(_row(rule) for rule in pack.rules)


def _row(effective_rule: EffectiveRule) -> Row:
    rule = effective_rule.rule
    return Row(
        rule=rule.id,
        title=rule.title,
        topic=rule.topic.value,
        status=rule.status.value,
        weight=rule.weight,
        action=rule.action.value,
        clause=effective_rule.clause,
        brought_in_by=effective_rule.origins["group"].pack,
        changed="; ".join(_change(name, origin) for name, origin in sorted(effective_rule.origins.items()) if origin.because is not None),
    )


def _change(setting: str, origin: Origin) -> str:
    return f"{setting} by {origin.pack} (because: {origin.because})"
