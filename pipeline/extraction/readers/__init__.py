"""A reader per format; the folder is the registry, and two readers of one name stop the start.

A reader is a module with

- `NAME`: the format's name, as it stands in `Document.format`;
- `SIGNS`: the content signs it answers for, as named by `pipeline.extraction.triage`;
- `read(attachment, options)`: gives a `Document`, or raises `Unreadable`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol

from pipeline.domain.documents import Document
from pipeline.domain.errors import RulesError
from pipeline.domain.mail import Attachment
from pipeline.extraction.options import ReadOptions


class Reader(Protocol):
    """The shape of a reader module."""

    NAME: str
    SIGNS: frozenset[str]

    def read(self, attachment: Attachment, options: ReadOptions) -> Document:
        """Reads the file in full.

        Raises:
            Unreadable: it is encrypted, damaged, too large, or needs a program that is missing.
        """
        ...


@cache
def by_sign() -> dict[str, Reader]:
    """Every reader, under each content sign it answers for.

    Raises:
        RulesError: two readers claim one name or one sign.
    """
    found: dict[str, Reader] = {}
    names: set[str] = set()
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module: Reader = importlib.import_module(f"{__name__}.{info.name}")
        taken = found.keys() & module.SIGNS
        if module.NAME in names or taken:
            raise RulesError(f"two readers claim {module.NAME} or {sorted(taken)}; rename one in pipeline/extraction/readers")
        names.add(module.NAME)
        found.update(dict.fromkeys(module.SIGNS, module))
    return found
