"""An assessment as a page that a person likes to read at the prompt."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from pipeline import gateway
from pipeline.assessment_json import as_object
from pipeline.commands.facts_table import print_facts
from pipeline.domain.assessment import Assessment, Decision
from pipeline.domain.conference import DeadlineStatus
from pipeline.domain.findings import Action, RuleOutcome
from pipeline.domain.plan import Treatment
from pipeline.guidance.workdays import LONDON

LOOK = {
    Decision.RELEASE: ("green", "may go as it is"),
    Decision.REVIEW: ("yellow", "a person must look"),
    Decision.NOT_A_REPORT: ("cyan", "not a report"),
}
TREATMENTS = {Treatment.SEND: "send", Treatment.REDACT: "[yellow]redact[/]", Treatment.WITHHOLD: "[red]withhold[/]"}


def print_page(file: str, assessment: Assessment, console: Console | None = None) -> None:
    """Prints decision, reasons, facts, documents, what must not go on, and the scorecard."""
    console = console or Console()
    colour, words = LOOK[assessment.disposition.decision]
    reasons = "\n".join(f"• {escape(reason)}" for reason in assessment.disposition.reasons)
    console.print(
        Panel(
            reasons or "Nothing stands in its way.",
            title=f"[bold]{escape(file)}[/]: [{colour}]{words}[/]",
            title_align="left",
            border_style=colour,
        )
    )
    console.print(_facts(assessment))
    print_facts(console, as_object(file, assessment), gateway.now().date())
    if assessment.case.readings:
        console.print(_documents(assessment))
    proposed = [finding for finding in assessment.findings if finding.action is not Action.ADVISE]
    if proposed:
        console.print(_proposals(assessment))
    console.print(_scorecard(assessment))


def print_parked(file: str, why: str) -> None:
    """Prints what cannot be read as a message."""
    Console().print(Panel(escape(why), title=f"[bold]{escape(file)}[/]: [red]set aside[/]", title_align="left", border_style="red"))


def _facts(assessment: Assessment) -> Table:
    case, facts = assessment.case, assessment.case.facts
    due = facts.deadline.due.astimezone(LONDON).strftime("%a %d %b %Y, %H:%M") if facts.deadline.due else "not known"
    late = {DeadlineStatus.MET: " [green]in time[/]", DeadlineStatus.MISSED: " [red]late[/]", DeadlineStatus.UNKNOWN: ""}[
        facts.deadline.status
    ]
    conference = " on ".join(
        part
        for part in (
            facts.conference.type.value if facts.conference.type else "",
            facts.conference.date.strftime("%a %d %b %Y") if facts.conference.date else "",
        )
        if part
    )
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("received", case.submission.received.astimezone(LONDON).strftime("%a %d %b %Y, %H:%M")),
        ("authority", case.authority.name if case.authority else "not known"),
        ("from", facts.agency.value.replace("_", " ")),
        ("kind of mail", case.route.value.replace("_", " ")),
        ("conference", conference or "not said"),
        ("due", due + late),
    ):
        table.add_row(f"[dim]{label}[/]", value)
    return table


def _documents(assessment: Assessment) -> Table:
    table = Table(title="Documents", title_justify="left")
    for column in ("document", "kind", "treatment", "pages", "words", "read from", "notes"):
        table.add_column(column, overflow="fold")
    for reading, plan in zip(assessment.case.readings, assessment.plan.documents, strict=True):
        document = reading.document
        notes = [note.detail for note in document.notes] + ([document.problem.detail] if document.problem else [])
        table.add_row(
            escape(str(document.name)),
            reading.kind.kind.value.replace("_", " "),
            TREATMENTS[plan.treatment],
            str(len(document.pages) or "-"),
            str(document.word_count),
            document.source.value,
            escape("; ".join(notes)),
        )
    return table


def _proposals(assessment: Assessment) -> Table:
    table = Table(title="What must not go on as it is", title_justify="left")
    for column in ("what to do", "words", "why", "sure"):
        table.add_column(column, overflow="fold")
    for finding in assessment.findings:
        if finding.action is not Action.ADVISE:
            table.add_row(finding.action.value, escape(str(finding.quote)[:300]), escape(finding.why), f"{finding.confidence:.0%}")
    return table


def _scorecard(assessment: Assessment) -> Table:
    card = assessment.scorecard
    score = "not assessable" if card.score is None else f"{card.score} of 100"
    table = Table(title=f"Scorecard: {score} (pack {card.pack}, version {card.version})", title_justify="left")
    for column in ("topic", "outcome", "what to do"):
        table.add_column(column, overflow="fold")
    looks = {RuleOutcome.PASS: "green", RuleOutcome.FAIL: "red", RuleOutcome.NOT_APPLICABLE: "dim", RuleOutcome.NOT_ASSESSABLE: "yellow"}
    for result in card.results:
        if result.live and result.outcome is not RuleOutcome.NOT_APPLICABLE:
            table.add_row(
                result.topic.value.replace("_", " "),
                f"[{looks[result.outcome]}]{result.outcome.value.replace('_', ' ')}[/]",
                escape(result.advice) if result.outcome is RuleOutcome.FAIL else "",
            )
    return table
