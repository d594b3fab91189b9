"""Judges what a file hides: whether its hidden layers say more than its face, and how much of the file must be left behind for it."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import IntEnum

from pipeline.domain.documents import Document, HiddenLayer, LayerKind


class Hides(IntEnum):
    """How much a file hides, mildest first."""

    NOTHING = 0
    """It may leave byte for byte."""
    PROPERTIES = 1
    """Only its properties say more than its face: the same file without them may leave."""
    MORE = 2
    """Its face must be set apart from the rest of the file."""


ALWAYS_MORE = frozenset(
    {
        # Each of these can hold more than any reader of text shows, or can act.
        LayerKind.TRACKED_DELETION,
        LayerKind.EARLIER_REVISION,
        LayerKind.EMBEDDED_OBJECT,
        LayerKind.EMBEDDED_FILE,
        LayerKind.MACRO,
        LayerKind.SCRIPT,
        LayerKind.THUMBNAIL,
    }
)
_PROPERTY_KINDS = frozenset({LayerKind.PROPERTIES, LayerKind.XMP})
_STRIPPED = _PROPERTY_KINDS | {LayerKind.THUMBNAIL}
"""What the same file can leave without: its properties, and the little picture of its first page as it once was."""
_PROGRAM_WORDS = """
    acrobat adobe anonymous app application author company content created creationdate creator date default description document
    docm docx dotm dotx emis excel false format generated generator ghostscript google iso keywords language lastmodifiedby libreoffice
    library linux mac manager microsoft modified moddate neat none normal office office365 openoffice openxml opensource pages pdf pdfa
    producer properties python quartz reportlab revision skia subject systmone template title trapped true unknown unspecified untitled
    user version windows word words www xmp http https com org the and for with from utc gmt
"""
"""What programs write of themselves and of files in general, and what says nothing of a person."""
_PROGRAMS = frozenset(_PROGRAM_WORDS.split())
_FORM_WORDS = """
    yes not applicable known unknown other others please specify choose select item option enter click tap here text list value answer
    all any both either neither maybe partly partially fully never rarely sometimes often always agree disagree strongly good fair poor
    excellent very satisfactory adequate inadequate met unmet low medium high moderate severe mild risk red amber green level threshold
    one two three four five six seven eight nine ten male female non binary trans transgender prefer say said indeterminate gender sex
    mother father parent parents mum dad carer guardian step stepmother stepfather brother sister sibling half son daughter grandmother
    grandfather grandparent aunt uncle cousin foster adoptive partner relative friend child children unborn baby self family
    white british irish english welsh scottish northern gypsy roma traveller mixed multiple asian indian pakistani bangladeshi chinese
    black african caribbean arab ethnic ethnicity background group european single married divorced separated widowed civil partnership
    cohabiting initial review pre birth prebirth transfer conference report core strategy meeting protection need plan case closed open
    physical emotional sexual abuse neglect general practitioner practice health visitor visiting school nurse nursing midwife midwifery
    doctor consultant paediatrician teacher head social worker police officer probation housing education mental hospital community
    mrs miss prof monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december attended attend attending absent present apologies sent invited registered temporary completed complete
    incomplete pending overdue due face telephone phone video call home visit email letter post person interpreter required urgent
    routine day week month year daily weekly monthly yearly yyyy per than more less fewer over under about own but been has have was are
"""
"""What the lists of ordinary forms offer: answers, degrees, relations, groups, kinds of conference, professions, days and months."""
_OFFERED = frozenset(_FORM_WORDS.split())
_LABELLED = re.compile(r"^[\w :.-]{1,24}: ")
_TOKEN = re.compile(r"[^\W\d_]{3,}")


def _tokens(text: str) -> set[str]:
    return {token.casefold() for token in _TOKEN.findall(text)}


def telling_words(document: Document) -> frozenset[str]:
    """The words of a file's properties that its face does not hold, and that are not programs' own."""
    said = (_tokens(layer.text) for layer in document.hidden if layer.kind in _PROPERTY_KINDS)
    return frozenset(set().union(*said) - _tokens(document.text) - _PROGRAMS)


def says_more(layer: HiddenLayer, face: set[str]) -> bool:
    """Whether a layer holds words, or numbers of five digits and more, that its file's face and programs' own names do not."""
    if layer.kind in ALWAYS_MORE:
        return True
    if layer.kind not in _PROPERTY_KINDS and re.search(r"\d{5,}", re.sub(r"(?<=\d)[ -](?=\d)", "", layer.text)):
        return True
    return bool(_tokens(layer.text) - face - _PROGRAMS - _expected(layer))


def _expected(layer: HiddenLayer) -> frozenset[str]:
    return _OFFERED if layer.kind is LayerKind.CHOICES else frozenset()


DRAWN = frozenset({LayerKind.ANNOTATION, LayerKind.FORM_VALUE, LayerKind.OPTIONAL_CONTENT})
"""What a program that draws a page may show of a file's hidden layers."""


def telling_lines(document: Document, kinds: Collection[LayerKind] = tuple(LayerKind)) -> tuple[str, ...]:
    """The lines of a file's hidden layers of these kinds that say more than its face, without the names of properties before them."""
    face = _tokens(document.text)
    lines = (line for layer in document.hidden if layer.kind in kinds for line in layer.text.splitlines())
    telling = (line for line in lines if _tokens(line) - face - _PROGRAMS)
    return tuple(_LABELLED.sub("", line, count=1) for line in telling)


def what_it_hides(document: Document) -> Hides:
    """How much of a file's hidden content says more than its face."""
    face = _tokens(document.text)
    telling = {layer.kind for layer in document.hidden if says_more(layer, face)}
    if not telling:
        return Hides.NOTHING
    return Hides.PROPERTIES if telling <= _STRIPPED else Hides.MORE
