"""What reading and recognising a four-page report costs, beside pdfplumber and Presidio's defaults on the same file in the same run."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pdfplumber
import pytest
import yaml
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from timing import side_by_side

from pipeline.domain.documents import Document
from pipeline.domain.mail import Address, Attachment, AuthenticationResult, Submission
from pipeline.domain.people import DocumentKind
from pipeline.domain.text import PersonalText
from pipeline.evaluation.baselines import presidio
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.recognition.engine import Engine
from pipeline.recognition.recognise import recognise

pytestmark = pytest.mark.benchmark

WORDS = 1840
"""What four pages of a report hold."""

MEMORY = 900
"""Megabytes that a warm process may hold."""


@pytest.fixture(scope="module")
def report(corpus: Path) -> Attachment:
    """Labelled reports one after another, as one PDF of four pages: real sentences, none twice."""
    words: list[str] = []
    style = getSampleStyleSheet()
    story = []
    for path in sorted(corpus.glob("d*.yaml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8")).get("attachments") or []:
            if part["kind"] != "conference_report" or part["expect"] not in ("send", "redact"):
                continue
            for line in filter(str.strip, part["text"].splitlines()):
                plain = line.replace("**", "").replace("&", "and").replace("<", "(").replace("|", " ").strip()
                if len(words) < WORDS:
                    words += plain.split()
                    story.append(Paragraph(plain.lstrip("#- "), style["Heading2" if plain.startswith("#") else "BodyText"]))
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build(story)
    return Attachment(PersonalText("report.pdf"), buffer.getvalue())


@pytest.fixture(scope="module")
def engine(rules_dir: Path) -> Engine:
    """The engine as shipped."""
    return Engine.load(rules_dir)


def _submission(report: Attachment) -> Submission:
    return Submission(
        raw=b"",
        message_id="",
        sender=Address("o.bright@nhs.net", PersonalText("Dr Ottoline Bright")),
        recipients=(),
        subject=PersonalText("Report for conference"),
        received=datetime(2026, 10, 5, 9, tzinfo=UTC),
        sent=None,
        body=None,
        attachments=(report,),
        authentication=AuthenticationResult.PASS,
    )


def _naive(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def test_reading_and_recognising_cost_no_more_than_the_plain_road(report: Attachment, engine: Engine) -> None:
    """The whole of reading and recognising a four-page report costs no more than extracting its text and Presidio's defaults on it."""
    analyzer, submission, options = presidio(), _submission(report), ReadOptions()
    document = read(report, options)
    text = _naive(report.content)

    def recognised(document: Document) -> object:
        return recognise(submission, [document], engine)[1]

    (reading,) = recognise(submission, [document], engine)[1]
    assert reading.kind.kind is DocumentKind.CONFERENCE_REPORT
    assert reading.statements

    def holds(whole: float, naive: float) -> bool:
        return whole <= naive

    whole, reading_only, naive, extracting = side_by_side(
        lambda: recognised(read(report, options)),
        lambda: read(report, options),
        lambda: analyzer.analyze(_naive(report.content), language="en"),
        lambda: _naive(report.content),
        holds=lambda whole, _, naive, __: holds(whole, naive),
    )
    print(
        f"\n{len(document.pages)} pages, {len(text.split())} words: read and recognised {whole * 1000:.0f} ms (reading "
        f"{reading_only * 1000:.0f}), the plain road {naive * 1000:.0f} ms (extracting {extracting * 1000:.0f}): {whole / naive:.2f} of it"
    )
    assert holds(whole, naive)


WARM = """
import sys
from pathlib import Path
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read
from pipeline.recognition.engine import Engine
from pipeline.recognition.attribution import Attributor
from pipeline.recognition.recognise import _look, _read

engine = Engine.load(Path(sys.argv[1]))
for _ in range(3):
    seen = _look(read(Attachment(PersonalText("report.pdf"), Path(sys.argv[2]).read_bytes()), ReadOptions()), engine)
    people = engine.rosters.build([])
    assert _read(seen, people, Attributor(engine.lexicon, people), engine).statements
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is asked of Linux")
def test_a_warm_process_stays_small(report: Attachment, rules_dir: Path, tmp_path: Path) -> None:
    """A process that has loaded everything and read the report three times never held more than 900 MB."""
    file = tmp_path / "report.pdf"
    file.write_bytes(report.content)
    said = subprocess.run([sys.executable, "-c", WARM, rules_dir, file], capture_output=True, text=True, check=True).stdout
    megabytes = int(said) / 1024
    print(f"\npeak of a warm process: {megabytes:.0f} MB")
    assert megabytes < MEMORY
