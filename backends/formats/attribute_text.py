"""Attribute values as text, in the one canonical form of `SpanReader.attributes`."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCOPE_NAME = "otel.scope.name"
SCOPE_VERSION = "otel.scope.version"
DEEPEST = 64
"""Levels of maps within maps that are followed; what lies deeper is not data but an attack."""


def text_of(value: Any) -> str:
    """A JSON value as text; a missing one is empty."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return text_of_double(value)
    if isinstance(value, int):
        return str(value)
    return compact_json(value)


def text_of_double(value: float) -> str:
    """The shortest decimal that reads back as the same number: `0.1`, and `5` for 5.0 as most stores write it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value).removesuffix(".0")


def compact_json(value: Any) -> str:
    """A list or map as JSON without blanks, characters beyond ASCII as they are."""
    try:
        return msgspec.json.encode(value).decode()
    except RecursionError:
        return "…"


def text_of_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def flattened(value: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every leaf of a map of maps as its dotted path and its text."""
    for key, inner in value.items():
        if isinstance(inner, dict) and inner and depth < DEEPEST:
            yield from ((f"{key}.{path}", text) for path, text in flattened(inner, depth + 1))
        else:
            yield key, text_of(inner)
