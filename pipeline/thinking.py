"""The thinking on one message: from its bytes to a decision, and to the letters that would leave. Nothing is saved here.

`assess` reads top to bottom as the road of a message. `outgoing` makes what would leave, and proves it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.domain.assessment import Assessment, Case, Decision, Disposition
from pipeline.domain.authority import Letter
from pipeline.domain.documents import Document
from pipeline.domain.errors import ResidueFound, Unreadable, UnreadableReason
from pipeline.domain.mail import Attachment, Problem, Route, Submission
from pipeline.domain.people import DocumentKind, Reading
from pipeline.domain.plan import CleanDocument, Treatment
from pipeline.domain.ports import Sandbox, Scanner
from pipeline.extraction.decoration import decorates
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.extraction.unlocking import unlocked
from pipeline.guidance import facts
from pipeline.guidance.assess import assess as judge
from pipeline.guidance.live import LiveLibrary
from pipeline.intake import mime
from pipeline.intake.budget import Limits
from pipeline.intake.pictures import is_small, is_speck
from pipeline.intake.unpack import unpack
from pipeline.recognition.engine import Engine
from pipeline.recognition.recognise import recognise
from pipeline.redaction import copy, plan
from pipeline.redaction.settings import CopySettings
from pipeline.routing import correspondence
from pipeline.routing.decide import decide
from pipeline.routing.directory import Directory
from pipeline.routing.route import route_of

OVERDUE = Problem(UnreadableReason.TIMED_OUT, "the time for reading this message was over before it was read")
"""What is wrong with a file that was not begun; `reading.message_seconds` is the setting."""

NATIONAL = "national"
"""The pack by which mail to an unknown authority is scored; it is always held."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the thinking needs; put together in the gateway. `message_seconds` is for reading all files of one message."""

    sandbox: Sandbox
    engine: Engine
    library: LiveLibrary
    directory: Directory
    limits: Limits
    reading: ReadOptions
    copying: CopySettings
    sender: str
    help_contact: str = ""
    trusted_servers: tuple[str, ...] = ()
    scanner: Scanner | None = None
    message_seconds: float = math.inf
    ends: float = math.inf
    """By the monotonic clock: when the message at hand must have been read."""

    def begun(self) -> Tools:
        """The same, for one message, whose time begins now."""
        return replace(self, ends=time.monotonic() + self.message_seconds)

    @property
    def seconds_left(self) -> float:
        """Of the time for reading the message at hand; none or less where it is over."""
        return self.ends - time.monotonic()

    def with_passwords(self, passwords: tuple[str, ...]) -> Tools:
        """The same, trying these on every locked file."""
        return replace(self, limits=replace(self.limits, passwords=passwords))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would leave if every proposal were accepted; the assessment is the same or, where a proof failed, more careful."""

    assessment: Assessment
    documents: tuple[CleanDocument, ...]
    letters: tuple[Letter, ...]


def assess(raw: bytes, tools: Tools, *, collected: datetime) -> Assessment:
    """From a message's bytes to a decision with its reasons.

    Raises:
        MalformedMessage: nothing can be made of the bytes.
        ScannerError: the virus scanner is set and does not answer; nothing was opened.
    """
    submission = mime.parse(raw, collected=collected, trusted=tools.trusted_servers)
    documents = tuple(read_all(submission, tools))
    roster, readings = recognise(submission, documents, tools.engine)
    authority = tools.directory.authority_for(submission)
    pack = tools.library.current().pack(authority.pack if authority else NATIONAL)
    route = route_of(submission, readings)
    rule = pack.deadline if authority and _brings_report(route, readings) else None
    case = Case(
        submission=submission,
        authority=authority,
        route=route,
        facts=facts.establish(submission, readings, roster, rule, pack.lexicons),
        roster=roster,
        readings=readings,
    )
    findings, scorecard = judge(case, pack)
    return Assessment(case, findings, scorecard, plan.propose(case, findings), decide(case, findings))


def _brings_report(route: Route, readings: tuple[Reading, ...]) -> bool:
    """Only a report has a due time; one in suspicious mail has it too."""
    return route is Route.CONFERENCE_REPORT or any(reading.kind.kind is DocumentKind.CONFERENCE_REPORT for reading in readings)


def read_all(submission: Submission, tools: Tools) -> Iterator[Document]:
    """Opens and reads everything the message brings: its text, its files, what is in them, and what is hidden in those.

    Raises:
        ScannerError: the virus scanner is set and does not answer.
    """
    tools = tools.begun()
    if submission.body is not None:
        yield _read(_scanned(submission.body, tools), tools)
    for attachment in submission.attachments:
        if is_speck(attachment):
            continue  # no word could be read in it, and it never leaves
        for opened in _open(attachment, tools):
            yield from _read_with_embedded(replace(opened, small=is_small(opened)), tools, depth=0)


def _open(attachment: Attachment, tools: Tools) -> tuple[Attachment, ...]:
    """The files in the attachment, unlocked where a password is known, each shown to the virus scanner, as is the attachment itself."""
    attachment = _in_time(_scanned(attachment, tools), tools)
    if attachment.problem == OVERDUE:
        return (attachment,)
    try:
        opened = tools.sandbox.run(unpack, attachment, tools.limits)
    except Unreadable as error:
        return (replace(attachment, problem=Problem(error.reason, str(error))),)
    plain = tuple(_unlocked(file, tools) for file in opened)
    return tuple(file if file.content == attachment.content else _scanned(file, tools) for file in plain)


def _in_time(attachment: Attachment, tools: Tools) -> Attachment:
    """The file, which stays unread where the time for its message is over; what was known to be wrong with it stays known."""
    return attachment if tools.seconds_left > 0 or attachment.problem is not None else replace(attachment, problem=OVERDUE)


def _unlocked(attachment: Attachment, tools: Tools) -> Attachment:
    if not tools.limits.passwords:
        return attachment
    try:
        return tools.sandbox.run(unlocked, attachment, tools.limits.passwords)
    except Unreadable:
        return attachment  # its reader will say why


def _scanned(attachment: Attachment, tools: Tools) -> Attachment:
    if tools.scanner is None or attachment.problem is not None:
        return attachment
    problem = tools.scanner.scan(attachment.content)
    return replace(attachment, problem=problem) if problem else attachment


def _read(attachment: Attachment, tools: Tools) -> Document:
    attachment = _in_time(attachment, tools)
    left = tools.seconds_left
    options = tools.reading if left == math.inf else replace(tools.reading, ocr_seconds=max(0.0, min(tools.reading.ocr_seconds, left)))
    try:
        return tools.sandbox.run(read, attachment, options)
    except Unreadable as error:
        return Document(attachment, format="unknown", problem=Problem(error.reason, str(error)))


def _read_with_embedded(attachment: Attachment, tools: Tools, *, depth: int) -> Iterator[Document]:
    """The document, then the documents found inside it; `depth` ends a file that holds itself.

    A picture as small as a logo is none, and stays where it is, unless it says something.
    """
    document = _read(attachment, tools)
    if attachment.small and document.problem is None and decorates(document.text):
        return
    yield document
    if depth < tools.limits.depth:
        for inner in document.embedded:
            for opened in _open(inner, tools):
                yield from _read_with_embedded(opened, tools, depth=depth + 1)


def outgoing(assessment: Assessment, tools: Tools, *, now: datetime) -> Outgoing:
    """Makes and proves every copy, and writes the letters. A copy whose proof fails stays behind, and a person is told."""
    made: list[CleanDocument] = []
    for document_plan in assessment.plan.documents:
        if document_plan.treatment is Treatment.WITHHOLD:
            continue
        document = assessment.case.readings[document_plan.document].document
        try:
            made.append(tools.sandbox.run(copy.make, document, document_plan, tools.copying))
        except (ResidueFound, Unreadable):
            assessment = _unproven(assessment, document_plan.document)
    documents = tuple(made)
    letters = (
        correspondence.to_authority(assessment, documents, sender=tools.sender, now=now, help_contact=tools.help_contact),
        correspondence.to_sender(assessment, sender=tools.sender, now=now, help_contact=tools.help_contact),
        correspondence.to_admin(assessment, sender=tools.sender, now=now, help_contact=tools.help_contact),
    )
    return Outgoing(assessment, documents, tuple(letter for letter in letters if letter is not None))


def _unproven(assessment: Assessment, number: int) -> Assessment:
    """The same assessment with one document withheld, because its copy could not be proven clean."""
    why = "A copy could not be proven clean, so it stays behind until a person has looked."
    changed = plan.withhold(assessment.plan, assessment.case, number, why, author="gateway")
    known = assessment.disposition
    disposition = Disposition(
        Decision.REVIEW if known.decision is Decision.RELEASE else known.decision, (why, *known.reasons), known.quarantined
    )
    return replace(assessment, plan=changed, disposition=disposition)
