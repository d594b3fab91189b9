"""What is kept of an assessment: its JSON, the plan, and the very letters that would leave, so that what a reviewer saw is what goes."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from pipeline.assessment_json import as_object
from pipeline.domain.authority import Letter
from pipeline.domain.plan import DocumentPlan, Proof, RedactionPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span

if TYPE_CHECKING:
    from pipeline.thinking import Outgoing

TO_AUTHORITY = "to-authority"
"""The letter that carries the report and its proofs."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """An assessment as kept. `view` is the object of schema `assessment/1`; `letters` would leave if every proposal were accepted."""

    view: dict[str, Any] = field(repr=False)
    letters: tuple[Letter, ...]
    proofs: tuple[Proof, ...]

    def letter(self, kind: str) -> Letter | None:
        """The letter of that kind, or None where none is due."""
        return next((letter for letter in self.letters if letter.kind == kind), None)


def of(made: Outgoing) -> Dossier:
    """The dossier of what was made of a submission."""
    return Dossier(as_object("", made.assessment), made.letters, tuple(document.proof for document in made.documents))


def packed(dossier: Dossier) -> bytes:
    """The dossier as bytes, to be sealed by the vault."""
    letters = [{**asdict(letter), "content": base64.b64encode(letter.content).decode()} for letter in dossier.letters]
    return json.dumps({"view": dossier.view, "letters": letters, "proofs": [asdict(proof) for proof in dossier.proofs]}).encode()


def unpacked(payload: bytes) -> Dossier:
    """The dossier from its bytes."""
    given = json.loads(payload)
    letters = tuple(
        Letter(
            kind=one["kind"],
            message_id=one["message_id"],
            to=tuple(one["to"]),
            cc=tuple(one["cc"]),
            subject=one["subject"],
            content=base64.b64decode(one["content"]),
        )
        for one in given["letters"]
    )
    proofs = tuple(Proof(**{**one, "checks": tuple(one["checks"])}) for one in given["proofs"])
    return Dossier(given["view"], letters, proofs)


def packed_plan(plan: RedactionPlan) -> bytes:
    """The plan as bytes, to be sealed by the vault."""
    return json.dumps(asdict(plan)).encode()


def unpacked_plan(payload: bytes) -> RedactionPlan:
    """The plan from its bytes."""
    given = json.loads(payload)
    return RedactionPlan(given["version"], tuple(_document_plan(one) for one in given["documents"]), given["author"])


def _document_plan(given: dict[str, Any]) -> DocumentPlan:
    removals = tuple(Removal(Span(**one["span"]), one["label"], one["rule"]) for one in given["removals"])
    changed = {"treatment": Treatment(given["treatment"]), "outgoing_name": PersonalText(given["outgoing_name"]), "removals": removals}
    return DocumentPlan(**{**given, **changed})


_DATE = re.compile(rb"^Date: [^\r\n]*", re.MULTILINE)


def dated(letter: Letter, now: datetime) -> Letter:
    """The letter with the day it leaves on it; it may have been written when the report was held."""
    head, parting, body = letter.content.partition(b"\r\n\r\n")
    return replace(letter, content=_DATE.sub(b"Date: " + format_datetime(now).encode(), head, count=1) + parting + body)
