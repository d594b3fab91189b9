"""Applies removals to text with presidio-anonymizer: each reason label is an operator of ours that puts the label in the text's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from presidio_anonymizer import AnonymizerEngine, OperatorConfig, RecognizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from pipeline.domain.plan import Removal
from pipeline.domain.text import PersonalText, Span


class Withhold(Operator):
    """Puts a label where a text was; the text itself is never looked at."""

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - presidio's signature
        """The label."""
        return str((params or {})["label"])

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Refuses to work without a label.

        Raises:
            ValueError: there is none.
        """
        if not (params or {}).get("label"):
            raise ValueError("a removal needs a label for the reader")

    def operator_name(self) -> str:
        """The name under which the engine knows it."""
        return "withhold"

    def operator_type(self) -> OperatorType:
        """It takes away and cannot put back."""
        return OperatorType.Anonymize


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text after its removals. `bars` are the places of the labels in it, in order."""

    text: PersonalText
    bars: tuple[Span, ...] = field(default=())


@cache
def _engine() -> AnonymizerEngine:
    engine = AnonymizerEngine()  # type: ignore[no-untyped-call]  # presidio leaves its constructor untyped
    engine.add_anonymizer(Withhold)
    return engine


def apply(text: str, removals: Sequence[Removal]) -> Redacted:
    """The text with each removal's label in its place. The removals lie inside the text and do not overlap."""
    if not removals:
        return Redacted(PersonalText(text))
    # An entity name for each removal, lest the engine join neighbours that are to stay apart.
    names = {f"REMOVAL_{number}": removal for number, removal in enumerate(removals)}
    outcome = _engine().anonymize(
        text=text,
        analyzer_results=[RecognizerResult(name, removal.span.start, removal.span.end, 1.0) for name, removal in names.items()],
        operators={name: OperatorConfig("withhold", {"label": removal.label}) for name, removal in names.items()},
        merge_entities_with_spaces=False,
    )
    bars = sorted(Span(item.start, item.end) for item in outcome.items)
    return Redacted(PersonalText(outcome.text), tuple(bars))


def within(removals: Sequence[Removal], span: Span) -> tuple[Removal, ...]:
    """The parts of removals that lie in a span, counted from its start."""
    return tuple(
        Removal(
            Span(max(removal.span.start, span.start), min(removal.span.end, span.end)).shifted(-span.start), removal.label, removal.rule
        )
        for removal in removals
        if removal.span.overlaps(span)
    )


def redacted_text(text: str, removals: Sequence[Removal]) -> PersonalText:
    """The text as it may be read by the conference, labels in the removals' places."""
    return apply(text, removals).text
