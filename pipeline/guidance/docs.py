"""Writes rules/README.md: what is asked of reports, for clinicians, and which rule or feature carries each clause of the guidance."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.guidance.files import ClauseFile, ExampleFile, GuidanceDocumentFile
from pipeline.guidance.library import RuleLibrary
from pipeline.guidance.packs import DeadlineRule, Pack
from pipeline.guidance.rule import Rule, Status

OPENING = """# The rules

<!-- Written by `reportgate rules docs`. Change the files beside it, not this page. -->

Every report that comes in is held against the rules in this folder. This page says what they ask, in the order a writer of reports
would want to know, and then, document by document, where each clause of the guidance went. Nobody's report is turned away for
its style: style is told to the sender, kindly, and the report goes on. What must not go on is proposed for removal, and a person
decides.

- `packs/` says which rules an area uses, and where it differs from the national base and why.
- `guidance/<group>/<rule>.yaml` holds one rule each, with examples on which it must speak and examples on which it must be quiet.
- `documents/` holds the guidance documents clause by clause, in our own words.
- `lexicons/` holds word lists: how the parts of a report are titled and told in prose (`sections`), what is an answer and what a blank
  (`answers`), words that need explaining (`plain_language`), how a report tells of consent (`consent`) and of the child's own life
  (`child_voice`), how it calls for removal (`removal`), what services call themselves (`agencies`), and how the day and the type of the
  conference are known (`conference_signs`), and how a report tells
  who wrote it and who of the family agreed to it or has seen it (`particulars`).
- `models/topics/` holds a second opinion on which part of a report a sentence belongs to; its card says what it was taught and how well
  it does.

**To add a rule** begin with `reportgate rules new GROUP/ID --like RULE`. **To change a rule** edit its file and run
`reportgate rules check`: it runs every example of every rule in seconds. **To try a rule out** give it `status: trial`: it is shown on
every scorecard and counts for nothing. **To change it for one area** add it under `adjust` in that area's pack with the document and
clause that ask for it.
"""
GROUPS = {
    "record": "No part of a health record",
    "people": "Nobody told of more than the child's safety needs",
    "files": "What is done with the files themselves",
    "four-questions": "The four questions",
    "child": "The child in focus, in context",
    "form": "A form filled in",
    "language": "Words everybody understands",
    "process": "On time, and safely sent",
    "attendance": "Taking part",
    "agencies": "What each service is expected to cover",
}


def render(library: RuleLibrary) -> str:
    """The whole page, as Markdown."""
    parts = [OPENING, *_packs(library), *_rules(library), *_clauses(library)]
    return "\n".join(parts).rstrip() + "\n"


def _packs(library: RuleLibrary) -> Iterator[str]:
    yield "## Areas\n"
    yield "| Pack | Report due | Builds on | Differs from it in | Signed off | Review by |\n|---|---|---|---|---|---|"
    for pack in library.packs.values():
        written = library.pack_files[pack.id][1]
        changes = "; ".join(f"{change.rule} ({change.because.document}, {change.because.clause})" for change in written.adjust) or "nothing"
        base = ", ".join(written.builds_on) or "nothing"
        cells = (pack.title, _due(pack.deadline), base, changes, _cell(pack.signed_off_by), pack.review_date)
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""


def _due(deadline: DeadlineRule) -> str:
    days = f"{deadline.icpc_working_days} working days before an initial, {deadline.rcpc_working_days} before a review conference"
    hour = f" by {deadline.cut_off:%H:%M}" if deadline.cut_off else ""
    return f"{days}{hour} ({deadline.clause})"


def _rules(library: RuleLibrary) -> Iterator[str]:
    yield "## What is asked\n"
    for group in dict.fromkeys([*GROUPS, *(rule.group for rule in library.rules.values())]):
        rules = [rule for rule in library.rules.values() if rule.group == group and rule.status is not Status.RETIRED]
        if rules:
            yield f"### {GROUPS.get(group, group)}\n"
            yield from (_rule(rule, library) for rule in rules)


def _rule(rule: Rule, library: RuleLibrary) -> str:
    proof = library.examples[rule.id]
    lines = [
        f"**{rule.title}** (`{rule.id}`{', on trial' if rule.status is Status.TRIAL else ''})",
        f"{rule.sources[0].requirement} *{'; '.join(map(str, rule.sources))}*",
        f"Counts {rule.weight} of the scorecard's points; at most it asks to {rule.action.value}. The sender is told: {rule.advice.what}",
        f"Speaks on: {_names(proof.must_fire)}. Quiet on: {_names(proof.must_stay_quiet)}.",
    ]
    lines += [f"Known to be wrong where: {misfire}" for misfire in rule.known_misfires]
    return "\n".join(f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines)) + "\n"


def _names(examples: tuple[ExampleFile, ...]) -> str:
    return "; ".join(example.name for example in examples)


def _clauses(library: RuleLibrary) -> Iterator[str]:
    yield "## Where each clause went\n"
    for document in library.documents.values():
        yield f"### {document.number} {document.title}\n\n{document.publisher}\n"
        yield "| Clause | What it asks | Carried by |\n|---|---|---|"
        yield from (f"| {clause.clause} | {_cell(clause.says)} | {_carried(document, clause, library)} |" for clause in document.clauses)
        yield ""


def _carried(document: GuidanceDocumentFile, clause: ClauseFile, library: RuleLibrary) -> str:
    rules = [
        f"`{rule.id}`"
        for rule in library.rules.values()
        for source in rule.sources
        if (source.document, source.clause) == (document.id, clause.clause)
    ]
    packs = [f"pack {pack.id}" for pack in library.packs.values() if _rests_on(pack, document.id, clause.clause, library)]
    carried = [*dict.fromkeys(rules), *packs, *([_cell(clause.carried_by)] if clause.carried_by else [])]
    return ", ".join(carried) or f"No rule: {_cell(clause.cannot)}"


def _rests_on(pack: Pack, document: str, clause: str, library: RuleLibrary) -> bool:
    written = library.pack_files[pack.id][1]
    reasons = [change.because for change in written.adjust] + ([written.deadline.because] if written.deadline else [])
    return any((because.document, because.clause) == (document, clause) for because in reasons)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")
