"""Learns what the sentences of a report tell, for rules/models/topics, and measures it on writers it has not seen.

Needs scikit-learn. `topics.py` prints, by topic, how the whole of the guidance judges reports of writers left out; `topics.py --write`
learns from all of them and writes the model. Three things teach it: reports with titles (a sentence belongs to the part whose title it
stands under), sentences marked by hand (`marked.yaml`), and calls for removal beside other sentences in like words (`removal.yaml`).
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pipeline.domain.assessment import Case
from pipeline.domain.findings import RuleOutcome
from pipeline.guidance import assess, library
from pipeline.guidance.child_voice import Reader, child_names
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.opinion import PLACES, SLOTS, Bounds, PartModel, Sight
from pipeline.guidance.packs import Pack
from pipeline.guidance.view import CaseView

TESTS = Path(__file__).resolve().parents[2]
RULES = TESTS.parent / "rules"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS))

import authored_topics  # noqa: E402 - found by the path above
import plain_documents  # noqa: E402

TITLED = {
    "strengths": "strengths_stated",
    "needs": "needs_to_happen",
    "if_nothing_changes": "if_nothing_changes",
    "consent": "consent_recorded",
}
"""Parts that are taught by titles; the topic each is judged under."""
MARKED = ("child", "worries")
"""Parts that are taught by marks alone."""
REMOVAL = "removal"
PARTS = (*TITLED, *MARKED, REMOVAL)
BOUNDS = {
    # Chosen on what the folds print, for reports without the title, made ones, and authored cases together.
    "strengths": Bounds(best_of=2, lean=1.0, absent_below=-0.5, present_from=0.0),
    "needs": Bounds(best_of=2, lean=1.0, absent_below=-0.5, present_from=0.75),
    "if_nothing_changes": Bounds(best_of=1, lean=0.4, absent_below=-0.75, present_from=0.75),
    "consent": Bounds(best_of=1, lean=0.6, absent_below=-1.5, present_from=0.25),
    "child": Bounds(best_of=2, lean=0.3, absent_below=-0.5, present_from=-0.5),
    "worries": Bounds(best_of=1, lean=1.0, absent_below=0.25, present_from=2.5),
    "removal": Bounds(best_of=1, lean=0.0, absent_below=-9.0, present_from=-0.25),
}
FOLDS = 4
"""Each leaves out a quarter of the letters and a quarter of the voices."""
OURS = 3.0
"""How much a sentence of the authored cases weighs: they are few, and each was written to tell near things apart."""
ALONE = 1.0
"""How much a sentence of told.yaml weighs."""
ALONE_NAMES = frozenset({"ellie"})
"""What the child is called there."""
CALL = 5.0
"""How much a call for removal weighs: they are rare."""


@dataclass(frozen=True)
class Sample:
    """A report as sentences.

    Attributes:
        writer: a letter, or a voice of the authored cases.
        has: the parts that have titles; `parts` the part each sentence stands under.
        marks: for each sentence what it was marked as; none where nobody marked the report.
    """

    writer: str
    labels: dict[str, str]
    case: Case = field(repr=False)
    sentences: tuple[str, ...] = field(repr=False)
    sights: tuple[Sight, ...] = field(repr=False)
    parts: tuple[str, ...]
    has: frozenset[str]
    marks: tuple[frozenset[str], ...] | None

    @property
    def ours(self) -> bool:
        """Whether it is an authored case."""
        return len(self.writer) > 1


def samples(lexicons: Lexicons) -> Iterator[Sample]:
    """Every labelled training report and every authored case, with dev left out."""
    marked = yaml.safe_load((HERE / "marked.yaml").read_text(encoding="utf-8"))
    for labels, case in plain_documents.labelled(TESTS / "corpus" / "training"):
        yield from _of(labels["id"][0], labels["id"], labels["topics"], case, lexicons, marked)
    for voice, written, case in authored_topics.cases(TESTS / "corpus" / "authored_topics"):
        yield from _of(voice, written["id"], written["topics"], case, lexicons, marked)


def _of(writer: str, name: str, topics: dict[str, str], case: Case, lexicons: Lexicons, marked: dict[str, Any]) -> Iterator[Sample]:
    for report in CaseView(case, lexicons).reports:
        sentences = tuple(str(told.span.of(report.text)) for told in report.told)
        if not sentences:
            continue
        children = tuple(map(str, case.facts.conference.children))
        reader = Reader(lexicons.child, child_names(report.text, case.roster, children, lexicons.child.first_names))
        yield Sample(
            writer,
            topics,
            case,
            sentences,
            tuple(reader.sight(sentence) for sentence in sentences),
            tuple(told.part for told in report.told),
            frozenset(section.slot for section in report.sections),
            _marks(sentences, marked.get(name)),
        )


def _marks(sentences: Sequence[str], marked: dict[str, list[str]] | None) -> tuple[frozenset[str], ...] | None:
    if marked is None:
        return None
    begins = {part: set(listed) for part, listed in marked.items()}
    return tuple(frozenset(part for part, listed in begins.items() if " ".join(one.split())[:60] in listed) for one in sentences)


# --- learning


@dataclass
class _Taught:
    """The sentences that teach one part."""

    rows: list[NDArray[np.int64]] = field(default_factory=list)
    tells: list[bool] = field(default_factory=list)
    weigh: list[float] = field(default_factory=list)

    def add(self, row: NDArray[np.int64], tells: bool, weight: float) -> None:
        if row.size:
            self.rows.append(row)
            self.tells.append(tells)
            self.weigh.append(weight)


def learn(given: Sequence[Sample], lexicons: Lexicons) -> PartModel:
    """A model of all parts."""
    blank = PartModel(np.zeros(0, np.float32), {}, {}, {})
    rows = [blank.rows(sample.sights) for sample in given]
    bank = yaml.safe_load((HERE / "removal.yaml").read_text(encoding="utf-8"))
    told = yaml.safe_load((HERE / "told.yaml").read_text(encoding="utf-8"))
    every = [row for one in rows for row in one]
    counts = np.bincount(np.concatenate(every), minlength=SLOTS)
    rarity = np.where(counts > 1, np.log((1 + len(every)) / (1 + counts)), 0.0).astype(np.float32)
    weights, intercepts = {}, {}
    for part in PARTS:
        taught = _Taught()
        for sample, own in zip(given, rows, strict=True):
            for number, row in enumerate(own):
                tells = _tells(part, sample, number, lexicons)
                if tells is not None:
                    taught.add(row, tells, OURS if sample.ours else 1.0)
        for tells, which in ((True, "tells"), (False, "others")):
            for row in _alone(told.get(part, {}).get(which, ()), lexicons, blank):
                taught.add(row, tells, ALONE)
        if part == REMOVAL:
            for tells, listed in ((True, bank["calls"]), (False, bank["tells"])):
                for sentence in listed:
                    taught.add(blank.rows([Sight("")] * 4 + [Sight(sentence.replace("’", "'"))])[-1], tells, OURS)
            taught.weigh = [CALL if tells else min(weight, 2.0) for tells, weight in zip(taught.tells, taught.weigh, strict=True)]
        weights[part], intercepts[part] = _fit(taught, rarity)
    return PartModel(rarity, weights, intercepts, BOUNDS)


def _alone(sentences: Sequence[str], lexicons: Lexicons, blank: PartModel) -> Iterator[NDArray[np.int64]]:
    """The slots of sentences that stand alone, each as if it stood somewhere in a report, the places taken in turn."""
    for number, sentence in enumerate(sentences):
        sight = Reader(lexicons.child, ALONE_NAMES).sight(sentence)
        place = number % PLACES
        yield blank.rows([Sight("")] * place + [sight] + [Sight("")] * (PLACES - 1 - place))[place]


def _tells(part: str, sample: Sample, number: int, lexicons: Lexicons) -> bool | None:
    """Whether a sentence tells of the part; None where nobody knows."""
    if part == REMOVAL:
        return _calls(sample, number, lexicons)
    if part == "worries" and sample.labels.get("worries_stated") == "fail":
        return None if part in sample.has else False  # harm may be told and nobody called worried: the label says that it is not enough
    if sample.marks is not None and (sample.ours or part in MARKED):
        return part in sample.marks[number]
    if part in TITLED and (part in sample.has or sample.labels.get(TITLED[part]) == "fail"):
        return sample.parts[number] == part
    return None


def _calls(sample: Sample, number: int, lexicons: Lexicons) -> bool | None:
    """A call for removal is marked, or is one in known words; only sentences that might be one teach."""
    sentence = sample.sentences[number]
    if sample.ours and sample.marks is not None:
        return REMOVAL in sample.marks[number]
    known = lexicons.removal.called_for(sentence)
    if sample.labels.get("no_removal_recommendation") == "fail":
        return True if known else None
    return False if lexicons.removal.may_call(sentence) else None


def _fit(taught: _Taught, rarity: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    data = np.concatenate([rarity[row] / max(float(np.linalg.norm(rarity[row])), 1e-6) for row in taught.rows])
    ends = np.r_[0, np.cumsum([row.size for row in taught.rows])]
    matrix = scipy.sparse.csr_matrix((data, np.concatenate(taught.rows), ends), shape=(len(taught.rows), SLOTS))
    model = LogisticRegression(C=8, solver="liblinear", dual=True, tol=0.02, max_iter=100, random_state=0)
    model.fit(matrix, np.array(taught.tells), sample_weight=np.array(taught.weigh))
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


# --- measuring


def measure(given: Sequence[Sample], pack: Pack) -> None:
    """Prints, by topic, how the guidance judges reports of writers that the model has not seen."""
    groups = {sample.writer for sample in given}
    fold_of = {
        one: number % FOLDS for ours in (False, True) for number, one in enumerate(sorted(g for g in groups if (len(g) > 1) is ours))
    }
    tables: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for number in range(FOLDS):
        model = learn([sample for sample in given if fold_of[sample.writer] != number], pack.lexicons)
        trial = dataclasses.replace(pack, lexicons=dataclasses.replace(pack.lexicons, part_model=model))
        for sample in given:
            if fold_of[sample.writer] == number:
                for topic, wanted, got in judged(sample.case, sample.labels, trial):
                    of = ("voices" if sample.ours else "letters", topic)
                    tables[of][wanted, got] += 1
    for (whose, topic), table in sorted(tables.items()):
        print(f"{whose:8}{topic:28}{line(table)}")


def judged(case: Case, labels: dict[str, str], pack: Pack) -> Iterator[tuple[str, str, str]]:
    """For each labelled topic the label and what the rules say."""
    outcomes: dict[str, set[RuleOutcome]] = defaultdict(set)
    for result in assess.assess(case, pack)[1].results:
        if result.live:
            outcomes[result.topic.value].add(result.outcome)
    for topic, wanted in labels.items():
        if wanted in {"pass", "fail"} and topic in outcomes:
            yield topic, wanted, "fail" if RuleOutcome.FAIL in outcomes[topic] else "pass"


def line(table: Counter[tuple[str, str]]) -> str:
    """A confusion table in a line."""
    rightly, wrongly, missed = table["fail", "fail"], table["pass", "fail"], table["fail", "pass"]
    score = 2 * rightly / max(1, 2 * rightly + wrongly + missed)
    return (
        f"fail: {rightly:3} rightly, {wrongly:3} wrongly, {missed:3} missed; pass rightly {table['pass', 'pass']:3}; F1 of fail {score:.2f}"
    )


def write(model: PartModel, folder: Path) -> None:
    """Writes the model and its card."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "parts.npz",
        rarity=model.rarity.astype(np.float16),
        intercepts=np.array([model.intercepts[part] for part in PARTS], np.float32),
        **{part: np.where(model.rarity > 0, weights, 0).astype(np.float16) for part, weights in model.weights.items()},  # type: ignore[arg-type] # its stub knows no mapping
    )
    digest = hashlib.sha256((folder / "parts.npz").read_bytes()).hexdigest()
    bounds = {part: dataclasses.asdict(bound) for part, bound in BOUNDS.items()}
    card = {"name": "what-sentences-tell-2", "sha256": digest, "parts": bounds}
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measures, or writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="learn from all writers and write rules/models/topics")
    chosen = parser.parse_args()
    if chosen.write or not (RULES / "models" / "topics" / "model.json").exists():  # the rules cannot be read without one
        blank = np.zeros(SLOTS, np.float32)
        write(PartModel(blank, dict.fromkeys(PARTS, blank), dict.fromkeys(PARTS, 0.0), BOUNDS), RULES / "models" / "topics")
    shipped = library.load(RULES)
    given = list(samples(shipped.lexicons))
    if chosen.write:
        write(learn(given, shipped.lexicons), RULES / "models" / "topics")
    else:
        measure(given, shipped.pack("national"))


if __name__ == "__main__":
    main()
