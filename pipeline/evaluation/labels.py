"""Reads labelled mail: pairs of `<id>.eml` and `<id>.yaml`, in the format of tests/corpus/FORMAT.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.errors import NothingChanged


@dataclass(frozen=True, slots=True)
class Quote:
    """A part that must not reach the conference; `must` is False for a judgement call, which counts neither way."""

    text: str = field(repr=False)
    about: str
    category: str
    must: bool


@dataclass(frozen=True, slots=True)
class LabelledAttachment:
    """What a careful reviewer would do with one file."""

    name: str = field(repr=False)
    container: str | None = field(repr=False)
    kind: str
    expect: str
    render: str
    overshared: tuple[Quote, ...]
    must_keep: tuple[str, ...] = field(repr=False)

    @property
    def is_scan(self) -> bool:
        """Whether its text can be had by OCR only."""
        return self.render in ("scanned_pdf", "image_png")


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """One message and its labels."""

    id: str
    message: Path
    agency: str
    attachments: tuple[LabelledAttachment, ...]
    body_overshared: tuple[Quote, ...]
    conference_type: str | None
    conference_date: str | None
    deadline: str
    topics: dict[str, str]
    decision: str
    route: str

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every over-shared part that must go, in attachments and body."""
        return tuple(
            quote for quotes in (*(one.overshared for one in self.attachments), self.body_overshared) for quote in quotes if quote.must
        )


def load(folder: Path) -> list[LabelledCase]:
    """Every labelled message in the folder, by id.

    Raises:
        NothingChanged: the folder holds no pairs, or a label cannot be read.
    """
    cases = [_case(path) for path in sorted(folder.glob("*.yaml")) if path.with_suffix(".eml").exists()]
    if not cases:
        raise NothingChanged(f"no pairs of <id>.eml and <id>.yaml in {folder}; name a folder of labelled mail")
    return cases


def _case(path: Path) -> LabelledCase:
    try:
        given: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        conference = given["conference"]
        return LabelledCase(
            id=str(given["id"]),
            message=path.with_suffix(".eml"),
            agency=given["agency"],
            attachments=tuple(_attachments(given.get("attachments") or [], None)),
            body_overshared=tuple(_quotes(given.get("body_overshared"))),
            conference_type=conference["type"],
            conference_date=str(conference["date"]) if conference["date"] else None,
            deadline=given["deadline"],
            topics={topic: str(outcome) for topic, outcome in (given.get("topics") or {}).items()},
            decision=given["decision"],
            route=given["route"],
        )
    except (KeyError, TypeError, AttributeError, yaml.YAMLError):
        raise NothingChanged(f"{path.name} is not in the label format; see tests/corpus/FORMAT.md") from None


def _attachments(given: list[dict[str, Any]], container: str | None) -> Iterator[LabelledAttachment]:
    for one in given:
        if one["render"] != "zip":  # a container's own label is not counted
            yield LabelledAttachment(
                name=one["name"],
                container=container,
                kind=one["kind"],
                expect=one["expect"],
                render=one["render"],
                overshared=tuple(_quotes(one.get("overshared"))),
                must_keep=tuple(one.get("must_keep") or ()),
            )
        yield from _attachments(one.get("members") or [], one["name"])


def _quotes(given: list[dict[str, Any]] | None) -> Iterator[Quote]:
    for one in given or []:
        yield Quote(one["quote"], one["about"], one["why"], bool(one["must"]))
