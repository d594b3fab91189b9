"""The folder of renderers: each module makes the redacted copy of the formats it names.

A module has `FORMATS`, the names of document formats it makes copies of, and
`render(document, plan, settings) -> Rendered`. A format no module names is laid out afresh.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from pipeline.domain.documents import Document
from pipeline.domain.errors import RulesError
from pipeline.domain.plan import DocumentPlan
from pipeline.redaction.settings import CopySettings


@dataclass(frozen=True, slots=True)
class Rendered:
    """A copy as made, not yet proved.

    Attributes:
        pictures: the numbers of pages that leave as pictures, to be read by OCR.
        carried: the numbers of pages that leave as they came.
    """

    content: bytes = field(repr=False)
    extension: str = ".pdf"
    pictures: tuple[int, ...] = ()
    carried: tuple[int, ...] = ()


Render = Callable[[Document, DocumentPlan, CopySettings], Rendered]


@cache
def _registry() -> dict[str, Render]:
    """Format to renderer.

    Raises:
        RulesError: two modules name the same format.
    """
    found: dict[str, Render] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for name in module.FORMATS:
            if name in found:
                raise RulesError(f"the format {name} has two renderers; {info.name} is one of them")
            found[name] = module.render
    return found


def renderer_for(format_name: str) -> Render:
    """The renderer of a format; `relaid` is the one for every format without its own."""
    registry = _registry()
    return registry.get(format_name, registry["relaid"])
