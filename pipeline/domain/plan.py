"""What is to be taken away before a submission leaves: one plan, made anew and never edited in place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.text import PersonalText, Span


class Treatment(StrEnum):
    """What happens to a document."""

    SEND = "send"
    REDACT = "redact"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Removal:
    """A part of a document's text that goes, the label a reader sees in its place, and the rule that asked for it."""

    span: Span
    label: str
    rule: str


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What happens to one document.

    Attributes:
        document: index of the document in the case.
        removals: in text order, not overlapping; empty unless `treatment` is redact.
        strip_hidden: hidden layers are left out by laying the document out afresh although no word of its face goes.
        outgoing_name: neutral and useful, without personal text; empty where the document does not leave.
    """

    document: int
    treatment: Treatment
    removals: tuple[Removal, ...] = ()
    strip_hidden: bool = False
    outgoing_name: PersonalText = PersonalText("")
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """The whole of one submission. A reviewer's change makes a new version; every version is kept."""

    version: int
    documents: tuple[DocumentPlan, ...]
    author: str = "gateway"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a document which leaves says what the plan lets it say; counts and digests only, no text.

    Attributes:
        digest: SHA-256 of the bytes that leave.
        checks: extractor and version, and what it was asked, such as `pdfium 5.15: removed text absent`.
        removed: how many removals were looked for.
        kept_words: how many words that stay were looked for, and `kept_found` how many of them were read back in order.
    """

    digest: str
    checks: tuple[str, ...]
    removed: int
    kept_words: int
    kept_found: int


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A file that may leave, with its proof. `untouched` means byte for byte as it came."""

    document: int
    name: PersonalText
    media_type: str
    content: bytes
    untouched: bool
    proof: Proof

    def __repr__(self) -> str:
        return f"CleanDocument(document={self.document}, {len(self.content)} bytes, untouched={self.untouched})"
