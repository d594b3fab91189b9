"""What a reviewer sees before a release, and the proof from outside that a file is the copy that may leave."""

from __future__ import annotations

import email
import email.policy
import json
import stat
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import dossier, gateway, settings

OVERSHARED = "s03"
"""A report that tells of a termination and of a neighbour's cancer."""


@dataclass(frozen=True)
class Held:
    """A gateway with one held submission, and the copy that would leave of it."""

    call: Callable
    data: Path
    config: Path
    submission: str
    copy: Path
    original: Path

    def run(self, *words: object):
        """Calls the command with its settings."""
        return self.call("--config", self.config, *words)


@pytest.fixture(scope="module")
def held(call: Callable, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The sample, collected, processed and held."""
    folder = tmp_path_factory.mktemp("held")
    config, data = folder / "reportgate.toml", folder / "reportgate-data"
    assert call("init", folder).code == 0
    for part in ("tmp", "new", "cur"):
        (data / "in" / part).mkdir(parents=True, exist_ok=True)
    raw = (samples / f"{OVERSHARED}.eml").read_bytes()
    (data / "in" / "new" / "1800000000.M0.test").write_bytes(raw)
    for verb in ("collect", "process"):
        said = call("--config", config, verb)
        assert said.code == 0, said
    submission = json.loads(call("--config", config, "queue", "--json").out.splitlines()[0])["id"]
    with gateway.store(settings.load(config)) as store, store.reading() as work:
        letter = dossier.unpacked(work.dossiers.assessment(submission).payload).letter(dossier.TO_AUTHORITY)
    copy, original = folder / "copy.pdf", folder / "original"
    copy.write_bytes(_first_file(letter.content))
    original.write_bytes(_first_file(raw))
    return Held(call, data, config, submission, copy, original)


def _first_file(raw: bytes) -> bytes:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return next(part.get_payload(decode=True) for part in message.walk() if part.get_filename())


def test_a_preview_is_private_and_shows_both_sides(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures and page are for their owner's eyes only, hold both sides, are opened on demand, and the last preview's are gone."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert held.run("preview", held.submission).code == 0
    folder = held.data / "previews"
    (folder / "left-behind.png").write_bytes(b"x")
    said = held.run("preview", held.submission, "--open")
    assert said.code == 0, said
    page, *pictures = [Path(line) for line in said.out.splitlines()]
    assert opened == [page.as_uri()]
    assert not (folder / "left-behind.png").exists()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in (page, *pictures)} == {0o600}
    names = {picture.name.rsplit("-", 1)[1] for picture in pictures}
    assert names == {"original.png", "redacted.png"}
    text = page.read_text()
    assert text.count("data:image/png") == len(pictures)
    assert text.count('<th scope="row">conference</th>') == text.count('<th scope="row">consent to share</th>') == 1
    assert "http" not in text.replace("http-equiv", "")


def test_the_copy_is_verified_and_nothing_else_is(held: Held, tmp_path: Path) -> None:
    """The very bytes of the letter pass; the original, a stranger and a cut file do not, each with one line."""
    said = held.run("verify", held.copy, "--against", held.submission, "--json")
    assert said.code == 0, said
    told = json.loads(said.out)
    assert (told["plan"], told["proof"]["removed"] > 0) == (1, True)
    assert told["proof"]["kept_found"] == told["proof"]["kept_words"] > 100
    named = held.run("verify", held.copy, "--against", f"{held.submission}:1#{told['document']}")
    assert named.code == 0, named
    (tmp_path / "cut.pdf").write_bytes(held.copy.read_bytes()[:2000])
    (tmp_path / "note.txt").write_text("The twins are well.")
    for wrong in (held.original, tmp_path / "cut.pdf", tmp_path / "note.txt"):
        assert held.run("verify", wrong, "--against", f"{held.submission}#{told['document']}").reason


@pytest.mark.parametrize(
    ("against", "named"),
    [("S-NOBODY", "S-NOBODY"), ("{id}:9", "plan 9"), ("{id}#99", "document 99"), ("{id}:x", "--against")],
)
def test_a_plan_that_is_not_there_is_named(held: Held, against: str, named: str) -> None:
    """A mistyped submission, version or document is one line and exit code 1."""
    assert named in held.run("verify", held.copy, "--against", against.format(id=held.submission)).reason
