"""Counts how assessments stand against labels: the measures of tests/corpus/MEASURES.md, each as so many of so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.domain.assessment import Assessment
from pipeline.domain.findings import RuleOutcome, Topic
from pipeline.domain.plan import RedactionPlan, Treatment
from pipeline.evaluation.labels import LabelledAttachment, LabelledCase, Quote
from pipeline.evaluation.pairing import paired
from pipeline.evaluation.places import Places
from pipeline.evaluation.readback import Outgoing, residue, share_in_order, share_present
from pipeline.evaluation.reliability import Said


@dataclass(frozen=True, slots=True)
class Observed:
    """One labelled case, what the gateway made of it, and what would leave.

    Attributes:
        held: whether somebody looks before anything leaves.
        said: what the sensitivity model said of each clause, and whether it had to go.
        proposed: the plan before any copy was made; None where that is the assessment's own. A copy that fails its proof is withheld,
            and what the plan left alone is then lost in the copy.
    """

    case: LabelledCase
    assessment: Assessment
    outgoing: Outgoing = field(repr=False)
    held: bool
    said: tuple[Said, ...] = field(default=(), repr=False)
    proposed: RedactionPlan | None = None

    @property
    def plan(self) -> RedactionPlan:
        """What was to be removed when the copies were made."""
        return self.proposed or self.assessment.plan


@dataclass(frozen=True, slots=True)
class Measure:
    """So many of so many, and the aim. `misses` names cases (ids only), for whoever wants to look."""

    name: str
    hits: float
    of: int
    aim: str
    good: Callable[[float], bool] = field(repr=False)
    misses: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """The share, or None where there was nothing to count."""
        return self.hits / self.of if self.of else None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met, or None where there was nothing to count."""
        return None if self.value is None else self.good(self.value)


def _at_least(bound: float) -> Callable[[float], bool]:
    return lambda value: value >= bound - 1e-9


def _at_most(bound: float) -> Callable[[float], bool]:
    return lambda value: value <= bound + 1e-9


def measure_removal(observed: Sequence[Observed]) -> list[Measure]:
    """What is taken, what is harmed, and what is held: the measures a baseline has too."""
    return [
        _counted("over-share recall", _caught(observed), "≥ 0.95", _at_least(0.95)),
        _counted("wrongly removed", _removed(observed), "≤ 0.02", _at_most(0.02), count_misses=False),
        _counted("false release", _false_release(observed), "0", _at_most(0), count_misses=False),
        _counted("false hold", _false_hold(observed), "≤ 0.15", _at_most(0.15), count_misses=False),
    ]


def measure(observed: Sequence[Observed]) -> list[Measure]:
    """Every measure, in the order of MEASURES.md."""
    return [
        *measure_removal(observed),
        _counted("attachment treatment", _treatment(observed), "≥ 0.95", _at_least(0.95)),
        _counted("forbidden sent", _forbidden(observed), "0", _at_most(0), count_misses=False),
        _counted("document kind", _kinds(observed), "≥ 0.93", _at_least(0.93)),
        _counted("route", ((one, one.assessment.case.route.value == one.case.route) for one in observed), "≥ 0.97", _at_least(0.97)),
        _counted("conference", ((one, _conference_right(one)) for one in observed), "≥ 0.97", _at_least(0.97)),
        _counted(
            "deadline",
            ((one, one.assessment.case.facts.deadline.status.value == one.case.deadline) for one in observed),
            "≥ 0.97",
            _at_least(0.97),
        ),
        *_topic_measures(observed),
        _counted("residue", _residue(observed), "0", _at_most(0), count_misses=False),
        _counted("lost in the copy", _lost(observed), "0", _at_most(0), count_misses=False),
    ]


Counted = Iterable[tuple[Observed, bool]]


def _counted(name: str, seen: Counted, aim: str, good: Callable[[float], bool], *, count_misses: bool = True) -> Measure:
    """Counts what is true; the cases named are those where it went wrong (false where true is wanted, or the other way round)."""
    pairs = list(seen)
    wrong = Counter(one.case.id for one, hit in pairs if hit is not count_misses)
    named = tuple(f"{case}×{times}" if times > 1 else case for case, times in sorted(wrong.items()))
    return Measure(name, sum(hit for _, hit in pairs), len(pairs), aim, good, named)


def is_caught(quote: Quote, one: Observed) -> bool:
    """Whether at least four fifths of a quote are absent from what leaves."""
    return share_present(quote.text, one.outgoing.texts) <= 0.2


def is_kept(clause: str, labelled: LabelledAttachment, one: Observed) -> bool:
    """Whether a clause that must stay can still be read in what leaves."""
    return share_in_order(clause, one.outgoing.texts) >= (0.85 if labelled.is_scan else 0.95)


def _caught(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for quote in one.case.quotes:
            yield one, is_caught(quote, one)


def _removed(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for labelled in one.case.attachments:
            if labelled.expect in ("send", "redact"):
                for clause in labelled.must_keep:
                    yield one, not is_kept(clause, labelled, one)


def _false_release(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        if one.case.decision == "review":
            yield one, not one.held


def _false_hold(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        if one.case.decision == "release":
            yield one, one.held


def _treatment(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for labelled, number in paired(one.case, one.assessment):
            yield one, number is not None and one.assessment.plan.documents[number].treatment.value == labelled.expect


def _forbidden(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for labelled, number in paired(one.case, one.assessment):
            if labelled.expect == "withhold":
                yield one, number is not None and one.assessment.plan.documents[number].treatment is not Treatment.WITHHOLD


SAME_KIND = {
    ("encrypted_pdf", "unreadable"),  # nobody can tell what is in it
    ("other", "blank_form"),  # labels have no word for a form that nobody filled in
}


def _kinds(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for labelled, number in paired(one.case, one.assessment):
            kind = one.assessment.case.readings[number].kind.kind.value if number is not None else None
            yield one, kind == labelled.kind or (labelled.render, kind) in SAME_KIND or (labelled.kind, kind) in SAME_KIND


def _conference_right(one: Observed) -> bool:
    said = one.assessment.case.facts.conference
    return (said.type.value if said.type else None) == one.case.conference_type and (
        said.date.isoformat() if said.date else None
    ) == one.case.conference_date


def _residue(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        marked = [" ".join(quote.text.split()) for quote in one.case.quotes]
        said = " ".join(" ".join(reading.document.text.split()) for reading in one.assessment.case.readings)
        for quote in marked:
            said = said.replace(quote, " ")
        said += f" {_day(one.assessment.case.submission.received)} "
        for quote in marked:
            if share_present(quote, one.outgoing.texts) <= 0.2:
                yield one, residue(quote, one.outgoing, said)


def _day(received: datetime) -> str:
    """The day a message came, as the letter about it says."""
    return f"{received:%A} {received.day} {received:%B %Y}"


def _lost(observed: Sequence[Observed]) -> Counted:
    for one in observed:
        for labelled, number in paired(one.case, one.assessment):
            if labelled.expect in ("send", "redact") and not _leaves_as_it_came(number, one):
                for clause in labelled.must_keep:
                    if not is_touched(clause, number, one):
                        yield one, not is_kept(clause, labelled, one)


def _leaves_as_it_came(number: int | None, one: Observed) -> bool:
    """Whether the very file is among what leaves: then nothing of it is lost, however poorly a scan of it is read."""
    return number is not None and one.assessment.case.readings[number].document.attachment.content in one.outgoing.streams


def is_touched(clause: str, number: int | None, one: Observed) -> bool:
    """Whether the plan takes any of a clause; what the gateway did not find in the file, the plan cannot have touched."""
    if number is None:
        return False
    plan = one.plan.documents[number]
    place = Places(one.assessment.case.readings[number].document.text).of(clause)
    return plan.treatment is Treatment.WITHHOLD or any(place is not None and each.span.overlaps(place) for each in plan.removals)


# --- topics


@dataclass(frozen=True, slots=True)
class Confusion:
    """How one topic's outcomes stand against its labels; `fail` is what is looked for."""

    topic: str
    true_fail: int
    false_fail: int
    missed_fail: int
    true_pass: int
    wrong: tuple[str, ...]

    @property
    def labelled(self) -> int:
        """How many labels count (pass or fail)."""
        return self.true_fail + self.false_fail + self.missed_fail + self.true_pass

    @property
    def f1(self) -> float | None:
        """F1 of `fail`; None where neither labels nor rules know a fail."""
        either = 2 * self.true_fail + self.false_fail + self.missed_fail
        return 2 * self.true_fail / either if either else None


def topic_outcome(assessment: Assessment, topic: Topic) -> RuleOutcome:
    """The outcome of a topic: fail if any live rule fails, pass if any passes, else as the rules say."""
    outcomes = {result.outcome for result in assessment.scorecard.results if result.topic is topic and result.live}
    order = (RuleOutcome.FAIL, RuleOutcome.PASS, RuleOutcome.NOT_ASSESSABLE, RuleOutcome.NOT_APPLICABLE)
    return next((outcome for outcome in order if outcome in outcomes), RuleOutcome.NOT_APPLICABLE)


def confusions(observed: Sequence[Observed]) -> list[Confusion]:
    """One confusion table a topic, for topics that are labelled."""
    found: list[Confusion] = []
    for topic in Topic:
        cells: Counter[tuple[bool, bool]] = Counter()
        wrong: list[str] = []
        for one in observed:
            label = one.case.topics.get(topic.value)
            if label not in ("pass", "fail"):
                continue
            said = topic_outcome(one.assessment, topic) is RuleOutcome.FAIL
            cells[label == "fail", said] += 1
            if said != (label == "fail"):
                wrong.append(one.case.id)
        if cells:
            found.append(
                Confusion(topic.value, cells[True, True], cells[False, True], cells[True, False], cells[False, False], tuple(wrong))
            )
    return found


def _topic_measures(observed: Sequence[Observed]) -> list[Measure]:
    tables = confusions(observed)
    scores = [(table.topic, table.f1) for table in tables if table.f1 is not None]
    right = [(table, (table.true_fail + table.true_pass) / table.labelled) for table in tables]
    return [
        Measure(
            "topics, F1 of fail",
            sum(score for _, score in scores),
            len(scores),
            "≥ 0.85",
            _at_least(0.85),
            tuple(f"{name} {score:.2f}" for name, score in scores if score < 0.85),
        ),
        Measure("topics, accuracy", sum(share for _, share in right), len(right), "≥ 0.85", _at_least(0.85)),
    ]
