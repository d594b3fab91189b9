"""What is kept of an assessment: its JSON, the plan, and the very letters that would leave, so that what a reviewer saw is what goes."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from pipeline.assessment_json import as_object, listed
from pipeline.domain.assessment import Case
from pipeline.domain.authority import Letter
from pipeline.domain.plan import DocumentPlan, Proof, RedactionPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.redaction import edits

if TYPE_CHECKING:
    from pipeline.thinking import Outgoing

TO_AUTHORITY = "to-authority"
"""The letter that carries the report and its proofs."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A removal of the plan as a reviewer sees it listed; `number` and `document` count from 1 over the whole submission."""

    number: int
    document: int
    label: str
    rule: str
    words: PersonalText


@dataclass(frozen=True, slots=True)
class Dossier:
    """An assessment as kept.

    Attributes:
        view: the object of schema `assessment/1`.
        letters: what would leave if every removal of the plan were accepted.
        taken: the removals of that plan.
        numbers: for each document of `view`, its number from 1 among all that was read.
    """

    view: dict[str, Any] = field(repr=False)
    letters: tuple[Letter, ...]
    proofs: tuple[Proof, ...]
    taken: tuple[Taken, ...] = ()
    numbers: tuple[int, ...] = ()

    def letter(self, kind: str) -> Letter | None:
        """The letter of that kind, or None where none is due."""
        return next((letter for letter in self.letters if letter.kind == kind), None)


def of(made: Outgoing) -> Dossier:
    """The dossier of what was made of a submission."""
    return Dossier(
        as_object("", made.assessment),
        made.letters,
        tuple(document.proof for document in made.documents),
        taken(made.assessment.plan, made.assessment.case),
        tuple(number + 1 for number in listed(made.assessment)),
    )


def taken(plan: RedactionPlan, case: Case) -> tuple[Taken, ...]:
    """The removals of a plan as they are listed."""
    return tuple(
        Taken(number, each.document, each.removal.label, each.removal.rule, each.words)
        for number, each in enumerate(edits.listed(plan, case), start=1)
    )


def packed(dossier: Dossier) -> bytes:
    """The dossier as bytes, to be sealed by the vault."""
    letters = [{**asdict(letter), "content": base64.b64encode(letter.content).decode()} for letter in dossier.letters]
    kept = {
        "view": dossier.view,
        "letters": letters,
        "proofs": [asdict(proof) for proof in dossier.proofs],
        "taken": [asdict(one) for one in dossier.taken],
        "numbers": dossier.numbers,
    }
    return json.dumps(kept).encode()


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
    removed = tuple(Taken(**{**one, "words": PersonalText(one["words"])}) for one in given.get("taken", ()))  # kept since 0.1
    return Dossier(given["view"], letters, proofs, removed, tuple(given.get("numbers", ())))


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
