"""One report, written in every format: each reader must give the same headings, rows, fields, list items and ticks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from needs import require

from pipeline.domain.documents import BlockKind, Document

SAMPLE = """# Report for the child protection conference

## What are you worried about?

Robin was not brought to four appointments this spring and nobody has rung to say why.

- Robin was not brought on 3 March 2026
- Nobody answered the door on 9 March 2026

## Family

**Name of child:** Robin Vale
**School:** Not known

| Date | What happened |
|---|---|
| 3 March 2026 | Not brought |
| 9 March 2026 | No answer |

[x] Seen alone
[ ] Seen with a parent

**Consent given:** Yes / No
"""

AUTHOR = "Quillfeather"

HEADINGS = ["Report for the child protection conference", "What are you worried about?", "Family"]
ITEMS = ["Robin was not brought on 3 March 2026", "Nobody answered the door on 9 March 2026"]
ROWS = [["Date", "What happened"], ["3 March 2026", "Not brought"], ["9 March 2026", "No answer"]]
FIELDS = {"Name of child": "Robin Vale", "School": "Not known", "Consent given": "Yes / No"}
TICKS = [("ticked", "Seen alone"), ("clear", "Seen with a parent"), ("unanswered", "Consent given:")]

HTML = """<html><body><h1>Report for the child protection conference</h1><h2>What are you worried about?</h2>
<p>Robin was not brought to four appointments this spring
and nobody has rung to say why.</p><ul><li>Robin was not brought on 3 March 2026</li><li>Nobody answered the door on 9 March 2026</li></ul>
<h2>Family</h2><p><b>Name of child:</b> Robin Vale<br><b>School:</b> Not known</p>
<table><tr><th>Date</th><th>What happened</th></tr><tr><td>3 March 2026</td><td>Not brought</td></tr>
<tr><td>9 March 2026</td><td>No answer</td></tr>
</table><p>[x] Seen alone<br>[ ] Seen with a parent</p><p><b>Consent given:</b> Yes / No</p></body></html>"""

MHT = f"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="part"

--part
Content-Type: text/html; charset="utf-8"

{HTML}
--part--
"""


def made(sign: str, writers: ModuleType, folder: Path) -> bytes:
    """The sample in one format."""
    ready = {"html": HTML.encode(), "mht": MHT.encode()}
    if sign in ready:
        return ready[sign]
    if sign == "doc":
        require("soffice")
    if sign.endswith("-by-libreoffice"):
        return converted(writers.make_docx(SAMPLE, 3, False, "A"), "docx", sign.split("-", maxsplit=1)[0], folder)
    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: writers.make_docx(SAMPLE, 3, False, AUTHOR),
        "rtf": lambda: writers.make_rtf(SAMPLE, 3, AUTHOR),
        "odt": lambda: writers.make_odt(SAMPLE, 3, AUTHOR),
        "doc": lambda: writers.make_doc(SAMPLE, 7, AUTHOR),
        "text": lambda: writers.make_txt(SAMPLE, 1),
    }
    return makers[sign]()


def converted(content: bytes, ending: str, target: str, folder: Path) -> bytes:
    """A file converted by LibreOffice, as another program than ours would have written it."""
    office = require("soffice")
    source = folder / f"sample.{ending}"
    source.write_bytes(content)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", target, "--outdir", str(folder / "out"), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "out" / f"sample.{target}").read_bytes()


def texts(document: Document, kind: BlockKind) -> Iterator[str]:
    """The texts of the blocks of one kind."""
    return (str(block.span.of(document.text)) for block in document.blocks if block.kind is kind)


FORMATS = ["docx", "odt", "rtf", "doc", "html", "mht", "text", "odt-by-libreoffice", "rtf-by-libreoffice"]


@pytest.mark.parametrize("sign", FORMATS)
def test_every_format_gives_the_same_shape(sign: str, writers: ModuleType, read_file: Callable[..., Document], tmp_path: Path) -> None:
    """Headings, list items, table rows, fields and ticks are the same whatever program wrote the report."""
    document = read_file(sign.split("-", maxsplit=1)[0], made(sign, writers, tmp_path))
    assert list(texts(document, BlockKind.HEADING)) == HEADINGS
    assert list(texts(document, BlockKind.LIST_ITEM)) == ITEMS
    found = {str(field.label.of(document.text)): str(field.value.of(document.text)) for field in document.fields}
    assert {label: found.get(label) for label in FIELDS} == FIELDS
    ticks = [(tick.state.value, str(tick.label.of(document.text)) if tick.label else "") for tick in document.ticks]
    assert ticks == TICKS
    if sign != "text":  # plain text has no tables
        tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
        assert [[str(cell.span.of(document.text)) for cell in row.cells] for table in tables for row in table.rows] == ROWS
        assert [row.header for row in tables[0].rows] == [True, False, False]
    assert "Robin was not brought to four appointments this spring and nobody has rung" in " ".join(document.text.split())


@pytest.mark.parametrize("sign", ["docx", "odt", "rtf"])
def test_who_wrote_it_is_a_layer_and_not_on_the_face(
    sign: str, writers: ModuleType, read_file: Callable[..., Document], tmp_path: Path
) -> None:
    """The author in the file's properties is found as a hidden layer."""
    document = read_file(sign, made(sign, writers, tmp_path))
    assert AUTHOR not in document.text
    assert any(layer.text == AUTHOR for layer in document.hidden)


def test_a_council_form_gives_its_sections_and_fields(writers: ModuleType, read_file: Callable[..., Document]) -> None:
    """A two-column form table gives a heading for each row that spans it, and a field for each label."""
    text = "# Form\n\n## Part A\n\n**Name of child:** Robin Vale\n**School:**\n\n## Part B\n\n**Seen alone:** [x] Yes [ ] No\n"
    document = read_file("docx", writers.make_docx(text, 4, True, "A"))
    assert list(texts(document, BlockKind.HEADING)) == ["Form", "Part A", "Part B"]
    fields = [(str(field.label.of(document.text)), str(field.value.of(document.text))) for field in document.fields]
    assert fields == [("Name of child", "Robin Vale"), ("School", ""), ("Seen alone", "☒ Yes ☐ No")]
    assert [(tick.state.value, str(tick.label.of(document.text)) if tick.label else "") for tick in document.ticks] == [
        ("ticked", "Yes"),
        ("clear", "No"),
    ]
