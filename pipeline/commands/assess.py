"""The verb `assess`: what the gateway would do with a message, for people or as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline import gateway, settings, thinking
from pipeline.assessment_json import as_object, parked_object
from pipeline.commands.assessment_page import print_page, print_parked
from pipeline.domain.errors import MalformedMessage, NothingChanged


def assess(config: Path | None, messages: list[Path], *, as_json: bool, outgoing: Path | None) -> None:
    """Assesses each message in the order given, with one start-up for all.

    Raises:
        NothingChanged: a message cannot be read from disk, or two messages would write to one folder.
    """
    raws = [(path, _bytes(path)) for path in messages]
    if outgoing is not None and len({path.stem for path in messages}) < len(messages):
        raise NothingChanged("two messages share a file name; with --outgoing each needs its own, since letters go to DIR/<name>/")
    with gateway.thinking(settings.load(config)) as tools:
        for path, raw in raws:
            now = datetime.now(UTC)
            try:
                assessment = thinking.assess(raw, tools, collected=now)
            except MalformedMessage as error:
                print(json.dumps(parked_object(path.name, str(error)))) if as_json else print_parked(path.name, str(error))
                continue
            if outgoing is not None:
                made = thinking.outgoing(assessment, tools, now=now)
                assessment = made.assessment
                _write(made, outgoing / path.stem)
            print(json.dumps(as_object(path.name, assessment), ensure_ascii=False)) if as_json else print_page(path.name, assessment)
            sys.stdout.flush()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NothingChanged(f"{path} cannot be read ({error.strerror}); name a message as a file") from None


LETTERS = ("to-authority", "to-sender")
"""The letters that the contract promises as files."""


def _write(made: thinking.Outgoing, folder: Path) -> None:
    for kind in LETTERS:
        (folder / f"{kind}.eml").unlink(missing_ok=True)  # from an earlier run over the same folder
    for letter in made.letters:
        if letter.kind in LETTERS:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{letter.kind}.eml").write_bytes(letter.content)
