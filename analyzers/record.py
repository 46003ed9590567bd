"""One span as a decoder hands it over, before it becomes a row of columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Attributes in the order they came; every value as text (see `SpanReader.attributes`)."""

NO_RESOURCE: Pairs = ()

EVENT_NAME_KEYS = frozenset({"event", "event.name"})
"""What a condition calls the name of an event, which is no attribute of it."""


class LinkTo(NamedTuple):
    """Another span that this one names without being its child."""

    trace_id: str
    span_id: int


class EventRecord(NamedTuple):
    """Something that happened within a span, an exception for example."""

    time_ns: int
    name: str
    attributes: Pairs


class SpanReader(Protocol):
    """Reads the rarely needed parts of one decoder's raw spans, when somebody asks for them."""

    def attributes(self, source: Any) -> Iterable[tuple[str, str]]:
        """Every span attribute as text in one canonical form.

        Strings stand as they are, integers in decimal digits, booleans as `true` or `false`, doubles in
        their shortest form, bytes as base64, lists and maps as compact JSON. The instrumentation scope
        appears as `otel.scope.name` and `otel.scope.version`.
        """
        ...

    def events(self, source: Any) -> Iterable[EventRecord]:
        """Every event of the span, in the order they came."""
        ...


class NothingMore:
    """The reader of spans that carry neither attributes nor events."""

    def attributes(self, source: Any) -> Iterable[tuple[str, str]]:  # noqa: ARG002 - the protocol's name
        return ()

    def events(self, source: Any) -> Iterable[EventRecord]:  # noqa: ARG002 - the protocol's name
        return ()


class SpanRecord(msgspec.Struct, gc=False):
    """One span: units, ids and names are already ours, nothing is repaired yet.

    Times lie in [0, 2**63) at both ends, though a span may end before it starts. `trace_id` is 32 lower-case
    hex digits, `span_id` is not 0, `parent_id` is 0 where the span names no parent. `kind` and `status` are
    OTLP's numbers. `adjusted_count` is NaN where the data does not say how many spans this one stands for.
    Attributes and events stay in `source` until they are asked for, since most questions never do.
    """

    trace_id: str
    span_id: int
    parent_id: int
    service: str
    operation: str
    kind: int
    status: int
    start_ns: int
    duration_ns: int
    message: str = ""
    resource: Pairs = NO_RESOURCE
    adjusted_count: float = math.nan
    links: tuple[LinkTo, ...] = ()
    source: Any = None
    reader: SpanReader = NothingMore()
