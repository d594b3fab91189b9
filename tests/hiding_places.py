"""A Word file with a word in every hiding place known to us, and one in every place that paper shows; generated, nothing is real."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from pipeline.domain.documents import LayerKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, look: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, look: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table whose cells hold blocks."""
    return "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows) + "</w:tbl>"


def parts_of(body: str, rels: str = "", more: Mapping[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """The parts of a Word file with that body."""
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships>{rels}</Relationships>",
        **(more or {}),
    }


def rel(key: str, kind: str, target: str, mode: str = "") -> str:
    """A relationship."""
    return f'<Relationship Id="{key}" Type="{RELS}/{kind}" Target="{target}" {mode}/>'


BOX = f"<w:txbxContent>{paragraph(run('seenbox'))}</w:txbxContent>"
TEXT_BOX = (
    f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:inline><wps:txbx>{BOX}</wps:txbx></wp:inline></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDETEXT "hidcode.docx" </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("seenresult")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
BODY = "".join(
    [
        paragraph(run("seenbody "), f'<w:ins w:author="hidinserter">{run("seeninserted")}</w:ins>'),
        paragraph('<w:del w:author="B"><w:r><w:delText>hiddeleted</w:delText></w:r></w:del>', run("after")),
        paragraph('<w:moveFrom w:author="B"><w:r><w:t>hidmoved</w:t></w:r></w:moveFrom>', run("x")),
        paragraph(run("hidvanish", "<w:vanish/>"), run("hidstyled", '<w:rStyle w:val="Ghost"/>')),
        paragraph(run("hidwhite", '<w:color w:val="FFFFFF"/>'), run("hidtiny", '<w:sz w:val="2"/>')),
        paragraph(FIELD),
        f"<w:sdt><w:sdtPr><w:alias w:val='hidalias'/></w:sdtPr><w:sdtContent>{paragraph(run('seencontrol'))}</w:sdtContent></w:sdt>",
        paragraph(TEXT_BOX),
        table(
            (paragraph(run("seencell")), table((paragraph(run("seennested")), paragraph(run("second")))) + paragraph()),
            (paragraph(run("seenlast")), paragraph(run("end"))),
        ),
        paragraph(f'<w:hyperlink r:id="rL">{run("seenlink")}</w:hyperlink>', '<w:bookmarkStart w:id="1" w:name="hidbookmark"/>'),
        paragraph('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="hidalt"/></wp:inline></w:drawing></w:r>'),
        paragraph(run("seennote"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>hidrow</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        '<w:sectPr><w:headerReference w:type="default" r:id="rH"/><w:footerReference w:type="default" r:id="rF"/></w:sectPr>',
    ]
)
STYLES = (
    f'<w:styles {W}><w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)
PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
MORE: dict[str, str | bytes] = {
    "word/styles.xml": STYLES,
    "word/header1.xml": f"<w:hdr {W}>{paragraph(run('seenheader'))}</w:hdr>",
    "word/header9.xml": f"<w:hdr {W}>{paragraph(run('hidunusedheader'))}</w:hdr>",
    "word/footer1.xml": f"<w:ftr {W}>{paragraph(run('seenfooter'))}</w:ftr>",
    "word/footnotes.xml": (
        f'<w:footnotes {W}><w:footnote w:id="2">{paragraph(run("seenfootnote"))}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph(run("hidorphan"))}</w:footnote></w:footnotes>'
    ),
    "word/comments.xml": f'<w:comments {W}><w:comment w:author="hidcommenter">{paragraph(run("hidcomment"))}</w:comment></w:comments>',
    "word/people.xml": f'<w:people {W}><w:person w:author="hidperson"/></w:people>',
    "word/settings.xml": f'<w:settings {W}><w:docVars><w:docVar w:name="v" w:val="hidvariable"/></w:docVars></w:settings>',
    "word/glossary/document.xml": f"<w:glossaryDocument {W}>{paragraph(run('hidblock'))}</w:glossaryDocument>",
    "word/odd.xml": "<root><t>hidstrange</t></root>",
    "customXml/item1.xml": "<case><child>hidcustom</child></case>",
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PROPERTIES}"><cp:lastModifiedBy>hidauthor</cp:lastModifiedBy></cp:coreProperties>',
    "docProps/app.xml": "<Properties><Company>hidcompany</Company><Pages>3</Pages></Properties>",
    "docProps/custom.xml": '<Properties><property name="Ref"><lpwstr>hidproperty</lpwstr></property></Properties>',
    "word/vbaProject.bin": b"hidmacro code of a module",
    "word/embeddings/object.bin": b"\x01\x02hidobject words",
    "word/afchunk1.htm": b"<p>chunk</p>",
}
LAYERS = {
    LayerKind.TRACKED_INSERTION: ["seeninserted", "hidinserter"],
    LayerKind.TRACKED_DELETION: ["hiddeleted", "hidmoved"],
    LayerKind.HIDDEN_TEXT: ["hidvanish", "hidstyled", "hidwhite", "hidtiny", "hidunusedheader", "hidorphan", "hidblock"],
    LayerKind.FIELD_CODE: ["hidcode"],
    LayerKind.COMMENT: ["hidcomment", "hidcommenter"],
    LayerKind.ALT_TEXT: ["hidalt"],
    LayerKind.BOOKMARK: ["hidbookmark"],
    LayerKind.PROPERTIES: ["hidauthor", "hidcompany", "hidproperty", "hidvariable", "hidperson"],
    LayerKind.CUSTOM_XML: ["hidcustom"],
    LayerKind.LINK_TARGET: ["hidlink"],
    LayerKind.OTHER: ["hidalias", "hidstrange"],
    LayerKind.HIDDEN_ROWS: ["hidrow"],
    LayerKind.MACRO: ["hidmacro"],
    LayerKind.EMBEDDED_OBJECT: ["hidobject"],
}
SEEN = [
    "seenbody",
    "seeninserted",
    "seenresult",
    "seencontrol",
    "seenbox",
    "seencell",
    "seennested",
    "seenlast",
    "seenlink",
    "seennote",
    "seenheader",
    "seenfooter",
    "seenfootnote",
]


def full_parts() -> dict[str, str | bytes]:
    """The parts of a Word file with something in every hiding place."""
    rels = rel("rH", "header", "header1.xml") + rel("rF", "footer", "footer1.xml")
    rels += rel("rL", "hyperlink", "https://hidlink.example/x", 'TargetMode="External"')
    return parts_of(BODY, rels, MORE)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return target.getvalue()
