"""The composition root: the only place where the parts are put together from the settings.

Each function loads what it puts together when it is called: a verb that thinks loads the language model, one that lists a queue does not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from pipeline import settings as configured
from pipeline.domain.errors import RulesError, SettingsError
from pipeline.domain.ports import Fate, Mailbox, Sandbox, Scanner, Transport
from pipeline.extraction.options import ReadOptions
from pipeline.intake.budget import Limits
from pipeline.redaction.settings import CopySettings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.dispatch.outbox import Delivery
    from pipeline.dispatch.smtp import SmtpAccount
    from pipeline.intake.imap_session import Password
    from pipeline.intake.oauth import TokenSource
    from pipeline.records.outbox import StoreOutbox
    from pipeline.records.store import Store
    from pipeline.records.vault import Vault
    from pipeline.thinking import Tools

PACKAGE = Path(__file__).resolve().parent
READING_SHARE = 0.9
"""Of the time one file may take, for its pictures of text; the rest is for all before and after, so that what was read comes back."""


def now() -> datetime:
    """The clock of the running gateway: now, aware."""
    return datetime.now(UTC)


def rules_folder(settings: Settings) -> Path:
    """The rules in force: as set, else the copy an installed wheel carries, else `rules/` beside the source.

    Raises:
        RulesError: there is no such folder.
    """
    for place in (settings.rules_dir, PACKAGE / "_rules", PACKAGE.parent / "rules"):
        if place is not None and place.is_dir():
            return place
        if place is not None and place == settings.rules_dir:
            raise RulesError(f"rules_dir {place} is not a folder; set it to the folder that holds packs/ and directory/")
    raise RulesError("no rules folder was found; set rules_dir to the folder that holds packs/ and directory/")


def rules_alarm(problem: str) -> None:
    """One line on standard error, where the output of verbs does not go, when changed rules cannot be used."""
    log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr))
    log.error("rules_not_used", problem=problem)


def limits(settings: Settings) -> Limits:
    """How far containers are opened."""
    given = settings.reading
    return Limits(depth=given.depth, members=given.members, unpacked_bytes=given.unpacked_bytes, ratio=given.ratio)


def read_options(settings: Settings) -> ReadOptions:
    """What readers are told."""
    given = settings.reading
    return ReadOptions(
        pages=given.pages,
        file_bytes=given.file_bytes,
        unpacked_bytes=given.unpacked_bytes,
        ocr=given.ocr,
        ocr_seconds=READING_SHARE * given.seconds,
    )


@contextmanager
def reading(settings: Settings) -> Iterator[Sandbox]:
    """The processes in which files from outside are opened; they end with the block."""
    from pipeline.extraction.confine import Limits as ProcessLimits
    from pipeline.extraction.sandbox import WorkerPool

    given = settings.reading
    allowed = ProcessLimits(
        wall_seconds=given.seconds,
        silent_seconds=given.silent_seconds,
        cpu_seconds=ceil(given.seconds),
        memory_bytes=given.memory_bytes,
    )
    with WorkerPool(allowed, workers=given.workers) as pool:
        pool.warm()  # starts beside the loading of the language model
        yield pool


def scanner(settings: Settings) -> Scanner | None:
    """The virus scanner that every file is shown to before it is opened; None where none is set."""
    from pipeline.extraction.antivirus import ClamdScanner

    given = settings.antivirus
    return ClamdScanner(given.socket, seconds=given.timeout_seconds) if given.socket else None


@contextmanager
def thinking(settings: Settings) -> Iterator[Tools]:
    """Everything that assessing a message needs, without mailbox, database or network."""
    from pipeline.guidance.live import LiveLibrary
    from pipeline.recognition.engine import Engine
    from pipeline.routing import directory
    from pipeline.thinking import Tools

    rules = rules_folder(settings)
    with reading(settings) as sandbox:
        yield Tools(
            sandbox=sandbox,
            engine=Engine.load(rules),
            library=LiveLibrary(rules, rules_alarm),
            directory=directory.load(rules),
            limits=limits(settings),
            reading=read_options(settings),
            message_seconds=settings.reading.message_seconds,
            scanner=scanner(settings),
            copying=CopySettings(**settings.copying.model_dump()),
            sender=settings.letters.sender,
            help_contact=settings.letters.help_contact,
            trusted_servers=settings.trusted_servers,
        )


# --- records


def vault(settings: Settings) -> Vault:
    """The vault: its key from REPORTGATE_VAULT_KEY, else from the key file.

    Raises:
        VaultError: the key is missing or cannot be used.
    """
    from pipeline.records.vault import load_keys, parse_keys

    given = os.environ.get("REPORTGATE_VAULT_KEY")
    return parse_keys(given) if given else load_keys(settings.key_file)


@contextmanager
def store(settings: Settings) -> Iterator[Store]:
    """The records, checked: a database of another version, or one sealed with another key, stops here.

    Raises:
        StoreError: the database cannot be used.
        VaultError: the key is missing or not the right one.
    """
    from pipeline.records.store import Store

    opened = Store(settings.store_url, vault(settings), now)
    try:
        opened.check()
        yield opened
    finally:
        opened.close()


# --- mail in


def mailboxes(settings: Settings) -> tuple[Mailbox, ...]:
    """Every mailbox to be watched, not yet connected.

    Raises:
        SettingsError: there is none, or one has no way to sign in.
    """
    if not settings.mailboxes:
        raise SettingsError("no mailbox is set; add a [[mailboxes]] table to reportgate.toml")
    names = [mailbox.name for mailbox in settings.mailboxes]
    if len(set(names)) < len(names):
        raise SettingsError("two mailboxes share a name; give each [[mailboxes]] table its own, since the ledger knows them by it")
    return tuple(_mailbox(mailbox) for mailbox in settings.mailboxes)


def _mailbox(given: configured.ImapMailbox | configured.MaildirMailbox) -> Mailbox:
    from pipeline.intake.imap import ImapMailbox
    from pipeline.intake.imap_session import ImapAccount
    from pipeline.intake.maildir import MaildirMailbox

    if isinstance(given, configured.MaildirMailbox):
        return MaildirMailbox(given.path, given.name)
    if given.user is None:
        raise SettingsError(f"mailbox {given.name}: user is missing; set it to the mailbox's address")
    account = ImapAccount(
        name=given.name,
        host=given.host,
        user=given.user,
        credentials=_credentials(given, f"mailbox {given.name}"),
        port=given.port or (993 if given.security == "tls" else 143),
        security=given.security,
        folder=given.folder,
        folders={Fate.PROCESSED: given.processed_folder, Fate.HELD: given.held_folder, Fate.PARKED: given.parked_folder},
        after=given.after,
        since=date.fromisoformat(given.since) if given.since else None,
        ca_file=given.ca_file,
        timeout=given.timeout_seconds,
    )
    return ImapMailbox(account)


def _credentials(given: configured.Server, whose: str) -> Password | TokenSource:
    from pipeline.intake.imap_session import Password
    from pipeline.intake.oauth import AppRegistration, ClientCredentials

    if given.oauth is not None:
        oauth = given.oauth
        return ClientCredentials(AppRegistration(oauth.tenant, oauth.client_id, oauth.secret(), oauth.authority))
    password = given.reveal()
    if password is None:
        raise SettingsError(f"{whose}: neither password_file nor [oauth] is set; set one of them")
    return Password(password)


# --- mail out


@dataclass(frozen=True, slots=True)
class Outbox:
    """The letters that wait, and the way out for them."""

    letters: StoreOutbox
    transport: Transport

    def deliver(self) -> tuple[Delivery, ...]:
        """Hands over what is due; says what became of each letter."""
        from pipeline.dispatch import outbox as outbox_worker

        return outbox_worker.deliver(self.letters, self.transport, now)


def outbox(settings: Settings, records: Store) -> Outbox:
    """The outbox on these records, with the way out as set.

    Raises:
        SettingsError: no way out is set, or it cannot sign in.
    """
    from pipeline.records.outbox import StoreOutbox

    return Outbox(StoreOutbox(records), transport(settings))


def transport(settings: Settings) -> Transport:
    """The way letters leave. Live mail may not go to retired or made-up addresses.

    Raises:
        SettingsError: none is set, or it cannot sign in.
    """
    from pipeline.dispatch.maildir import MaildirTransport
    from pipeline.dispatch.permission import permission
    from pipeline.dispatch.smtp import SmtpTransport
    from pipeline.routing import directory

    given = settings.outgoing
    if given is None:
        raise SettingsError("no way out is set; add an [outgoing] table to reportgate.toml")
    if isinstance(given, configured.MaildirOut):
        return MaildirTransport(given.path)
    known = directory.load(rules_folder(settings)).authorities
    places = [place for one in known for place in one.destinations]
    return SmtpTransport(_smtp_account(given, settings.letters.sender), permission(places))


def _smtp_account(given: configured.SmtpOut, sender: str) -> SmtpAccount:
    from pipeline.dispatch.smtp import Security, SmtpAccount
    from pipeline.intake.imap_session import Password

    found = _credentials(given, "outgoing") if given.user else None
    return SmtpAccount(
        host=given.host,
        sender=sender,
        port=given.port or (465 if given.security == "tls" else 587),
        security=Security(given.security),
        user=given.user or "",
        password=found.secret if isinstance(found, Password) else "",
        token=None if found is None or isinstance(found, Password) else found.token,
        ca_file=given.ca_file,
        timeout=given.timeout_seconds,
    )


def reachable(settings: Settings) -> str:
    """What the way out says when it is tried without sending anything.

    Raises:
        DispatchError: it cannot be reached, or does not let us sign in.
    """
    from pipeline.dispatch.smtp import SmtpTransport

    way = transport(settings)
    if isinstance(way, SmtpTransport):
        way.check()
        return "the mail server lets us sign in"
    return "letters are put into a Maildir"
