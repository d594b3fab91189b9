"""Brings labelled attachments and the documents that were read of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pipeline.domain.assessment import Assessment
from pipeline.domain.mail import BODY
from pipeline.evaluation.labels import LabelledAttachment, LabelledCase


def paired(case: LabelledCase, assessment: Assessment) -> Iterator[tuple[LabelledAttachment, int | None]]:
    """Each labelled attachment with the index of its document, by container and name, in order; None where none was read."""
    places: defaultdict[tuple[str | None, str], list[int]] = defaultdict(list)
    for number, reading in enumerate(assessment.case.readings):
        attachment = reading.document.attachment
        if attachment.name != BODY:
            places[str(attachment.container) if attachment.container else None, str(attachment.name)].append(number)
    for labelled in case.attachments:
        numbers = places.get((labelled.container, labelled.name))
        yield labelled, numbers.pop(0) if numbers else None
