"""What the guidance makes of a case: findings, rule results and the scorecard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain.people import About, Category
from pipeline.domain.text import PersonalText, Span


class Topic(StrEnum):
    """The clauses of the guidance; a rule has exactly one."""

    NO_HEALTH_RECORD_PARTS = "no_health_record_parts"
    ADULT_INFORMATION_RELEVANT = "adult_information_relevant"
    PLAIN_LANGUAGE = "plain_language"
    BLANK_SECTIONS_EXPLAINED = "blank_sections_explained"
    CONSENT_RECORDED = "consent_recorded"
    CHILD_FOCUSED = "child_focused"
    CONTEXT_AND_DATES = "context_and_dates"
    CHRONOLOGY = "chronology"
    WORRIES_STATED = "worries_stated"
    STRENGTHS_STATED = "strengths_stated"
    NEEDS_TO_HAPPEN = "needs_to_happen"
    IF_NOTHING_CHANGES = "if_nothing_changes"
    NO_REMOVAL_RECOMMENDATION = "no_removal_recommendation"
    TYPED_AND_LEGIBLE = "typed_and_legible"
    TIMELINESS = "timeliness"
    SECURE_SENDER = "secure_sender"
    ATTENDANCE = "attendance"


class Action(StrEnum):
    """What a finding asks for, mildest first."""

    ADVISE = "advise"  # told to the sender; stops nothing
    REVIEW = "review"  # a person looks
    REDACT = "redact"  # the quoted part goes
    WITHHOLD = "withhold"  # the whole document stays behind


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired, with its evidence.

    Attributes:
        document: index of the document in the case; None for findings on the message itself.
        span: the part of the document's text; None where the finding is on the whole document.
        quote: the text as extracted, exact; empty where there is no span.
        confidence: 0 to 1, calibrated.
        why: one plain sentence.
        clause: guidance document and clause, such as `brent 000, health record`.
    """

    rule: str
    topic: Topic
    action: Action
    why: str
    document: int | None = None
    page: int | None = None
    span: Span | None = None
    quote: PersonalText = PersonalText("")
    about: About | None = None
    category: Category | None = None
    confidence: float = 1.0
    clause: str = ""


class RuleOutcome(StrEnum):
    """What a rule made of a report."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One line of the scorecard. `advice` is what the sender would be told; it holds no clinical detail and no name."""

    id: str
    topic: Topic
    outcome: RuleOutcome
    weight: int
    evidence: tuple[PersonalText, ...] = ()
    advice: str = ""
    clause: str = ""
    live: bool = True


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How a report stands against a pack: 0 to 100, None where nothing could be assessed. Trial rules are listed and count for nothing.

    `review_date` is the day after which whoever signed the pack off should look at it again.
    """

    pack: str
    version: str
    score: int | None
    results: tuple[RuleResult, ...]
    review_date: date | None = None
