"""Reads the short cases for thin topics, tests/corpus/authored_topics: reports or parts of one, and a careful reader's verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.assessment import Case
from pipeline.domain.mail import Agency
from pipeline.guidance.examples import case_of
from pipeline.guidance.files import ExampleFile


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any], Case]]:
    """Each as the voice it is written in, what is written of it, and a case."""
    for path in sorted(folder.glob("*.yaml")):
        voice = yaml.safe_load(path.read_text(encoding="utf-8"))
        for written in voice["cases"]:
            example = ExampleFile(
                name=written["id"], report=written["text"], children=tuple(written["children"]), agency=Agency(voice["agency"])
            )
            yield path.stem, written, case_of(example)
