"""Reads what a report says of agreement to it, and of who of the family has seen it; where that is not plain, the answer is unclear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.conference import Agreement, Consent, Evidence, Sight, Sighting, Whose
from pipeline.domain.people import Mention, Role, Roster
from pipeline.domain.text import Span
from pipeline.guidance.particulars_words import ParticularsWords
from pipeline.guidance.view import ReportView

PIECE = re.compile(
    r"[;.!?](?=\s|$)|,? (?:but|whereas|although|while|however)\b|, (?:and|who|so|yet|which)\b|,(?= )| and (?=[A-Z])| & (?=[A-Z])|\n"
)
"""Where one thing said ends and the next begins."""
CONSENT_PART = "consent"
LABEL = re.compile(r"([^:?\n]{3,70})[:?]\s+(?=\S)")
"""The words of a label before its answer."""
NEAR = 0.25
"""The share of a report at its head, and at its foot, in which agreement without an object is about the report."""

WHOSE: dict[Role, Whose] = {
    Role.SUBJECT_CHILD: Whose.CHILD,
    Role.MOTHER: Whose.MOTHER,
    Role.FATHER: Whose.FATHER,
    Role.PARTNER: Whose.PARENTS,
    Role.CARER: Whose.PARENTS,
    Role.GRANDPARENT: Whose.PARENTS,
}
"""Whose agreement a name is, by the role of the one who bears it; other people's is nobody's here."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a sentence that says one thing; `head` is the title on sharing it stands under, if any."""

    span: Span
    words: str
    head: str
    whose: Whose


def told(report: ReportView, roster: Roster) -> tuple[tuple[Agreement, ...], tuple[Sighting, ...]]:
    """Every word on agreement to a report and on who has seen it, in order."""
    agreements: list[Agreement] = []
    sightings: list[Sighting] = []
    words = report.lexicons.particulars
    for piece in _pieces(report, roster):
        evidence = Evidence(report.index, piece.span, piece.span.of(report.text))
        consent = next((meaning for meaning, known in words.consent if known.search(piece.words)), None)
        sight = _sight(piece, words)
        if consent is not None:
            agreements.append(Agreement(piece.whose, consent, evidence))
        if sight is not None:
            sightings.append(Sighting(piece.whose, sight, evidence))
    return _weighed(agreements), tuple(sightings)


def _sight(piece: _Piece, words: ParticularsWords) -> Sight | None:
    """What a piece says of the report's being known; under a title that asks for it, a bare yes, no or date is an answer."""
    asked = bool(piece.head and words.shown_title.search(piece.head))
    if asked and words.no.search(piece.words):
        return Sight.NOT_YET
    if not words.author_saw.search(piece.words) and (asked or words.about.search(piece.words)):
        said = next((meaning for meaning, known in words.seen if known.search(piece.words)), None)
        return said or (Sight.SEEN if asked and words.yes.search(piece.words) else None)
    return None


def consent(agreements: Iterable[Agreement]) -> Consent:
    """Agreement in a word: what all say; `unclear` where nothing is said or some say otherwise."""
    outcomes = {agreement.outcome for agreement in agreements}
    if Consent.SHARED_WITHOUT in outcomes and Consent.GIVEN not in outcomes:
        return Consent.SHARED_WITHOUT
    return outcomes.pop() if len(outcomes) == 1 else Consent.UNCLEAR


def sight(sightings: Iterable[Sighting]) -> Sight:
    """Who has seen it in a word: `seen` where somebody of the family has and nobody has not."""
    outcomes = {sighting.outcome for sighting in sightings}
    return outcomes.pop() if len(outcomes) == 1 else Sight.UNCLEAR


def conflicts(agreements: Sequence[Agreement], sightings: Sequence[Sighting]) -> Iterator[str]:
    """What does not agree, a plain sentence each."""
    outcomes = {agreement.outcome for agreement in agreements} - {Consent.ASKED}
    if Consent.GIVEN in outcomes and len(outcomes) > 1:
        yield "Some agreed to the report and others did not, or were not asked."
    if len({sighting.outcome for sighting in sightings}) > 1:
        yield "Some of the family have seen the report and others have not."


def _weighed(agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """Without 'was asked' where an answer is told of the same person, or it is not said who was asked."""
    answered = {agreement.whose for agreement in agreements if agreement.outcome is not Consent.ASKED}
    return tuple(
        one for one in agreements if one.outcome is not Consent.ASKED or not answered or one.whose not in {*answered, Whose.UNCLEAR}
    )


def _pieces(report: ReportView, roster: Roster) -> Iterator[_Piece]:
    roles = {person.id: WHOSE[person.role] for person in roster.people if person.role in WHOSE}
    names = [mention for mention in report.reading.mentions if mention.person in roles]
    for sentence, head in _sentences(report):
        whose = Whose.UNCLEAR
        for span in _cut(sentence, report.text):
            words = report.text[span.start : span.end].replace("’", "'")
            whose = _whose(span, words, names, roles, report) or whose
            if whose is Whose.UNCLEAR and head:
                whose = _by_words(head, report) or whose
            yield _Piece(span, words, head, whose)


def _sentences(report: ReportView) -> Iterator[tuple[Span, str]]:
    """The sentences that speak of agreement or of showing the report, each with the title on sharing it stands under."""
    titled = [
        (piece, report.text[section.title.start : section.title.end])
        for section in report.sections
        if section.slot == CONSENT_PART or _asks_who_has_seen(section.name, report)
        for piece in section.body
    ]
    for sentence in report.sentences:
        under = next(((piece, title) for piece, title in titled if piece.overlaps(sentence)), None)
        label = LABEL.match(report.text, sentence.start, sentence.end)
        if under is not None:
            yield Span(max(sentence.start, under[0].start), min(sentence.end, under[0].end)), under[1]
        elif label is not None and _asks_who_has_seen(label[1], report):
            yield Span(label.end(), sentence.end), label[1]
        elif not report.is_title(sentence) and _about_the_report(report, sentence):
            yield sentence, ""


def _asks_who_has_seen(title: str, report: ReportView) -> bool:
    words = report.lexicons.particulars
    return bool(words.shown_title.search(title) and words.about.search(title))


def _about_the_report(report: ReportView, sentence: Span) -> bool:
    words = report.text[sentence.start : sentence.end].replace("’", "'")
    if words.rstrip().endswith("?"):
        return False
    at_an_end = not NEAR < sentence.start / max(1, len(report.text)) < 1 - NEAR
    of_showing = report.lexicons.particulars.of_showing
    return report.lexicons.consent.told(words, at_an_end=at_an_end) or bool(of_showing.search(words))


def _cut(sentence: Span, text: str) -> Iterator[Span]:
    start = sentence.start
    for end in PIECE.finditer(text, sentence.start, sentence.end):
        if text[start : end.start()].strip():
            yield _trimmed(Span(start, end.start()), text)
        start = end.end()
    if text[start : sentence.end].strip():
        yield _trimmed(Span(start, sentence.end), text)


def _trimmed(span: Span, text: str) -> Span:
    words = text[span.start : span.end]
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))


def _whose(span: Span, words: str, names: Sequence[Mention], roles: dict[str, Whose], report: ReportView) -> Whose | None:
    """Of whom a piece speaks; None where it does not say. Mother and father together are the parents."""
    spoken = {roles[mention.person] for mention in names if mention.person and span.covers(mention.span)}
    if {Whose.MOTHER, Whose.FATHER} <= spoken:
        return Whose.PARENTS
    adults = spoken - {Whose.CHILD}
    if len(adults) == 1:
        return adults.pop()
    by_words = _by_words(words, report)
    return by_words or (Whose.CHILD if spoken == {Whose.CHILD} else None)


def _by_words(words: str, report: ReportView) -> Whose | None:
    return next((whose for whose, known in report.lexicons.particulars.whose if known.search(words)), None)
