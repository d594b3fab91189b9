"""Finds what a file hides beyond its face: names and sentences somebody who reads it on paper would not see."""

from __future__ import annotations

import re

from pydantic import Field

from pipeline.domain.documents import Document, HiddenLayer, LayerKind
from pipeline.domain.findings import Action
from pipeline.domain.people import Category, Role, Roster
from pipeline.guidance.detection import NOT_APPLICABLE, Detection, Match
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView

WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+")
WORDLESS = frozenset(
    {
        LayerKind.PROPERTIES,
        LayerKind.XMP,
        LayerKind.FIELD_CODE,
        LayerKind.EXIF,
        LayerKind.THUMBNAIL,
        LayerKind.LINK_TARGET,
        LayerKind.BOOKMARK,
        LayerKind.CHOICES,
    }
)
"""Layers that programs and forms fill in by themselves: author, title, camera, what a list offers. Only a name of the family
in them tells something."""
RUNNING = frozenset({LayerKind.MACRO, LayerKind.SCRIPT})


class Parameters(Strict):
    """What a rule may set: how many words that are not on the face make a layer worth a person's look."""

    new_words: int = Field(default=3, ge=1)


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """Every hidden layer that says more than the face of its document."""
    if not view.carries_report:
        return NOT_APPLICABLE
    names = _family_words(view.case.roster)
    found = []
    for index, reading in enumerate(view.case.readings):
        face = _words(reading.document.text) if reading.document.hidden else set()
        for layer in reading.document.hidden:
            why = _says_more(layer, face, names, parameters)
            if why:
                found.append(Match(Action.REVIEW, why, index, category=Category.HIDDEN_CONTENT))
    return Detection(NOT_APPLICABLE.outcome, tuple(dict.fromkeys(found)))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def _family_words(roster: Roster) -> set[str]:
    """The words of every name but the professionals': a program writes its author's name into any file."""
    people = [person for person in roster.people if person.role is not Role.PROFESSIONAL]
    theirs = {word for person in people for name in person.names for word in _words(name) if len(word) > 2}
    return theirs - {word for person in roster.with_role(Role.PROFESSIONAL) for name in person.names for word in _words(name)}


def _says_more(layer: HiddenLayer, face: set[str], names: set[str], parameters: Parameters) -> str:
    """The plain reason to look at a layer, or nothing."""
    place = layer.kind.value.replace("_", " ")
    if layer.kind in RUNNING:
        return f"The file carries a program ({place})."
    new = _words(layer.text) - face
    if new & names:
        return f"The file hides a name that is not on its face ({place})."
    told = {word for word in new if len(word) > 2 and not word.isdigit()}
    if layer.kind not in WORDLESS and len(told) >= parameters.new_words:
        return f"The file hides text that is not on its face ({place})."
    return ""


def hides_more(document: Document, roster: Roster, parameters: Parameters | None = None) -> bool:
    """Whether any hidden layer of the document says more than its face."""
    face, names = _words(document.text), _family_words(roster)
    return any(_says_more(layer, face, names, parameters or Parameters()) for layer in document.hidden)
