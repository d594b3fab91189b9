"""Settles annotations and form fields on purpose: what the face holds becomes part of the page, the rest is gone."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from pipeline.redaction.residue import closed_up

_HIDDEN_FLAGS = 0b100010  # hidden, or not to be viewed (ISO 32000-1, table 165)


def settled(content: bytes, face: str) -> bytes:
    """The PDF without annotations and form: those whose words stand on the face are drawn into their page, tick boxes too.

    Whatever the reader did not take for the face has not been searched, so it may not be drawn. A file without any comes back as it is.
    """
    if b"/Annots" not in content and b"/ObjStm" not in content and b"/AcroForm" not in content:
        return content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if not any("/Annots" in page for page in pdf.pages):
            return content
        known = closed_up(face)
        for page in pdf.pages:
            annotations = page.get("/Annots", pikepdf.Array())
            page.Annots = pikepdf.Array([each for each in annotations if _stays(each, known)])
        _draw(pdf)
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def _draw(pdf: pikepdf.Pdf) -> None:
    form = pdf.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances", False):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        if "/Annots" in page:
            del page["/Annots"]


def _stays(annotation: Any, face: str) -> bool:
    if int(annotation.get("/F", 0)) & _HIDDEN_FLAGS:
        return False
    if annotation.get("/Subtype") != pikepdf.Name.Widget:
        said = closed_up(str(annotation.get("/Contents", "")))
        return bool(said) and said in face and annotation.get("/Subtype") in {pikepdf.Name.FreeText, pikepdf.Name.Stamp}
    kind = _inherited(annotation, "/FT")
    if kind == pikepdf.Name.Btn:
        return True
    said = closed_up(_words(_inherited(annotation, "/V")))
    return bool(said) and said in face


def _inherited(field: Any, key: str) -> Any:
    for _ in range(20):
        if field is None or key in field:
            return field.get(key) if field is not None else None
        field = field.get("/Parent")
    return None


def _words(value: Any) -> str:
    if isinstance(value, pikepdf.Array):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)
