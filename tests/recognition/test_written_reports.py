"""The reports that teach and measure the sensitivity model: they can be read, name nobody who can be rung, and are counted rightly."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.people import Statement
from pipeline.domain.text import Span

FOLDERS = ("authored", "fresh", "fresh_halves")
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
    marked = HALVES.replace(GOES, f"[[reproductive_or_sexual/adult: {GOES}]]")
    (tmp_path / "one.yaml").write_text(f"passages:\n- agency: gp\n  text: |\n    {marked}\n", encoding="utf-8")
    (document,) = training("authored").read(tmp_path)
    text = document.document.text
    cut = [Statement(Span(text.index(HALVES), text.index(HALVES) + len(HALVES)))]
    spans = [Span(text.index(each), text.index(each) + len(each)) for each in removed]
    assert training("scoring").torn([(document, cut)], [spans]) == (torn, 1), why
