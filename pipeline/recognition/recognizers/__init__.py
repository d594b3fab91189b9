"""One file for each sort of identifier; the folder is the registry."""

from __future__ import annotations

import importlib
import pkgutil

from pipeline.domain.errors import RulesError
from pipeline.recognition.recogniser import Recogniser


def load_all() -> tuple[Recogniser, ...]:
    """One recogniser from each file, by the files' names.

    Raises:
        RulesError: a file holds none, or two claim the same sort of identifier.
    """
    found: dict[str, Recogniser] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        made = getattr(importlib.import_module(f"{__name__}.{module.name}"), "Found", None)
        if not (isinstance(made, type) and issubclass(made, Recogniser)):
            raise RulesError(f"recognizers/{module.name}.py must define a class Found that is a Recogniser")
        if made.entity in found:
            raise RulesError(f"recognizers/{module.name}.py: {made.entity} is already found by {found[made.entity].name}.py; merge the two")
        found[made.entity] = made()
    return tuple(found.values())
