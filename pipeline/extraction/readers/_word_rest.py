"""Reads what remains of a Word file: parts in which programs write no words, parts nobody knows, and the names of parts."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.domain.documents import LayerKind
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _ole as ole
from pipeline.extraction.readers._ooxml import all_values
from pipeline.extraction.readers._package import Package, attribute, words_of
from pipeline.extraction.readers._word_layers import hide_names, paragraphs
from pipeline.extraction.readers._word_marks import PROMPT


def _nothing(_package: Package, _name: str) -> str:
    return ""


def _blocks(package: Package, name: str) -> str:
    return "\n".join(line for line in paragraphs(package.xml(name)).split("\n") if not PROMPT.fullmatch(line))


def _words(package: Package, name: str) -> str:
    return words_of(package.xml(name))


def _values(package: Package, name: str) -> str:
    return all_values(package.xml(name))


def _remarks_on_comments(package: Package, name: str) -> str:
    """Words, and who liked a comment; times and numbers of comments are the program's."""
    root = package.xml(name)
    return "\n".join(filter(None, [words_of(root), *dict.fromkeys(attribute(one, "userName") for one in root.iter())]))


def _plain(package: Package, name: str) -> str:
    return package.bytes_of(name).decode("utf-8", "replace")


def _strings(package: Package, name: str) -> str:
    return ole.strings(package.bytes_of(name))


_PARTS: tuple[tuple[str, LayerKind, Callable[[Package, str], str]], ...] = (
    (r".*/glossary/document\.xml", LayerKind.HIDDEN_TEXT, _blocks),
    (r".*/activex/.*\.xml", LayerKind.FORM_VALUE, _values),
    (r".*\.psmdcp", LayerKind.PROPERTIES, _words),
    (r".*/comments\w+\.xml", LayerKind.COMMENT, _remarks_on_comments),
    # Programs write no text into these, only attributes.
    (r"\[content_types\]\.xml|(?:.*/)?_rels/.*\.rels|customxml/itemprops\d*\.xml|docmetadata/labelinfo\.xml", LayerKind.OTHER, _words),
    (r".*/(?:styles\w*|settings|websettings|fonttable|numbering|people|keymap\w*)\.xml|.*/theme/[^/]*\.xml", LayerKind.OTHER, _words),
    (r".*/glossary/.*\.xml", LayerKind.OTHER, _words),
    # Read by other steps.
    (r"docprops/.*\.xml|customxml/item\d*\.xml", LayerKind.OTHER, _nothing),
    (r".*/(?:media|fonts|embeddings|activex|charts|diagrams|printersettings)/.*", LayerKind.OTHER, _nothing),
    (r".*/(?:document\d?|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|.*/vba\w*\.(?:bin|xml)", LayerKind.OTHER, _nothing),
    (r".*/(?:afchunk|altchunk)[^/]*|.*thumbnail.*", LayerKind.OTHER, _nothing),
    (r".*\.xml", LayerKind.OTHER, _values),
    (r".*\.(?:txt|html?)", LayerKind.OTHER, _plain),
    (r".*", LayerKind.OTHER, _strings),
)
"""Which parts are read how, the first that fits: a pattern of their names in small letters, the kind of layer, and how."""
_READERS = tuple((re.compile(pattern), kind, read) for pattern, kind, read in _PARTS)

_NAME_WORDS = """
    content types rels docprops app core custom customxml item items itemprops word document styles styleswitheffects settings websettings
    fonttable fonts font odttf ttf numbering theme themes themeoverride media image images picture pictures pic img logo figure graphic
    embeddings activex charts chart style colors colours diagrams data layout quickstyle drawing drawings header footer footnotes endnotes
    comments commentsids commentsextended commentsextensible commentsmeta people vba vbaproject vbadata project glossary thumbnail jpeg jpg
    png emf wmf gif tif tiff bmp svg wdp hdphoto video audio wav ico xml bin psmdcp package services metadata properties docmetadata
    labelinfo webextensions webextension taskpanes ink printersettings keymap customizations afchunk altchunk chunk htm html mht txt rtf
    docx docm doc xlsx xlsm xls pptx ppt pdf oleobject object microsoft office excel powerpoint worksheet presentation visio macro enabled
    template templates sheet trash dat attachedtoolbars xmlsignatures sig sigs origin customui bibliography sources recipientdata rid
    aspose words copy control ctrlprops extended userdata schema schemas sharepoint
"""
_KNOWN_NAMES = frozenset(_NAME_WORDS.split())
_KEY = re.compile(r"[0-9a-f][0-9a-f-]{7,}")
_NAME_WORD = re.compile(r"[^\W\d_]{3,}")


def hide_rest(builder: DocumentBuilder, package: Package) -> None:
    """Parts that no other step reads, whatever a program may have put there, and names of parts that no program gives."""
    for name in package.names:
        lower = name.lower()
        kind, read = next((kind, read) for pattern, kind, read in _READERS if pattern.fullmatch(lower))
        told = _own_name(lower)
        where = "a part with a name of its own" if told else name
        builder.hide(LayerKind.OTHER, told, where)
        builder.hide(kind, read(package, name), where)
        if lower.endswith("/glossary/document.xml"):
            hide_names(builder, package.xml(name), name)


def _own_name(name: str) -> str:
    """The words in a part's name that are not programs' own; keys of hexadecimal digits are no words."""
    return " ".join(word for word in _NAME_WORD.findall(_KEY.sub(" ", name)) if word not in _KNOWN_NAMES)
