"""The parts judging is made of: clauses, trimming, windows, cues and weights, each on its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.domain.errors import RulesError
from pipeline.domain.people import About, Category, Mention, Person, Role, Roster, Statement
from pipeline.domain.text import PersonalText, Span
from pipeline.recognition.sensitivity import clauses, features, judging, trimming, windows, wording, words
from pipeline.recognition.sensitivity.cues import Cues
from pipeline.recognition.sensitivity.encoder import Marks
from pipeline.recognition.sensitivity.weighing import OperatingPoints, Weights


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He is kind.", ["He is kind."]),
        ("Her aunt, who is being seen for a cyst, had them.", ["Her aunt, ", "who is being seen for a cyst, ", "had them."]),
        ("Gout; a hernia; smokes in the car", ["Gout; ", "a hernia; ", "smokes in the car"]),
        ("She left him (he has gout) and came here", ["She left him ", "(he has gout)", " and came here"]),
        ("Seen 10.8.26 at 14:20", ["Seen 10.8.26 at 14:20"]),
    ],
)
def test_a_statement_is_cut_at_its_clause_boundaries(sentence: str, expected: list[str]) -> None:
    """Clauses begin at the marks and words that join them, and together are the whole statement."""
    found = [sentence[span.start : span.end] for span in clauses.split(sentence, Span(0, len(sentence)))]
    assert "".join(found) == sentence
    assert [each.strip() for each in found] == [each.strip() for each in expected]


@pytest.mark.parametrize(
    ("sentence", "going", "left"),
    [
        ("Her aunt, who has a cyst, came.", ["who has a cyst, "], "Her aunt,  came."),
        ("He is kind, and has gout.", ["and has gout."], "He is kind."),
        ("He has gout.", ["He has gout."], ""),
        ("He has gout, and he has piles.", ["He has gout, ", "and he has piles."], ""),
        ("He has gout, and.", ["He has gout, "], ""),
        ("She works nights.", [], "She works nights."),
    ],
)
def test_what_stays_of_a_statement_still_reads(sentence: str, going: list[str], left: str) -> None:
    """Only the clause goes; at the end the full stop stays and the comma goes; a torn rest goes too."""
    spans = [Span(sentence.index(part), sentence.index(part) + len(part)) for part in going]
    text = sentence
    for part in reversed(trimming.parts(sentence, Span(0, len(sentence)), spans)):
        text = text[: part.start] + text[part.end :]
    assert text == left


class _Words:
    """A tokenizer of words, standing in for the real one where only the layout is at stake."""

    def encode_batch(self, texts: list[str], *, add_special_tokens: bool = False) -> list[_Encoding]:
        return [_Encoding(text) for text in texts]


class _Encoding:
    def __init__(self, text: str) -> None:
        self.ids = [1000 + place for place, _ in enumerate(text.split())]
        self.offsets = []
        at = 0
        for word in text.split():
            at = text.index(word, at)
            self.offsets.append((at, at + len(word)))
            at += len(word)


@pytest.mark.parametrize("words", [1, 50, 316, 317, 900, 2500])
def test_windows_hold_every_token_and_join_again(words: int) -> None:
    """No token is left unread however long the text, and answers find back to their tokens."""
    text = "\n".join(" ".join(f"w{line}x{place}" for place in range(10)) for line in range(words // 10 + 1))
    statements = [Statement(Span(*bounds), PersonalText("Head")) for bounds in _line_bounds(text)]
    tokens = windows.tokens_of(text, statements, _Words(), 102)
    cut = windows.windows(tokens, start_mark=101, separator=102)
    assert {place for window in cut for place in range(window.at, window.at + len(window.ids) - window.skip)} == set(range(len(tokens.ids)))
    assert max(len(window.ids) for window in cut) <= 512
    answers = [np.arange(window.at, window.at + len(window.ids) - window.skip, dtype=np.float32)[:, None] for window in cut]
    assert np.allclose(windows.joined(tokens, cut, answers)[:, 0], np.arange(len(tokens.ids)), atol=0.01)


def test_a_window_that_begins_early_ends_early() -> None:
    """A window goes back to where its first statement begins, and holds no more text for it: the encoder's 512 places are never overrun."""
    text = "\n".join(" ".join(f"w{line}x{place}" for place in range(37)) for line in range(60))
    statements = [Statement(Span(*bounds), PersonalText("Head")) for bounds in _line_bounds(text)]
    cut = windows.windows(windows.tokens_of(text, statements, _Words(), 102), start_mark=101, separator=102, body=200, overlap=20)
    assert max(len(window.ids) - window.skip for window in cut) == 200


def _line_bounds(text: str) -> list[tuple[int, int]]:
    bounds, at = [], 0
    for line in text.split("\n"):
        bounds.append((at, at + len(line)))
        at += len(line) + 1
    return bounds


def test_every_cue_of_the_lexicon_loads_and_is_named_once(rules_dir: Path) -> None:
    """The shipped lexicon can be used, and covers every category that text can fall into."""
    cues = Cues.load(rules_dir / "lexicons" / "sensitivity")
    assert {cue.category for cue in cues.all} >= set(Category) - {
        Category.HIDDEN_CONTENT,
        Category.FORBIDDEN_ATTACHMENT,
        Category.EXCESS_DETAIL,
    }


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Her new mobile is 07700 900123 and is safe.", "new_number"),
        ("Coded 13IF.00 and XaJyq today.", "read_code"),
        ("PHQ-9 score 17 on Monday.", "scale_scores"),
        ("She had a termination in 2019.", "termination"),
        ("He was registered female at birth.", "gender_recognition"),
        ("His aunt is on dialysis.", "ordinary_illness"),
    ],
)
def test_cues_find_their_words(rules_dir: Path, sentence: str, cue: str) -> None:
    """Each sort of cue fires on a plain example."""
    cues = Cues.load(rules_dir / "lexicons" / "sensitivity")
    found = {hit.cue.name for hit in cues.find(sentence, Statement(Span(0, len(sentence))))}
    assert cue in found


@pytest.mark.parametrize(
    "content", ["cues: [{name: x}]", "nonsense", "cues:\n- {name: x, category: nope, pattern: a, certain: false, strength: 1}", "a: ["]
)
def test_a_broken_lexicon_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    """A lexicon that cannot be used stops the start and says which file; it is never skipped."""
    (tmp_path / "cues.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=r"cues\.yaml") as caught:
        Cues.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_cue_name_that_stands_twice_stops_the_start(tmp_path: Path) -> None:
    """Two rows of one name would be weighed as one."""
    row = "- {name: x, category: clinical_codes, pattern: a, certain: false, strength: 0.5}\n"
    (tmp_path / "cues.yaml").write_text("cues:\n" + row + row, encoding="utf-8")
    with pytest.raises(RulesError, match="twice"):
        Cues.load(tmp_path)


def test_weights_that_do_not_fit_the_readings_are_refused(tmp_path: Path) -> None:
    """A reading added without learning anew would shift every question by one; a damaged file stops the start."""
    names = features.names(list(Category), list(About))
    path = tmp_path / "weights.npz"
    _stump(path, names)
    assert Weights.load(path, expected=names).probabilities(np.zeros((2, len(names)))).tolist() == [0.5, 0.5]
    with pytest.raises(RulesError, match="calibrate"):
        Weights.load(path, expected=names[1:])
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(RulesError, match="restore"):
        Weights.load(path, expected=names)


def _stump(path: Path, names: tuple[str, ...]) -> None:
    """One tree that asks the second number: up to 1 it adds nothing, above it adds 2."""
    row = {"feature": [[1, 0, 0]], "threshold": [[1.0, 0, 0]], "below": [[1, 1, 2]], "above": [[2, 1, 2]], "value": [[0.0, 0.0, 2.0]]}
    np.savez(path, names=np.array(names), start=0.0, depth=1, **row)


def test_trees_are_asked_from_the_root_to_a_leaf(tmp_path: Path) -> None:
    """A value up to the threshold goes below, a higher one above, and what the leaf adds is a logit."""
    names = ("first", "second")
    _stump(tmp_path / "weights.npz", names)
    weights = Weights.load(tmp_path / "weights.npz", expected=names)
    assert weights.probabilities(np.array([[9.0, 1.0], [0.0, 1.1]])) == pytest.approx([0.5, 1 / (1 + np.exp(-2))])


def test_people_are_named_in_the_clause_in_which_they_stand() -> None:
    """Each mention counts for what its person is to the child, in every span that it touches; one without a person counts for none."""
    roster = Roster((Person("a", Role.MOTHER, ()), Person("b", Role.OTHER_CHILD, ())))
    mentions = [
        Mention(Span(2, 5), "PERSON", 1.0, "roster", "a"),
        Mention(Span(12, 15), "PERSON", 1.0, "roster", "b"),
        Mention(Span(3, 4), "PHONE_NUMBER", 1.0, "phone"),
    ]
    inside = features.Named.of(roster, mentions).inside([Span(0, 10), Span(10, 20), Span(20, 30)])
    who = list(features.PEOPLE)
    assert inside[:, [who.index("mother"), who.index("third party")]].tolist() == [[1, 0], [0, 1], [0, 0]]
    assert inside.sum() == 2


def test_wording_tells_words_from_their_surroundings(tmp_path: Path) -> None:
    """The same word counts apart in the clause, its statement, its heading and the statement before; a damaged file is refused."""
    places = [wording.slots(*("gout" if place == number else "" for place in range(4))) for number in range(4)]
    assert len({int(slot) for row in places for slot in row}) == 4
    assert wording.slots("", "", "", "").size == 0
    weight = np.zeros(wording.SLOTS, np.float16)
    weight[places[0]] = 2.0
    path = tmp_path / "wording.npz"
    np.savez_compressed(path, rarity=np.ones(wording.SLOTS, np.float16), weight=weight, intercept=-1.0)
    read = wording.Wording.load(path)
    assert read.score(places[0]) == 1.0
    assert read.score(places[1]) == read.score(wording.slots("", "", "", "")) == -1.0
    path.write_bytes(b"nothing")
    with pytest.raises(RulesError, match="restore"):
        wording.Wording.load(path)


def test_operating_points_have_a_default_for_categories_not_named(tmp_path: Path) -> None:
    """A pack of points need name only what differs."""
    path = tmp_path / "points.yaml"
    rows = ("together: 4", "counted: 0.1", "default: {holds: 0.8, redact: 0.3, ask: 0.2}", "categories: {clinical_codes: {redact: 0.5}}")
    path.write_text("\n".join(rows), encoding="utf-8")
    points = OperatingPoints.load(path)
    assert points.of(Category.CLINICAL_CODES).redact == 0.5
    assert points.of(Category.CLINICAL_CODES).holds == 0.8
    assert points.of(Category.EXCESS_DETAIL).redact == 0.3
    path.write_text("default: {}\n", encoding="utf-8")
    with pytest.raises(RulesError):
        OperatingPoints.load(path)


@pytest.mark.parametrize("about", [*About, None])
@pytest.mark.parametrize("category", Category)
def test_every_judgement_has_a_sentence_that_reads(category: Category, about: About | None) -> None:
    """One sentence for each sort and person: whole, without gaps, and never the child told apart from the child."""
    said = words.why(category, about)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
    assert said.count("the child") - said.count("the child's") <= 1


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("________\nFrom: CP Admin Derby <cp.reports.derby@nhs.net>\nSent: 29 October 2026 10:15\nSubject: FW: Request for report", True),
        ("From: SANDHU, Kulvinder", True),
        ("To: CP Admin (Derby) [cp@derby.nhs.uk]", True),
        ("Subject: RE: FW: Request for GP report", True),
        ("30 October 2026 16:02", True),
        ("________________________________", True),
        ("Page  of", True),
        ("Page 2 of 4", True),
        ("Subject: Her termination", False),
        ("From: the start she has had depression", False),
        ("From: March. She had a termination then", False),
        ("To: A clinic in Leeds. She went twice", False),
    ],
)
def test_what_carries_no_words_of_the_author_stays(line: str, stays: bool, rules_dir: Path) -> None:
    """Rules, page numbers and the lines a mail program puts above a quoted mail are not read as a record; a sentence that begins so is."""
    assert Cues.load(rules_dir / "lexicons" / "sensitivity").stays(line) is stays


@pytest.mark.parametrize(
    ("readings", "source", "stay", "why"),
    [
        ((3.0, 3.0), "model:x", (), "both are sure to go"),
        ((3.0, -0.9), "model:x", (), "less sure, yet above half way from the surest down to plain text"),
        ((3.0, -1.1), "model:x", (1,), "below half way"),
        ((0.9, -2.2, 0.8), "model:x", (1,), "where the surest is less sure, half way is less far"),
        ((-2.5, -4.9), "model:x", (), "nothing is sure: too near to be told apart"),
        ((3.0, -4.0), "rule:code", (), "a certain cue decides for itself"),
    ],
)
def test_a_clause_read_far_lower_than_the_surest_stays(readings: tuple[float, ...], source: str, stay: tuple[int, ...], why: str) -> None:
    """The clauses of a statement are judged as one, but for those that stand out as fit to stay."""
    tokens = windows.Tokens((), (), (), (), (), (), ())
    each = [
        judging.Weighed(features.Clause(Span(9 * n, 9 * n + 9), 0, np.array([n]), ()), 0.8, Category.EXCESS_DETAIL, source)
        for n in range(len(readings))
    ]
    nothing = np.zeros((len(readings), 1), np.float32)
    settled = judging.evened(each, Marks(tokens, np.array(readings, np.float32), nothing, nothing))
    assert tuple(n for n, one in enumerate(settled) if one.probability == 0.0) == stay, why
