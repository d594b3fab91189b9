"""Words found nowhere else go along the road, succeeding and failing at each step, and are then looked for in everything written."""

from __future__ import annotations

import gzip
import os
import pickle
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from canary import WORDS
from leaks import leaks

from pipeline.commands.setup import init

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that a process wrote while canary messages went along the road, each failing at another step."""
    folder = tmp_path_factory.mktemp("canary")
    init(folder / "gateway", None)
    for part in ("tmp", "new", "cur"):
        (folder / "gateway" / "reportgate-data" / "in" / part).mkdir(parents=True)
    (folder / "tmp").mkdir()
    environment = {
        **os.environ,
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG",
        "PREFECT_LOGGING_TO_API_ENABLED": "true",
        "REPORTGATE_CONFIG": str(folder / "gateway" / "reportgate.toml"),
    }
    with (folder / "stdout.log").open("wb") as out, (folder / "stderr.log").open("wb") as err:
        done = subprocess.run(
            [sys.executable, str(HERE / "canary_run.py"), str(folder)],
            env=environment, cwd=folder, stdout=out, stderr=err, timeout=800, check=False,
        )  # fmt: skip
    assert done.returncode == 0, (folder / "stderr.log").read_text()[-3000:]
    return folder


pytestmark = pytest.mark.timeout(900)

FAILING = [
    "collect",
    "parse",
    "unpack",
    "read",
    "recognise",
    "facts",
    "assess",
    "plan",
    "decide",
    "copy",
    "letters",
    "save",
    "settle",
    "send",
]


def test_every_step_failed_once_and_everything_came_through(written: Path) -> None:
    """The failures were real: each made its part of the sweep fail, and the next sweep mended it."""
    said = (written / "stdout.log").read_text()

    assert "failing at nothing: 0 of 3 parts failed" in said
    assert [step for step in FAILING if f"failing at {step}: 0 of 3" in said or f"failing at {step}: " not in said] == []
    assert "'received'" not in said.partition("states")[2].partition("\n")[0]
    assert list((written / "gateway" / "reportgate-data" / "out" / "new").iterdir()), "no letter left, so nothing was proved of sending"


def test_none_of_the_words_is_anywhere(written: Path) -> None:
    """Logs at DEBUG, both streams, Prefect's database and storage, our database and its log, file names and command lines hold none."""
    data = written / "gateway" / "reportgate-data"

    assert (written / "prefect" / "prefect.db").exists()
    assert (data / "reportgate.sqlite").exists()
    assert "process-" in (written / "stderr.log").read_text() + (written / "debug.log").read_text()
    assert leaks(written, WORDS, exempt=(data / "in", data / "out")) == []


def test_the_mail_itself_holds_every_word(written: Path) -> None:
    """The words went along the road: they are in what came."""
    data = written / "gateway" / "reportgate-data"

    found = "\n".join(leaks(data / "in", WORDS))
    assert [word for word in WORDS[:4] if word not in found] == []


def _plain(folder: Path) -> None:
    (folder / "a.log").write_text("2026-10-14 an error of ZANZIBROOK")


def _packed(folder: Path) -> None:
    (folder / "a.gz").write_bytes(gzip.compress(b"said Zanzibrook"))


def _pickled(folder: Path) -> None:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute("CREATE TABLE states (data TEXT)")
    told = b64encode(gzip.compress(pickle.dumps(ValueError("Zanzibrook")))).decode()
    connection.execute("INSERT INTO states VALUES (?)", (f'{{"result": "{told}"}}',))
    connection.commit()
    connection.close()


def _in_the_log_of_a_database(folder: Path) -> None:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE states (data TEXT)")
    connection.execute("INSERT INTO states VALUES ('Zanzibrook')")
    connection.commit()
    (folder / "copy.db-wal").write_bytes((folder / "a.db-wal").read_bytes())
    connection.close()
    (folder / "a.db").unlink()


def _wide(folder: Path) -> None:
    (folder / "a.bin").write_bytes("x Zanzibrook".encode("utf-16-le"))


def _name(folder: Path) -> None:
    (folder / "report on Zanzibrook.tmp").touch()


PLANTED = [_plain, _packed, _pickled, _in_the_log_of_a_database, _wide, _name]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_leak_is_found(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    """The search itself works, on each way in which words were ever written down."""
    plant(tmp_path)

    assert leaks(tmp_path, ["Zanzibrook"])
    assert not leaks(tmp_path, ["Quillonby"])
