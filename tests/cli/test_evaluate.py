"""The verb `evaluate` on a single message: JSON with every table, the bars, and the picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def labelled(tmp_path: Path, corpus: Path) -> Path:
    """A folder with one labelled message."""
    folder = tmp_path / "labelled"
    folder.mkdir()
    for path in corpus.glob("d21.*"):
        shutil.copy(path, folder)
    return folder


def test_figures_beside_plain_methods_and_a_picture(call: Callable[..., Any], labelled: Path, tmp_path: Path) -> None:
    """One call gives the measures, the baselines, the tables by sort and the calibration as JSON, and draws them."""
    picture = tmp_path / "figures.svg"
    said = call("evaluate", labelled, "--json", "--baselines", "--plot", picture)
    assert said.code == 0, said
    given = json.loads(said.out)
    assert (given["schema"], given["cases"]) == ("evaluation/1", 1)
    assert set(given["baselines"]) == {"Presidio's defaults", "dictionary"}
    assert set(given["by"]) == {"category", "about", "agency"}
    assert given["calibration"]["steps"]
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_tables_are_printed_for_people(call: Callable[..., Any], labelled: Path) -> None:
    """Without --json there are tables with a title each."""
    said = call("evaluate", labelled)
    assert said.code == 0, said
    for title in ("1 labelled messages", "By why it must go", "By whose information", "By who reports", "What the model said"):
        assert title in said.out


def test_another_form_of_picture_is_refused_before_the_work(call: Callable[..., Any], labelled: Path, tmp_path: Path) -> None:
    """A name that does not end in .svg ends in one line at once."""
    assert "does not end in .svg" in call("evaluate", labelled, "--plot", tmp_path / "figures.png").reason
