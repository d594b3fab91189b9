"""Proposes what is taken away before a submission leaves, and makes a reviewer's changes to it; each change is a new version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.domain.assessment import Case
from pipeline.domain.documents import Document
from pipeline.domain.errors import NothingChanged
from pipeline.domain.findings import Action, Finding
from pipeline.domain.mail import Route
from pipeline.domain.people import Category, DocumentKind, Reading
from pipeline.domain.plan import DocumentPlan, RedactionPlan, Removal, Treatment
from pipeline.domain.text import Span
from pipeline.redaction.hidden import Hides, what_it_hides
from pipeline.redaction.labels import label_of, safely_labelled
from pipeline.redaction.names import SAME_FORMAT, extension_of, outgoing_names
from pipeline.redaction.spans import bridged, settle, words_of
from pipeline.redaction.twice import Twice

FEWEST_WORDS = 8
"""A document of which fewer words stay than this is withheld: what would be left is bars."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One document with what the findings ask of it, while a plan is being made."""

    index: int
    reading: Reading
    findings: tuple[Finding, ...]
    brings_report: bool = False

    @property
    def document(self) -> Document:
        return self.reading.document

    def with_action(self, action: Action) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.action is action)


def _withheld_by_finding(asked: _Asked) -> str:
    for finding in asked.with_action(Action.WITHHOLD):
        return finding.why or "a rule withholds this document"
    if any(finding.span is None and finding.category is not Category.HIDDEN_CONTENT for finding in asked.with_action(Action.REDACT)):
        return "a rule asks for removal without saying which part"
    return ""


def _withheld_as_unreadable(asked: _Asked) -> str:
    return "it could not be read in full" if asked.document.problem else ""


def _withheld_as_unsearched(asked: _Asked) -> str:
    return "" if asked.reading.complete else "it could not be searched to its end"


def _withheld_as_covering_note(asked: _Asked) -> str:
    """A mail's own text, also a forwarded one's, goes on only as the report; a note to an office is none of the conference's business."""
    mail = asked.document.attachment.is_body or asked.brings_report
    note = mail and asked.reading.kind.kind is not DocumentKind.CONFERENCE_REPORT
    return "the covering note stays with the gateway" if note else ""


_REASONS_TO_WITHHOLD: tuple[Callable[[_Asked], str], ...] = (
    _withheld_as_covering_note,
    _withheld_as_unreadable,
    _withheld_as_unsearched,
    _withheld_by_finding,
)


def propose(case: Case, findings: Sequence[Finding]) -> RedactionPlan:
    """The plan that the findings ask for. Nothing leaves of mail that is no conference report, and nothing that could not be read."""
    asked = [
        _Asked(index, reading, tuple(finding for finding in findings if finding.document == index), _brings_report(reading, case))
        for index, reading in enumerate(case.readings)
    ]
    if case.route is not Route.CONFERENCE_REPORT:
        return RedactionPlan(1, tuple(DocumentPlan(each.index, Treatment.WITHHOLD, reason="the mail carries no report") for each in asked))
    twice = Twice(findings, case.readings)
    drafts = [_draft(each, twice) for each in asked]
    return named(RedactionPlan(1, _containers_apart(case, drafts)), case)


def _brings_report(reading: Reading, case: Case) -> bool:
    """Whether a document is the text of a forwarded mail with a report among its files; a file that has others inside it is none."""
    enclosed = (each for each in case.readings if each.document.attachment.container == reading.document.attachment.name)
    return not reading.document.embedded and any(each.kind.kind is DocumentKind.CONFERENCE_REPORT for each in enclosed)


def _draft(asked: _Asked, twice: Twice) -> DocumentPlan:
    for reason_of in _REASONS_TO_WITHHOLD:
        reason = reason_of(asked)
        if reason:
            return DocumentPlan(asked.index, Treatment.WITHHOLD, reason=reason)
    settled = settle(
        asked.document.text,
        [
            *(
                Removal(finding.span, label_of(finding.category), finding.rule)
                for finding in asked.with_action(Action.REDACT)
                if finding.span is not None
            ),
            *twice.in_text(asked.document.text),
        ],
    )
    removals = bridged(asked.document.text, settled)
    told_to = bool(asked.with_action(Action.REDACT)) and not removals
    strip = told_to or what_it_hides(asked.document) > Hides.NOTHING
    return _weighed(DocumentPlan(asked.index, Treatment.SEND, removals, strip_hidden=strip), asked.document)


def _weighed(plan: DocumentPlan, document: Document) -> DocumentPlan:
    """The plan with the treatment its removals come to; withheld where next to nothing would be left."""
    if not plan.removals:
        return replace(plan, treatment=Treatment.SEND, reason="")
    if len(kept_words(document, plan.removals)) < FEWEST_WORDS:
        return DocumentPlan(plan.document, Treatment.WITHHOLD, reason="next to nothing of it would be left")
    return replace(plan, treatment=Treatment.REDACT, reason="")


def kept_words(document: Document, removals: Sequence[Removal]) -> tuple[str, ...]:
    """The words that stay, parted at white space and at removals."""
    kept: list[str] = []
    position = 0
    for removal in removals:
        kept += words_of(document.text[position : removal.span.start])
        position = max(position, removal.span.end)
    return (*kept, *words_of(document.text[position:]))


def _containers_apart(case: Case, plans: Sequence[DocumentPlan]) -> tuple[DocumentPlan, ...]:
    """A forwarded mail or portfolio holds its members' bytes: unless all of them may go as they are, only its own text leaves."""
    unsafe = {
        reading.document.attachment.container
        for reading, plan in zip(case.readings, plans, strict=True)
        if reading.document.attachment.container and (plan.treatment is not Treatment.SEND or plan.strip_hidden)
    }
    return tuple(
        replace(plan, strip_hidden=True) if plan.treatment is Treatment.SEND and reading.document.attachment.name in unsafe else plan
        for reading, plan in zip(case.readings, plans, strict=True)
    )


def leaves_in_its_format(document: Document, plan: DocumentPlan) -> bool:
    """Whether a document leaves as the kind of file it came as: untouched, or only without its properties."""
    if plan.treatment is not Treatment.SEND or document.attachment.is_body:
        return False
    if not plan.strip_hidden:
        return True
    return what_it_hides(document) is Hides.PROPERTIES and extension_of(document) in SAME_FORMAT


def _labelled(plan: RedactionPlan, case: Case) -> RedactionPlan:
    """The plan with labels that repeat nothing removed from any document: the covering letter counts them all by their words."""
    gone = [removal.span.of(case.readings[each.document].document.text) for each in plan.documents for removal in each.removals]
    return replace(plan, documents=tuple(replace(each, removals=safely_labelled(each.removals, gone)) for each in plan.documents))


def named(plan: RedactionPlan, case: Case) -> RedactionPlan:
    """The plan with names for all that leaves, and labels that give nothing away."""
    plan = _labelled(plan, case)
    leaving = [each for each in plan.documents if each.treatment is not Treatment.WITHHOLD]
    facts = []
    for each in leaving:
        reading = case.readings[each.document]
        extension = extension_of(reading.document) if leaves_in_its_format(reading.document, each) else ".pdf"
        facts.append((reading.kind.kind, extension, bool(each.removals)))
    names = dict(zip((each.document for each in leaving), outgoing_names(facts), strict=True))
    return replace(
        plan, documents=tuple(replace(each, outgoing_name=names.get(each.document, each.outgoing_name)) for each in plan.documents)
    )


def _changed(plan: RedactionPlan, case: Case, author: str, changed: DocumentPlan) -> RedactionPlan:
    documents = [changed if each.document == changed.document else each for each in plan.documents]
    return named(RedactionPlan(plan.version + 1, _containers_apart(case, documents), author), case)


def _document_plan(plan: RedactionPlan, document: int) -> DocumentPlan:
    for each in plan.documents:
        if each.document == document:
            return each
    raise NothingChanged(f"the plan has no document {document}")


def with_removals(plan: RedactionPlan, case: Case, document: int, removals: Sequence[Removal], *, author: str) -> RedactionPlan:
    """A new version in which a document's removals are these; fitted to words; a withheld document is then redacted or sent."""
    face = case.readings[document].document
    if any(removal.span.end > len(face.text) for removal in removals):
        raise NothingChanged("a removal reaches beyond the end of the document")
    changed = replace(_document_plan(plan, document), removals=settle(face.text, removals))
    return _changed(plan, case, author, _weighed(changed, face))


def add_removal(plan: RedactionPlan, case: Case, document: int, removal: Removal, *, author: str) -> RedactionPlan:
    """A new version that takes this away too."""
    return with_removals(plan, case, document, (*_document_plan(plan, document).removals, removal), author=author)


def drop_removal(plan: RedactionPlan, case: Case, document: int, span: Span, *, author: str) -> RedactionPlan:
    """A new version in which the removal with exactly this span is gone."""
    removals = _document_plan(plan, document).removals
    kept = tuple(removal for removal in removals if removal.span != span)
    if len(kept) == len(removals):
        raise NothingChanged("the plan has no removal at that place; reload the page to see its newest version")
    return with_removals(plan, case, document, kept, author=author)


def resize_removal(plan: RedactionPlan, case: Case, document: int, span: Span, to: Span, *, author: str) -> RedactionPlan:
    """A new version in which a removal is widened or narrowed to another span."""
    removals = _document_plan(plan, document).removals
    if not any(removal.span == span for removal in removals):
        raise NothingChanged("the plan has no removal at that place; reload the page to see its newest version")
    changed = tuple(replace(removal, span=to) if removal.span == span else removal for removal in removals)
    return with_removals(plan, case, document, changed, author=author)


def withhold(plan: RedactionPlan, case: Case, document: int, reason: str, *, author: str) -> RedactionPlan:
    """A new version in which the whole document stays behind."""
    _document_plan(plan, document)
    return _changed(plan, case, author, DocumentPlan(document, Treatment.WITHHOLD, reason=reason))
