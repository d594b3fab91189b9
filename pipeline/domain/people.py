"""Who is spoken of, and what is said of whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.domain.documents import Document
from pipeline.domain.text import PersonalText, Span


class DocumentKind(StrEnum):
    """What a document is, from its content and layout."""

    CONFERENCE_REPORT = "conference_report"
    RECORD_PRINTOUT = "record_printout"
    CLINICAL_LETTER = "clinical_letter"
    MEDICATION_PRINTOUT = "medication_printout"
    LAB_RESULTS = "lab_results"
    IMMUNISATION_PRINTOUT = "immunisation_printout"
    REFERRAL = "referral"
    MEETING_MINUTES = "meeting_minutes"
    BLANK_FORM = "blank_form"
    PHOTO_OR_SCAN = "photo_or_scan"
    OTHER = "other"
    UNREADABLE = "unreadable"


class About(StrEnum):
    """Whose information a statement is."""

    CHILD = "child"
    ADULT = "adult"
    SIBLING = "sibling"
    THIRD_PARTY = "third_party"


class Role(StrEnum):
    """What somebody is to the child."""

    SUBJECT_CHILD = "subject_child"
    SIBLING = "sibling"
    MOTHER = "mother"
    FATHER = "father"
    PARTNER = "partner"
    CARER = "carer"
    GRANDPARENT = "grandparent"
    RELATIVE = "relative"
    EX_PARTNER = "ex_partner"
    PROFESSIONAL = "professional"
    OTHER_CHILD = "other_child"
    THIRD_PARTY = "third_party"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody spoken of. `names` are full name, aliases, initials and titles by which the text calls them."""

    id: str
    role: Role
    names: tuple[PersonalText, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody spoken of in one submission."""

    people: tuple[Person, ...] = ()

    def with_role(self, *roles: Role) -> tuple[Person, ...]:
        """The people in any of the roles, in the order met."""
        return tuple(person for person in self.people if person.role in roles)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or something identified in a text.

    Attributes:
        entity: in Presidio's manner, such as `PERSON`, `UK_NHS_NUMBER`, `UK_POSTCODE`, `PHONE_NUMBER`, `DATE_OF_BIRTH`, `ADDRESS_LINE`.
        score: 0 to 1.
        person: the `Person.id` it belongs to, where that is known.
    """

    span: Span
    entity: str
    score: float
    recogniser: str
    person: str | None = None


class Category(StrEnum):
    """Why something must not reach the conference."""

    ADULT_HEALTH_NOT_RELEVANT = "adult_health_not_relevant"
    THIRD_PARTY_HEALTH = "third_party_health"
    PASTED_RECORD = "pasted_record"
    CLINICAL_CODES = "clinical_codes"
    MEDICATION_LIST = "medication_list"
    REPRODUCTIVE_OR_SEXUAL = "reproductive_or_sexual"
    IDENTIFIER_OF_THIRD_PARTY = "identifier_of_third_party"
    RISK_INCREASING_DETAIL = "risk_increasing_detail"
    LEGALLY_RESTRICTED = "legally_restricted"
    EXCESS_DETAIL = "excess_detail"
    HIDDEN_CONTENT = "hidden_content"
    FORBIDDEN_ATTACHMENT = "forbidden_attachment"


class Verdict(StrEnum):
    """What recognition thinks of a statement; what happens to it is the pack's choice."""

    KEEP = "keep"
    ASK_CONTEXT = "ask_context"  # relevant but bare: keep it, and ask the author for its effect on the child
    REDACT = "redact"
    ASK = "ask"  # a person must look


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item, table row or label-value pair, with where it stands and whom it is about."""

    span: Span
    heading: PersonalText = PersonalText("")
    about: About | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What recognition thinks of a part of a text.

    Attributes:
        span: exactly the part that would have to go, at clause boundaries.
        confidence: 0 to 1, calibrated: of judgements at 0.8, eight in ten are right.
        why: one plain sentence a nurse accepts; may quote nothing personal.
        source: `rule:<name>` or `model:<name>`.
    """

    span: Span
    category: Category
    verdict: Verdict
    about: About | None
    confidence: float
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """A part of a document that is a piece of a health record, pasted or as pages."""

    span: Span
    kind: DocumentKind
    why: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class KindVerdict:
    """What a document is, how sure, and from what signs (plain sentences without personal text)."""

    kind: DocumentKind
    confidence: float
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with all that recognition found in it.

    Attributes:
        complete: False where a recogniser gave up; then the document is not fully searched and a person looks.
    """

    document: Document
    kind: KindVerdict
    mentions: tuple[Mention, ...] = field(default=(), repr=False)
    statements: tuple[Statement, ...] = field(default=(), repr=False)
    judgements: tuple[Judgement, ...] = ()
    record_blocks: tuple[RecordBlock, ...] = ()
    complete: bool = True
