"""Reads the short labelled passages written for this project, each as a small document of its own."""

from __future__ import annotations

import re
from pathlib import Path

import labelled
import yaml
from labelled import Labelled, Marked

from pipeline.domain.text import Span

_MARK = re.compile(r"\[\[(?P<code>[a-z_]+)(?:/(?P<about>[a-z_]+))?: (?P<quote>.+?)\]\]")


UNLEARNT = Path(__file__).with_name("unlearnt.txt")


def unlearnt() -> frozenset[str]:
    """The files of passages that encoder and wording never learn, so that the trees see how they read what they do not know."""
    return frozenset(UNLEARNT.read_text(encoding="utf-8").split())


def read(folder: Path) -> list[Labelled]:
    """Every passage of every file: `text` with what must go written `[[category/about: words]]`; all else is fit to stay."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for number, passage in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))["passages"]):
            found.append(_passage(f"0{path.stem}-{number}", passage))
    return found


def _passage(name: str, passage: dict[str, str]) -> Labelled:
    quotes = [(m["code"], m["about"] or "adult", m["quote"]) for m in _MARK.finditer(passage["text"])]
    plain = _MARK.sub(lambda match: match["quote"], passage["text"])
    document = labelled.laid_out(plain, form=bool(passage.get("form")), name=name)
    marked, at = [], 0
    for why, about, quote in quotes:
        wanted = labelled.markup.plain(quote)
        at = document.text.index(wanted, at)
        marked.append(Marked(Span(at, at + len(wanted)), why, about, must=True))
    expect = "redact" if marked else "send"
    decision = "review" if marked else "release"
    return Labelled(name, name, "conference_report", expect, decision, passage.get("agency", "gp"), document, tuple(marked), ())
