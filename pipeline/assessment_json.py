"""An assessment as the JSON object other programs rely on: schema `assessment/1`."""

from __future__ import annotations

from typing import Any

from pipeline.domain.assessment import Assessment
from pipeline.domain.findings import Finding
from pipeline.domain.people import DocumentKind, Reading
from pipeline.domain.plan import Treatment
from pipeline.facts_json import facts_object
from pipeline.guidance.workdays import LONDON
from pipeline.routing import correspondence

SCHEMA = "assessment/1"


def as_object(file: str, assessment: Assessment) -> dict[str, Any]:
    """The object for one message; `file` is its file name."""
    case = assessment.case
    facts = case.facts
    return {
        "schema": SCHEMA,
        "file": file,
        "message_id": case.submission.message_id or None,
        "received": case.submission.received.astimezone(LONDON).isoformat(timespec="seconds"),
        "authority": case.authority.id if case.authority else None,
        "agency": facts.agency.value,
        "route": case.route.value,
        "decision": assessment.disposition.decision.value,
        "reasons": list(assessment.disposition.reasons),
        "conference": {
            "type": facts.conference.type.value if facts.conference.type else None,
            "date": facts.conference.date.isoformat() if facts.conference.date else None,
            "children": [str(name) for name in facts.conference.children],
        },
        "deadline": {
            "due": facts.deadline.due.isoformat(timespec="seconds") if facts.deadline.due else None,
            "status": facts.deadline.status.value,
        },
        "facts": facts_object(case),
        "documents": [_document(assessment, number) for number in listed(assessment)],
        "findings": [_finding(assessment, finding) for finding in assessment.findings],
        "scorecard": _scorecard(assessment),
        "outgoing": _outgoing(assessment),
    }


def listed(assessment: Assessment) -> tuple[int, ...]:
    """The indexes in the case of the documents that the object names."""
    return tuple(number for number, reading in enumerate(assessment.case.readings) if _is_listed(reading, assessment, number))


def _is_listed(reading: Reading, assessment: Assessment, number: int) -> bool:
    """The mail's own text is a document only where it carries a report, or something is to be done with it."""
    if not reading.document.attachment.is_body:
        return True
    return reading.kind.kind is DocumentKind.CONFERENCE_REPORT or any(finding.document == number for finding in assessment.findings)


def _document(assessment: Assessment, number: int) -> dict[str, Any]:
    reading = assessment.case.readings[number]
    document = reading.document
    entry: dict[str, Any] = {
        "name": str(document.name),
        "kind": reading.kind.kind.value,
        "treatment": assessment.plan.documents[number].treatment.value,
        "pages": len(document.pages) or None,
        "words": document.word_count,
        "text_source": document.source.value,
        "notes": [note.detail for note in document.notes] + ([document.problem.detail] if document.problem else []),
    }
    if document.attachment.container is not None:
        entry["container"] = str(document.attachment.container)
    return entry


def _finding(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    readings = assessment.case.readings
    return {
        "rule": finding.rule,
        "topic": finding.topic.value,
        "document": str(readings[finding.document].document.name) if finding.document is not None else None,
        "page": finding.page,
        "quote": str(finding.quote),
        "about": finding.about.value if finding.about else None,
        "category": finding.category.value if finding.category else None,
        "action": finding.action.value,
        "confidence": round(finding.confidence, 2),
        "why": finding.why,
        "clause": finding.clause,
    }


def _scorecard(assessment: Assessment) -> dict[str, Any]:
    card = assessment.scorecard
    return {
        "pack": card.pack,
        "version": card.version,
        "score": card.score,
        "review_date": card.review_date.isoformat() if card.review_date else None,
        "rules": [
            {
                "id": result.id,
                "topic": result.topic.value,
                "outcome": result.outcome.value,
                "weight": result.weight,
                "evidence": [str(piece) for piece in result.evidence],
                "live": result.live,
                "clause": result.clause,
            }
            for result in card.results
        ],
    }


def _outgoing(assessment: Assessment) -> dict[str, Any]:
    """Where the report would go; empty where nothing would leave."""
    leaves = any(plan.treatment is not Treatment.WITHHOLD for plan in assessment.plan.documents)
    heading = correspondence.heading_to_authority(assessment) if leaves else None
    if heading is None:
        return {"to": [], "cc": [], "subject": None}
    return {"to": list(heading.to), "cc": list(heading.cc), "subject": heading.subject}


def parked_object(file: str, why: str) -> dict[str, Any]:
    """The object for bytes that are no message: a person looks, nothing leaves."""
    return {
        "schema": SCHEMA,
        "file": file,
        "message_id": None,
        "received": None,
        "authority": None,
        "agency": "other",
        "route": "other",
        "decision": "review",
        "reasons": [why],
        "conference": {"type": None, "date": None, "children": []},
        "deadline": {"due": None, "status": "unknown"},
        "facts": None,
        "documents": [],
        "findings": [],
        "scorecard": None,
        "outgoing": {"to": [], "cc": [], "subject": None},
    }
