"""The verbs on rules: check, show, docs, new."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import gateway, settings
from pipeline.domain.errors import NothingChanged, RulesError
from pipeline.guidance import check as proofs
from pipeline.guidance import docs as pages
from pipeline.guidance import library
from pipeline.guidance import new as drafts
from pipeline.guidance.show import effective
from pipeline.routing import directory, stationery


def check(config: Path | None) -> None:
    """Proves packs, directory entries and every rule's own examples.

    Raises:
        RulesError: something is wrong; each is printed.
    """
    rules = gateway.rules_folder(settings.load(config))
    found, known = library.load(rules), directory.load(rules)
    problems = [*proofs.check(found)]
    problems += [f"directory/{one.id}: there is no pack '{one.pack}'" for one in known.authorities if one.pack not in found.packs]
    problems += [
        problem for folder in sorted({one.letters for one in known.authorities if one.letters}) for problem in stationery.check(folder)
    ]
    console = Console()
    for problem in problems:
        console.print(f"[red]wrong[/]  {escape(problem)}")
    overdue = (concern for pack in found.packs.values() for concern in pack.warnings(gateway.now().date()))
    for concern in (*directory.check(known), *overdue):
        console.print(f"[yellow]look[/]   {escape(concern)}")
    if problems:
        raise RulesError(f"{len(problems)} thing(s) under rules/ are wrong; each is named above")
    shown = sum(len(file.must_fire) + len(file.must_stay_quiet) for file in found.examples.values())
    console.print(
        f"{len(found.rules)} rules, {shown} examples, {len(found.packs)} packs and {len(known.authorities)} authorities are in order."
    )


def new(config: Path | None, place: str, *, like: str) -> None:
    """Writes a draft of a rule for its author to fill in.

    Raises:
        NothingChanged: there is such a rule already, or its group or the rule to begin with is not there.
    """
    folder = gateway.rules_folder(settings.load(config))
    path = drafts.draft(library.load(folder), folder, place, like)
    Console().print(f"wrote {path}: fill it in, run `reportgate rules check`, then set its status to trial", soft_wrap=True)


def show(config: Path | None, authority: str, *, as_json: bool) -> None:
    """Prints the rules in force for an authority, and where each value comes from.

    Raises:
        NothingChanged: there is no such authority.
    """
    rules = gateway.rules_folder(settings.load(config))
    known = {one.id: one for one in directory.load(rules).authorities}
    if authority not in known:
        raise NothingChanged(f"there is no authority {authority[:40]!a} in rules/directory; there are {', '.join(sorted(known))}")
    rows = effective(library.load(rules).pack(known[authority].pack))
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    table = Table(title=f"Rules in force for {known[authority].name}", title_justify="left")
    for column in ("rule", "topic", "status", "weight", "action", "clause", "from"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            row.rule,
            row.topic,
            row.status,
            str(row.weight),
            row.action,
            row.clause,
            row.brought_in_by + (f" ({row.changed})" if row.changed else ""),
        )
    Console().print(table)


def docs(config: Path | None, *, write: bool) -> None:
    """Prints, or writes to rules/README.md, the page that shows clause by clause what carries the guidance."""
    rules = gateway.rules_folder(settings.load(config))
    page = pages.render(library.load(rules))
    if not write:
        print(page)
        return
    try:
        (rules / "README.md").write_text(page, encoding="utf-8")
    except OSError as error:
        raise NothingChanged(f"{rules / 'README.md'} cannot be written ({error.strerror}); mend its permissions") from None
    Console().print(f"wrote {rules / 'README.md'}")
