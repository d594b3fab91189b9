"""Makes cases straight from the labelled messages: each text as a plain document, the labels as its judgements.

For measuring the guidance alone; the journeys read the real files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.assessment import Case
from pipeline.domain.authority import Authority, Destination
from pipeline.domain.conference import Conference, ConferenceType, Deadline, DeadlineStatus, Facts
from pipeline.domain.mail import BODY, Address, Agency, Attachment, AuthenticationResult, Route, Submission
from pipeline.domain.people import About, Category, DocumentKind, Judgement, KindVerdict, Reading, Roster, Verdict
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance import markup

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = re.compile(r"<[^>]+>")


def labelled(*folders: Path) -> Iterator[tuple[dict[str, Any], Case]]:
    """Every labelled message of the folders as its labels and a case."""
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            labels = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
            yield labels, case_of(labels)


def case_of(labels: dict[str, Any]) -> Case:
    """The case of one message as labelled."""
    attachments = [member for given in labels.get("attachments") or [] for member in given.get("members") or [given]]
    readings = [_reading(given) for given in attachments]
    has_report = any(reading.kind.kind is DocumentKind.CONFERENCE_REPORT for reading in readings)
    body_report = labels["route"] == "conference_report" and not has_report
    readings.insert(0, _body(labels, DocumentKind.CONFERENCE_REPORT if body_report else DocumentKind.OTHER))
    conference = labels["conference"]
    kind = ConferenceType(conference["type"]) if conference["type"] else None
    children = _children(conference.get("child_initials") or [], "\n".join(str(reading.document.text) for reading in reversed(readings)))
    facts = Facts(Agency(labels["agency"]), Conference(kind, children=children), Deadline(None, DeadlineStatus(labels["deadline"])))
    return Case(_submission(labels, readings), AUTHORITY, Route(labels["route"]), facts, Roster(), tuple(readings))


def _children(initials: list[str], text: str) -> tuple[PersonalText, ...]:
    """A name in the text for each child's initials, as recognition would have found it."""
    found = []
    for letters in initials:
        parts = r"(?:[ -][A-Z]\w+)*?[ -]".join(rf"{letter}[\w'’]+" for letter in (letters[0], letters[-1]))
        candidates = [*re.findall(rf"\b{parts}\b", text), *re.findall(rf"\b{letters[0]}[a-z][\w-]+", text)]
        named = [name for name in candidates if re.split(r"[ -]", name)[0].casefold() in _first_names()]
        if named:
            found.append(PersonalText(named[0].replace("-", " ", 1)))
    return tuple(found)


@cache
def _first_names() -> frozenset[str]:
    listed = (Path(__file__).parents[1] / "rules" / "lexicons" / "first_names.csv").read_text(encoding="utf-8")
    return frozenset(line.partition(",")[0] for line in listed.splitlines())


SOMEWHERE = Destination("reports@council.example", "conference reports")
AUTHORITY = Authority("any", "Any", "national", (), SOMEWHERE, (), SOMEWHERE, ("nhs.net", "nhs.uk", "gov.uk"))


def _submission(labels: dict[str, Any], readings: list[Reading]) -> Submission:
    email = labels["email"]
    address = str(email["from"]).rpartition("<")[2].rstrip("> ") or str(email["from"])
    return Submission(
        raw=b"",
        message_id="",
        sender=Address(address.lower()),
        recipients=(),
        subject=PersonalText(email.get("subject") or ""),
        received=datetime(2026, 10, 1, tzinfo=UTC),
        sent=None,
        body=readings[0].document.attachment,
        attachments=tuple(reading.document.attachment for reading in readings[1:]),
        authentication=AuthenticationResult(email.get("authentication", "none")),
    )


def _body(labels: dict[str, Any], kind: DocumentKind) -> Reading:
    body = labels["email"].get("body") or ""
    if labels["email"].get("body_format") == "html" or body.lstrip().startswith("<html"):
        body = TAG.sub("", re.sub(r"(?i)</(?:p|h\d|li|tr|div)>|<br\s*/?>", "\n\n", body)).replace("&amp;", "&").replace("&nbsp;", " ")
    return _made(BODY, body, kind, labels.get("body_overshared") or [])


def _reading(given: dict[str, Any]) -> Reading:
    kind = DocumentKind(given.get("kind", "other"))
    return _made(given["name"], given.get("text") or "", kind, given.get("overshared") or [])


def _made(name: str, text: str, kind: DocumentKind, overshared: list[dict[str, Any]]) -> Reading:
    document = markup.document(text, Attachment(PersonalText(name), b""))
    judgements = []
    for part in overshared:
        start = document.text.find(part["quote"].replace("**", ""))
        if part["must"] and start >= 0:
            span = Span(start, start + len(part["quote"]))
            judgements.append(
                Judgement(span, Category(part["why"]), Verdict.REDACT, About(part["about"]), 0.95, "As labelled.", "rule:labels")
            )
        elif part["must"]:  # a row of a table and the like: any place will do
            whole = Span(0, min(1, len(document.text)))
            judgements.append(
                Judgement(whole, Category(part["why"]), Verdict.REDACT, About(part["about"]), 0.95, "As labelled.", "rule:labels")
            )
    return Reading(document, KindVerdict(kind, 1.0), judgements=tuple(judgements))
