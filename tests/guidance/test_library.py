"""Loading the rules: whatever is not exactly right is refused with file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pipeline.domain.errors import RulesError
from pipeline.guidance import library
from pipeline.guidance.live import LiveLibrary


@pytest.fixture
def copy(rules_dir: Path, tmp_path: Path) -> Path:
    """A copy of the rules that a test may spoil."""
    for name in ("packs", "guidance", "documents", "lexicons", "models/topics"):
        shutil.copytree(rules_dir / name, tmp_path / name)
    return tmp_path


RULE = "guidance/process/on-time.yaml"
PACK = "packs/kent.yaml"
SPOILED = [
    (RULE, "weight: 5", "weight: 5\nwieght: 5", r"on-time\.yaml:\d+: wieght: is not a key known here"),
    (RULE, "weight: 5", "weight: 5\nweight: 6", r"on-time\.yaml:\d+: weight: stands here twice"),
    (RULE, "weight: 5", "weight: 500", r"on-time\.yaml:\d+: weight: "),
    (RULE, "detector: timeliness", "detector: timelines", r"on-time\.yaml:\d+: detector: 'timelines' is unknown; there are "),
    (RULE, "detector: timeliness", "detector: timeliness\nparameters: {hours: 4}", r"on-time\.yaml:\d+: hours: is not a key known here"),
    (RULE, "id: on-time", "id: secure-sender", r"on-time\.yaml:1: id: 'secure-sender' must be the name of its file"),
    (RULE, "  must_fire:", "  must_burn:", r"on-time\.yaml:\d+: examples\.must_(fire|burn): is "),
    (RULE, "clause: due days", "clause: due weeks", r"on-time\.yaml:\d+: clause: 'due weeks' is not one of documents/kent\.yaml"),
    (RULE, "topic: timeliness", "topic: time", r"on-time\.yaml:\d+: topic: "),
    (RULE, "id: on-time", "id: [on-time", r"on-time\.yaml:\d+: is not valid YAML"),
    (PACK, "builds_on: [national]", "builds_on: [regional]", r"kent\.yaml:\d+: builds_on: there is no pack 'regional'"),
    (PACK, "builds_on: [national]", "builds_on: [kent]", r"kent\.yaml:\d+: builds_on: 'kent' builds on this pack in turn"),
    (PACK, "documents: [kent]", "documents: [kent]\ngroups: [nowhere]", r"kent\.yaml:\d+: groups: there is no folder guidance/nowhere"),
    (
        "packs/brent.yaml",
        "rule: immunisation-printout",
        "rule: no-such-rule",
        r"brent\.yaml:\d+: rule: 'no-such-rule' is in none of the pack's groups",
    ),
    ("packs/brent.yaml", "kinds: [record_printout,", "kinds: [recipe,", r"brent\.yaml:\d+: kinds\.0: "),
    ("packs/brent.yaml", "because: {document: brent, clause: two working days}", "", r"brent\.yaml:\d+: deadline\.because: is missing"),
    ("lexicons/sections.yaml", "  titles:", "  titels:", r"sections\.yaml:\d+: tit(les|els): is "),
    (
        "lexicons/sections.yaml",
        "    - future (?:danger|risk)s?",
        "    - future (?:danger|risks?",
        r"sections\.yaml:14: .*not a regular expression",
    ),
    ("lexicons/answers.yaml", "  - not known", "  - not (known", r"answers\.yaml:9: accepted: this is not a regular expression"),
    (
        "lexicons/consent.yaml",
        "my <paper>",
        "my <pamphlet>",
        r"consent\.yaml:\d+: <pamphlet> is not among the words of this file; there are ",
    ),
    ("lexicons/consent.yaml", "\ntells:", "\ntold:", r"consent\.yaml:\d+: (tells|told): is "),
    ("lexicons/removal.yaml", "not_a_call:", "no_call:", r"removal\.yaml:\d+: no_call: is not a key known here"),
    (
        "lexicons/agencies.yaml",
        "school_nurse:",
        "school_matron:",
        r"agencies\.yaml:\d+: school_matron: is not a service known here; there are ",
    ),
    ("lexicons/agencies.yaml", "points: 4.0", "points: none", r"agencies\.yaml:\d+: points: "),
    ("lexicons/conference_signs.yaml", "{before: '<conference>', ", "{", r"conference_signs\.yaml:\d+: .*give either before or after"),
    ("lexicons/conference_signs.yaml", "says: RCPC", "says: CPC", r"conference_signs\.yaml:\d+: type\.\d+\.says: "),
    ("lexicons/plain_language.yaml", "\nfigures:", "\nnumbers:", r"plain_language\.yaml:\d+: (figures|numbers): is "),
]


@pytest.mark.parametrize(
    ("file", "was", "becomes", "complaint"), SPOILED, ids=[f"{row[0].rpartition('/')[2]}-{n}" for n, row in enumerate(SPOILED)]
)
def test_a_spoiled_file_is_refused_with_its_line(copy: Path, file: str, was: str, becomes: str, complaint: str) -> None:
    """Every kind of mistake stops the load with one line that names file, line and key."""
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(RulesError) as refused:
        library.load(copy)
    assert re.search(complaint, str(refused.value)), refused.value
    assert "\n" not in str(refused.value)


def test_an_id_may_not_be_used_twice(copy: Path) -> None:
    """The same rule in two groups is refused, and the first file named."""
    (copy / "guidance" / "form" / "on-time.yaml").write_bytes((copy / RULE).read_bytes())
    with pytest.raises(RulesError, match=r"process/on-time\.yaml:1: id: 'on-time' is used already by form/on-time\.yaml"):
        library.load(copy)


def test_a_missing_pack_is_named_with_those_there_are(rules_dir: Path) -> None:
    """Asking for a pack that is not there says which are."""
    with pytest.raises(RulesError, match=r"there is no pack 'atlantis'.*brent, derby, kent"):
        library.load(rules_dir).pack("atlantis")


def test_an_empty_folder_says_what_to_set(tmp_path: Path) -> None:
    """A wrong rules folder is told as such."""
    with pytest.raises(RulesError, match="no rules files here"):
        library.load(tmp_path)


def test_a_changed_rule_counts_from_the_next_message_and_a_wrong_one_changes_nothing(copy: Path) -> None:
    """The live library picks up a good change, keeps the last good state on a bad one with one alarm, and recovers."""
    alarms: list[str] = []
    live = LiveLibrary(copy, alarms.append)
    before = live.current().pack("kent").version
    rule = copy / RULE
    good = rule.read_text(encoding="utf-8")
    rule.write_text(good.replace("weight: 5", "weight: 10"), encoding="utf-8")
    changed = live.current().pack("kent").version
    assert changed != before
    rule.write_text(good.replace("weight: 5", "weight: heavy"), encoding="utf-8")
    assert live.current().pack("kent").version == changed
    assert live.current().pack("kent").version == changed
    assert len(alarms) == 1
    assert "on-time.yaml" in alarms[0]
    assert live.problem is not None
    rule.write_text(good, encoding="utf-8")
    assert live.current().pack("kent").version == before
    assert live.problem is None
