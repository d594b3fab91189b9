"""The whole road over real servers: Dovecot in, an SMTP server out, SQLite and PostgreSQL between."""

from __future__ import annotations

import atexit
import email
import email.policy
import gc
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pypdfium2
import pytest
from needs import require
from servers import DovecotServer
from servers_postgres import PostgresServer
from servers_smtp import SmtpSink

from pipeline import gateway, settings, storyline
from pipeline.dispatch.outbox import Delivery
from pipeline.domain.ports import Mailbox
from pipeline.domain.states import SubmissionState
from pipeline.intake.imap import ImapMailbox
from pipeline.intake.imap_session import ImapAccount
from pipeline.intake.oauth import TokenSource
from pipeline.records.store import Store
from pipeline.records.vault import create_key
from pipeline.settings import Settings
from pipeline.thinking import Tools

USER = "reports"
TO = {"brent": "conferences@brent.gov.uk", "derby": "conference.reports@derby.gov.uk", "kent": "conference.reports@kent.gov.uk"}
"""Where each authority's reports go by `live_rules`."""
COPY = {"brent": "safeguarding.copy@nhs.net", "derby": "safeguarding.team@derby.nhs.uk", "kent": "safeguarding.team@kent.nhs.uk"}
"""Who gets the copy."""

# Prefect reads its home when it is first imported; without one of its own it would write into that of whoever runs the tests.
if "PREFECT_HOME" not in os.environ:
    os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="reportgate-prefect-")
    atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")


@pytest.fixture(scope="session")
def prefect_home() -> Path:
    """Where Prefect keeps what it writes in these tests."""
    return Path(os.environ["PREFECT_HOME"])


@contextmanager
def drained() -> Iterator[None]:
    """Runs flows to the end: what Prefect sends behind their backs is sent before the block is left. Its clients leave sockets to
    the collector; they are collected here, so that no other test is blamed for them."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed", ResourceWarning)
        try:
            yield
        finally:
            APILogWorker.drain_all(timeout=30)
            EventsWorker.drain_all(timeout=30)
            gc.collect()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all journeys."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def live_rules(tmp_path_factory: pytest.TempPathFactory, rules_dir: Path) -> Path:
    """The rules as shipped, with current addresses for every authority, as an operator sets them before live use."""
    folder = tmp_path_factory.mktemp("live") / "rules"
    shutil.copytree(rules_dir, folder)
    for entry in (folder / "directory").glob("*.yaml"):
        text = re.sub(r"(?m)^ *(retired|because): .*\n", "", entry.read_text())
        text = text.replace("BRECCG.SCT@nhs.net", COPY["brent"]).replace("child.protection@brent.gcsx.gov.uk", TO["brent"])
        entry.write_text(re.sub(r"@(\w+)-(council|icb)\.example", lambda found: f"@{found[1]}.{LIVE[found[2]]}", text))
    return folder


LIVE = {"council": "gov.uk", "icb": "nhs.uk"}


@pytest.fixture(scope="session")
def samples() -> Path:
    """The labelled sample messages of `make demo`."""
    return Path(__file__).parents[1] / "flows" / "samples"


@pytest.fixture
def dovecot() -> Iterator[DovecotServer]:
    """Dovecot with an empty mailbox."""
    server = DovecotServer(require("dovecot"))
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """A mail server that keeps what it is given."""
    with SmtpSink(tmp_path) as server:
        yield server


class ServiceToken:
    """A login service that signs tokens Dovecot checks itself."""

    def __init__(self, server: DovecotServer) -> None:
        self._server = server
        self.asked = 0

    def token(self, *, fresh: bool = False) -> str:
        """A token for the mailbox."""
        self.asked += 1
        return self._server.token(USER)


def words_of(letter: EmailMessage) -> str:
    """All that can be read in a letter and in its PDF files, with single spaces."""
    said = []
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            said.append(part.get_content())
        elif (part.get_filename() or "").endswith(".pdf"):
            with pypdfium2.PdfDocument(part.get_payload(decode=True)) as file:
                said += [page.get_textpage().get_text_range() for page in file]
    return " ".join(" ".join(said).split())


@dataclass
class Road:
    """One gateway with its servers, driven step by step as the service drives it."""

    settings: Settings
    store: Store
    tools: Tools
    dovecot: DovecotServer
    sink: SmtpSink

    def mailbox(self, token: TokenSource | None = None) -> Mailbox:
        """The mailbox of the settings, or the same with XOAUTH2."""
        if token is None:
            return gateway.mailboxes(self.settings)[0]
        account = ImapAccount(
            name="reports",
            host="localhost",
            port=self.dovecot.tls_port,
            user=USER,
            credentials=token,
            ca_file=self.dovecot.ca_file,
            timeout=20.0,
        )
        return ImapMailbox(account)

    def collect(self, token: TokenSource | None = None) -> list[storyline.Taken]:
        """Takes in what is new, then tells the mailbox what is settled."""
        with self.mailbox(token) as box:
            storyline.settle(self.store, box)
            return list(storyline.collect(self.store, box))

    def process(self) -> list[SubmissionState]:
        """Assesses everything received, then tells the mailbox."""
        with self.store.reading() as work:
            waiting = [entry.id for entry in work.submissions.in_state(SubmissionState.RECEIVED)]
        became = [storyline.process(self.store, self.tools, one, gateway.now) for one in waiting]
        with self.mailbox() as box:
            storyline.settle(self.store, box)
        return became

    def dispatch(self) -> tuple[Delivery, ...]:
        """Hands over what is due."""
        return gateway.outbox(self.settings, self.store).deliver()

    def states(self) -> dict[str, SubmissionState]:
        """Every submission and where it stands."""
        with self.store.reading() as work:
            return {entry.id: entry.state for entry in work.submissions.in_state(*SubmissionState)}

    def sent_to(self, address: str) -> list[EmailMessage]:
        """The letters the mail server took for this address."""
        found = [one.content for one in self.sink.taken if address in one.recipients]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in found]

    def folder(self, name: str) -> int:
        """How many messages lie in a folder of the mailbox; '' is the inbox."""
        base = self.dovecot.maildir(USER) / name
        return sum(1 for part in ("new", "cur") for _ in (base / part).glob("*")) if base.exists() else 0


@pytest.fixture(scope="session")
def tools(live_rules: Path) -> Iterator[Tools]:
    """Language model, rules and reading processes, once for all journeys."""
    with gateway.thinking(Settings(rules_dir=live_rules)) as made:
        yield made


@pytest.fixture
def make_road(
    tmp_path: Path, dovecot: DovecotServer, sink: SmtpSink, tools: Tools, live_rules: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Road]]:
    """Makes a road on `sqlite` or `postgresql`."""
    stores: list[Store] = []

    def make(database: str) -> Road:
        lines = [
            f'data_dir = "{tmp_path / "data"}"',
            f'rules_dir = "{live_rules}"',
            "[[mailboxes]]",
            f'kind = "imap"\nname = "reports"\nhost = "localhost"\nport = {dovecot.tls_port}\nuser = "{USER}"',
            f'password = "{dovecot.password}"\nca_file = "{dovecot.ca_file}"\ntimeout_seconds = 20',
            f'[outgoing]\nkind = "smtp"\nhost = "localhost"\nport = {sink.port}\nsecurity = "starttls"\nca_file = "{sink.ca_file}"',
        ]
        if database == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            lines.append(f'[store]\nurl = "{server.fresh()}"')
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "reportgate.toml").write_text("\n".join(lines))
        chosen = settings.load(tmp_path / "reportgate.toml")
        create_key(chosen.key_file)
        store = Store(chosen.store_url, gateway.vault(chosen), gateway.now)
        store.migrate()
        stores.append(store)
        return Road(chosen, store, tools, dovecot, sink)

    yield make
    for store in stores:
        store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def road(request: pytest.FixtureRequest, make_road: Callable[[str], Road]) -> Road:
    """A road on each database."""
    return make_road(request.param)
