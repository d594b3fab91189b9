"""Writes a new rule as a draft that passes the checks, for its author to fill in."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pipeline.domain.errors import NothingChanged
from pipeline.guidance.library import RuleLibrary

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DRAFT = """\
# A draft is read and checked, but not run. `status: trial` shows it on every scorecard without counting; `live` makes it count.
id: {id}
title: Say in one line what a good report does
topic: {topic}
source:
  - document: {document}
    clause: {clause}
    requirement: What the clause asks, in your own words.
detector: {detector}  # a way of judging: a file under pipeline/guidance/detectors
{parameters}weight: 2  # points on the scorecard
action: advise  # the most it may ask for: advise, review, redact or withhold
status: draft
advice:
  what: What the sender should mend.
  why: Why it matters to the child.
  how: How to do it, with a few words they could use.
known_misfires:
  - Where it is known to be wrong.
examples:
  must_fire:
    - name: what is wrong here, in a few words
      report: |
        A sentence or two of an invented report on which the rule must speak.
  must_stay_quiet:
    - name: what is right here, in a few words
      report: |
        A sentence or two of an invented report on which the rule must be quiet.
"""


def draft(library: RuleLibrary, rules_dir: Path, place: str, like: str) -> Path:
    """Writes `guidance/<group>/<id>.yaml` after the pattern of a rule there is; returns the file.

    Args:
        place: `GROUP/ID`, such as `child/siblings-named`.
        like: the id of a rule whose topic, first clause, way of judging and settings it begins with.

    Raises:
        NothingChanged: the place is not of that shape, is taken, or its group or the rule to begin with is not there.
    """
    group, _, name = place.partition("/")
    groups = sorted({rule.group for rule in library.rules.values()})
    if not NAME.fullmatch(name):
        raise NothingChanged("name a new rule GROUP/ID in small letters and hyphens, such as child/siblings-named")
    if group not in groups:
        raise NothingChanged(f"there is no group {group[:40]!a} under rules/guidance; there are {', '.join(groups)}")
    if name in library.rules:
        raise NothingChanged(f"there is a rule '{name}' already: {library.rules[name].file}")
    if like not in library.rules:
        raise NothingChanged(f"there is no rule {like[:40]!a} to begin with; see: reportgate rules docs")
    path = rules_dir / "guidance" / group / f"{name}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_text(library, name, like))
    except OSError as error:
        raise NothingChanged(f"{group}/{path.name} cannot be written ({error.strerror}); mend the folder's permissions") from None
    return path


def _text(library: RuleLibrary, name: str, like: str) -> str:
    pattern = library.rules[like]
    settings = "".join(f"  {key}: {_written(value)}\n" for key, value in pattern.settings.items())
    return DRAFT.format(
        id=name,
        topic=pattern.topic.value,
        document=pattern.sources[0].document,
        clause=_written(pattern.sources[0].clause),
        detector=pattern.detector,
        parameters=f"parameters:\n{settings}" if settings else "",
    )


def _written(value: object) -> str:
    """A value as JSON, which is YAML on one line."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w ,-]*", value) else json.dumps(value, ensure_ascii=False)
