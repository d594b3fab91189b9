"""A pack: the rules one authority uses, with every setting in force and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time

from pipeline.domain.conference import ConferenceType
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.rule import Because, Rule, Status


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """By when a report is due, counted back from the day of the conference.

    Attributes:
        icpc_working_days: whole working days that must lie between the due day and an initial (or pre-birth) conference, at least.
        rcpc_working_days: the same for a review conference.
        cut_off: the hour (Europe/London) on the due day by which it must have come; None means the end of that day.
        clause: the guidance document and clause, such as `brent 000, submission`.
    """

    icpc_working_days: int
    rcpc_working_days: int
    cut_off: time | None
    clause: str

    def working_days(self, conference: ConferenceType | None) -> int:
        """How many working days before the conference a report is due; for a conference of unknown type the longer time."""
        if conference is ConferenceType.ICPC:
            return self.icpc_working_days
        if conference is ConferenceType.RCPC:
            return self.rcpc_working_days
        return max(self.icpc_working_days, self.rcpc_working_days)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value in force came from: the pack or `rule`, and, for a pack's own choice, the document and clause that ask for it."""

    pack: str
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class EffectiveRule:
    """A rule as a pack uses it.

    Attributes:
        origins: for each changed setting, by name, where it came from; `group` says which pack brought the rule in.
        own_clause: which of the rule's sources counts in this pack.
    """

    rule: Rule
    origins: dict[str, Origin] = field(default_factory=dict)
    own_clause: str = ""

    @property
    def clause(self) -> str:
        """The document and clause the rule rests on in this pack: that of the last change, else the rule's own source."""
        given = [origin.because for origin in self.origins.values() if origin.because is not None]
        return str(given[-1]) if given else self.own_clause or str(self.rule.sources[0])

    @property
    def live(self) -> bool:
        """Whether it counts; a trial rule is shown and counts for nothing."""
        return self.rule.status is Status.LIVE

    def changed(self, origin: Origin, **settings: object) -> EffectiveRule:
        """The same rule with other settings, remembering where they came from."""
        named = {name: value for name, value in settings.items() if value is not None}
        return EffectiveRule(
            replace(self.rule, **named),  # type: ignore[arg-type]  # names are checked when the pack is loaded
            {**self.origins, **dict.fromkeys(named, origin)},
            self.own_clause,
        )


@dataclass(frozen=True, slots=True)
class Pack:
    """What an authority expects of reports, complete: everything inherited is in it.

    Attributes:
        id: such as `brent`; also the name of its file.
        version: shown on every scorecard; changes with every change of the pack.
        review_date: after this day whoever signed it off should look again; it stays in force.
        deadline: by when reports are due.
        rules: in the order of their groups and ids, retired ones left out.
        caps: the most weight the rules of a group can have together, by group.
        lineage: the packs it builds on, nearest first.
    """

    id: str
    title: str
    version: str
    author: str
    signed_off_by: str
    review_date: date
    deadline: DeadlineRule
    rules: tuple[EffectiveRule, ...]
    caps: dict[str, int]
    lexicons: Lexicons = field(repr=False)
    lineage: tuple[str, ...] = ()

    def past_review(self, today: date) -> bool:
        """Whether its review date has gone by."""
        return today > self.review_date

    def warnings(self, today: date) -> tuple[str, ...]:
        """What an operator should know of the pack: one plain sentence each."""
        if self.past_review(today):
            return (f"pack {self.id} was due for review on {self.review_date:%d %B %Y}: ask {self.author} to look at it again",)
        return ()
