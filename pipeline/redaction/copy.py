"""Makes the copy that leaves: the mildest way that leaves behind all the plan removes, proved on its own bytes."""

from __future__ import annotations

from pathlib import PurePosixPath

from pipeline.domain.documents import Document
from pipeline.domain.errors import NothingChanged
from pipeline.domain.plan import CleanDocument, DocumentPlan, Proof, Treatment
from pipeline.domain.text import PersonalText
from pipeline.redaction import verify
from pipeline.redaction.names import extension_of, media_type_of
from pipeline.redaction.renderers import Rendered, renderer_for
from pipeline.redaction.settings import CopySettings


def make(document: Document, plan: DocumentPlan, settings: CopySettings | None = None) -> CleanDocument:
    """The document as it may leave, with its proof.

    Raises:
        ResidueFound: something the plan removes is still in the bytes, or something that stays is not.
        NothingChanged: the plan withholds the document, or it was not read in full.
    """
    settings = settings or CopySettings()
    if plan.treatment is Treatment.WITHHOLD:
        raise NothingChanged("the plan withholds this document; no copy is made of it")
    if document.problem is not None:
        raise NothingChanged("this document was not read in full; no copy is made of it")
    if plan.treatment is Treatment.SEND and not plan.strip_hidden and not document.attachment.is_body:
        return _as_it_came(document, plan)
    rendered = _rendered(document, plan, settings)
    proof = verify.prove(rendered, document, plan, settings)
    name = str(PurePosixPath(plan.outgoing_name).with_suffix(rendered.extension)) if plan.outgoing_name else f"Document{rendered.extension}"
    return CleanDocument(plan.document, PersonalText(name), media_type_of(name), rendered.content, untouched=False, proof=proof)


def _as_it_came(document: Document, plan: DocumentPlan) -> CleanDocument:
    content = document.attachment.content
    words = document.word_count
    proof = Proof(document.attachment.digest, ("byte for byte as it came",), 0, words, words)
    name = plan.outgoing_name or PersonalText(f"Document{extension_of(document)}")
    return CleanDocument(plan.document, name, media_type_of(name), content, untouched=True, proof=proof)


def _rendered(document: Document, plan: DocumentPlan, settings: CopySettings) -> Rendered:
    return renderer_for("relaid" if document.attachment.is_body else document.format)(document, plan, settings)
