"""The verbs of people who look after held mail: queue, show, amend, unlock, release, return, rerun; and the proof of the audit record."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import gateway, settings
from pipeline.commands.facts_table import print_facts
from pipeline.domain.errors import NothingChanged
from pipeline.domain.people import Category
from pipeline.domain.text import PersonalText
from pipeline.guidance.workdays import LONDON
from pipeline.records.summary import Entry

if TYPE_CHECKING:
    from pipeline.dossier import Dossier
    from pipeline.redaction.edits import Change, Edit


def _moment(value: datetime | None) -> str:
    return value.astimezone(LONDON).strftime("%a %d %b, %H:%M") if value else "not known"


def queue(config: Path | None, *, as_json: bool) -> None:
    """Prints what waits for a person, the nearest conference first."""
    with gateway.store(settings.load(config)) as store, store.reading() as work:
        waiting = work.submissions.queue()
    if as_json:
        for entry in waiting:
            print(json.dumps(_entry(entry)))
        return
    if not waiting:
        Console().print("Nothing waits for a person.")
        return
    table = Table(title=f"{len(waiting)} waiting for a person, the nearest conference first", title_justify="left")
    for column in ("id", "state", "authority", "from", "conference", "due", "why"):
        table.add_column(column, overflow="fold")
    for entry in waiting:
        conference = f"{entry.conference_type or '?'} {entry.conference_date:%d %b}" if entry.conference_date else "not known"
        why = entry.reasons[0] if entry.reasons else entry.note
        table.add_row(
            entry.id,
            entry.state.value,
            entry.authority or "?",
            (entry.agency or "?").replace("_", " "),
            conference,
            _moment(entry.due),
            escape(why),
        )
    Console().print(table)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "state": entry.state.value,
        "authority": entry.authority,
        "agency": entry.agency,
        "route": entry.route,
        "received": entry.received.isoformat(),
        "conference": {"type": entry.conference_type, "date": entry.conference_date.isoformat() if entry.conference_date else None},
        "due": entry.due.isoformat() if entry.due else None,
        "deadline": entry.deadline_status,
        "reasons": list(entry.reasons),
        "note": entry.note,
    }


def show(config: Path | None, submission: str, *, as_json: bool) -> None:
    """Prints one submission: what it is, what was found, what would leave, what happened so far.

    Raises:
        NothingChanged: there is no such submission.
    """
    from pipeline import dossier

    with gateway.store(settings.load(config)) as store, store.reading() as work:
        entry = work.submissions.get(submission)
        found = work.dossiers.assessment(submission)
        letters, rulings = work.outgoing.of(submission), work.dossiers.rulings(submission)
    kept = dossier.unpacked(found.payload) if found else None
    sent = [{"id": one.id, "kind": one.kind, "state": one.state.value} for one in letters]
    if as_json:
        said = {"assessment": kept.view if kept else None, "removals": [asdict(one) for one in kept.taken] if kept else []}
        print(json.dumps({**_entry(entry), **said, "letters": sent}, ensure_ascii=False))
        return
    console = Console()
    console.rule(f"[bold]{entry.id}[/]: {entry.state.value}", align="left")
    for reason in entry.reasons or (entry.note,):
        console.print(f"• {escape(reason)}")
    if kept:
        _print_kept(console, kept)
    for ruling in rulings:
        console.print(f"ruling: {ruling.state.value} by {escape(ruling.reviewer)}, {_moment(ruling.created)}")
    for letter in letters:
        console.print(f"letter {letter.id}: {letter.kind}, {letter.state.value}")


def _print_kept(console: Console, kept: Dossier) -> None:
    view = kept.view
    print_facts(console, view, gateway.now().date())
    table = Table(title="Documents", title_justify="left")
    for column in ("no.", "document", "kind", "treatment"):
        table.add_column(column, overflow="fold")
    for number, document in zip(kept.numbers or ("",) * len(view["documents"]), view["documents"], strict=True):
        table.add_row(str(number), escape(document["name"]), document["kind"].replace("_", " "), document["treatment"])
    console.print(table)
    found = Table(title="Found", title_justify="left")
    for column in ("what to do", "words", "why"):
        found.add_column(column, overflow="fold")
    for finding in view["findings"]:
        if finding["action"] != "advise":
            found.add_row(finding["action"], escape(finding["quote"][:300]), escape(finding["why"]))
    console.print(found)
    removed = Table(title="What is taken out, by number for: reportgate amend", title_justify="left")
    for column in ("no.", "in document", "words", "label"):
        removed.add_column(column, overflow="fold")
    for one in kept.taken:
        removed.add_row(str(one.number), str(one.document), escape(one.words[:300]), escape(one.label))
    console.print(removed)
    console.print(f"scorecard: {view['scorecard']['score']} of 100, pack {view['scorecard']['pack']}")


_STAFF = re.compile(r"[A-Za-z0-9_.:@+-]{1,120}")


def _who(by: str) -> str:
    """The user name for the audit record, which holds no prose."""
    if not _STAFF.fullmatch(by):
        raise NothingChanged("--by must be a user name or staff number without spaces; nothing was changed")
    return by


def release(config: Path | None, submission: str, *, by: str, why: str) -> None:
    """Releases a held submission with every proposal as it stands.

    Raises:
        NothingChanged: it is not held, or nothing of it may leave.
    """
    from pipeline import storyline

    with gateway.store(settings.load(config)) as store:
        queued = storyline.release(store, submission, reviewer=_who(by), why=why, now=gateway.now())
    Console().print(f"{submission} is released; {len(queued)} letter(s) wait to be sent: reportgate dispatch")


@dataclass(frozen=True, slots=True)
class Asked:
    """What `amend` was told: numbers to drop; `NUMBER:words` to add, widen and narrow; the category of all that is added."""

    drop: Sequence[int]
    add: Sequence[str]
    because: str | None
    widen: Sequence[str]
    narrow: Sequence[str]


def amend(config: Path | None, submission: str, asked: Asked, *, by: str, password_file: Path | None) -> None:
    """Changes what is taken out of a held submission; copies and letters are made and proved anew.

    Raises:
        NothingChanged: it is not held, what was asked cannot be done, or a copy cannot be proven clean.
    """
    from pipeline import storyline

    reviewer, edits = _who(by), tuple(_edits(asked))
    if not edits:
        raise NothingChanged("say what to change: --drop, --add, --widen or --narrow")
    chosen = settings.load(config)
    with gateway.store(chosen) as store:
        storyline.must_be_held(store, submission, "amended")
        passwords = _passwords(password_file) if password_file else ()
        with gateway.thinking(chosen) as tools:
            version = storyline.amend(store, tools.with_passwords(passwords), submission, edits, reviewer=reviewer, clock=gateway.now)
    Console().print(f"{submission} is still held, now with plan {version}, its copies proved: reportgate show {submission}")


def _edits(asked: Asked) -> Iterator[Edit]:
    from pipeline.redaction.edits import Change, Edit

    category = next((one for one in Category if one == asked.because), None)
    if asked.because not in (None, category) or (asked.add and category is None):
        raise NothingChanged(f"say why the added words go, --because one of: {', '.join(Category)}; nothing was changed")
    yield from (Edit(Change.DROP, number) for number in asked.drop)
    yield from (_worded(Change.ADD, given, category) for given in asked.add)
    yield from (_worded(Change.WIDEN, given) for given in asked.widen)
    yield from (_worded(Change.NARROW, given) for given in asked.narrow)


def _worded(change: Change, given: str, category: Category | None = None) -> Edit:
    from pipeline.redaction.edits import Edit

    number, _, words = given.partition(":")
    if not (number.isascii() and number.isdigit() and words.strip()):
        raise NothingChanged(f'--{change} takes a number, a colon and words, such as 1:"the words"; nothing was changed')
    return Edit(change, int(number), PersonalText(words), category)


def return_to_author(config: Path | None, submission: str, *, by: str, why: str) -> None:
    """Returns a held submission to its author.

    Raises:
        NothingChanged: it is not held.
    """
    from pipeline import storyline

    reviewer, chosen = _who(by), settings.load(config)
    with gateway.store(chosen) as store:
        storyline.must_be_held(store, submission, "returned")
        with gateway.thinking(chosen) as tools:
            queued = storyline.send_back(store, tools, submission, reviewer=reviewer, why=why, now=gateway.now())
    told = "its author is told: reportgate dispatch" if queued else "its author may not be written to by the gateway; tell them another way"
    Console().print(f"{submission} is returned; {told}")


def rerun(config: Path | None, submission: str, *, by: str) -> None:
    """Has a submission assessed again at the next processing.

    Raises:
        NothingChanged: it was released or returned already.
    """
    from pipeline import storyline

    with gateway.store(settings.load(config)) as store:
        storyline.rerun(store, submission, actor=_who(by))
    Console().print(f"{submission} will be assessed again: reportgate process")


def unlock(config: Path | None, submission: str, *, by: str, password_file: Path | None) -> None:
    """Reads a held submission again with a password, asked for at the terminal or taken from a file with one a line; it is kept nowhere.

    Raises:
        NothingChanged: it is not held, no password was given, or none opens any of its files.
    """
    from pipeline import storyline

    reviewer, passwords = _who(by), _passwords(password_file)
    chosen = settings.load(config)
    with gateway.store(chosen) as store:
        storyline.must_be_held(store, submission, "unlocked")
        with gateway.thinking(chosen) as tools:
            opened = storyline.unlock(store, tools, submission, passwords, reviewer=reviewer, clock=gateway.now)
    Console().print(f"{submission} is read again, {opened} file(s) more than before, and still held: reportgate show {submission}")


def _passwords(file: Path | None) -> tuple[str, ...]:
    """What was entered without showing it, or the lines of the file."""
    if file is None:
        lines = [getpass.getpass("Password: ")]
    else:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise NothingChanged(f"{file} cannot be read ({type(error).__name__}); name a text file with one password a line") from None
    passwords = tuple(dict.fromkeys(line for line in lines if line))
    if not passwords:
        raise NothingChanged("no password was given; nothing was changed")
    return passwords


def audit_verify(config: Path | None) -> None:
    """Proves the audit chain.

    Raises:
        NothingChanged: it is broken; says from where on.
    """
    with gateway.store(settings.load(config)) as store, store.reading() as work:
        verdict = work.audit.verify()
    if verdict.fault is not None:
        raise NothingChanged(f"the audit record does not hold: {verdict.fault}; keep the database as it is and call whoever answers for it")
    Console().print(f"The audit record is whole: {verdict.links} entries, each bound to the one before.")
