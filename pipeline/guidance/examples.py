"""Makes a case from an example of a rule file, so that a rule's own examples can be run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline.domain.assessment import Case
from pipeline.domain.authority import Authority, Destination
from pipeline.domain.conference import Conference, Deadline, DeadlineStatus, Facts
from pipeline.domain.documents import Document, HiddenLayer, Note
from pipeline.domain.errors import RulesError, UnreadableReason
from pipeline.domain.mail import BODY, Address, Attachment, Problem, Submission
from pipeline.domain.people import DocumentKind, Judgement, KindVerdict, Person, Reading, RecordBlock, Role, Roster
from pipeline.domain.text import PersonalText, Span
from pipeline.guidance import markup
from pipeline.guidance.files import DocumentFile, ExampleFile, JudgementFile

SOME_DAY = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
SOMEWHERE = Destination("reports@council.example", "conference reports")
AUTHORITY = Authority("example", "Example", "national", (), SOMEWHERE, (), SOMEWHERE, ("nhs.net", "nhs.uk", "gov.uk"))


def case_of(example: ExampleFile) -> Case:
    """The case an example describes.

    Raises:
        RulesError: a quote in it is not in its text.
    """
    documents = list(example.documents)
    if example.report is not None:
        documents.insert(0, DocumentFile(text=example.report))
    if example.covering_email is not None:
        documents.insert(0, DocumentFile(name=BODY, kind=DocumentKind.OTHER, text=example.covering_email))
    readings = tuple(_reading(document, example) for document in documents)
    facts = Facts(
        example.agency, Conference(children=tuple(map(PersonalText, example.children))), Deadline(None, DeadlineStatus(example.deadline))
    )
    children = [Person(f"child{number}", Role.SUBJECT_CHILD, (PersonalText(name),)) for number, name in enumerate(example.children)]
    return Case(_submission(example, readings), AUTHORITY, example.route, facts, Roster(tuple(children)), readings)


def _submission(example: ExampleFile, readings: tuple[Reading, ...]) -> Submission:
    body = next((reading.document.attachment for reading in readings if reading.document.attachment.is_body), None)
    return Submission(
        raw=b"",
        message_id="<example@nhs.net>",
        sender=Address(example.sender),
        recipients=(Address("reports@council.example"),),
        subject=PersonalText(example.subject),
        received=SOME_DAY,
        sent=SOME_DAY,
        body=body,
        attachments=tuple(reading.document.attachment for reading in readings if not reading.document.attachment.is_body),
        authentication=example.authentication,
    )


def _reading(written: DocumentFile, example: ExampleFile) -> Reading:
    made = markup.document(written.text, Attachment(PersonalText(written.name), written.text.encode()))
    problem = Problem(UnreadableReason.ENCRYPTED, "The file is locked with a password.") if written.unreadable else None
    document = replace(
        made,
        hidden=tuple(HiddenLayer(hidden.kind, PersonalText(hidden.text)) for hidden in written.hidden),
        notes=tuple(Note(code, f"The file has {code.value.replace('_', ' ')}.") for code in written.notes),
        problem=problem,
    )
    judged = [*written.judgements, *(given for given in example.judgements if given.quote in document.text)]
    return Reading(
        document=document,
        kind=KindVerdict(written.kind, 0.95),
        judgements=tuple(_judgement(given, document) for given in judged),
        record_blocks=tuple(RecordBlock(_place(block.quote, document), block.kind, "Copied.") for block in written.record_blocks),
        complete=written.fully_searched,
    )


def _judgement(given: JudgementFile, document: Document) -> Judgement:
    why = f"Judged {given.category.value.replace('_', ' ')}."
    return Judgement(_place(given.quote, document), given.category, given.verdict, given.about, given.confidence, why, "rule:example")


def _place(quote: str, document: Document) -> Span:
    start = document.text.find(quote)
    if start < 0:
        raise RulesError(f"an example quotes words that are not in its own text: '{quote[:40]}'")
    return Span(start, start + len(quote))
