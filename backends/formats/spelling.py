"""Kinds and statuses of spans, in every way they are spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzers.table import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import IntEnum


def _spellings(values: type[IntEnum], prefix: str) -> dict[Any, int]:
    """Numbers, numbers as text, OTLP's names, ClickHouse's (`Server`) and Zipkin's (`SERVER`)."""
    known: dict[Any, int] = {}
    for value in values:
        names = (value.name, value.name.capitalize(), value.name.lower(), prefix + value.name)
        known |= dict.fromkeys((int(value), str(int(value)), *names), int(value))
    return known


UNKNOWN = 0
"""UNSPECIFIED among kinds and UNSET among statuses; plain, since numpy is slow with enum members."""
KINDS = _spellings(Kind, "SPAN_KIND_")
STATUSES = _spellings(Status, "STATUS_CODE_")


def kinds(spelt: Iterable[Any]) -> list[int]:
    """OTLP's number of each; UNSPECIFIED for what nobody knows, since a span is more than its kind."""
    return [KINDS.get(kind, UNKNOWN) for kind in spelt]


def statuses(spelt: Iterable[Any]) -> list[int]:
    """OTLP's number of each; UNSET for what nobody knows."""
    return [STATUSES.get(status, UNKNOWN) for status in spelt]
