"""A reviewer changes what is taken out of a held report: what leaves on release is what the changed plan says; every version is kept."""

from __future__ import annotations

import email
import email.policy
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desks import Desk, desk
from roads import words_of

from pipeline import dossier, gateway, reopening, storyline
from pipeline.commands import desk as verbs
from pipeline.domain.authority import Letter
from pipeline.domain.errors import NothingChanged, ResidueFound
from pipeline.domain.people import Category
from pipeline.domain.plan import RedactionPlan
from pipeline.domain.states import SubmissionState
from pipeline.domain.text import PersonalText
from pipeline.redaction import copy
from pipeline.redaction.edits import Change, Edit
from pipeline.thinking import Tools

OVERSHARED = "s03"
"""A report that tells of a termination and of a neighbour's cancer."""
REVIEWER = "nurse.7"


@pytest.fixture
def held(tmp_path: Path, tools: Tools) -> Iterator[Desk]:
    """A gateway."""
    with desk(tmp_path, tools) as made:
        yield made


@pytest.fixture
def submission(held: Desk, samples: Path) -> str:
    """The over-shared report, held."""
    taken = held.take((samples / f"{OVERSHARED}.eml").read_bytes())
    assert held.process(taken) is SubmissionState.HELD
    return taken


def _plan(held: Desk, submission: str, version: int | None = None) -> RedactionPlan | None:
    with held.store.reading() as work:
        kept = work.dossiers.plan(submission, version)
    return dossier.unpacked_plan(kept.payload) if kept else None


def _amend(held: Desk, submission: str, *edits: Edit) -> int:
    return storyline.amend(held.store, held.tools, submission, edits, reviewer=REVIEWER, clock=gateway.now)


def _listed(held: Desk, submission: str, words: str) -> dossier.Taken:
    (found,) = [one for one in held.kept(submission).taken if words in one.words]
    return found


def _said(letter: Letter | None) -> str:
    assert letter is not None
    return words_of(email.message_from_bytes(letter.content, policy=email.policy.default))


def test_what_leaves_on_release_is_what_the_reviewer_changed(held: Desk, submission: str, tmp_path: Path) -> None:
    """One proposal dropped and one added: the preview and the letter that leaves show both, both versions are kept, the audit holds."""
    first = _plan(held, submission)
    cancer = _listed(held, submission, "bowel cancer")

    added = Edit(Change.ADD, cancer.document, PersonalText("Her aunt comes on Sundays"), Category.EXCESS_DETAIL)
    version = _amend(held, submission, Edit(Change.DROP, cancer.number), added)

    assert held.state(submission) is SubmissionState.HELD
    assert not held.queued(submission)
    said = _said(held.kept(submission).letter(dossier.TO_AUTHORITY))
    opened = reopening.reopened(held.store, held.tools, submission)
    pages = [pages for _, pages in reopening.previews(opened, held.tools) if pages]
    assert opened.plan == _plan(held, submission, version)
    assert pages

    storyline.release(held.store, submission, reviewer=REVIEWER, why="", now=gateway.now())

    with held.store.reading() as work:
        (leaving,) = [one for one in work.outgoing.of(submission) if one.kind == dossier.TO_AUTHORITY]
        assert _said(work.outgoing.letter(leaving.id)) == said
        assert [ruling.plan_version for ruling in work.dossiers.rulings(submission)] == [version]
        assert work.audit.verify().fault is None
        assert [work.dossiers.plan(submission, number).author for number in (1, version)] == ["gateway", REVIEWER]
    assert "bowel cancer" in said
    assert "aunt comes" not in said
    assert "termination" not in said
    assert "Elodie laughs with her" in said
    assert _plan(held, submission, 1) == first
    with sqlite3.connect(tmp_path / "records.sqlite") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert "amended" in dump
    assert "aunt" not in dump


def test_a_removal_is_narrowed_and_another_widened(held: Desk, submission: str) -> None:
    """Narrowed, it takes out only the words named; widened, those beside it too; everything else is as it was."""
    cancer, termination = (_listed(held, submission, words) for words in ("bowel cancer", "termination"))
    _amend(
        held,
        submission,
        Edit(Change.NARROW, cancer.number, PersonalText("Mrs Odette Farleigh, has bowel cancer and is having chemotherapy")),
        Edit(Change.WIDEN, termination.number, PersonalText("Elodie wet herself. " + termination.words)),
    )

    said = _said(held.kept(submission).letter(dossier.TO_AUTHORITY))
    assert "The mother's neighbour" in said
    assert not [word for word in ("Farleigh", "cancer", "chemotherapy", "termination", "wet herself") if word in said]
    assert "Staff kept Elodie in until her mother came." in said


def test_a_plan_that_cannot_be_proven_leaves_the_one_before_in_force(held: Desk, submission: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no copy by the changed plan can be proven clean, plan and letters are those of before."""
    before, plan = held.kept(submission), _plan(held, submission)

    class Unproven:
        def run(self, function, *given):
            if function is copy.make:
                raise ResidueFound("something is left")
            return held.tools.sandbox.run(function, *given)

    tools = replace(held.tools, sandbox=Unproven())
    with pytest.raises(NothingChanged, match=r"plan 1 .* stays in force"):
        storyline.amend(held.store, tools, submission, [Edit(Change.DROP, 1)], reviewer=REVIEWER, clock=gateway.now)
    assert (held.kept(submission), _plan(held, submission)) == (before, plan)


def test_only_held_mail_is_amended(held: Desk, submission: str) -> None:
    """What was released is not changed any more."""
    storyline.release(held.store, submission, reviewer=REVIEWER, why="", now=gateway.now())
    with pytest.raises(NothingChanged, match="released"):
        _amend(held, submission, Edit(Change.DROP, 1))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (verbs.Asked((), ("1:her aunt",), None, (), ()), "--because"),
        (verbs.Asked((), ("1:her aunt",), "gossip", (), ()), "--because"),
        (verbs.Asked((), (), None, ("her aunt",), ()), "--widen takes a number"),
        (verbs.Asked((), (), None, (), ("1:",)), "--narrow takes a number"),
    ],
)
def test_the_verb_says_how_a_change_is_written(asked: verbs.Asked, told: str) -> None:
    """What cannot be understood is said before anything dear is loaded, without the words."""
    with pytest.raises(NothingChanged, match=told) as refused:
        tuple(verbs._edits(asked))
    assert "aunt" not in str(refused.value)


def test_the_verb_reads_every_kind_of_change() -> None:
    """Numbers, words with colons in them, and the category of what is added."""
    asked = verbs.Asked((2,), ("1:at 12:30",), "excess_detail", ("3:a b",), ("4:c",))
    assert tuple(verbs._edits(asked)) == (
        Edit(Change.DROP, 2),
        Edit(Change.ADD, 1, PersonalText("at 12:30"), Category.EXCESS_DETAIL),
        Edit(Change.WIDEN, 3, PersonalText("a b")),
        Edit(Change.NARROW, 4, PersonalText("c")),
    )
