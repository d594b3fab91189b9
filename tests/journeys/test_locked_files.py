"""A report locked with a password: held, its sender told how to send it again, and read once a reviewer enters the password."""

from __future__ import annotations

import getpass
import io
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from desks import Desk, desk, files_of, first_file, with_file
from lockers import locked_office, locked_pdf, locked_zip
from reportlab.pdfgen.canvas import Canvas

from pipeline import gateway, storyline
from pipeline.commands import desk as verbs
from pipeline.domain.errors import NothingChanged
from pipeline.domain.states import SubmissionState
from pipeline.dossier import TO_AUTHORITY
from pipeline.thinking import Tools

PASSWORD = "Thornbury-2026"
LINES = [
    "Report for the initial child protection conference on 20 October 2026",
    "Name of child: Maisie Thornbury",
    "What are you worried about?",
    "Maisie was not brought to four appointments this spring, and nobody has rung us to say why.",
    "Her mother told me on 3 September 2026 that there is shouting at home at night and that Maisie cannot sleep.",
    "What is going well?",
    "Maisie was seen on 3 September 2026 and was clean, warm and talkative. She likes school and is there every day.",
    "What needs to happen?",
    "Maisie needs to see the health visitor by the end of November and to be brought to her appointments.",
    "What will happen if nothing changes?",
    "Maisie may miss her hearing test again, and may go on being frightened at night.",
]


def report_pdf() -> bytes:
    """A short report."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont("Helvetica", 9)
    for number, line in enumerate(LINES):
        canvas.drawString(40, 780 - 30 * number, line)
    canvas.save()
    return out.getvalue()


LOCKED: dict[str, Callable[[bytes], tuple[str, bytes]]] = {
    "pdf": lambda _: ("report.pdf", locked_pdf(report_pdf(), PASSWORD)),
    "word": lambda report: ("report.docx", locked_office(report, PASSWORD)),
    "zip": lambda report: ("report.zip", locked_zip("report.docx", report, PASSWORD)),
}


@pytest.fixture
def held(tmp_path: Path, tools: Tools) -> Iterator[Desk]:
    """A gateway."""
    with desk(tmp_path, tools) as made:
        yield made


@pytest.mark.parametrize("kind", LOCKED)
def test_the_password_opens_it_and_what_leaves_needs_none(kind: str, held: Desk, samples: Path) -> None:
    """Locked, it is held and its sender told; with the password it is read and stays held, and the copy that would leave opens freely."""
    clean = (samples / "s01.eml").read_bytes()
    report = first_file(clean)
    submission = held.take(with_file(clean, *LOCKED[kind](report)))
    assert held.process(submission) is SubmissionState.HELD
    assert "to-sender" in held.queued(submission)
    assert "unreadable" in [document["kind"] for document in held.kept(submission).view["documents"]]

    opened = storyline.unlock(held.store, held.tools, submission, ("wrong", PASSWORD), reviewer="kb7", clock=gateway.now)

    assert opened == 1
    assert held.state(submission) is SubmissionState.HELD
    kept = held.kept(submission)
    assert "conference_report" in [document["kind"] for document in kept.view["documents"]]
    assert "unreadable" not in [document["kind"] for document in kept.view["documents"]]
    letter = kept.letter(TO_AUTHORITY)
    assert letter is not None
    (content,) = files_of(letter).values()
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert not pdf.is_encrypted
    else:
        assert content.startswith(b"PK")
    assert storyline.release(held.store, submission, reviewer="kb7", why="", now=gateway.now())


@pytest.mark.parametrize("kind", LOCKED)
def test_a_wrong_password_changes_nothing(kind: str, held: Desk, samples: Path) -> None:
    """It is said in one line; the assessment, the plan and the state stay."""
    clean = (samples / "s01.eml").read_bytes()
    submission = held.take(with_file(clean, *LOCKED[kind](first_file(clean))))
    held.process(submission)
    before = held.kept(submission)
    with pytest.raises(NothingChanged, match="opens none"):
        storyline.unlock(held.store, held.tools, submission, ("wrong",), reviewer="kb7", clock=gateway.now)
    assert held.kept(submission) == before
    assert held.state(submission) is SubmissionState.HELD


def test_only_held_mail_is_unlocked(held: Desk, samples: Path) -> None:
    """What was released is not read again."""
    submission = held.take((samples / "s01.eml").read_bytes())
    assert held.process(submission) is SubmissionState.RELEASED
    with pytest.raises(NothingChanged, match="released"):
        storyline.unlock(held.store, held.tools, submission, (PASSWORD,), reviewer="kb7", clock=gateway.now)


def test_the_password_is_kept_nowhere(held: Desk, samples: Path, tmp_path: Path) -> None:
    """Neither the database nor a repr nor the audit record holds it; who unlocked what is recorded."""
    clean = (samples / "s01.eml").read_bytes()
    submission = held.take(with_file(clean, *LOCKED["word"](first_file(clean))))
    held.process(submission)
    storyline.unlock(held.store, held.tools, submission, (PASSWORD,), reviewer="kb7", clock=gateway.now)
    with sqlite3.connect(tmp_path / "records.sqlite") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert PASSWORD not in dump
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert PASSWORD not in repr(held.tools.with_passwords((PASSWORD,)))
    assert "unlocked" in dump
    with held.store.reading() as work:
        assert work.audit.verify().fault is None


def test_the_verb_asks_for_the_password_or_takes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password never stands on the command line: it is asked for without showing it, or read from a file with one a line."""
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "typed")
    assert verbs._passwords(None) == ("typed",)
    file = tmp_path / "passwords"
    file.write_text("one\ntwo words\n\none\n")
    assert verbs._passwords(file) == ("one", "two words")
    file.write_text("\n")
    with pytest.raises(NothingChanged):
        verbs._passwords(file)
    with pytest.raises(NothingChanged):
        verbs._passwords(tmp_path / "none")
