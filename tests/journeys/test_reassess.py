"""Kept mail under a pack that has changed since."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desks import Desk, desk

from pipeline import gateway, reassessing
from pipeline.commands import reassess as command
from pipeline.domain.errors import NothingChanged
from pipeline.domain.states import SubmissionState
from pipeline.settings import Settings

pytestmark = pytest.mark.timeout(900)

RULE = Path("guidance") / "child" / "chronology.yaml"


@pytest.fixture(scope="module")
def place(rules_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path]]:
    """A desk whose rules may be changed, and where they are."""
    folder = tmp_path_factory.mktemp("reassess")
    rules = folder / "rules"
    shutil.copytree(rules_dir, rules)
    with gateway.thinking(Settings(rules_dir=rules)) as tools, desk(folder / "desk", tools) as made:
        yield made, rules


@contextmanager
def changed(rules: Path, was: str, becomes: str) -> Iterator[None]:
    """One rule otherwise, for a while."""
    path = rules / RULE
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), encoding="utf-8")
    yield
    path.write_text(text, encoding="utf-8")


def test_a_newer_pack_shows_what_it_would_change_and_changes_nothing(place: tuple[Desk, Path], corpus: Path) -> None:
    """Under the same pack all comes out the same; under a newer one the changed rule is named; store and outbox stay as they are."""
    made, rules = place
    submission = made.take((corpus / "d01.eml").read_bytes())
    made.process(submission)
    state, queued, kept = made.state(submission), made.queued(submission), made.kept(submission)

    same = reassessing.reassess(made.store, made.tools, submission)
    assert not same.changed
    assert same.was == same.now
    assert not reassessing.reassess(made.store, made.tools, submission, always=False).thought_over

    with changed(rules, "status: live", "status: trial"):
        newer = reassessing.reassess(made.store, made.tools, submission, always=False)

    assert newer.thought_over
    assert newer.changed
    assert newer.was == same.was
    assert newer.now.version != newer.was.version
    assert [(change.rule, change.now.endswith("on trial")) for change in newer.rules] == [("chronology", True)]
    assert (made.state(submission), made.queued(submission), made.kept(submission)) == (state, queued, kept)


def test_a_rule_that_is_gone_and_a_changed_weight_are_told() -> None:
    """A side is empty for a rule the pack did not have; a weight alone is a change; what is the same is left out."""

    def card(**rules: tuple[str, int]) -> dict[str, object]:
        return {"rules": [{"id": name, "topic": "any", "outcome": one[0], "weight": one[1], "live": True} for name, one in rules.items()]}

    found = reassessing.changes(card(gone=("fail", 3), kept=("pass", 2), heavier=("pass", 2)), card(kept=("pass", 2), heavier=("pass", 9)))

    assert [(change.rule, change.was, change.now, change.weight_was, change.weight_now) for change in found] == [
        ("heavier", "pass", "pass", 2, 9),
        ("gone", "fail", "", 3, None),
    ]


def test_what_was_never_assessed_cannot_be_held_against_another_pack(place: tuple[Desk, Path], corpus: Path) -> None:
    """The line says what to do first."""
    made, _ = place
    submission = made.take((corpus / "d03.eml").read_bytes())
    assert made.state(submission) is SubmissionState.RECEIVED

    with pytest.raises(NothingChanged, match="process it first"):
        reassessing.reassess(made.store, made.tools, submission)


def test_the_verb_wants_one_submission_or_all() -> None:
    """Neither and both are refused with a line that says what to name."""
    for submission, every in ((None, False), ("one", True)):
        with pytest.raises(NothingChanged, match="--all"):
            command.reassess(None, submission, every=every, as_json=False)


def test_the_page_and_the_object_say_the_same(place: tuple[Desk, Path], corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --all the changed rule is named on the page and in the JSON, and what was judged by another version is counted."""
    made, rules = place
    submission = made.take((corpus / "d02.eml").read_bytes())
    made.process(submission)
    with changed(rules, "weight: ", "weight: 1"):
        found = [one for one in command.all_kept(made.store, made.tools) if one.submission == submission]

    command.tell(found, every=True, as_json=False)
    page = " ".join(capsys.readouterr().out.split())
    command.tell(found, every=True, as_json=True)
    said = json.loads(capsys.readouterr().out)

    assert "chronology" in page
    assert "1 assessed so far; 1 under another version of their pack; 1 of those come out otherwise" in page
    assert "Nothing was saved or sent." in page
    assert (said["submission"], said["changed"], [rule["rule"] for rule in said["rules"]]) == (submission, True, ["chronology"])
