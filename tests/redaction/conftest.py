"""Documents, cases and findings as the rooms before redaction would hand them over."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pdfplumber
import pytest

from pipeline.domain.assessment import Case
from pipeline.domain.conference import Conference, Deadline, Facts
from pipeline.domain.documents import Box, Document, HiddenLayer, LayerKind, Page
from pipeline.domain.findings import Action, Finding, Topic
from pipeline.domain.mail import Address, Agency, Attachment, AuthenticationResult, Route, Submission
from pipeline.domain.people import Category, DocumentKind, KindVerdict, Reading, Roster
from pipeline.domain.plan import DocumentPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.builder import DocumentBuilder

LABEL = "[withheld: personal details not needed for this conference]"


def pdf_document(content: bytes, hidden: Sequence[tuple[LayerKind, str]] = ()) -> Document:
    """A PDF read word by word in the order pdfplumber finds them; enough of a reader to redact by."""
    builder = DocumentBuilder(Attachment(PersonalText("given.pdf"), content), "pdf")
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            builder.page = number
            builder.part()
            start, last = builder.length, None
            for word in page.extract_words():
                if last is not None:
                    builder.raw("\n" if word["top"] > last["bottom"] - 2 else " ")
                add_word(builder, word["text"], number, Box(word["x0"], word["top"], word["x1"], word["bottom"]))
                last = word
            builder.add_page(Page(number, Span(start, builder.length), float(page.width), float(page.height)))
    for kind, text in hidden:
        builder.hide(kind, text, "somewhere")
    return builder.finish()


def add_word(builder: DocumentBuilder, text: str, page: int, box: Box) -> None:
    """Appends a word and where it is printed."""
    span = builder.raw(text)
    builder.add_words([(span.start, span.end, page, box.x0, box.top, box.x1, box.bottom, 1.0)])


def plain_document(text: str, *, name: str = "given.docx", format_name: str = "docx", hidden: Sequence[HiddenLayer] = ()) -> Document:
    """A document of paragraphs."""
    builder = DocumentBuilder(Attachment(PersonalText(name), text.encode()), format_name)
    for paragraph in text.split("\n\n"):
        builder.paragraph(paragraph)
    for layer in hidden:
        builder.hide(layer.kind, layer.text, layer.where)
    return builder.finish()


def span_of(document: Document, quote: str) -> Span:
    """Where a quote stands, whatever the white space in it."""
    start = document.text.find(quote)
    assert start >= 0, "the test's quote is not in the document"
    return Span(start, start + len(quote))


def plan_of(document: Document, *quotes: str, label: str = LABEL) -> DocumentPlan:
    """A plan that removes exactly these quotes."""
    removals = tuple(sorted((Removal(span_of(document, quote), label, "test") for quote in quotes), key=lambda each: each.span))
    treatment = Treatment.REDACT if removals else Treatment.SEND
    return DocumentPlan(0, treatment, removals, strip_hidden=not removals, outgoing_name=PersonalText("Report 1 of 1, redacted.pdf"))


def case_of(*documents: Document, kinds: Sequence[DocumentKind] = (), route: Route = Route.CONFERENCE_REPORT) -> Case:
    """A case of these documents, conference reports unless said otherwise."""
    given = [*kinds, *[DocumentKind.CONFERENCE_REPORT] * (len(documents) - len(kinds))]
    moment = datetime(2026, 10, 12, 16, 41, tzinfo=UTC)
    submission = Submission(
        b"", "<1@example.invalid>", Address("a@nhs.net"), (), PersonalText(""), moment, moment, None, (), AuthenticationResult.PASS
    )
    readings = tuple(Reading(document, KindVerdict(kind, 1.0)) for document, kind in zip(documents, given, strict=True))
    return Case(submission, None, route, Facts(Agency.GP, Conference(), Deadline()), Roster(), readings)


def finding_on(
    document: Document, quote: str | None, *, action: Action = Action.REDACT, category: Category | None = None, index: int = 0
) -> Finding:
    """A finding on a quote, or on the whole document."""
    span = span_of(document, quote) if quote is not None else None
    return Finding("test_rule", Topic.ADULT_INFORMATION_RELEVANT, action, "A test asked for it.", index, span=span, category=category)


@pytest.fixture(scope="session")
def make() -> Callable[..., object]:
    """The helpers above under one name, since tests cannot import each other."""
    return Helpers


class Helpers:
    """The helpers as attributes of one fixture."""

    pdf = staticmethod(pdf_document)
    word = staticmethod(add_word)
    plain = staticmethod(plain_document)
    plan = staticmethod(plan_of)
    span = staticmethod(span_of)
    case = staticmethod(case_of)
    finding = staticmethod(finding_on)
