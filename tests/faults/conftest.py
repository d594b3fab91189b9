"""A gateway on a store of its own and a Maildir, with the language model shared by all faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from roads import live_rules, prefect_home, samples, tools

from pipeline import gateway, settings, storyline
from pipeline.commands.setup import init
from pipeline.domain.ports import Sandbox
from pipeline.domain.states import SubmissionState
from pipeline.records.store import Store
from pipeline.settings import Settings
from pipeline.thinking import Tools

__all__ = ["live_rules", "prefect_home", "samples", "tools"]


@dataclass
class Gate:
    """The gateway."""

    settings: Settings
    config: Path
    store: Store
    tools: Tools

    @property
    def inbox(self) -> Path:
        """Its Maildir."""
        return self.settings.data_dir / "in"

    def deliver(self, *messages: Path) -> None:
        """Puts messages into the Maildir."""
        for part in ("tmp", "new", "cur"):
            (self.inbox / part).mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(messages):
            (self.inbox / "new" / f"{1_800_000_000 + number}.M{number}.test").write_bytes(message.read_bytes())

    def collect(self) -> int:
        """Takes in what is new."""
        with gateway.mailboxes(self.settings)[0] as box:
            return len(list(storyline.collect(self.store, box)))

    def process(self, sandbox: Sandbox | None = None) -> list[SubmissionState]:
        """Assesses what was received, in a reading process of the test's own."""
        chosen = replace(self.tools, sandbox=sandbox) if sandbox else self.tools
        with self.store.reading() as work:
            waiting = [entry.id for entry in work.submissions.in_state(SubmissionState.RECEIVED)]
        return [storyline.process(self.store, chosen, one, gateway.now) for one in waiting]

    def reasons(self) -> list[tuple[str, ...]]:
        """Why each submission stands where it does."""
        with self.store.reading() as work:
            return [entry.reasons for entry in work.submissions.in_state(*SubmissionState)]


@pytest.fixture
def make_gate(tmp_path: Path) -> Iterator[Callable[..., Gate]]:
    """Makes a gateway as `init` does."""
    stores: list[Store] = []

    def make(tools: Any = None) -> Gate:
        config = tmp_path / "gateway" / "reportgate.toml"
        init(tmp_path / "gateway", None)
        chosen = settings.load(config)
        stores.append(Store(chosen.store_url, gateway.vault(chosen), gateway.now))
        return Gate(chosen, config, stores[0], tools)

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def gate(make_gate: Callable[..., Gate], tools: Tools) -> Gate:
    """A gateway that can think."""
    return make_gate(tools)


@pytest.fixture
def bare(make_gate: Callable[..., Gate]) -> Gate:
    """A gateway for what needs no thinking."""
    return make_gate()
