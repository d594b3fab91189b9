"""When the disk is full nothing is taken in and nothing is lost; once there is room the mail is there."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("reportgate")


def _full(size: int) -> Any:
    """Lets no file of the process grow past this size, which is what a full disk does to a database."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_one_line_and_the_mail_stays(bare: Any, samples: Path) -> None:
    """Collecting fails with its reason; the message lies in the mailbox and comes with the next collection, whole."""
    bare.deliver(samples / "s07.eml")
    bare.store.close()
    size = (bare.settings.data_dir / "reportgate.sqlite").stat().st_size

    done = subprocess.run(
        [str(COMMAND), "--config", str(bare.config), "collect"],
        capture_output=True, text=True, timeout=120, check=False, preexec_fn=_full(size + 100_000),
    )  # fmt: skip

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("reportgate: ")
    assert "Traceback" not in done.stdout
    assert len(list((bare.inbox / "new").iterdir())) == 1

    assert bare.collect() == 1
    with bare.store.reading() as work:
        (entry,) = work.submissions.in_state("received")
        assert work.dossiers.original(entry.id) == (samples / "s07.eml").read_bytes()
        assert work.audit.verify().fault is None
