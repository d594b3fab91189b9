"""Proves a copy on the very bytes that will leave, with extractors other than the one that wrote it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pipeline.domain.documents import Document
from pipeline.domain.errors import ResidueFound
from pipeline.domain.plan import DocumentPlan, Proof
from pipeline.redaction import readback
from pipeline.redaction.plan import kept_words
from pipeline.redaction.renderers import Rendered
from pipeline.redaction.residue import closed_up, residue_of
from pipeline.redaction.settings import CopySettings

KEPT_AT_LEAST = 0.985
"""The part of the kept words that must be read back in order; the rest may be words a line break or a ligature cut in two."""


def prove(rendered: Rendered, document: Document, plan: DocumentPlan, settings: CopySettings) -> Proof:
    """The proof that these bytes hold all that stays and nothing that goes.

    Raises:
        ResidueFound: they do not; the message says which extractor saw it, and none of the text.
    """
    residue = residue_of(document.text, rendered.removals)
    checks: list[str] = []
    for reader in readback.READERS:
        if residue.found_in(reader.read(rendered.content)):
            raise ResidueFound(f"text that the plan removes is still there for {reader.name}; the copy is not sent")
        checks.append(f"{reader.name} {reader.version}: removed text absent")
    for number in rendered.pictures if settings.ocr_proof else ():
        if residue.found_in(readback.by_ocr(rendered.content, number, settings)):
            raise ResidueFound(f"text that the plan removes can still be seen on page {number}; the copy is not sent")
    words = kept_words(document, rendered.removals)
    found = in_order(words, readback.by_pdfium(rendered.content))
    if found < len(words) * KEPT_AT_LEAST:
        raise ResidueFound(f"{len(words) - found} of {len(words)} words that stay cannot be read in the copy; it is not sent")
    return Proof(hashlib.sha256(rendered.content).hexdigest(), tuple(checks), len(plan.removals), len(words), found)


def in_order(words: Sequence[str], text: str) -> int:
    """How many of the words can be read in the text in their order, whatever stands between them and wherever spaces are."""
    whole = closed_up(text)
    position = found = 0
    for word in map(closed_up, words):
        if not word:
            found += 1
            continue
        at = whole.find(word, position, position + _REACH)
        if at >= 0:
            found += 1
            position = at + len(word)
    return found


_REACH = 4_000
"""How far ahead a word is looked for, in characters: a page's head and foot may stand between, a whole chapter may not."""
