"""Turns the documents of a submission into readings: what each one is, who is spoken of, and what is said of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFullySearched
from pipeline.domain.mail import Submission
from pipeline.domain.people import DocumentKind, Judgement, KindVerdict, Mention, Reading, RecordBlock, Roster, Statement, Verdict
from pipeline.domain.text import Span
from pipeline.recognition import record_blocks, signatures
from pipeline.recognition.attribution import Attributor
from pipeline.recognition.engine import Engine
from pipeline.recognition.kinds import kind_of
from pipeline.recognition.roster import People
from pipeline.recognition.sensitivity import Look, look
from pipeline.recognition.sightings import Source
from pipeline.recognition.statements import split

NEVER_LEAVES = frozenset(
    {
        DocumentKind.RECORD_PRINTOUT,
        DocumentKind.CLINICAL_LETTER,
        DocumentKind.MEDICATION_PRINTOUT,
        DocumentKind.LAB_RESULTS,
        DocumentKind.PHOTO_OR_SCAN,
        DocumentKind.REFERRAL,
        DocumentKind.MEETING_MINUTES,
        DocumentKind.UNREADABLE,
    }
)
"""Kinds that no pack lets out: nobody asks what is said in them, so that neither the language model nor the encoder is run over them."""


REPORT = DocumentKind.CONFERENCE_REPORT
"""The one kind whose author is asked to say more."""

KINDS_OF_MAIL = frozenset(
    {
        DocumentKind.CONFERENCE_REPORT,
        DocumentKind.RECORD_PRINTOUT,
        DocumentKind.MEDICATION_PRINTOUT,
        DocumentKind.LAB_RESULTS,
        DocumentKind.UNREADABLE,
    }
)
"""What the text of a mail itself can be, beside a covering note: a short one is no picture, and one that quotes a request no referral."""


@dataclass(frozen=True)
class _Seen:
    """A document on its way to a reading; its statements, and what the language model takes for people, where anybody asks."""

    document: Document
    kind: KindVerdict
    statements: tuple[Statement, ...] | None = None
    believed: tuple[Span, ...] = ()


def recognise(submission: Submission, documents: Sequence[Document], engine: Engine) -> tuple[Roster, tuple[Reading, ...]]:
    """The people of a submission, and a reading of each document, in the documents' order.

    A document that a recogniser could not search to its end comes back with `complete` false, and a person looks at it.
    """
    seen = [_look(document, engine) for document in documents]
    people = _people(submission, seen, engine)
    attributor = Attributor(engine.lexicon, people)
    return people.roster, tuple(_read(one, people, attributor, engine) for one in seen)


def _look(document: Document, engine: Engine) -> _Seen:
    kind = kind_of(document, engine.kinds)
    if document.attachment.is_body and kind.kind not in KINDS_OF_MAIL:
        kind = KindVerdict(DocumentKind.OTHER, kind.confidence, kind.signs)
    if kind.kind in NEVER_LEAVES:
        return _Seen(document, kind)
    statements = split(document)
    return _Seen(document, kind, statements, engine.believed(document.text, statements))


def _people(submission: Submission, seen: Sequence[_Seen], engine: Engine) -> People:
    sources = [Source(submission.subject, is_subject=True)]
    if (
        submission.body is not None
        and not any(one.document.attachment.is_body for one in seen)
        and submission.body.declared_type == "text/plain"
    ):
        sources.append(Source(submission.body.content.decode("utf-8", "replace")))
    sources += [Source(one.document.text, one.believed) for one in seen if one.statements is not None]
    return engine.rosters.build(sources, author=submission.sender.name)


def _read(seen: _Seen, people: People, attributor: Attributor, engine: Engine) -> Reading:
    document, kind = seen.document, seen.kind
    try:
        mentions = engine.identifiers(document.text)
    except NotFullySearched:
        return Reading(document, kind, complete=False)
    if seen.statements is None:
        return Reading(document, kind, mentions)
    mentions = _ordered(mentions, attributor.mentions(document.text, seen.believed))
    signed = signatures.find(document.text)
    statements = attributor.attribute(
        document, tuple(one for one in seen.statements if not any(one.span.overlaps(span) for span in signed))
    )
    looked = look(document, statements, people.roster, mentions, engine.sensitivity)
    asked = tuple(engine.bare_concerns.find(document.text, statements, looked.judgements, people.roster)) if kind.kind is REPORT else ()
    # what gives way to a question still wants a person's look
    stands = [
        replace(each, verdict=Verdict.ASK) if any(one.span.covers(each.span) for one in asked) else each for each in looked.judgements
    ]
    return Reading(document, kind, mentions, statements, _in_order([*stands, *asked]), _record_blocks(seen, looked, engine))


def _record_blocks(seen: _Seen, looked: Look, engine: Engine) -> tuple[RecordBlock, ...]:
    """Pieces of record in a document; a printout of immunisations is one itself, and judged as a whole."""
    if seen.kind.kind is DocumentKind.IMMUNISATION_PRINTOUT:
        return ()
    signed = signatures.find(seen.document.text)
    found = record_blocks.find(seen.document, engine.records, engine.kinds, looked.likely)
    return tuple(block for block in found if not any(span.covers(block.span) for span in signed))


def _in_order(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    return tuple(sorted(judgements, key=lambda judgement: judgement.span))


def _ordered(identifiers: Sequence[Mention], persons: Sequence[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted([*identifiers, *persons], key=lambda mention: (mention.span, mention.entity)))
