"""Word files: a secret in any of the places where words can hide or stand is in no byte of what leaves, whichever way the file leaves."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from hiding_places import MORE, PROPERTIES, SEEN, TEXT_BOX, W, full_parts, packed, paragraph, parts_of, rel, run, table

from pipeline.domain.documents import Document
from pipeline.domain.findings import Action, Finding, Topic
from pipeline.domain.mail import Attachment
from pipeline.domain.plan import CleanDocument, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.redaction import copy, readback
from pipeline.redaction import plan as planning
from pipeline.redaction.settings import CopySettings

QUIET = CopySettings(ocr_proof=False)
SECRET = "zebraquartz"
KEPT = "The health visitor saw the twins at home on Monday and both were well and warm and fed."
_P = paragraph(run(SECRET))
_INS = f'<w:ins w:author="A B">{run(SECRET)}</w:ins>'
_DEL = f'<w:del w:author="A B"><w:r><w:delText>{SECRET}</w:delText></w:r></w:del>'
_MOVED = f'<w:moveFrom w:author="A B"><w:r><w:t>{SECRET}</w:t></w:r></w:moveFrom>'
_CODE = (
    f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF {SECRET} </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("one")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_ALT = f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{SECRET}"/></wp:inline></w:drawing></w:r>'
_NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
_SETTINGS = f'<w:settings {W}><w:docVars><w:docVar w:name="v" w:val="{SECRET}"/></w:docVars></w:settings>'
_SECTION = '<w:sectPr><w:headerReference w:type="default" r:id="rH"/><w:footerReference w:type="default" r:id="rF"/></w:sectPr>'
_CORE = f'<cp:coreProperties xmlns:cp="{PROPERTIES}"><cp:lastModifiedBy>{SECRET}</cp:lastModifiedBy></cp:coreProperties>'
_LIST = (
    '<w:sdt><w:sdtPr><w:{0}><w:listItem w:displayText="Choose an item." w:value="Choose an item."/>'
    '<w:listItem w:displayText="{1}" w:value="{2}"/></w:{0}></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>'
)
_OLD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
_HEADS = rel("rH", "header", "header1.xml") + rel("rF", "footer", "footer1.xml")

# Where the secret stands: what it adds to the body, to the relationships, and as parts of its own.
PLACES: dict[str, tuple[str, str, dict[str, str | bytes]]] = {
    "body": (_P, "", {}),
    "table": (table((_P, paragraph(run("cell")))), "", {}),
    "nested table": (table((table((_P, paragraph(run("inner")))) + paragraph(), paragraph(run("outer")))), "", {}),
    "header": (_SECTION, _HEADS, {"word/header1.xml": f"<w:hdr {W}>{_P}</w:hdr>", "word/footer1.xml": f"<w:ftr {W}>{paragraph()}</w:ftr>"}),
    "footer": (_SECTION, _HEADS, {"word/header1.xml": f"<w:hdr {W}>{paragraph()}</w:hdr>", "word/footer1.xml": f"<w:ftr {W}>{_P}</w:ftr>"}),
    "text box": (paragraph(TEXT_BOX.replace("seenbox", SECRET)), "", {}),
    "alternative text": (paragraph(_ALT), "", {}),
    "comment": ("", "", {"word/comments.xml": f'<w:comments {W}><w:comment w:author="A">{_P}</w:comment></w:comments>'}),
    "deletion": (paragraph(_DEL, run("after")), "", {}),
    "author of a change in looks": (
        f'<w:p><w:pPr><w:pPrChange w:author="{SECRET}"><w:pPr/></w:pPrChange></w:pPr>{run("changed")}</w:p>',
        "",
        {},
    ),
    "author of a paragraph's end": (f'<w:p><w:pPr><w:rPr><w:ins w:author="{SECRET}"/></w:rPr></w:pPr>{run("ended")}</w:p>', "", {}),
    "who may edit": (f'<w:p><w:permStart w:id="1" w:ed="{SECRET}"/>{run("guarded")}</w:p>', "", {}),
    "words under the mouse": (f'<w:p><w:hyperlink w:anchor="a" w:tooltip="{SECRET}">{run("linked")}</w:hyperlink></w:p>', "", {}),
    "smart tag": (
        f'<w:p><w:smartTag w:element="e"><w:smartTagPr><w:attr w:name="n" w:val="{SECRET}"/></w:smartTagPr>{run("tag")}</w:smartTag></w:p>',
        "",
        {},
    ),
    "remark in the markup": (f"<!-- {SECRET} -->", "", {}),
    "choices of a control": (_LIST.format("dropDownList", SECRET, "two"), "", {}),
    "prompt of a control": (_LIST.format("dropDownList", f"Choose {SECRET}", "two"), "", {}),
    "values behind choices": (_LIST.format("comboBox", "Yes", SECRET), "", {}),
    "last choice of a control": (f'<w:sdt><w:sdtPr><w:comboBox w:lastValue="{SECRET}"/></w:sdtPr><w:sdtContent/></w:sdt>', "", {}),
    "choices of an old field": (_OLD.format(f'<w:ddList><w:listEntry w:val="Yes"/><w:listEntry w:val="{SECRET}"/></w:ddList>'), "", {}),
    "what an old field held at first": (_OLD.format(f'<w:textInput><w:default w:val="{SECRET}"/></w:textInput>'), "", {}),
    "path to data": (
        f"<w:sdt><w:sdtPr><w:dataBinding w:xpath=\"/r/c[@n='{SECRET}']\"/></w:sdtPr><w:sdtContent>{paragraph()}</w:sdtContent></w:sdt>",
        "",
        {},
    ),
    "words among styles": ("", "", {"word/styles.xml": f"<w:styles {W}><t>{SECRET}</t></w:styles>"}),
    "words among settings": ("", "", {"word/settings.xml": f"<w:settings {W}><t>{SECRET}</t></w:settings>"}),
    "words among web settings": ("", "", {"word/webSettings.xml": f"<w:webSettings {W}><t>{SECRET}</t></w:webSettings>"}),
    "words in a theme": ("", "", {"word/theme/theme1.xml": f"<theme><t>{SECRET}</t></theme>"}),
    "who liked a comment": ("", "", {"word/commentsExtensible.xml": f'<comments><user userName="{SECRET}"/></comments>'}),
    "unknown part": ("", "", {"word/other.dat": b"\x00\x01" + SECRET.encode()}),
    "name of a part": ("", "", {f"word/media/{SECRET}.bin": b""}),
    "properties of another writer": ("", "", {"package/a.psmdcp": f"<coreProperties><creator>{SECRET}</creator></coreProperties>"}),
    "choices of a building block": (
        "",
        "",
        {"word/glossary/document.xml": f"<w:glossaryDocument {W}>{_LIST.format('comboBox', SECRET, SECRET)}</w:glossaryDocument>"},
    ),
    "insertion": (paragraph(_INS, run(" after")), "", {}),
    "moved from": (paragraph(_MOVED, run("after")), "", {}),
    "content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{_P}</w:sdtContent></w:sdt>", "", {}),
    "field code": (paragraph(_CODE), "", {}),
    "footnote": (
        paragraph(run("noted"), _NOTE),
        "",
        {"word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:id="2">{_P}</w:footnote></w:footnotes>'},
    ),
    "hidden text": (paragraph(run(SECRET, "<w:vanish/>"), run("after")), "", {}),
    "white text": (paragraph(run(SECRET, '<w:color w:val="FFFFFF"/>'), run("after")), "", {}),
    "core properties": ("", "", {"docProps/core.xml": _CORE}),
    "other properties": ("", "", {"docProps/app.xml": f"<Properties><Company>{SECRET}</Company></Properties>"}),
    "own properties": (
        "",
        "",
        {"docProps/custom.xml": f'<Properties><property name="Ref"><lpwstr>{SECRET}</lpwstr></property></Properties>'},
    ),
    "custom XML": ("", "", {"customXml/item1.xml": f"<case><child>{SECRET}</child></case>"}),
    "embedded file": ("", "", {"word/embeddings/object.docx": packed(parts_of(_P))}),
    "link": (
        paragraph(f'<w:hyperlink r:id="rL">{run("here")}</w:hyperlink>'),
        rel("rL", "hyperlink", f"https://{SECRET}.example/", 'TargetMode="External"'),
        {},
    ),
    "bookmark": (paragraph(f'<w:bookmarkStart w:id="1" w:name="{SECRET}"/>', run("after")), "", {}),
    "glossary": ("", "", {"word/glossary/document.xml": f"<w:glossaryDocument {W}>{_P}</w:glossaryDocument>"}),
    "variable": (
        "",
        "",
        {"word/settings.xml": f'<w:settings {W}><w:docVars><w:docVar w:name="v" w:val="{SECRET}"/></w:docVars></w:settings>'},
    ),
}


def _read(content: bytes) -> Document:
    return read(Attachment(PersonalText("given.docx"), content), ReadOptions(ocr=False))


def _copy(make, document: Document, *words: str) -> CleanDocument:
    """What leaves when a finding asks for each of these words, wherever it stands on the face."""
    spans = [Span(*found.span()) for word in words for found in re.finditer(re.escape(word), document.text)]
    findings = [Finding("t", Topic.NO_HEALTH_RECORD_PARTS, Action.REDACT, "A test asked.", 0, span=span) for span in spans]
    (entry,) = planning.propose(make.case(document), findings).documents
    assert entry.treatment is not Treatment.WITHHOLD
    return copy.make(document, entry, QUIET)


def _streams(content: bytes) -> Iterator[bytes]:
    """Every byte that leaves: the file, and whatever is packed in it, unpacked."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                yield name.encode()
                yield from _streams(parts.read(name))
    elif content.startswith(b"%PDF"):
        yield readback.by_pdfium(content).encode()
        yield readback.by_pdfminer(content).encode()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for item in pdf.objects:
                yield item.unparse(resolved=True)
                if isinstance(item, pikepdf.Stream):
                    yield item.read_bytes()


def _holds(content: bytes, word: str) -> bool:
    forms = (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode())
    return any(form in data.lower() for data in _streams(content) for form in forms)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_secret_in_any_place_is_in_no_byte_that_leaves(make, place: str) -> None:
    """Removed from the face, or hidden in a file that is clean otherwise: the file as it came holds it, what leaves does not."""
    body, rels, more = PLACES[place]
    content = packed(parts_of(paragraph(run(KEPT)) + body, rels, more))
    assert _holds(content, SECRET)
    made = _copy(make, _read(content), SECRET)
    assert not made.untouched
    assert not _holds(made.content, SECRET)
    if made.name.endswith(".pdf"):
        assert KEPT in " ".join(readback.by_pdfium(made.content).split())


def _plain() -> bytes:
    return packed(parts_of(paragraph(run(KEPT))))


def _written(comment: bytes = b"", extra: bytes = b"", part_comment: bytes = b"", *, stream: bool = False) -> bytes:
    """A plain file with these in its archive, perhaps written to where nothing can be written twice."""
    target = _OneWay() if stream else io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts_of(paragraph(run(KEPT))).items():
            part = zipfile.ZipInfo(name)
            part.comment, part.extra = part_comment, extra
            made.writestr(part, data)
        made.comment = comment
    return target.getvalue()


class _OneWay(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def _unlisted() -> bytes:
    """A part that was taken off the archive's list and is still there, packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(f"word/{SECRET}.xml", SECRET)
        for name, data in parts_of(paragraph(run(KEPT))).items():
            made.writestr(name, data)
        listed = made.NameToInfo.pop(f"word/{SECRET}.xml")
        made.filelist.remove(listed)
    return target.getvalue()


def _between() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts_of(paragraph(run(KEPT))).items():
            made.writestr(name, data)
            target.write(SECRET.encode())
            made.start_dir = target.tell()
    return target.getvalue()


_END = b"PK\x05\x06"
CORNERS: dict[str, Callable[[], bytes]] = {
    "comment of the archive": lambda: _written(comment=SECRET.encode()),
    "comment of a part": lambda: _written(part_comment=SECRET.encode()),
    "extra field": lambda: _written(extra=b"\x99\x99\x0b\x00" + SECRET.encode()),
    "between two parts": _between,
    "after the archive": lambda: _plain() + SECRET.encode(),
    "before the list of parts": lambda: _shifted(_plain(), b"PK\x01\x02"),
    "a part off the list": _unlisted,
}


def _shifted(content: bytes, before: bytes) -> bytes:
    """The secret put in, and the place of the list of parts set right again."""
    at, end = content.find(before), content.rfind(_END)
    place = int.from_bytes(content[end + 16 : end + 20], "little") + len(SECRET)
    return content[:at] + SECRET.encode() + content[at : end + 16] + place.to_bytes(4, "little") + content[end + 20 :]


@pytest.mark.parametrize("corner", sorted(CORNERS))
def test_a_secret_outside_the_parts_of_an_archive_does_not_leave(make, corner: str) -> None:
    """Comments, extra fields and bytes that belong to no part are noticed, and what leaves has none of them."""
    content = CORNERS[corner]()
    assert SECRET.encode() in content
    made = _copy(make, _read(content))
    assert not made.untouched
    assert not _holds(made.content, SECRET)


def test_bytes_before_an_archive_or_behind_its_list_stop_it(make) -> None:
    """A file that begins with something else is of no known kind, one with more behind its list is damaged: neither leaves."""
    for content in (SECRET.encode() + _plain(), _plain().replace(_END, SECRET.encode() + _END)):
        document = _read(content)
        assert document.problem is not None
        assert planning.propose(make.case(document), []).documents[0].treatment is Treatment.WITHHOLD


_TIMES = b"UT\x05\x00\x03abcd" + b"ux\x0b\x00\x01\x04abcd\x04efgh"
ORDINARY: dict[str, Callable[[], bytes]] = {
    "as it is": _plain,
    "times and owners of parts": lambda: _written(extra=_TIMES),
    "room to grow": lambda: _written(extra=b"\x20\xa2\x08\x00\x28\xa0\x04\x00\x00\x00\x00\x00"),
    "written in one go": lambda: _written(stream=True),
    "a line feed of a mail program": lambda: _plain() + b"\r\n",
    "answers of a form": lambda: _form("Yes", "No", "Not known", "Mother", "White British", "Initial conference"),
    "an old form": lambda: _filled(_OLD.format('<w:ddList><w:listEntry w:val="Yes"/><w:listEntry w:val="No"/></w:ddList>')),
    "data that a title shows": lambda: _filled(
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:title[1]"/></w:sdtPr><w:sdtContent/></w:sdt>'
    ),
    "parts without words": lambda: packed(parts_of(paragraph(run(KEPT)), "", _WORDLESS)),
}
_LABEL = '<l:labelList xmlns:l="l"><l:label id="{12345678-1234-1234-1234-123456789012}" method="Standard" removed="0"/></l:labelList>'
_WORDLESS: dict[str, str | bytes] = {
    "docMetadata/LabelInfo.xml": _LABEL,
    "word/commentsIds.xml": f'<w:commentsIds {W}><w:commentId paraId="1A2B3C4D" durableId="5E6F7A8B"/></w:commentsIds>',
    "word/commentsExtensible.xml": '<comments><comment durableId="5E6F7A8B" dateUtc="2024-05-01T10:00:00Z"/></comments>',
    "word/webSettings.xml": f'<w:webSettings {W}><w:divs><w:div w:id="12"/></w:divs></w:webSettings>',
    "word/theme/theme1.xml": '<theme name="Office Theme"><font typeface="Calibri Light"/></theme>',
    "customXml/itemProps1.xml": '<datastoreItem itemID="{12345678-1234-1234-1234-123456789012}"/>',
}


def _form(*choices: str) -> bytes:
    return _filled("".join(_LIST.format(kind, choice, choice) for kind in ("dropDownList", "comboBox") for choice in choices))


def _filled(body: str) -> bytes:
    return packed(parts_of(paragraph(run(KEPT)) + body))


@pytest.mark.parametrize("name", sorted(ORDINARY))
def test_what_programs_write_by_themselves_stops_no_file(make, name: str) -> None:
    """Times, owners, room to grow, lists of an ordinary form: the file leaves byte for byte."""
    content = ORDINARY[name]()
    made = _copy(make, _read(content))
    assert (made.untouched, made.content) == (True, content)


@pytest.mark.parametrize("words", [(), ("seenlast",), tuple(SEEN[:6])], ids=["stripped", "one word redacted", "six words redacted"])
def test_nothing_of_all_hiding_places_together_leaves(make, words: tuple[str, ...]) -> None:
    """One real file with a word in every place: no hidden word is in any byte of what leaves, nor is a word of the face that was to go."""
    parts = full_parts()
    parts["word/document.xml"] = str(parts["word/document.xml"]).replace("<w:body>", f"<w:body>{paragraph(run(KEPT))}")
    made = _copy(make, _read(packed(parts)), *words)
    everything = b"\n".join(_streams(made.content)).lower()
    planted = set(re.findall(r"\bhid[a-z]+", " ".join(str(part) for part in (*MORE.values(), parts["word/document.xml"])))) - {"hidden"}
    assert len(planted) > 20
    assert [word for word in sorted(planted) if word.encode() in everything] == []
    assert [word for word in SEEN if (word.encode() in everything) is (word in words)] == []


def test_a_file_with_nothing_to_hide_leaves_as_it_came(make) -> None:
    """The searches above are no proof against everything: a plain file passes byte for byte, and is found to hold its own words."""
    content = packed(parts_of(paragraph(run(KEPT))))
    made = _copy(make, _read(content))
    assert (made.untouched, made.content) == (True, content)
    assert _holds(made.content, "twins")
