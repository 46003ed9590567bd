"""The shapes that Slack's own type declarations allow, as `make servers` made them into a JSON Schema."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator
from jsonschema.validators import extend

from demo.local_slack.cache import built
from demo.local_slack.chart import CHART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

Schema = dict[str, Any]
PLACE = "#/definitions/"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a message, and where."""

    what: str
    pointer: str = ""

    def __str__(self) -> str:
        return f"[ERROR] {self.what} [json-pointer:{self.pointer or '/'}]"


def shape_problems(name: str, value: object, pointer: str) -> list[Problem]:
    """Where the value has another shape than Slack's type of that name: block, chunk, home, modal, metadata, attachment."""
    errors = _validator(name).iter_errors(value)
    return [Problem(error.message[:300], _pointer(pointer, error)) for error in errors]


def _pointer(begin: str, error: ValidationError) -> str:
    return "/".join([begin, *(str(part) for part in error.absolute_path)])


@functools.cache
def _validator(name: str) -> Draft7Validator:
    document = _document()
    of_sent = document["definitions"]["Sent"]["properties"][name]
    by_type = extend(Draft7Validator, {"byType": _by_type})  # type: ignore[no-untyped-call] # jsonschema's stubs lack it
    validator: Draft7Validator = by_type({**of_sent, "definitions": document["definitions"]})
    return validator


@functools.cache
def _document() -> Schema:
    document: Schema = json.loads(built("slack_schema").read_text("utf-8"))
    definitions = document["definitions"]
    definitions["Chart"] = CHART
    definitions["KnownBlock"]["anyOf"].append({"$ref": f"{PLACE}Chart"})
    # The declarations leave room for blocks of tomorrow; a misspelt type would pass as one of those.
    definitions["AnyBlock"] = {"$ref": f"{PLACE}KnownBlock"}
    definitions["PlanBlock"]["properties"]["tasks"]["items"] = {"$ref": f"{PLACE}TaskCardBlock"}
    narrowed: Schema = _narrowed(document, definitions)
    return narrowed


def _narrowed(node: Any, definitions: Schema) -> Any:
    """The same schema, where a choice between things that have a `type` looks at that first: quick, and says what is wrong."""
    if isinstance(node, list):
        return [_narrowed(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node and (choices := _choices(node, definitions)):
        return {"byType": choices}
    return {key: _narrowed(value, definitions) for key, value in node.items()}


def _choices(node: Schema, definitions: Schema) -> dict[str, list[Schema]]:
    """What it may be, by type; nothing if a choice has no type."""
    found: dict[str, list[Schema]] = {}
    for branch in _branches(node, definitions):
        target = _target(branch, definitions)
        kind = target.get("properties", {}).get("type", {}).get("const")
        if kind is None:
            return {}
        found.setdefault(kind, []).append(branch if "$ref" in branch else _narrowed(branch, definitions))
    return found


def _branches(node: Schema, definitions: Schema) -> Iterator[Schema]:
    for branch in node["anyOf"]:
        target = _target(branch, definitions)
        if "anyOf" in target:
            yield from _branches(target, definitions)
        else:
            yield branch


def _target(node: Schema, definitions: Schema) -> Schema:
    while "$ref" in node:
        node = definitions[node["$ref"].removeprefix(PLACE)]
    return node


def _by_type(
    validator: Any, choices: dict[str, list[Schema]], instance: object, _schema: Schema
) -> Iterator[ValidationError]:
    kind = instance.get("type") if isinstance(instance, dict) else None
    branches = choices.get(kind) if isinstance(kind, str) else None
    if branches is None:
        wanted = {"properties": {"type": {"enum": sorted(choices)}}, "required": ["type"], "type": "object"}
        yield from validator.descend(instance, wanted)
    elif len(branches) == 1:
        yield from validator.descend(instance, branches[0])
    else:
        yield from validator.descend(instance, {"anyOf": branches})
