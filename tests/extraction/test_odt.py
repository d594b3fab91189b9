"""OpenDocument texts: hidden places, tracked changes, notes and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.domain.documents import BlockKind, Document, LayerKind

Zipped = Callable[[Mapping[str, "str | bytes"]], bytes]

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style", "draw", "meta")
) + (
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
BODY = """
<text:tracked-changes><text:changed-region text:id="c1">
<text:deletion><dc:creator>Ed</dc:creator><text:p>hiddeleted</text:p></text:deletion>
</text:changed-region><text:changed-region text:id="c2"><text:insertion/></text:changed-region></text:tracked-changes>
<text:h text:outline-level="2">Heading</text:h>
<text:p>seen<text:s text:c="2"/>text <text:span text:style-name="H">hidspan</text:span><text:change-start text:change-id="c2"/>seeninserted
<text:change-end text:change-id="c2"/><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>
<text:note-body><text:p>seennote</text:p></text:note-body></text:note><office:annotation><dc:creator>Ed</dc:creator><text:p>hidcomment</text:p>
</office:annotation></text:p>
<text:section text:display="none"><text:p>hidsection</text:p></text:section>
<text:p><draw:frame><draw:text-box><text:p>seenbox</text:p></draw:text-box><svg:desc>hidalt</svg:desc></draw:frame></text:p>
<text:p><text:a xlink:href="https://hidlink.example">seenlink</text:a></text:p>
<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p></text:list-item></text:list></text:list-item></text:list>
"""


def test_hidden_and_seen_are_parted(zipped: Zipped, read_file: Callable[..., Document]) -> None:
    """Deletions, comments, hidden spans and sections, alt text and links are layers; notes and boxes are on the face."""
    style = '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{style}</office:automatic-styles><office:body><office:text>{BODY}"
        "</office:text></office:body></office:document-content>"
    )
    meta = f"<office:document-meta {NAMES}><office:meta><dc:creator>hidauthor</dc:creator></office:meta></office:document-meta>"
    document = read_file("odt", zipped({"content.xml": content, "meta.xml": meta, "Basic/Standard/Module1.xml": "<m>hidmacro</m>"}))
    assert "hid" not in document.text
    layers = {(layer.kind, word) for layer in document.hidden for word in layer.text.replace("/", " ").split() if "hid" in word}
    assert {kind for kind, _ in layers} == {
        LayerKind.TRACKED_DELETION,
        LayerKind.HIDDEN_TEXT,
        LayerKind.COMMENT,
        LayerKind.ALT_TEXT,
        LayerKind.LINK_TARGET,
        LayerKind.PROPERTIES,
        LayerKind.MACRO,
    }
    assert [layer.text for layer in document.hidden if layer.kind is LayerKind.TRACKED_INSERTION] == ["seeninserted"]
    assert [word for word in ("seeninserted", "seennote", "seenbox", "seenlink") if document.text.count(word) != 1] == []
    assert "seen  text" in document.text
    items = [(str(block.span.of(document.text)), block.level) for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert items == [("one", 0), ("two", 1)]


def test_conditions_fields_and_boxes(zipped: Zipped, read_file: Callable[..., Document]) -> None:
    """Words for the other case, a hidden paragraph and a field's stored value are layers; a box of Wingdings is a tick."""
    body = (
        '<text:user-field-decls><text:user-field-decl office:string-value="hidfield"/></text:user-field-decls>'
        '<text:p><text:conditional-text text:string-value-if-true="seencase" text:string-value-if-false="hidcase">seencase'
        '</text:conditional-text></text:p><text:p><text:hidden-paragraph text:is-hidden="true"/>hidparagraph</text:p>'
        "<text:p>\uf0fe Seen alone</text:p>"
    )
    content = f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    document = read_file("odt", zipped({"content.xml": content}))
    assert document.text == "seencase\n\n☑ Seen alone"
    assert sorted(str(layer.text) for layer in document.hidden) == ["hidcase", "hidfield", "hidparagraph"]
    assert [tick.state.value for tick in document.ticks] == ["ticked"]
