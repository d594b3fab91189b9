"""The verb `verify`: whether a file is the copy of a document that may leave, and nothing more, under a plan in the store."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from pipeline import gateway, reopening, settings
from pipeline.domain.errors import NothingChanged

_PLAN = re.compile(r"(?P<id>[^:#]+)(?::(?P<version>\d{1,6}))?(?:#(?P<document>\d{1,6}))?")


def verify(config: Path | None, file: Path, *, against: str, as_json: bool) -> None:
    """Proves the file on its bytes, by the same readers and OCR that proved the copy before it left.

    Args:
        against: `ID`, `ID:VERSION` or `ID#DOCUMENT`: a submission, the version of its plan (else the newest), the document (else any).

    Raises:
        ResidueFound: it is not the copy, holds something that was to go, or lacks something that was to stay.
        NothingChanged: the file cannot be read, or there is no such plan.
    """
    named = _PLAN.fullmatch(against)
    if named is None:
        raise NothingChanged("--against names a plan in the store: ID, ID:VERSION, ID#DOCUMENT or ID:VERSION#DOCUMENT")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NothingChanged(f"the file cannot be read ({error.strerror}); name one that can") from None
    version, document = (int(named[part]) if named[part] else None for part in ("version", "document"))
    chosen = settings.load(config)
    with gateway.store(chosen) as store, gateway.thinking(chosen) as tools:
        opened = reopening.reopened(store, tools, named["id"], version)
        number, proof = reopening.verified(opened, tools, content, document)
    if as_json:
        print(json.dumps({"submission": named["id"], "plan": opened.plan.version, "document": number, "proof": asdict(proof)}))
        return
    console = Console(highlight=False)
    console.print(f"clean: this is the copy of document {number} of {named['id']} under plan {opened.plan.version}")
    for check in proof.checks:
        console.print(f"• {check}", markup=False)
    console.print(f"{proof.removed} part(s) looked for and not found; {proof.kept_found} of {proof.kept_words} kept words read back")
