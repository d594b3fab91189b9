"""Reads what would leave as its receiver could, with other extractors than the ones that wrote it."""

from __future__ import annotations

import calendar
import email
import email.policy
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pikepdf
import pypdfium2
from lxml import etree
from pdfminer.high_level import extract_text
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.reading import read

RUN = 12
"""Characters in a row that count as the same text again (tests/corpus/MEASURES.md, residue)."""


def fold(text: str) -> str:
    """Lower case without white space and typographic variants, so that line breaks and quotation marks make no difference."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub("[\\s\u200b\ufeff]+", "", text.translate(_PLAIN)).casefold()


_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "☐": "", "☒": "", "•": ""})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The folded text of everything that leaves to the authority, and every byte of it decompressed."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    streams: tuple[bytes, ...] = field(default=(), repr=False)


def read_back(letter: bytes | None, *, ocr: bool) -> Outgoing:
    """What the receiver of the letter could read. `ocr` reads the pictures of pages that carry no text."""
    if letter is None:
        return Outgoing()
    message = email.message_from_bytes(letter, policy=email.policy.default)
    texts: list[str] = []
    streams: list[bytes] = [letter]
    for part in message.walk():
        if part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        texts.append(fold(_text_of(content, part.get_filename() or "", ocr=ocr)))
        streams.extend(_streams(content))
    return Outgoing(tuple(texts), tuple(streams))


def _text_of(content: bytes, name: str, *, ocr: bool) -> str:
    if content.startswith(b"%PDF"):
        text = extract_text(io.BytesIO(content))
        return text if text.strip() or not ocr else _by_reader(content, name)
    if content.startswith(b"PK"):
        return "\n".join(_xml_texts(content))
    return _by_reader(content, name)


def _by_reader(content: bytes, name: str) -> str:
    return str(read(Attachment(PersonalText(name), content), ReadOptions()).text)


def _xml_texts(content: bytes) -> Iterator[str]:
    """The text of every XML part of an office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            if member.endswith((".xml", ".rels")):
                root = etree.fromstring(archive.read(member), etree.XMLParser(resolve_entities=False, no_network=True))
                yield "".join(root.itertext())


def _streams(content: bytes) -> Iterator[bytes]:
    """The bytes as they are, and every compressed piece of them opened."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(member) for member in archive.namelist())
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for thing in pdf.objects:
                if isinstance(thing, pikepdf.Stream):
                    try:
                        yield thing.read_bytes()
                    except pikepdf.PdfError:
                        continue  # a picture in a form that only a viewer decodes
        document = pypdfium2.PdfDocument(content)
        try:
            yield "".join(page.get_textpage().get_text_range() for page in document).encode()
        finally:
            document.close()


def share_present(quote: str, texts: tuple[str, ...]) -> float:
    """The share of a quote's characters, 0 to 1, that stand in runs of at least `RUN` (or the whole quote, if shorter) in what leaves."""
    folded = fold(quote)
    if not folded:
        return 0.0
    run = min(RUN, len(folded))
    present = [False] * len(folded)
    for start in range(len(folded) - run + 1):
        window = folded[start : start + run]
        if any(window in text for text in texts):
            present[start : start + run] = [True] * run
    return sum(present) / len(present)


def share_in_order(quote: str, texts: tuple[str, ...]) -> float:
    """The share of a quote's characters, 0 to 1, that can be read in order in one of the texts."""
    folded = fold(quote)
    if not folded:
        return 1.0
    return max((_in_order(folded, text) for text in texts), default=0.0)


def _in_order(quote: str, text: str) -> float:
    if quote in text:
        return 1.0
    place = fuzz.partial_ratio_alignment(quote, text)
    if place is None or place.score < 50:
        return 0.0
    window = text[max(0, place.dest_start - len(quote) // 4) : place.dest_end + len(quote) // 4]
    return LCSseq.similarity(quote, window) / len(quote)


def residue(quote: str, outgoing: Outgoing, elsewhere: str) -> bool:
    """Whether any run of `RUN` characters of the quote is in any byte stream of what leaves.

    Runs that the message also says outside what was marked (`elsewhere`, folded white space) are there by right; so are runs that every
    letter of the gateway says whatever it encloses, such as a quote's ' protection ' in 'child protection conference'.
    """
    text = " ".join(quote.split())
    runs = {text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1))}
    by_right = (elsewhere, letters_own_words())
    needles = [form for run in runs if not any(run in said for said in by_right) for form in (run.encode(), run.encode("utf-16-be"))]
    return any(needle in stream for stream in outgoing.streams for needle in needles)


@cache
def letters_own_words() -> str:
    """What letters say themselves, white space folded: the words of their templates, the day on which a message came, the type of files."""
    days = (f"on {day} " for day in calendar.day_name)
    return " ".join(
        (
            *days,
            "Content-Type: application/pdf ",
            *(" ".join(text.split()) for text in _template_texts(files("pipeline.routing") / "letters")),
        )
    )


def _template_texts(folder: Traversable) -> Iterator[str]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _template_texts(each)
        elif each.name.endswith((".txt", ".html", ".jinja")):
            yield each.read_text(encoding="utf-8")
