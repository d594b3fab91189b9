"""A reviewer changes what is taken out of held mail at the prompt, sees it, proves it and lets it go."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import dossier, gateway, settings
from pipeline.records.store import Work
from pipeline.redaction.readback import by_pdfium

pytestmark = pytest.mark.timeout(900)
OVERSHARED = "s03"
"""A report that tells of a termination and of a neighbour's cancer."""


class Reviewed:
    """A gateway with the over-shared report, held."""

    def __init__(self, place: Any, samples: Path) -> None:
        place.deliver(samples / f"{OVERSHARED}.eml")
        for verb in ("collect", "process"):
            assert place.call(verb).code == 0
        self.call: Callable[..., Any] = place.call
        self.config: Path = place.config
        self.id: str = json.loads(place.call("queue", "--json").out.splitlines()[0])["id"]

    def amend(self, *words: object) -> Any:
        """Calls the verb as a reviewer."""
        return self.call("amend", self.id, "--by", "nurse.7", *words)

    def number(self, words: str) -> tuple[int, int]:
        """The number of the removal that takes these words out, and of its document."""
        shown = json.loads(self.call("show", self.id, "--json").out)["removals"]
        (found,) = [one for one in shown if words in one["words"]]
        return found["number"], found["document"]

    def _kept(self, ask: Callable[[Work], Any]) -> Any:
        with gateway.store(settings.load(self.config)) as store, store.reading() as work:
            return ask(work)

    def copy(self) -> bytes:
        """The report as it would leave."""
        letter = dossier.unpacked(self._kept(lambda work: work.dossiers.assessment(self.id)).payload).letter(dossier.TO_AUTHORITY)
        assert letter is not None
        message = email.message_from_bytes(letter.content, policy=email.policy.default)
        return next(part.get_payload(decode=True) for part in message.walk() if part.get_filename())

    def plan(self, version: int | None = None) -> Any:
        """The plan of that version, or None where there is none."""
        kept = self._kept(lambda work: work.dossiers.plan(self.id, version))
        return dossier.unpacked_plan(kept.payload) if kept else None


@pytest.fixture(scope="module")
def reviewed(place_at: Callable, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """The report, held."""
    return Reviewed(place_at(tmp_path_factory.mktemp("amend")), samples)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--drop"),
        (("--drop", 99), "removal 99"),
        (("--widen", "99:a word"), "removal 99"),
        (("--add", "99:a word", "--because", "excess_detail"), "document 99"),
        (("--add", "2:words that nobody wrote", "--because", "excess_detail"), "does not hold the words"),
        (("--add", "2:Elodie", "--because", "dislike"), "--because"),
        (("--narrow", "no number"), "--narrow"),
        (("--drop", 1, "--by", "Pat Smith"), "--by"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(reviewed: Reviewed, words: tuple[object, ...], told: str) -> None:
    """A wrong number, words that are not there, an unknown reason: the plan and its copy stay as they were."""
    before = reviewed.plan()
    assert told in reviewed.amend(*words).reason
    assert reviewed.plan() == before


def test_a_change_of_every_kind_is_carried_out_kept_and_proved(reviewed: Reviewed, tmp_path: Path) -> None:
    """One call that adds, narrows and widens, another that drops: versions are kept, letters are new, a copy proves its own plan only."""
    first, first_copy = reviewed.plan(), reviewed.copy()
    (cancer, document), (termination, _) = reviewed.number("bowel cancer"), reviewed.number("termination")
    said = reviewed.amend(
        *("--add", f"{document}:Her aunt comes on Sundays", "--because", "excess_detail"),
        *("--narrow", f"{cancer}:has bowel cancer and is having chemotherapy"),
        *("--widen", f"{termination}:Elodie wet herself."),
    )
    assert said.code == 0, said
    text = " ".join(by_pdfium(reviewed.copy()).split())
    assert not [gone for gone in ("aunt comes", "bowel cancer", "termination", "wet herself") if gone in text]
    assert "The mother's neighbour" in text.replace("’", "'")
    second = reviewed.plan()
    assert (second.version, second.author) == (2, "nurse.7")

    assert reviewed.amend("--drop", reviewed.number("bowel cancer")[0]).code == 0
    assert "bowel cancer" in " ".join(by_pdfium(reviewed.copy()).split())
    assert [reviewed.plan(number) for number in (1, 2)] == [first, second]
    assert reviewed.plan(3) == reviewed.plan()

    for name, content in (("first.pdf", first_copy), ("third.pdf", reviewed.copy())):
        (tmp_path / name).write_bytes(content)
    against = f"{reviewed.id}#{document}"
    assert reviewed.call("verify", tmp_path / "third.pdf", "--against", against).code == 0
    assert reviewed.call("verify", tmp_path / "third.pdf", "--against", f"{reviewed.id}:1#{document}").reason
    assert reviewed.call("audit", "verify").code == 0
    assert reviewed.call("release", reviewed.id, "--by", "nurse.7").code == 0
    assert "held" in reviewed.amend("--drop", 1).reason
