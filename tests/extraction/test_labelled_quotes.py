"""Every labelled passage of the development messages is found on the face of the file it stands in."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from needs import require

from pipeline.domain.documents import Document

SIGNS = {"docx": "docx", "docx_form": "docx", "rtf": "rtf", "odt": "odt", "txt": "text", "xlsx": "xlsx", "doc": "doc"}


def attachments(corpus: Path, render: str) -> Iterator[tuple[str, bytes, list[str]]]:
    """Case, bytes and labelled quotes of each attachment of one kind."""
    for labels in sorted(corpus.glob("*.yaml")):
        case: dict[str, Any] = yaml.safe_load(labels.read_text("utf-8"))
        wanted = {one["name"]: one for one in case.get("attachments") or [] if one["render"] == render}
        if not wanted:
            continue
        message = email.message_from_bytes(labels.with_suffix(".eml").read_bytes(), policy=email.policy.default)
        for part in message.iter_attachments():
            label = wanted.get(str(part.get_filename()))
            if label:
                quotes = [one["quote"] for one in label.get("overshared") or []] + list(label.get("must_keep") or [])
                yield case["id"], part.get_payload(decode=True), quotes


@pytest.mark.parametrize("render", sorted(SIGNS))
def test_every_labelled_quote_is_on_the_face(render: str, corpus: Path, read_file: Callable[..., Document]) -> None:
    """No reader loses or alters a passage that a reviewer marked, white space aside."""
    if render == "doc":
        require("soffice")
    missing = []
    for case, content, quotes in attachments(corpus, render):
        face = " ".join(read_file(SIGNS[render], content).text.split())
        for number, quote in enumerate(quotes):
            bare = " ".join(re.sub(r"\*\*(.+?)\*\*", r"\1", quote).split())
            if bare not in face and bare.replace("[x]", "☒").replace("[ ]", "☐") not in face:
                missing.append((case, number))
    assert missing == []
