"""Hostile PDFs: nothing of a planted secret may be in any object or pixel of what leaves, and the lines beside it stay readable."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pikepdf
import pypdfium2
import pytest
from needs import require

from pipeline.domain.documents import Document
from pipeline.domain.mail import Attachment
from pipeline.domain.plan import DocumentPlan, Removal, Treatment
from pipeline.domain.text import PersonalText, Span
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.redaction import copy
from pipeline.redaction.hidden import Hides, what_it_hides
from pipeline.redaction.settings import CopySettings


def _hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOSTILE = _hostile()
PARTS = HOSTILE.SECRET.split()
WITHOUT_OCR = CopySettings(ocr_proof=False)  # these tests read the pixels themselves


def _read(content: bytes) -> Document:
    """As text where the reader trusts the file's, else from its pixels."""
    given = Attachment(PersonalText("given.pdf"), content)
    document = read(given, ReadOptions(ocr=False))
    return document if document.problem is None else read(given, ReadOptions())


def _plan(document: Document) -> DocumentPlan:
    """Removes every occurrence of the secret on the face, or of its words where the reader set them apart."""
    places = sorted(match.span() for part in PARTS for match in re.finditer(r"\s*".join(part), document.text))
    removals = tuple(Removal(Span(*span), "[withheld]", "test") for span in places)
    treatment = Treatment.REDACT if removals else Treatment.SEND
    return DocumentPlan(0, treatment, removals, strip_hidden=not removals, outgoing_name=PersonalText("Report 1 of 1.pdf"))


def _objects(content: bytes) -> Iterator[bytes]:
    """Every stream decoded, every string and name, and the file as it is; written apart from the gateway's own sweep."""
    yield content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                yield item.read_raw_bytes()
                if item.get("/Filter") != pikepdf.Name.DCTDecode:
                    yield item.read_bytes()
            yield item.unparse(resolved=True)


def _in_any_form(word: str, data: bytes) -> bool:
    plain = word.encode()
    lowered = data.lower()
    return any(
        form.lower() in lowered for form in (plain, plain.hex().encode(), word.encode("utf-16-be"), word.encode("utf-16-le"), plain[::-1])
    )


def _seen(content: bytes) -> str:
    tesseract = require("tesseract")
    document = pypdfium2.PdfDocument(content)
    texts = []
    for page in document:
        scale = min(120 / 72, 1800 / max(page.get_size()))
        target = io.BytesIO()
        page.render(scale=scale).to_pil().save(target, "PNG")
        command = [tesseract, "stdin", "stdout", "--psm", "11"]
        alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other at the cost of whoever runs beside them
        done = subprocess.run(command, input=target.getvalue(), capture_output=True, check=True, env=alone)
        texts.append(done.stdout.decode())
    document.close()
    return "\n".join(texts)


def _poppler(content: bytes, tmp_path: Path) -> str:
    program = require("pdftotext")
    (tmp_path / "made.pdf").write_bytes(content)
    done = subprocess.run([program, "-raw", str(tmp_path / "made.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def _nothing_remains(content: bytes, tmp_path: Path) -> None:
    for data in _objects(content):
        for word in PARTS:
            assert not _in_any_form(word, data)
    text = _poppler(content, tmp_path)
    for word in PARTS:
        assert word not in text
    shown = _seen(content).upper()
    for word in PARTS:
        assert word not in shown
    assert set(" ".join(HOSTILE.KEPT).split()) <= set(text.split())


@pytest.mark.parametrize("name", sorted(HOSTILE.SHOWN))
def test_a_secret_on_the_face_goes_from_everywhere(name: str, tmp_path: Path) -> None:
    """Whatever way a PDF draws a text, and wherever else it keeps it, removing it from the face removes it from the file."""
    document = _read(HOSTILE.SHOWN[name]())
    assert document.problem is None
    plan = _plan(document)
    assert plan.removals, "the reader did not see the secret, so the case proves nothing"
    made = copy.make(document, plan, WITHOUT_OCR)
    _nothing_remains(made.content, tmp_path)
    assert made.proof.removed == len(plan.removals)


@pytest.mark.parametrize("name", sorted(HOSTILE.UNSHOWN))
def test_a_secret_behind_the_face_does_not_come_along(name: str, tmp_path: Path) -> None:
    """What a reader of the page does not see is not in the copy, in objects or in pixels, although no word of the face goes."""
    document = _read(HOSTILE.UNSHOWN[name]())
    assert document.problem is None
    noticed = _plan(document).removals or what_it_hides(document) is not Hides.NOTHING or any(note.holds for note in document.notes)
    assert noticed, "it would leave as it came"
    made = copy.make(document, _plan(document), WITHOUT_OCR)
    _nothing_remains(made.content, tmp_path)
    assert not made.untouched


def test_percent_signs_and_ordinary_answers_stop_no_file() -> None:
    """What only looks like a remark is none, and the lists of an ordinary form say nothing: the file leaves byte for byte."""
    content = HOSTILE.percent_signs()
    document = _read(content)
    made = copy.make(document, replace(_plan(document), strip_hidden=what_it_hides(document) is not Hides.NOTHING), WITHOUT_OCR)
    assert (made.untouched, made.content) == (True, content)


def test_the_judges_see_the_secret_when_it_is_there(tmp_path: Path) -> None:
    """The searches of these tests are not blind: each finds the secret in a file that has it."""
    content = HOSTILE.plain()
    assert any(_in_any_form(PARTS[0], data) for data in _objects(content))
    assert PARTS[0] in _poppler(content, tmp_path)
    assert PARTS[0] in _seen(content).upper()


def test_letters_without_meaning_are_not_sent_on_unread(tmp_path: Path) -> None:
    """A font without a way back to text cannot be searched: what leaves holds the secret nowhere, or nothing leaves."""
    document = read(Attachment(PersonalText("given.pdf"), HOSTILE.no_tounicode()), ReadOptions())
    plan = _plan(document)
    if document.problem is None and plan.removals:
        _nothing_remains(copy.make(document, plan, CopySettings()).content, tmp_path)
    else:
        assert document.problem is not None or any(note.holds for note in document.notes)


def test_another_judge_finds_no_trace(tmp_path: Path) -> None:
    """pdf-redaction-check, which knows none of our code, finds no secret and no hidden text (its guess from a font's letters aside)."""
    document = _read(HOSTILE.bookmark_and_script())
    made = copy.make(document, _plan(document), CopySettings())
    path = tmp_path / "made.pdf"
    path.write_bytes(made.content)
    command = [sys.executable, "-m", "pdf_redaction_check", "--json", "--secret", HOSTILE.SECRET, str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    report = json.loads(done.stdout)
    told = {finding["check"] for finding in report["findings"] if finding["severity"] != "INFO"}
    assert told <= {"font-charset"}
