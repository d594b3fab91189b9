"""Holds kept submissions against the rules now in force and says what changed; nothing is saved and nothing is sent.

An assessment stands as it was made: its scorecard names the pack and version. This answers what a newer pack makes of the same mail,
before anybody relies on it, or after, for mail that was judged under the older one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline import dossier
from pipeline.assessment_json import as_object
from pipeline.domain.errors import NothingChanged
from pipeline.records.store import Store
from pipeline.thinking import Tools, assess


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What changed for one rule: outcome (marked where on trial, which counts for nothing) and weight; empty where the pack had it not."""

    rule: str
    topic: str
    was: str
    now: str
    weight_was: int | None = None
    weight_now: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A pack with its version, and what was made of the submission under it."""

    pack: str
    version: str
    score: int | None
    decision: str


@dataclass(frozen=True, slots=True)
class Reassessment:
    """A submission under the pack it was assessed by and under the one now in force. `thought_over`: whether it was assessed again."""

    submission: str
    was: Side
    now: Side
    rules: tuple[RuleChange, ...]
    thought_over: bool = True

    @property
    def changed(self) -> bool:
        """Whether anything but the pack's version did."""
        return bool(self.rules) or (self.was.score, self.was.decision) != (self.now.score, self.now.decision)


def reassess(store: Store, tools: Tools, submission: str, *, always: bool = True) -> Reassessment:
    """What the rules now in force make of a kept submission beside what is kept of it.

    Args:
        always: assess it again even where the pack's version is still the one it was assessed by.

    Raises:
        NothingChanged: there is no such submission, or it has not been assessed yet.
    """
    with store.reading() as work:
        kept = work.dossiers.assessment(submission)
        if kept is None:
            raise NothingChanged(f"{submission} has not been assessed yet; process it first")
        raw, collected = work.dossiers.original(submission), work.submissions.get(submission).created
    before = dossier.unpacked(kept.payload).view
    was = _side(before)
    known = tools.library.current().packs.get(was.pack)
    if not always and known is not None and known.version == was.version:
        return Reassessment(submission, was, was, (), thought_over=False)
    after = as_object("", assess(raw, tools, collected=collected))
    return Reassessment(submission, was, _side(after), changes(before["scorecard"], after["scorecard"]))


def _side(view: dict[str, Any]) -> Side:
    card = view["scorecard"]
    return Side(card["pack"], card["version"], card["score"], view["decision"])


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[RuleChange, ...]:
    """What differs between two scorecards (of schema `assessment/1`), by rule, in the order of the newer."""
    old, new = ({rule["id"]: rule for rule in card["rules"]} for card in (before, after))
    found = []
    for name in dict.fromkeys([*new, *old]):
        one, other = old.get(name), new.get(name)
        change = RuleChange(
            name, (other or one or {})["topic"], _outcome(one), _outcome(other), one and one["weight"], other and other["weight"]
        )
        if (change.was, change.weight_was) != (change.now, change.weight_now):
            found.append(change)
    return tuple(found)


def _outcome(rule: dict[str, Any] | None) -> str:
    if rule is None:
        return ""
    outcome = str(rule["outcome"])
    return outcome if rule["live"] else f"{outcome}, on trial"
