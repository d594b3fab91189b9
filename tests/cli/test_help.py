"""The prompt answers at once: nothing heavy is loaded before a verb needs it."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable

import pytest

HEAVY = ("spacy", "prefect", "sqlalchemy", "presidio_analyzer", "onnxruntime", "pypdfium2", "docx", "numpy", "flows")

HELP = "import sys; from pipeline.cli import main; sys.argv = ['reportgate', '--help']; main()"

VERBS = frozenset(
    {
        "init",
        "doctor",
        "assess",
        "collect",
        "process",
        "dispatch",
        "queue",
        "show",
        "amend",
        "release",
        "return",
        "rerun",
        "reassess",
        "rules",
        "audit",
    }
)


def _seconds(*words: str) -> float:
    """Processor time of such a Python: what does not grow when others use the machine too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], capture_output=True, check=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_names_every_verb(call: Callable) -> None:
    """Each verb with what it does."""
    said = call("--help")

    assert said.code == 0
    assert [verb for verb in VERBS if f"\n  {verb} " not in said.out] == []


@pytest.mark.parametrize("words", [("assess",), ("rules", "check"), ("audit", "verify")])
def test_each_verb_has_help(call: Callable, words: tuple[str, ...]) -> None:
    """Help of a verb is no error."""
    assert call(*words, "--help").code == 0


def test_help_loads_nothing_heavy() -> None:
    """No language model, database, Prefect or reader is imported for --help."""
    code = (
        "import sys; from pipeline import cli; sys.argv = ['reportgate', '--help']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stderr.strip() == "[]"


def test_help_takes_hardly_longer_than_the_libraries_it_is_drawn_with() -> None:
    """Under 0.4 s on a calm machine, held as a ratio to importing typer and rich: processor time, best of three each, taken in turns."""
    ours, theirs = zip(*((_seconds("-c", HELP), _seconds("-c", "import typer, rich")) for _ in range(3)), strict=True)

    assert min(ours) < 1.7 * min(theirs)
