"""The reports that teach and measure the sensitivity model: they can be read, name nobody who can be rung, and are counted rightly."""

from __future__ import annotations

import importlib
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.domain.people import Statement
from pipeline.domain.text import Span

FOLDERS = ("authored", "fresh", "fresh_halves", "fresh_notes")
DRAMA = re.compile(r"020 ?7946 ?0\d{3}|07700 ?900 ?\d{3}|01632 ?960 ?\d{3}|0(?:11[3-8]|121|131|141|151|161) ?496 ?0\d{3}|0191 ?498 ?0\d{3}")
"""Numbers that Ofcom keeps free for drama."""
NUMBER = re.compile(r"(?<!\d)0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)")
NHS = re.compile(r"(?<!\d)[1-9]\d{2} ?\d{3} ?\d{4}(?!\d)")


@pytest.fixture
def training(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The modules of `tests/corpus/train` by their names."""
    monkeypatch.syspath_prepend(str(corpus / "train"))
    return importlib.import_module


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_written_report_can_be_read(folder: str, corpus: Path, training: Any) -> None:
    """Each mark of each file is well formed and of a known category, and each report has a text."""
    examples, read = training("examples"), training("authored").read(corpus / folder)
    assert read
    wrong = {mark.why for each in read for mark in each.marked} - set(examples.CATEGORIES)
    assert (wrong, [each.case for each in read if len(each.document.text) < 100]) == (set(), [])


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_written_report_holds_a_number_of_somebodys(folder: str, corpus: Path) -> None:
    """Telephone numbers are those kept free for drama, and NHS numbers begin with 999."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (corpus / folder).glob("*.yaml")}
    rung = [(name, found[0]) for name, text in texts.items() for found in NUMBER.finditer(text) if not DRAMA.fullmatch(found[0])]
    known = [(name, found[0]) for name, text in texts.items() for found in NHS.finditer(text) if not found[0].startswith("999")]
    assert (rung, known) == ([], [])


def _written(text: str, folder: Path, training: Any) -> Any:
    """A text with marks in it as a labelled document."""
    (folder / "one.yaml").write_text(f"passages:\n- agency: gp\n  text: |\n    {text}\n", encoding="utf-8")
    (document,) = training("authored").read(folder)
    return document


HALVES = "Ravi waits alone until six, as his mother has a smear on Tuesdays."
GOES = ", as his mother has a smear on Tuesdays"


@pytest.mark.parametrize(
    ("removed", "torn", "why"),
    [
        ((), 0, "nothing goes"),
        ((GOES,), 0, "what is marked goes alone"),
        ((HALVES,), 1, "the whole goes"),
        (("waits alone until six" + GOES,), 1, "most of what stays goes too"),
        (("Ravi", GOES), 0, "little of what stays goes too"),
    ],
)
def test_a_torn_statement_is_counted(removed: tuple[str, ...], torn: int, why: str, training: Any, tmp_path: Path) -> None:
    """A statement counts where a part must go and most of the rest goes with it."""
    document = _written(HALVES.replace(GOES, f"[[reproductive_or_sexual/adult: {GOES}]]"), tmp_path, training)
    text = document.document.text
    cut = [Statement(Span(text.index(HALVES), text.index(HALVES) + len(HALVES)))]
    spans = [Span(text.index(each), text.index(each) + len(each)) for each in removed]
    assert training("scoring").torn([(document, cut)], [spans]) == (torn, 1), why


WHOLE = "Ravi was late on two days. [[reproductive_or_sexual/adult: His mother has a smear on Tuesdays.]] Mr Hale meets him at the gate."


def test_joining_sentences_moves_the_marks_along(training: Any, tmp_path: Path) -> None:
    """Two sentences become one at many a full stop, and what is marked keeps its words and no neighbour's."""
    document, joiner = _written(WHOLE, tmp_path, training), training("augment").Joiner()
    seen = set()
    for seed in range(40):
        made = joiner.joined(document, random.Random(seed))
        (mark,) = made.marked
        words = re.findall(r"\w+", mark.span.of(made.document.text).lower())
        assert [each for each in words if each not in ("and", "but")] == ["his", "mother", "has", "a", "smear", "on", "tuesdays"]
        seen.add(made.document.text.count("."))
    assert seen >= {2, 3}


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        (HALVES.replace(GOES, f"[[reproductive_or_sexual/adult: {GOES}]]"), 1),
        (f"[[reproductive_or_sexual/adult: {HALVES}]]", 0),
        (HALVES, 0),
        (HALVES.replace("Ravi waits", "[[excess_detail/child: Ravi]] waits"), 0),
    ],
)
def test_what_teaches_where_to_cut(text: str, mixed: int, training: Any, tmp_path: Path) -> None:
    """A statement counts twice in training where a good part of it must go and a good part stays."""
    document = _written(text, tmp_path, training)
    at = document.document.text.index("Ravi")
    assert len(training("examples").mixed(document, [Span(at, at + len(HALVES))])) == mixed


def test_the_mean_of_two_sets_of_trees(corpus: Path, training: Any) -> None:
    """Its logit lies half way between theirs, however unlike in size they are."""
    unlearnt = training("unlearnt")
    trees = unlearnt.Weights.load(
        corpus.parents[1] / "rules" / "models" / "sensitivity" / "weights.npz", expected=training("calibrate").NAMES
    )
    leaf = np.zeros((1, 1), np.int64)
    always = unlearnt.Weights(trees.names, leaf, leaf * 0.0, leaf, leaf, leaf + 3.0, 1.0, 1)  # a single leaf: 4 for every clause
    rows = np.random.default_rng(0).normal(size=(50, len(trees.names)))
    alone, both = (np.log(p / (1 - p)) for p in (each.probabilities(rows) for each in (trees, unlearnt.mean([trees, always]))))
    assert np.allclose(both, (alone + 4.0) / 2)


def test_a_mean_of_trees_is_no_first_set(corpus: Path, training: Any) -> None:
    """Teaching the second set twice over what it wrote would weigh the first less: it is refused, in a line that says what to do."""
    with pytest.raises(SystemExit, match="--before"):
        training("unlearnt").first_set(corpus.parents[1] / "rules" / "models" / "sensitivity" / "weights.npz")
