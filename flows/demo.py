"""`make demo`: the main job on a dozen sample messages, embedded: SQLite, Maildir in, Maildir out, Prefect's own server in this process."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import shutil
import sys
import time
from pathlib import Path

SAMPLES = Path(__file__).with_name("samples")
FOLDER = Path("demo")


def main() -> None:
    """Makes the folder `demo` anew, runs the road over the samples, and prints what came of each."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    # Prefect reads these when it is first imported, so nothing of it may be imported before.
    os.environ["PREFECT_HOME"] = str(FOLDER.resolve() / "prefect")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("PREFECT_UI_ENABLED", "false")
    os.environ["REPORTGATE_CONFIG"] = str(FOLDER / "reportgate.toml")
    from pipeline.commands.setup import init

    began = time.monotonic()
    init(FOLDER, None)
    count = _deliver(FOLDER / "reportgate-data" / "in")
    print(f"\n{count} sample messages lie in the mailbox; collecting, assessing and sending them…\n", flush=True)
    asyncio.run(_road())
    _tell(time.monotonic() - began)


def _deliver(inbox: Path) -> int:
    """Puts the samples into the Maildir as a mail server would."""
    for part in ("tmp", "new", "cur"):
        (inbox / part).mkdir(parents=True, exist_ok=True)
    samples = sorted(SAMPLES.glob("*.eml"))
    for number, sample in enumerate(samples):
        shutil.copyfile(sample, inbox / "new" / f"{1_800_000_000 + number}.M{number}.demo")
    return len(samples)


async def _road() -> None:
    from flows.service import sweep
    from flows.workshop import opened
    from pipeline import settings

    with opened(settings.load()):
        if not await sweep():
            sys.exit("the demo did not go through; run it again with PREFECT_LOGGING_LEVEL=INFO to see where it stopped")


def _tell(seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    from pipeline import gateway, settings
    from pipeline.domain.states import SubmissionState
    from pipeline.guidance.workdays import LONDON

    console = Console()
    console = console if console.is_terminal else Console(width=160)
    table = Table(title="What came, and what became of it", title_justify="left", show_lines=True)
    for column in ("what came", "from", "decision", "why", "where it went", "due"):
        table.add_column(column, overflow="fold")
    looks = {"sent": "green", "released": "green", "held": "yellow", "quarantined": "red", "filed": "cyan", "parked": "red"}
    with gateway.store(settings.load()) as store, store.reading() as work:
        entries = work.submissions.in_state(*SubmissionState)
        for entry in entries:
            letters = work.outgoing.of(entry.id)
            went = "\n".join(f"{letter.kind}: {', '.join(one.address for one in letter.recipients)}" for letter in letters)
            subject = email.message_from_bytes(work.dossiers.original(entry.id), policy=email.policy.default)["Subject"]
            due = entry.due.astimezone(LONDON).strftime("%a %d %b %H:%M") if entry.due else "-"
            late = " [red]late[/]" if entry.deadline_status == "missed" else ""
            state = f"[{looks.get(entry.state.value, 'white')}]{entry.state.value}[/]"
            why = "\n".join(f"• {reason}" for reason in entry.reasons[:3]) or entry.note
            table.add_row(
                str(subject or "(no subject)"), (entry.agency or "-").replace("_", " "), state, why, went or "nowhere yet", due + late
            )
    console.print(table)
    console.print(f"{len(entries)} messages in {seconds:.0f} s. Look closer:")
    command = f"{Path(sys.executable).with_name('reportgate')} --config {FOLDER / 'reportgate.toml'}"
    for verb, what in (
        ("queue", "what waits for a person, the nearest conference first"),
        ("show ID", "one of them: what was found, what would leave"),
        ("release ID --by you", "let it go with the proposed redactions, then: dispatch"),
        ("audit verify", "the proof of who did what"),
    ):
        console.print(f"  {command} {verb}   [dim]{what}[/]")
    console.print(f"  letters that left lie in {FOLDER / 'reportgate-data' / 'out'}")


if __name__ == "__main__":
    main()
