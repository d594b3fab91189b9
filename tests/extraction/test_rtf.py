"""RTF: bytes and code pages, tables, and what its groups hide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.domain.documents import BlockKind, Document, LayerKind

Read = Callable[..., Document]


def rtf(body: str) -> bytes:
    """A file with a few fonts and colours."""
    fonts = r"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset2 Wingdings;}{\f2\fnil\fcharset204 Arial Cyr;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\uc1{fonts}{{\colortbl;\red255\green255\blue255;\red0\green0\blue128;}}{body}}}".encode("latin-1")


TEXTS = {
    "code page": (r"caf\'e9 \'80", "café €"),
    "unicode with its stand-in": (r"\u8217?s", "’s"),
    "two stand-ins": (r"\uc2\u8364\'80x y", "€ y"),
    "characters beyond sixteen bits": (r"\u-10179?\u-8704?", "\U0001f600"),
    "another font's code page": (r"{\f2\'cf\'f0}", "Пр"),
    "escaped braces": (r"\{a\\b\}", "{a\\b}"),
    "named characters": (r"a\endash b\rquote s\~c", "a–b’s c"),
    "line break": (r"one\line two", "one\ntwo"),
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_characters_are_read_as_written(name: str, read_file: Read) -> None:
    """Bytes, code pages, Unicode and named characters give the text that Word shows."""
    source, text = TEXTS[name]
    assert read_file("rtf", rtf(source + r"\par")).text == text


def test_table_with_merged_and_nested_cells(read_file: Read) -> None:
    """Rows keep their cells; a merged cell counts its columns; a nested table stands where it was."""
    body = (
        r"\trowd\cellx1000\cellx2000\pard\intbl a\cell b\cell\row"
        r"\trowd\clmgf\cellx1000\clmrg\cellx2000\cellx3000\pard\intbl wide\cell\cell c\cell\row"
        r"\pard\par after\par"
    )
    document = read_file("rtf", rtf(body))
    table = document.blocks[0]
    assert [[(str(cell.span.of(document.text)), cell.columns) for cell in row.cells] for row in table.rows] == [
        [("a", 1), ("b", 1)],
        [("wide", 2), ("c", 1)],
    ]
    nested = r"\pard\intbl out\par\pard\intbl\itap2 in\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}\pard\intbl rest\cell\row\pard\par"
    assert read_file("rtf", rtf(r"\trowd\cellx1000" + nested)).text.split() == ["out", "in", "rest"]


HIDDEN = {
    r"{\v ghost}": LayerKind.HIDDEN_TEXT,
    r"{\cf1 ghost}": LayerKind.HIDDEN_TEXT,
    r"{\fs2 ghost}": LayerKind.HIDDEN_TEXT,
    r"{\deleted ghost}": LayerKind.TRACKED_DELETION,
    r"{\*\annotation ghost}": LayerKind.COMMENT,
    r"{\info{\company ghost}}": LayerKind.PROPERTIES,
    r"{\*\bkmkstart ghost}": LayerKind.BOOKMARK,
    r"{\*\madeupgroup ghost}": LayerKind.OTHER,
    r'{\field{\*\fldinst INCLUDETEXT "ghost"}{\fldrslt shown}}': LayerKind.FIELD_CODE,
    r'{\field{\*\fldinst HYPERLINK "https://ghost.example"}{\fldrslt shown}}': LayerKind.LINK_TARGET,
    r"{\object\objemb{\*\objdata 67686f7374206f6e6520}{\result shown}}": LayerKind.EMBEDDED_OBJECT,
}


@pytest.mark.parametrize("source", sorted(HIDDEN))
def test_hidden_groups_are_layers(source: str, read_file: Read) -> None:
    """What nobody sees on paper is in the layer of its kind, and the text around it is read."""
    document = read_file("rtf", rtf(r"before " + source + r" after\par"))
    assert "ghost" not in document.text
    assert document.text.split()[0] == "before"
    assert document.text.split()[-1] == "after"
    assert [layer.kind for layer in document.hidden if "ghost" in layer.text] == [HIDDEN[source]]


def test_margins_and_footnotes_are_told_apart(read_file: Read) -> None:
    """Page header, footer and footnote are blocks of their own kind."""
    document = read_file("rtf", rtf(r"{\header\pard top\par}{\footer\pard low\par}text{\footnote\pard note\par} more\par"))
    kinds = [(block.kind, str(block.span.of(document.text))) for block in document.blocks]
    assert kinds == [
        (BlockKind.PAGE_HEADER, "top"),
        (BlockKind.PARAGRAPH, "text more"),
        (BlockKind.FOOTNOTE, "note"),
        (BlockKind.PAGE_FOOTER, "low"),
    ]


def test_bullets_and_boxes_of_symbol_fonts(read_file: Read) -> None:
    """A list's own marker and a box drawn with Wingdings are read as such."""
    document = read_file("rtf", rtf(r"{\listtext\f1\'b7\tab}\ls1 item one\par\pard {\f1\'fe} Seen alone\par"))
    assert (document.blocks[0].kind, document.blocks[0].marker) == (BlockKind.LIST_ITEM, "•")
    assert [tick.state.value for tick in document.ticks] == ["ticked"]
