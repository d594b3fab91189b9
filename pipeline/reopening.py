"""Opens a kept submission again beside a version of its plan: for the preview of what would leave, and to verify a file against it.

The plan never leaves the store as a file, since it points at words about people: whoever has a copy in hand names the submission.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import dossier
from pipeline.domain.documents import Document
from pipeline.domain.errors import NothingChanged, ReportgateError, ResidueFound, Unreadable
from pipeline.domain.plan import DocumentPlan, Proof, RedactionPlan, Treatment
from pipeline.intake import mime
from pipeline.records.store import Store
from pipeline.redaction import preview, verify
from pipeline.redaction.preview import PreviewPage
from pipeline.thinking import Tools, read_all


@dataclass(frozen=True, slots=True)
class Reopened:
    """The documents of a submission in the order of its assessment, and the plan for each."""

    documents: tuple[Document, ...]
    plan: RedactionPlan

    def chosen(self, number: int | None) -> tuple[tuple[Document, DocumentPlan], ...]:
        """Each document with its plan; only the one of that number, from 1, where one is named.

        Raises:
            NothingChanged: there is no document of that number.
        """
        pairs = tuple((self.documents[each.document], each) for each in self.plan.documents)
        if number is None:
            return pairs
        if not 1 <= number <= len(pairs):
            raise NothingChanged(f"there is no document {number}; there are {len(pairs)}, counted from 1")
        return (pairs[number - 1],)


def reopened(store: Store, tools: Tools, submission: str, version: int | None = None) -> Reopened:
    """The submission's files, read again from the vault, with the newest plan or the version named.

    Raises:
        NothingChanged: there is no such submission or plan, or its files do not open as they did then.
    """
    with store.reading() as work:
        raw, collected = work.dossiers.original(submission), work.submissions.get(submission).created
        kept = work.dossiers.plan(submission, version)
    if kept is None:
        raise NothingChanged(f"{submission} has no {f'plan {version}' if version else 'plan yet; process it first'}")
    plan = dossier.unpacked_plan(kept.payload)
    documents = tuple(read_all(mime.parse(raw, collected=collected, trusted=tools.trusted_servers), tools))
    if len(documents) != len(plan.documents) or any(each.removals and documents[each.document].problem for each in plan.documents):
        raise NothingChanged(f"the files of {submission} do not open as they did for its plan (a password?); rerun it, or unlock it again")
    return Reopened(documents, plan)


def previews(opened: Reopened, tools: Tools, number: int | None = None) -> tuple[tuple[DocumentPlan, tuple[PreviewPage, ...] | None], ...]:
    """For each document its plan and its pages before and after; None where it cannot be shown, as it could not be read or copied."""
    return tuple((plan, _pages(document, plan, tools)) for document, plan in opened.chosen(number))


def _pages(document: Document, plan: DocumentPlan, tools: Tools) -> tuple[PreviewPage, ...] | None:
    if document.problem is not None:
        return None
    try:
        return tools.sandbox.run(preview.side_by_side, document, plan, tools.copying)
    except (ResidueFound, Unreadable):
        return None


def verified(opened: Reopened, tools: Tools, content: bytes, number: int | None = None) -> tuple[int, Proof]:
    """The number, from 1, of the document whose copy these bytes are, and the proof of it.

    Raises:
        ResidueFound: they are not the copy of any document (or not of the one named) under the plan.
    """
    refusals: list[ReportgateError] = []
    for document, plan in opened.chosen(number):
        if number is None and plan.treatment is Treatment.WITHHOLD:
            continue
        try:
            return plan.document + 1, tools.sandbox.run(verify.verify_file, content, document, plan, tools.copying)
        except (ResidueFound, Unreadable) as refused:
            refusals.append(refused)
    if len(refusals) == 1:
        raise ResidueFound(str(refusals[0])) from None
    raise ResidueFound("this file is not the copy of any document that may leave under the plan")
