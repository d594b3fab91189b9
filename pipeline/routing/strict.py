"""Loads a YAML file so that every mistake in it can be told with its line: repeated keys, and which line a value stands on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.errors import RulesError

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content, and the line of every key and item in it by its place, such as `("copy_to", 0, "address")`."""

    file: Path
    content: Any
    lines: dict[Place, int]

    def at(self, place: Place) -> str:
        """`file:line` of the place, or of the nearest one above it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.file.name}:{self.lines.get(place, 1)}"


def load(file: Path) -> Source:
    """Reads one file.

    Raises:
        RulesError: it is no YAML, or has a key twice; names file and line.
    """
    loader = yaml.SafeLoader(file.read_text("utf-8"))
    try:
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        if node is not None:
            _walk(node, (), lines, file)
        return Source(file, loader.construct_document(node) if node is not None else None, lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulesError(f"{file.name}:{line}: this is not YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise RulesError(f"{file.name}: this is not YAML in UTF-8") from None
    finally:
        loader.dispose()


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], file: Path) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*place, number), lines, file)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            if here in lines:
                raise RulesError(f"{file.name}:{key.start_mark.line + 1}: the key '{key.value}' stands here for the second time")
            lines[here] = key.start_mark.line + 1
            _walk(value, here, lines, file)
