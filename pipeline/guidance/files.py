"""The shape of the files under rules/packs and rules/guidance, as pydantic models."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from pipeline.domain.documents import LayerKind, NoteCode
from pipeline.domain.findings import Action, Topic
from pipeline.domain.mail import Agency, AuthenticationResult, Route
from pipeline.domain.people import About, Category, DocumentKind, Verdict
from pipeline.guidance.rule import Status
from pipeline.guidance.strict import Strict

Text = Annotated[str, StringConstraints(min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class BecauseFile(Strict):
    """A guidance document and a clause of it."""

    document: Name
    clause: Text


class SourceFile(BecauseFile):
    """A clause, and what it asks in our own words."""

    requirement: Text


class AdviceFile(Strict):
    """What the sender is told."""

    what: Text
    why: str = ""
    how: str = ""


class JudgementFile(Strict):
    """What recognition would have thought of a part of an example's text."""

    quote: Text
    category: Category
    verdict: Verdict = Verdict.REDACT
    about: About = About.ADULT
    confidence: float = 0.95


class HiddenFile(Strict):
    """Something an example's document hides."""

    kind: LayerKind
    text: Text


class RecordBlockFile(Strict):
    """A piece of a health record in an example's text, from the first words quoted to the last."""

    quote: Text
    kind: DocumentKind = DocumentKind.RECORD_PRINTOUT


class DocumentFile(Strict):
    """One document of an example."""

    name: Text = "report.docx"
    kind: DocumentKind = DocumentKind.CONFERENCE_REPORT
    text: str = ""
    judgements: tuple[JudgementFile, ...] = ()
    record_blocks: tuple[RecordBlockFile, ...] = ()
    hidden: tuple[HiddenFile, ...] = ()
    notes: tuple[NoteCode, ...] = ()
    unreadable: bool = False
    fully_searched: bool = True


class ExampleFile(Strict):
    """A small message that must make a rule fire, or must leave it quiet.

    `report` is short for a single report; `documents` give every document there is.
    """

    name: Text
    report: str | None = None
    covering_email: str | None = None
    documents: tuple[DocumentFile, ...] = ()
    judgements: tuple[JudgementFile, ...] = ()
    agency: Agency = Agency.GP
    route: Route = Route.CONFERENCE_REPORT
    sender: Text = "reports@nhs.net"
    authentication: AuthenticationResult = AuthenticationResult.PASS
    subject: str = ""
    children: tuple[Text, ...] = ()
    deadline: Literal["met", "missed", "unknown"] = "met"


class ExamplesFile(Strict):
    """The proof a rule brings."""

    must_fire: tuple[ExampleFile, ...] = Field(min_length=1)
    must_stay_quiet: tuple[ExampleFile, ...] = Field(min_length=1)


class RuleFile(Strict):
    """A rule under rules/guidance/<group>/<id>.yaml."""

    id: Name
    title: Text
    topic: Topic
    source: tuple[SourceFile, ...] = Field(min_length=1)
    detector: Text
    parameters: dict[str, Any] = Field(default_factory=dict)
    weight: int = Field(ge=0, le=20)
    action: Action
    status: Status
    advice: AdviceFile
    known_misfires: tuple[Text, ...] = ()
    examples: ExamplesFile


class DeadlineFile(Strict):
    """By when reports are due."""

    initial_conference: int = Field(ge=0, le=30)
    review_conference: int = Field(ge=0, le=30)
    counted_in: Literal["working days"] = "working days"
    cut_off: Literal["end of day"] | time = "end of day"
    because: BecauseFile


class AdjustmentFile(Strict):
    """A pack's change to one rule, with the clause that asks for it."""

    rule: Name
    status: Status | None = None
    weight: int | None = Field(default=None, ge=0, le=20)
    action: Action | None = None
    parameters: dict[str, Any] | None = None
    because: BecauseFile


class PackFile(Strict):
    """A pack under rules/packs/<id>.yaml. One without a deadline is a part that others include."""

    id: Name
    title: Text
    about: Text
    version: Text
    author: Text
    signed_off_by: Text
    review_date: date
    builds_on: tuple[Name, ...] = ()
    documents: tuple[Name, ...] = ()
    deadline: DeadlineFile | None = None
    groups: tuple[Name, ...] = ()
    caps: dict[Name, Annotated[int, Field(ge=0, le=100)]] = Field(default_factory=dict)
    adjust: tuple[AdjustmentFile, ...] = ()


class ClauseFile(Strict):
    """A clause of a guidance document, and what carries it beside the rules that name it."""

    clause: Text
    says: Text
    carried_by: str = ""
    cannot: str = ""


class GuidanceDocumentFile(Strict):
    """One guidance document, clause by clause, in our own words."""

    id: Name
    number: Text
    title: Text
    publisher: Text
    clauses: tuple[ClauseFile, ...] = Field(min_length=1)
