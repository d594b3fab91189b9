"""The `facts` of schema `assessment/1`: what a submission says of itself, each fact with where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.domain.assessment import Case
from pipeline.domain.conference import Evidence, Particulars


def facts_object(case: Case) -> dict[str, Any]:
    """The facts of a case. A place is a document by its name (null for subject line and headers) and characters of its text."""
    conference, told = case.facts.conference, case.facts.particulars
    return {
        "agency": {"value": case.facts.agency.value, "evidence": _places(case, told.agency_evidence)},
        "conference": {
            "evidence": _places(case, conference.evidence),
            "otherwise": _places(case, conference.rivals),
            "earlier": conference.earlier.isoformat() if conference.earlier else None,
            "earlier_evidence": _places(case, conference.earlier_evidence),
            "review_due": conference.review_due.isoformat() if conference.review_due else None,
        },
        **_family(case, told),
        "consent": {
            "value": told.consent.value,
            "said": [
                {"whose": one.whose.value, "outcome": one.outcome.value, "evidence": _places(case, (one.evidence,))}
                for one in told.agreements
            ],
        },
        "seen": {
            "value": told.seen.value,
            "said": [
                {"whose": one.whose.value, "outcome": one.outcome.value, "evidence": _places(case, (one.evidence,))}
                for one in told.sightings
            ],
        },
        "ringing_in": {"times": [at.isoformat("minutes") for at in told.times], "evidence": _places(case, told.time_evidence)},
        "conflicts": [*conference.conflicts, *told.conflicts],
    }


def _family(case: Case, told: Particulars) -> dict[str, Any]:
    author = told.author
    return {
        "children": [
            {
                "name": str(child.name),
                "born": child.born.isoformat() if child.born else None,
                "due": child.due.isoformat() if child.due else None,
                "evidence": _places(case, child.evidence),
                "birth_evidence": _places(case, child.birth_evidence),
            }
            for child in told.children
        ],
        "carers": [{"name": str(one.name), "role": one.role.value, "evidence": _places(case, one.evidence)} for one in told.carers],
        "author": None
        if author is None
        else {"name": str(author.name), "role": str(author.role), "evidence": _places(case, author.evidence)},
    }


def _places(case: Case, evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "document": None if one.document is None else str(case.readings[one.document].document.name),
            "start": one.span.start if one.span else None,
            "end": one.span.end if one.span else None,
            "quote": str(one.quote),
        }
        for one in evidence
    ]
