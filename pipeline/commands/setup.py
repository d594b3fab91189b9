"""The verbs of whoever sets the gateway up: init and doctor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from pipeline import gateway, settings
from pipeline.commands.template import SETTINGS
from pipeline.domain.errors import NothingChanged, ReportgateError
from pipeline.guidance import library
from pipeline.records.store import Store
from pipeline.records.vault import create_key
from pipeline.routing import directory
from pipeline.settings import Settings


def init(folder: Path, config: Path | None) -> None:
    """Writes a commented settings file that works, makes the vault key and the store. What is there already stays.

    Raises:
        SettingsError: the settings file that is there is wrong.
        StoreError: the database cannot be made.
    """
    console = Console()
    path = config or folder / "reportgate.toml"
    if path.exists():
        console.print(f"kept   {path} (it was there already)")
    else:
        _write(path, SETTINGS.format(data_dir=(folder / "reportgate-data").resolve().as_posix()))
        console.print(f"wrote  {path}")
    chosen = settings.load(path)
    chosen.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if chosen.key_file.exists():
        console.print(f"kept   {chosen.key_file}, the key to stored mail")
    else:
        create_key(chosen.key_file)
        console.print(f"made   {chosen.key_file}, the key to stored mail: [bold]keep a copy elsewhere, without it nothing can be read[/]")
    store = Store(chosen.store_url, gateway.vault(chosen), gateway.now)
    try:
        store.migrate()
    finally:
        store.close()
    console.print("made   the store, or brought it up to date")
    console.print("next:  reportgate doctor")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NothingChanged(f"{path} cannot be written ({error.strerror}); name a folder that can: reportgate init FOLDER") from None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `bad` says what is wrong and how to mend it; `warns` means that the gateway works all the same."""

    what: str
    said: str
    bad: str | None = None
    warns: bool = False


def doctor(config: Path | None, *, as_json: bool) -> None:
    """Looks at everything the gateway depends on.

    Raises:
        NothingChanged: something is wrong; each is printed with its mend.
    """
    chosen = settings.load(config)
    checks = [check for look in LOOKS for check in _looked(look, chosen)]
    console = Console()
    for check in checks:
        if as_json:
            print(json.dumps({"what": check.what, "said": check.said, "bad": check.bad, "warning": check.warns}))
            continue
        mark = "[green]good[/]" if check.bad is None else "[yellow]look[/]" if check.warns else "[red]bad [/]"
        console.print(f"{mark}  {check.what}: {escape(check.bad or check.said)}")
    wrong = sum(check.bad is not None and not check.warns for check in checks)
    if wrong:
        raise NothingChanged(f"{wrong} thing(s) are wrong; each is named above with its mend")


def _looked(look: Callable[[Settings], Iterator[Check]], chosen: Settings) -> Iterator[Check]:
    try:
        yield from look(chosen)
    except ReportgateError as error:
        yield Check(look.__name__.removeprefix("_look_at_").replace("_", " "), "", bad=str(error))


def _look_at_rules(chosen: Settings) -> Iterator[Check]:
    rules = gateway.rules_folder(chosen)
    found = library.load(rules)
    yield Check("rules", f"{len(found.rules)} rules in {len(found.packs)} packs")
    for pack in found.packs.values():
        for concern in pack.warnings(gateway.now().date()):
            yield Check("rules", "", bad=concern, warns=True)


def _look_at_directory(chosen: Settings) -> Iterator[Check]:
    known = directory.load(gateway.rules_folder(chosen))
    yield Check("directory", f"{len(known.authorities)} authorities")
    live = isinstance(chosen.outgoing, settings.SmtpOut)
    for concern in directory.check(known):
        yield Check("directory", "", bad=concern, warns=not live)


def _look_at_programs(_: Settings) -> Iterator[Check]:
    for program, why in (
        ("tesseract", "scans cannot be read and are held"),
        ("soffice", "old .doc files are read by a lighter reader and held"),
    ):
        found = shutil.which(program)
        yield Check(program, found or "", bad=None if found else f"not on this machine: {why}; install it", warns=True)


def _look_at_reading(chosen: Settings) -> Iterator[Check]:
    """One reading process is enough to work, but not for the two lanes of mail beside each other."""
    workers = chosen.reading.workers
    alone = "with one reading process a short report may wait behind a long scan; set reading.workers to 2 where memory allows"
    yield Check("reading", f"{workers} processes", bad=alone if workers == 1 else None, warns=True)


def _look_at_virus_scanner(chosen: Settings) -> Iterator[Check]:
    found = gateway.scanner(chosen)
    if found is not None:
        yield Check("virus scanner", found.version())


def _look_at_store(chosen: Settings) -> Iterator[Check]:
    with gateway.store(chosen) as store, store.reading() as work:
        counts = work.submissions.counts()
    yield Check("store", ", ".join(f"{number} {state.value}" for state, number in counts.items() if number) or "empty")


def _look_at_sender_authentication(chosen: Settings) -> Iterator[Check]:
    what = "sender authentication"
    if chosen.trusted_servers:
        yield Check(what, f"as {', '.join(chosen.trusted_servers)} found it")
    elif any(isinstance(mailbox, settings.ImapMailbox) for mailbox in chosen.mailboxes):
        mend = "set it to the name that the mail server in front of the mailbox writes first in that header"
        yield Check(what, "", bad=f"trusted_servers is not set, so a sender could write his own Authentication-Results; {mend}")


def _look_at_mailboxes(chosen: Settings) -> Iterator[Check]:
    for mailbox in gateway.mailboxes(chosen):
        try:
            with mailbox:
                next(mailbox.new(lambda _: True), None)  # opens the folder: some refusals come only then
        except ReportgateError as error:
            yield Check(f"mailbox {mailbox.name}", "", bad=str(error))
        else:
            yield Check(f"mailbox {mailbox.name}", "opens")


def _look_at_outgoing_mail(chosen: Settings) -> Iterator[Check]:
    yield Check("outgoing mail", gateway.reachable(chosen))


LOOKS = (
    _look_at_rules,
    _look_at_directory,
    _look_at_programs,
    _look_at_reading,
    _look_at_virus_scanner,
    _look_at_store,
    _look_at_sender_authentication,
    _look_at_mailboxes,
    _look_at_outgoing_mail,
)
"""Everything that is looked at, in the order printed."""
