"""Reads labelled cases as the gateway would see them: plain text in blocks, with the characters that must go marked."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import DocumentBuilder

CORPUS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Marked:
    """A labelled part of a text: where it stands, why it goes, about whom, and whether every reviewer would remove it."""

    span: Span
    why: str
    about: str
    must: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document of a case with what is marked in it, and what must stay."""

    case: str
    name: str
    kind: str
    expect: str
    decision: str
    agency: str
    document: Document
    marked: tuple[Marked, ...]
    keep: tuple[Span, ...]

    @property
    def letter(self) -> str:
        """The writer of the case: its first letter; `0` for what was written for this project."""
        return self.case[0]

    @property
    def file(self) -> str:
        """The file of passages it stands in, such as `surgery_desk_2`; for labelled letters, the letter."""
        return self.case[1:].rpartition("-")[0] or self.letter


def _markup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_build", CORPUS / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


markup = _markup()


def laid_out(text: str, *, form: bool, name: str = "x") -> Document:
    """A document as extraction gives it: a council's form becomes a table of labels and values."""
    builder = DocumentBuilder(Attachment(PersonalText(name), "text/plain", b""), "docx")
    blocks = markup.parse(text)
    if form:
        _form(builder, blocks)
    else:
        for block in blocks:
            _put(builder, block)
    return builder.finish()


def _put(builder: DocumentBuilder, block: tuple[Any, ...]) -> None:
    plain = markup.plain
    if block[0] == "h":
        builder.heading(plain(block[2]), block[1])
    elif block[0] in ("p", "pre"):
        builder.paragraph("\n".join(plain(line) for line in block[1]))
    elif block[0] == "list":
        for level, marker, item in block[1]:
            builder.item(plain(item), level=level, marker=marker)
    elif block[0] == "table":
        rows = ([block[1]] if block[1] else []) + block[2]
        builder.table([[plain(cell) for cell in row] for row in rows], header_rows=1 if block[1] else 0)


def _form(builder: DocumentBuilder, blocks: list[tuple[Any, ...]]) -> None:
    rows: list[list[str]] = []

    def flush() -> None:
        builder.table(rows)
        rows.clear()

    for row in markup.form_rows(blocks):
        if row[0] == "row":
            rows.append([markup.plain(row[1]), "\n".join(_lines(row[2]))])
        elif row[0] in ("title", "section"):
            flush()
            builder.heading(markup.plain(row[1]))
        elif row[0] == "table":
            flush()
            _put(builder, tuple(row))
    flush()


def _lines(blocks: list[tuple[Any, ...]]) -> Iterator[str]:
    for block in blocks:
        if block[0] in ("p", "pre"):
            yield from (markup.plain(line) for line in block[1])
        elif block[0] == "list":
            yield from (f"{marker} {markup.plain(item)}" for _, marker, item in block[1])
        elif block[0] == "h":
            yield markup.plain(block[2])


def _spans(text: str, quote: str) -> Span | None:
    wanted = markup.plain(quote)
    at = text.find(wanted)
    return Span(at, at + len(wanted)) if at >= 0 else None


def _labelled(case: dict[str, Any], part: dict[str, Any], *, form: bool) -> Labelled | None:
    document = laid_out(part["text"], form=form, name=part["name"])
    marked, keep = [], []
    for label in part.get("overshared") or []:
        span = _spans(document.text, label["quote"])
        if span is None:
            return None
        marked.append(Marked(span, label["why"], label["about"], bool(label["must"])))
    for clause in part.get("must_keep") or []:
        span = _spans(document.text, clause)
        if span is None:
            return None
        keep.append(span)
    return Labelled(
        case["id"], part["name"], part["kind"], part["expect"], case["decision"], case["agency"], document, tuple(marked), tuple(keep)
    )


def _parts(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def opened(attachments: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for attachment in attachments:
            if "members" in attachment:
                yield from opened(attachment["members"])
            elif attachment.get("text"):
                yield attachment

    yield from opened(case.get("attachments") or [])
    body = case["email"].get("body") or ""
    if body.strip() and case["decision"] != "not_a_report":
        yield {
            "name": "body", "kind": "body", "expect": "send", "text": body, "render": "txt",
            "overshared": case.get("body_overshared") or [], "must_keep": [],
        }  # fmt: skip


def read(folder: Path, *, trainable: bool = True) -> list[Labelled]:
    """Every document of the cases in `folder`. `trainable`: only those a careful reader sends or redacts."""
    found: list[Labelled] = []
    for path in sorted(folder.glob("*.yaml")):
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        for part in _parts(case):
            if trainable and part.get("expect") not in ("send", "redact"):
                continue
            form = str(part.get("render", "")).endswith("_form")
            labelled = _labelled(case, part, form=form) or _labelled(case, part, form=not form)
            if labelled is None:
                print(f"{case['id']}: a quote could not be found in the laid-out text")
                continue
            found.append(labelled)
    return found
