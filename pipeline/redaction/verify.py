"""Proves a copy on the very bytes that will leave, with extractors other than the one that wrote it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.documents import BlockKind, Document
from pipeline.domain.errors import ResidueFound
from pipeline.domain.plan import DocumentPlan, Proof, Removal, Treatment
from pipeline.redaction import readback, sanitise, sight
from pipeline.redaction.effective import effective, leaves_untouched
from pipeline.redaction.hidden import DRAWN, telling_lines
from pipeline.redaction.plan import kept_words
from pipeline.redaction.renderers import Rendered
from pipeline.redaction.residue import Residue, closed_up, residue_of
from pipeline.redaction.settings import CopySettings

MAY_MISS = 1_000
"""One word in so many (and one in a shorter text) may not be read back: a hyphen or ligature that an extractor reads its own way."""
UNTOUCHED = "byte for byte as it came"
_FURNITURE = frozenset({BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER})
"""Readers put these at a place of their own choice in the text."""
ALL_PAGES = (0,)
"""Stands for pages of a file from outside, none of which is known to be of our own making."""
_NEAR = 100
"""The longest label and the foot of a page, in characters."""
_REACH = 4_000
"""How far ahead a word is looked for, in characters: a page's head and foot may stand between, a whole chapter may not."""


def prove(rendered: Rendered, document: Document, plan: DocumentPlan, settings: CopySettings) -> Proof:
    """The proof that these bytes hold all that stays and nothing that goes; `plan` is the one that was carried out.

    Raises:
        ResidueFound: they do not; the message says which extractor saw it, and none of the text.
    """
    residue = residue_of(document.text, plan.removals, telling_lines(document))
    texts = {reader: reader.read(rendered.content) for reader in readback.readers_for(rendered.carried)}
    checks = [_absent(reader, text, residue) for reader, text in texts.items()]
    visible = residue_of(document.text, plan.removals, telling_lines(document, DRAWN))
    if settings.ocr_proof and visible.sought and rendered.pictures:
        checks.append(_unseen(rendered, document, visible, settings))
    total, found = _kept(document, plan.removals, [text for reader, text in texts.items() if not reader.raw])
    if total - found > max(1, total // MAY_MISS):
        raise ResidueFound(f"{total - found} of {total} words that stay cannot be read in the copy; it is not sent")
    return Proof(_digest(rendered.content), tuple(checks), len(plan.removals), total, found)


def _kept(document: Document, removals: Sequence[Removal], texts: Sequence[str]) -> tuple[int, int]:
    """How many words stay, and how many of them the best extractor reads: running text in order, heads and feet of pages anywhere."""
    furniture = tuple(Removal(block.span, "", "") for block in document.blocks if block.kind in _FURNITURE)
    running = kept_words(document, sorted((*removals, *furniture), key=lambda each: each.span))
    edges = Counter(kept_words(document, removals)) - Counter(running)
    bare = [_without_labels(closed_up(text), removals) for text in texts]
    sought = [closed_up(word) for word in running]
    found = max(in_order(sought, text) + _anywhere(edges, text) for text in bare)
    return len(running) + edges.total(), found


def _without_labels(text: str, removals: Sequence[Removal]) -> str:
    """A closed-up text less the labels, of which several may stand between one kept word and the next."""
    for label in {closed_up(removal.label) for removal in removals if removal.label}:
        text = text.replace(label, "")
    return text


def _anywhere(words: Counter[str], text: str) -> int:
    return sum(count for word, count in words.items() if closed_up(word) in text)


def verify_file(content: bytes, document: Document, plan: DocumentPlan, settings: CopySettings | None = None) -> Proof:
    """The same proof from outside, for any file that is said to be the copy of a document under a plan.

    Raises:
        ResidueFound: it is not.
    """
    settings = settings or CopySettings()
    if plan.treatment is Treatment.WITHHOLD:
        raise ResidueFound("the plan withholds this document: no file is its copy")
    if leaves_untouched(document, plan, settings):
        if content != document.attachment.content:
            raise ResidueFound("the document leaves byte for byte as it came, and this file differs from it")
        return unchanged(content, document, UNTOUCHED)
    if content == document.attachment.content:
        raise ResidueFound("this is the document as it came, and the plan takes something out of it")
    if plan.treatment is Treatment.SEND and not document.attachment.is_body and content == sanitise.sanitised(document):
        return unchanged(content, document, sanitise.COMPARED)
    if not content.startswith(b"%PDF-"):
        raise ResidueFound("this file is no PDF, and the copy of the document is one")
    given = Rendered(content, pictures=readback.pages_with_pictures(content), carried=ALL_PAGES)
    return prove(given, document, effective(document, plan), replace(settings, ocr_whole_pages=True))


def unchanged(content: bytes, document: Document, check: str) -> Proof:
    """The proof of a file that leaves with its face as it came."""
    return Proof(_digest(content), (check,), 0, document.word_count, document.word_count)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _absent(reader: readback.Reader, text: str, residue: Residue) -> str:
    if residue.in_bytes(text) if reader.raw else residue.in_text(text):
        raise ResidueFound(f"text that the plan removes is still there for {reader.name}; the copy is not sent")
    return f"{reader.name} {reader.version}: removed text absent"


def _unseen(rendered: Rendered, document: Document, residue: Residue, settings: CopySettings) -> str:
    seen = sight.look(rendered.content, rendered.pictures, document, residue, settings)
    if seen.page is not None:
        raise ResidueFound(f"text that the plan removes can still be seen on page {seen.page}; the copy is not sent")
    return f"{readback.ocr_version()}: removed text not seen on {len(rendered.pictures)} pages, {seen.whole} of them read whole"


def in_order(sought: Sequence[str], whole: str) -> int:
    """How many of the words can be read in the text in their order, whatever stands between them; both closed up.

    A word is looked for close by first; further off only together with the words after it, lest one lost word skip a page.
    """
    position = found = 0
    for number, word in enumerate(sought):
        at = whole.find(word, position, position + _NEAR + len(word))
        if at < 0:
            at = whole.find("".join(sought[number : number + 4]), position, position + _REACH)
        if at >= 0:
            found += 1
            position = at + len(word)
    return found
