"""A day at the desk: a few messages along the road by the verbs of the prompt, on the settings that `init` writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def desk(place_at: Callable, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store with two over-shared reports, a locked one, a ring-in, a suspicious message and bytes that are no mail, all processed."""
    made = place_at(tmp_path_factory.mktemp("desk"))
    made.deliver(*(samples / f"{name}.eml" for name in ("s03", "s04", "s09", "s10", "s13")), b"\x00\xff no header")
    collected = made.call("collect")
    assert (collected.code, collected.out.strip()) == (0, "reports: 6 new")
    processed = made.call("process")
    assert processed.code == 0, processed
    assert sorted(processed.out.strip().split(", ")) == ["1 filed", "1 parked", "1 quarantined", "3 held"]
    return made


def _queue(desk: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in desk.call("queue", "--json").out.splitlines()]


def _waiting(desk: Any, authority: str, agency: str) -> str:
    (found,) = [one["id"] for one in _queue(desk) if (one["authority"], one["agency"], one["state"]) == (authority, agency, "held")][:1]
    return str(found)


def test_the_queue_lists_the_nearest_conference_first(desk: Any) -> None:
    """What waits for a person, and nothing else: undated mail first, since its conference may be tomorrow's; suspicious mail last."""
    places = [(one["state"] == "quarantined", one["conference"]["date"] or "") for one in _queue(desk)]

    assert places == sorted(places)
    assert {one["state"] for one in _queue(desk)} == {"held", "parked", "quarantined"}
    assert "waiting for a person" in desk.call("queue").out


def test_show_tells_what_was_found_and_what_would_leave(desk: Any) -> None:
    """For people and as JSON of the published schema."""
    one = _waiting(desk, "kent", "midwife")

    said = json.loads(desk.call("show", one, "--json").out)

    assert (said["id"], said["state"], said["deadline"]) == (one, "held", "met")
    assert said["assessment"]["schema"] == "assessment/1"
    assert [letter["kind"] for letter in said["letters"]] == ["to-sender"]
    page = desk.call("show", one).out
    assert "locked" in page.lower() or "could not be opened" in page
    assert "What it says of itself" in page
    assert "consent to share" in page


def test_a_release_needs_something_to_release(desk: Any) -> None:
    """A locked report cannot be released as it stands; the line says what to do instead, and it stays held."""
    one = _waiting(desk, "kent", "midwife")

    assert "return it" in desk.call("release", one, "--by", "nurse.7").reason
    assert _waiting(desk, "kent", "midwife") == one


def test_a_ruling_needs_a_name_without_spaces(desk: Any) -> None:
    """The audit record holds user names and no prose."""
    assert "--by" in desk.call("release", _waiting(desk, "brent", "gp"), "--by", "Mrs A. Nurse").reason


def test_a_released_report_leaves_once(desk: Any) -> None:
    """Release queues the letters, dispatch hands them over, a second dispatch finds none, and a second release is refused."""
    one = _waiting(desk, "brent", "gp")
    out = desk.data / "out" / "new"
    desk.call("dispatch")
    before = len(list(out.iterdir()))

    assert desk.call("release", one, "--by", "nurse.7", "--why", "proposals accepted").code == 0
    assert "sent" in desk.call("dispatch").out
    assert len(list(out.iterdir())) > before
    assert desk.call("dispatch").out.strip() == "No letter is due."
    assert desk.call("release", one, "--by", "nurse.7").reason
    assert json.loads(desk.call("show", one, "--json").out)["state"] == "sent"


def test_a_report_returned_tells_its_author(desk: Any) -> None:
    """The author hears what to mend, and nothing goes to the authority."""
    one = _waiting(desk, "brent", "gp")

    assert "its author is told" in desk.call("return", one, "--by", "nurse.7").out
    said = json.loads(desk.call("show", one, "--json").out)
    assert said["state"] == "returned"
    assert "to-authority" not in {letter["kind"] for letter in said["letters"]}


def test_what_was_parked_is_assessed_again(desk: Any) -> None:
    """A rerun puts it back to received; processing decides anew from the same bytes."""
    (parked,) = [one["id"] for one in _queue(desk) if one["state"] == "parked"]

    assert "assessed again" in desk.call("rerun", parked, "--by", "op.1").out
    assert desk.call("process").out.strip() == "1 parked"


def test_the_audit_record_is_whole_until_somebody_changes_it(desk: Any, tmp_path: Path) -> None:
    """`audit verify` holds on the day's record, and names the break in a copy that was tampered with."""
    assert "whole" in desk.call("audit", "verify").out

    copy = tmp_path / "copy.sqlite"
    with sqlite3.connect(desk.data / "reportgate.sqlite") as source, sqlite3.connect(copy) as target:
        source.backup(target)
        for (trigger,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f'DROP TRIGGER "{trigger}"')
        target.execute("DELETE FROM audit WHERE rowid = 3")
    source.close()
    target.close()
    config = tmp_path / "tampered.toml"
    config.write_text(f'data_dir = "{desk.data}"\n[store]\nurl = "sqlite:///{copy}"\n')
    assert "does not hold" in desk.call("--config", config, "audit", "verify").reason
