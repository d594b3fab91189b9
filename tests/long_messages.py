"""Makes a message as large as mailboxes let through: a typed report and a scan of records, of as many pages as asked for."""

from __future__ import annotations

import io
import random
from email.message import EmailMessage

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.pdfgen import canvas

SENTENCE = (
    "Kimi was seen at home with her mother and was warm clean and talkative though she had not slept well and the health visitor asked "
    "about feeding sleep and safety at home"
)
WORDS = SENTENCE.split()
LINES, WORDS_A_LINE = 36, 12
DPI, QUALITY = 200, 12
"""As office scanners send: 125 kB a page."""


def marked(page: int, line: int) -> str:
    """What a line of a page begins with, so that it can be found again."""
    return f"{page}.{line}"


def typed(pages: int, seed: int) -> bytes:
    """A PDF of full pages of print."""
    dice = random.Random(seed)
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(595, 842), invariant=1)
    for page in range(1, pages + 1):
        paper.setFont("Helvetica", 10)
        for line in range(LINES):
            paper.drawString(50, 800 - 17 * line, " ".join((marked(page, line), *dice.choices(WORDS, k=WORDS_A_LINE))))
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def scanned(pages: int, seed: int) -> bytes:
    """The same as pictures: a little crooked and grainy, as a feeder makes them."""
    source = pdfium.PdfDocument(typed(pages, seed))
    first, *others = (_picture(source[number], seed + number) for number in range(pages))
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=DPI, quality=QUALITY)
    source.close()
    return buffer.getvalue()


def _picture(page: pdfium.PdfPage, seed: int) -> Image.Image:
    dice = np.random.default_rng(seed)
    flat = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L").rotate(dice.uniform(-0.8, 0.8), fillcolor=250)
    grain = np.asarray(flat, dtype=np.float32) + dice.normal(0, 0.4, (flat.height, flat.width))
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def message(pages: int) -> bytes:
    """The message: a third of its pages typed, the rest scanned; 300 pages are 35 MB."""
    mail = EmailMessage()
    mail["From"], mail["To"] = '"Dr A Quill" <a.quill@nhs.net>', "cp.reports.brent@nhs.net"
    mail["Subject"], mail["Date"] = "Report for conference 3/12/2026", "Mon, 16 Nov 2026 10:00:00 +0000"
    mail["Message-ID"] = "<long@nhs.net>"
    mail.set_content("Please find attached my report and the records.\n")
    for name, content in (("report.pdf", typed(pages // 3, 1)), ("records scan.pdf", scanned(pages - pages // 3, 2))):
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()
