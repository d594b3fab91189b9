"""`make demo`: the main job on a dozen sample messages, embedded: SQLite, Maildir in and out, Prefect's own server beside this process."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import io
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from pipeline.records.store import Work
    from pipeline.records.summary import Entry

SAMPLES = Path(__file__).with_name("samples")
FOLDER = Path("demo")

LOOKS = {"sent": "green", "released": "green", "held": "yellow", "quarantined": "red", "filed": "cyan", "parked": "red"}
LETTERS = {"to-authority": "report", "to-sender": "word to the sender", "to-admin": "notice"}
IN_TIME = {"met": "\n[green]in time[/]", "missed": "\n[red]late[/]"}
CLOSER = (
    ("queue", "what waits for a person, the nearest conference first"),
    ("show ID", "one of them: what was found, what would leave"),
    ("release ID --by you", "let it go with the proposed redactions, then: dispatch"),
    ("audit verify", "the proof of who did what"),
)


def main() -> None:
    """Makes the folder `demo` anew, runs the road over the samples, and prints what came of each. Exits 1 with one line if it cannot."""
    try:
        _run()
    except Exception as error:  # noqa: BLE001 - one line instead of a traceback, as everywhere
        from pipeline.domain.errors import ReportgateError

        said = str(error) if isinstance(error, ReportgateError | OSError) else f"an error nobody foresaw ({type(error).__name__})"
        sys.exit(f"demo: {said}")


def _run() -> None:
    _make_room()
    # Prefect reads these when it is first imported, so nothing of it may be imported before.
    os.environ["PREFECT_HOME"] = str(FOLDER.resolve() / "prefect")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("PREFECT_UI_ENABLED", "false")
    os.environ["REPORTGATE_CONFIG"] = str(FOLDER / "reportgate.toml")
    from pipeline.commands.setup import init

    began = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()):  # what it says is for those who set a gateway up
        init(FOLDER, None)
    count = _deliver(FOLDER / "reportgate-data" / "in")
    print(f"{count} sample messages lie in the mailbox; collecting, assessing and sending them…\n", flush=True)
    went_well = asyncio.run(_road())
    done = _tell(time.monotonic() - began)
    if not went_well or done != count:
        sys.exit(f"demo: {done} of {count} messages came through; run it again with PREFECT_LOGGING_LEVEL=INFO to see where it stopped")


def _make_room() -> None:
    """Removes what an earlier run left, and nothing that is not its own."""
    if FOLDER.exists():
        if not (FOLDER / "reportgate.toml").is_file():
            sys.exit(f"demo: there is a {FOLDER}/ here that no demo made; move it away, or run this elsewhere")
        shutil.rmtree(FOLDER)
    FOLDER.mkdir()


def _deliver(inbox: Path) -> int:
    """Puts the samples into the Maildir as a mail server would."""
    for part in ("tmp", "new", "cur"):
        (inbox / part).mkdir(parents=True, exist_ok=True)
    samples = sorted(SAMPLES.glob("*.eml"))
    for number, sample in enumerate(samples):
        shutil.copyfile(sample, inbox / "new" / f"{1_800_000_000 + number}.M{number}.demo")
    return len(samples)


async def _road() -> bool:
    from flows.service import sweep
    from flows.workshop import opened
    from pipeline import settings

    with opened(settings.load()):
        return await sweep()


def _tell(seconds: float) -> int:
    """Prints what became of each message; returns how many went through to the end."""
    from pipeline import gateway, settings
    from pipeline.domain.states import SubmissionState

    console = Console()
    console = console if console.is_terminal else Console(width=160)
    table = Table(title="What came, and what became of it", title_justify="left", show_lines=True, expand=True)
    for column, share in (("what came", 5), ("from", 2), ("decision", 2), ("why", 7), ("where it went", 6), ("due", 2)):
        table.add_column(column, overflow="fold", ratio=share)
    became: Counter[SubmissionState] = Counter()
    with gateway.store(settings.load()) as store, store.reading() as work:
        for entry in work.submissions.in_state(*SubmissionState):
            table.add_row(*_row(work, entry))
            became[entry.state] += 1
    console.print(table)
    said = ", ".join(f"{number} [{LOOKS.get(state.value, 'white')}]{state.value}[/]" for state, number in became.items())
    console.print(f"{became.total()} messages in {seconds:.0f} s: {said}. Look closer:")
    command = f"{_beside(Path(sys.executable))} --config {FOLDER / 'reportgate.toml'}"
    for verb, what in CLOSER:
        console.print(f"  {command} {verb}   [dim]{what}[/]", soft_wrap=True)
    console.print(f"  the letters that left lie in {FOLDER / 'reportgate-data' / 'out'}")
    return became.total() - became[SubmissionState.RECEIVED] - became[SubmissionState.PARKED] - became[SubmissionState.RELEASED]


def _row(work: Work, entry: Entry) -> tuple[str, ...]:
    from pipeline.guidance.workdays import LONDON

    subject = email.message_from_bytes(work.dossiers.original(entry.id), policy=email.policy.default)["Subject"]
    letters = [
        f"{LETTERS.get(letter.kind, letter.kind)} to {one.address}" for letter in work.outgoing.of(entry.id) for one in letter.recipients
    ]
    return (
        escape(str(subject or "(no subject)").strip()),
        f"{(entry.agency or '-').replace('_', ' ')}\n[dim]to {entry.authority or 'nobody known'}[/]",
        f"[{LOOKS.get(entry.state.value, 'white')}]{entry.state.value}[/]",
        escape("\n".join(f"• {reason}" for reason in entry.reasons[:2]) or entry.note or "nothing stands in its way"),
        escape("\n".join(letters)) or "[dim]nowhere[/]",
        entry.due.astimezone(LONDON).strftime("%a %d %b") + IN_TIME.get(entry.deadline_status or "", "") if entry.due else "-",
    )


def _beside(python: Path) -> Path:
    """The command installed beside this Python, as short as it can be written."""
    command = python.with_name("reportgate")
    return command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command


if __name__ == "__main__":
    main()
