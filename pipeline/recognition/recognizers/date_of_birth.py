"""Dates of birth: a date that the text calls one, beside it, above it, or as its column's heading."""

from __future__ import annotations

from typing import ClassVar

from pipeline.recognition.recogniser import Form, Recogniser

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DATE = rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?[ ./-]{{0,2}}(?:{_MONTH}|(?<=[./-])\d{{1,2}})[ ./,-]{{0,3}}(?:\d{{4}}|\d\d)(?!\d)"


class Found(Recogniser):
    """`DOB 02/05/22`, `born 3 March 2019`, `(b. 12-Dec-2018)`, or a cell under `Date of birth`."""

    entity: ClassVar[str] = "DATE_OF_BIRTH"
    cues: ClassVar[str] = r"\bd\.? ?o\.? ?b\b|\bdate of birth\b|\bborn\b[^.;]{0,14}$|[\s(,]b\. ?$|\bbirth ?date\b|\bd/b\b"
    forms: ClassVar[tuple[Form, ...]] = (Form(_DATE, score=0.0, in_context=0.95, ignore_case=True),)
