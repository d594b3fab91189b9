"""The facts of an assessment as a table at the prompt, and what there is to know of the pack it was judged by."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import facts_told


def print_facts(console: Console, view: dict[str, Any], today: date) -> None:
    """Prints what a submission says of itself, each fact with the words it rests on.

    Args:
        view: the object of schema `assessment/1`.
        today: the day by which a pack's review date is judged.
    """
    told = facts_told.told(view)
    if told:
        table = Table(title="What it says of itself", title_justify="left")
        for column in ("what", "is", "as it says"):
            table.add_column(column, overflow="fold")
        for one in told:
            table.add_row(one.label, escape(one.value), escape("\n".join(one.places)))
        console.print(table)
    for warning in facts_told.pack_warnings(view, today):
        console.print(f"[yellow]{escape(warning)}[/]")
