"""Reads a rules file strictly, so that every mistake in it is told with file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from pipeline.domain.errors import RulesError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Four times as fast where PyYAML came with its C part."""
Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


def _can_be_compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        raise ValueError(f"'{pattern}' is not a regular expression") from None
    return pattern


Expression = Annotated[str, AfterValidator(_can_be_compiled)]
"""A regular expression, as a rule's parameter gives it."""


class Strict(BaseModel):
    """What every part of a rules file is: unknown keys are refused, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class RulesFile:
    """A file as read, and the line each of its values stands on."""

    path: Path
    value: Any
    lines: dict[Location, int]

    def refuse(self, complaint: str, at: Location = ()) -> RulesError:
        """The error for something wrong at a place in the file."""
        while at and at not in self.lines:
            at = at[:-1]
        return RulesError(f"{self.path.parent.name}/{self.path.name}:{self.lines.get(at, 1)}: {complaint}")

    def as_model(self, model: type[Model]) -> Model:
        """The file's content in the shape of `model`.

        Raises:
            RulesError: a key is unknown or missing, or a value is of the wrong kind.
        """
        return self.part(model, self.value, ())

    def part(self, model: type[Model], value: Any, at: Location) -> Model:
        """A part of the file, found at `at`, in the shape of `model`."""
        try:
            return model.model_validate(value)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            place = tuple(part for part in first["loc"] if not str(part).startswith("function-"))
            name = ".".join(str(part) for part in place) or "the file"
            raise self.refuse(f"{name}: {_plain(first['type'], first['msg'])}", at + place) from None


def _plain(kind: str, message: str) -> str:
    """The complaint in words for somebody who does not program."""
    return {"extra_forbidden": "is not a key known here", "missing": "is missing"}.get(kind, message[:1].lower() + message[1:])


def read(path: Path) -> RulesFile:
    """Reads one YAML file.

    Raises:
        RulesError: it cannot be read, is not YAML, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
    except (OSError, UnicodeDecodeError) as problem:
        raise RulesError(f"{path.parent.name}/{path.name}: cannot be read ({type(problem).__name__})") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise RulesError(f"{path.parent.name}/{path.name}:{line}: is not valid YAML ({getattr(problem, 'problem', '')})") from None
    file = RulesFile(path, None, {})
    if node is None:
        raise file.refuse("the file is empty")
    constructor = yaml.SafeLoader("")
    value = _value(node, (), file, constructor)
    return RulesFile(path, value, file.lines)


def _value(node: yaml.Node, at: Location, file: RulesFile, constructor: yaml.SafeLoader) -> Any:
    file.lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, file, constructor)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*at, index), file, constructor) for index, child in enumerate(node.value)]
    return constructor.construct_object(node, deep=True)


def _mapping(node: yaml.MappingNode, at: Location, file: RulesFile, constructor: yaml.SafeLoader) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(getattr(key_node, "value", ""))
        file.lines[(*at, key)] = key_node.start_mark.line + 1
        if key in made:
            raise file.refuse(f"{key}: stands here twice", (*at, key))
        value = _value(value_node, (*at, key), file, constructor)
        file.lines[(*at, key)] = key_node.start_mark.line + 1
        made[key] = value
    return made
