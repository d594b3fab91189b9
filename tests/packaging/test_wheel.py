"""The wheel works wherever it is installed: it carries the rules and every file that is read at run time, and nothing of the tests."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSED_OVER = {"__pycache__", ".mypy_cache"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built without a network by the backend of the development environment."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.glob("reportgate-*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    """The names in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_of(folder: str) -> list[str]:
    """Every file of a folder of the source, as a path below it."""
    found = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return [path.as_posix() for path in found if not PASSED_OVER & set(path.parts)]


@pytest.mark.parametrize(("source", "carried"), [("pipeline", "pipeline"), ("flows", "flows"), ("rules", "pipeline/_rules")])
def test_everything_read_at_run_time_is_carried(names, source, carried):
    """Each file of the source folders lies in the wheel: migrations, letters, fonts, samples, rules, word lists, models."""
    missing = [path for path in files_of(source) if f"{carried}/{path}" not in names]
    assert missing == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("pipeline/_rules/packs/", ".yaml"),
        ("pipeline/_rules/guidance/", ".yaml"),
        ("pipeline/_rules/directory/", ".yaml"),
        ("pipeline/_rules/documents/", ".yaml"),
        ("pipeline/_rules/lexicons/", "NOTICE.md"),
        ("pipeline/records/migrations/versions/", ".py"),
        ("pipeline/routing/letters/", "body.html"),
        ("pipeline/redaction/fonts/", ".ttf"),
        ("pipeline/redaction/fonts/", "LICENSE"),
        ("flows/samples/", ".eml"),
        ("reportgate-", "licenses/LICENSE"),
    ],
)
def test_each_kind_of_data_is_there(names, start, end):
    """A folder that moves, or that an exclusion swallows, is noticed."""
    assert any(name.startswith(start) and name.endswith(end) for name in names)


def test_nothing_else_is_carried(names):
    """No test, no labelled mail, no settings and no database leave with the wheel: two packages and their description only."""
    assert {name.split("/", 1)[0] for name in names if ".dist-info/" not in name} == {"pipeline", "flows"}
    assert not [name for name in names if name.endswith((".pyc", ".sqlite", "reportgate.toml")) or "/tests/" in name]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The wheel installed into a new environment far from the source, over the libraries of this one; gives its folder of programs."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    # Named in a .pth file, the libraries are found but their own .pth files are not: the editable source stays out.
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    (Path(paths["purelib"]) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True, capture_output=True, timeout=120)
    return folder / "bin"


def run(program: Path, *words: str, folder: Path) -> str:
    """What a program prints, started outside the source tree and without the settings of this one."""
    environment = {"PATH": f"{program.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run([program, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def test_the_installed_copy_is_the_one_that_runs(installed, tmp_path):
    """What follows is proved on the wheel and not on the source."""
    said = run(installed / "python", "-c", "import pipeline, flows; print(pipeline.__file__, flows.__file__)", folder=tmp_path)
    assert all(path.startswith(str(installed.parent)) for path in said.split())


def test_rules_are_found_wherever_it_is_installed(installed, tmp_path):
    """`rules check` proves the carried rules from a folder that has nothing to do with the source."""
    assert "rules" in run(installed / "reportgate", "rules", "check", folder=tmp_path)


def test_a_message_is_assessed_wherever_it_is_installed(installed, tmp_path, corpus):
    """`assess` gives one JSON object, with the model, the rules, the directory and the reading processes all found."""
    said = run(installed / "reportgate", "assess", str(corpus / "d01.eml"), "--json", folder=tmp_path)
    (line,) = said.splitlines()
    found = json.loads(line)
    assert found["schema"] == "assessment/1"
    assert found["authority"] in {"brent", "kent", "derby"}
    assert found["documents"]
    assert found["scorecard"]["rules"]
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_made_wherever_it_is_installed(installed, tmp_path):
    """`init` finds its migrations and its settings template."""
    run(installed / "reportgate", "init", str(tmp_path), folder=tmp_path)
    assert (tmp_path / "reportgate-data" / "reportgate.sqlite").is_file()
    assert (tmp_path / "reportgate-data" / "vault.key").stat().st_mode & 0o777 == 0o600
