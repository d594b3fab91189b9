"""Makes the copy that leaves: the mildest way that leaves behind all the plan removes, proved on its own bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.domain.documents import Document
from pipeline.domain.errors import ReportgateError, ResidueFound
from pipeline.domain.plan import CleanDocument, DocumentPlan, Proof, Treatment
from pipeline.domain.text import PersonalText
from pipeline.redaction import sanitise, verify
from pipeline.redaction.effective import effective, leaves_untouched
from pipeline.redaction.names import extension_of, media_type_of
from pipeline.redaction.renderers import Rendered, renderer_for
from pipeline.redaction.settings import CopySettings


def make(document: Document, plan: DocumentPlan, settings: CopySettings | None = None) -> CleanDocument:
    """The document as it may leave, with its proof.

    Raises:
        ResidueFound: something the plan removes is still in the bytes, or something that stays is not, or no copy could be made.
    """
    settings = settings or CopySettings()
    if plan.treatment is Treatment.WITHHOLD or document.problem is not None:
        raise ResidueFound("no copy is made of a document that is withheld or was not read in full")
    try:
        return _made(document, plan, settings)
    except ReportgateError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library trips over, nothing leaves; its text may hold content
        raise ResidueFound(f"no copy could be made ({type(error).__name__}); the document stays behind until a person has looked") from None


def _made(document: Document, plan: DocumentPlan, settings: CopySettings) -> CleanDocument:
    if leaves_untouched(document, plan, settings):
        return _as_it_came(document, plan)
    if plan.treatment is Treatment.SEND and not document.attachment.is_body:
        sanitised = _without_properties(document, plan)
        if sanitised is not None:
            return sanitised
    carried_out = effective(document, plan)
    render = renderer_for("relaid" if document.attachment.is_body else document.format)
    rendered = render(document, carried_out, settings)
    try:
        proof = verify.prove(rendered, document, carried_out, settings)
    except ResidueFound:
        if not rendered.carried:
            raise
        # A page that was to stay as it is brought something along, be it a typeface's licence: all pages leave as pictures then.
        rendered = render(document, carried_out, replace(settings, keep_vector=False))
        proof = verify.prove(rendered, document, carried_out, settings)
    return _named(plan, rendered, proof)


def _named(plan: DocumentPlan, rendered: Rendered, proof: Proof) -> CleanDocument:
    stem = PurePosixPath(plan.outgoing_name).stem or "Document"
    name = PersonalText(stem + rendered.extension)
    return CleanDocument(plan.document, name, media_type_of(name), rendered.content, untouched=False, proof=proof)


def _as_it_came(document: Document, plan: DocumentPlan) -> CleanDocument:
    name = PersonalText((PurePosixPath(plan.outgoing_name).stem or "Document") + extension_of(document))
    proof = verify.unchanged(document.attachment.content, document, verify.UNTOUCHED)
    return CleanDocument(plan.document, name, media_type_of(name), document.attachment.content, untouched=True, proof=proof)


def _without_properties(document: Document, plan: DocumentPlan) -> CleanDocument | None:
    """The same file without its properties, where that is all it hides and its format allows it; else None."""
    content = sanitise.sanitised(document)
    if content is None:
        return None
    return _named(plan, Rendered(content, extension_of(document)), verify.unchanged(content, document, sanitise.COMPARED))
